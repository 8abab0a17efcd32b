"""Killed at any moment, a build leaves what was there before, whole."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo_testing import Run

PAGES = 12


def write_book(project: Callable[..., Path], edition: str) -> Path:
    names = [f"page{n}" for n in range(PAGES)]
    files = {"index.md": "# A Test\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"}
    files |= {f"{n}.md": f"# {n}\n\nThis is the {edition} edition.\n" for n in names}
    return project(files)


def state(out: Path) -> dict[str, str]:
    """A digest of each artefact; of the site over all its files."""
    digests = {}
    for name in ("html", "pdf", "epub"):
        digest = hashlib.sha256()
        for path in sorted((out / name).rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(out).as_posix().encode() + b"\0" + path.read_bytes())
        digests[name] = digest.hexdigest()
    return digests


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills by signal, which is POSIX's")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_artefacts_stay_whole(
    octavo: Callable[..., Run], project: Callable[..., Path], tmp_path: Path, how: int
) -> None:
    root = write_book(project, "second")
    assert octavo("build", root, "--fresh", "--out", tmp_path / "new").status == 0
    new = state(tmp_path / "new")
    write_book(project, "first")
    started = time.monotonic()
    assert octavo("build", root, "--fresh").status == 0
    length = time.monotonic() - started
    old = state(root / "_build")
    assert all(old[name] != new[name] for name in old)
    write_book(project, "second")
    for step in range(1, 9):
        process = subprocess.Popen(
            [sys.executable, "-m", "octavo", "build", str(root), "--fresh", "--quiet"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(length * step / 8)
        os.killpg(process.pid, how)
        process.wait(timeout=60)
        now = state(root / "_build")
        for name in old:
            assert now[name] in (old[name], new[name]), f"{name} is neither the old nor the new one (step {step})"
    assert octavo("build", root).status == 0
    assert state(root / "_build") == new
