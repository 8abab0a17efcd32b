"""Fixtures that all tests share, and the rule that nothing may be skipped where everything is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from octavo_testing import Run

MUST_RUN = os.environ.get("OCTAVO_MUST_RUN") == "1"

# No test asserts a time, and a busy machine is no failure
settings.register_profile("octavo", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("octavo")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """In CI a skipped test is a failed one: its tool should have been installed."""
    report = yield
    if MUST_RUN and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    """The same for a whole file that skips itself: no test of it is ever reported."""
    report = yield
    if MUST_RUN and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _no_translation_outlives_a_test() -> Iterator[None]:
    """Sphinx keeps the words of one language for the whole process, and English has no catalogue to replace them."""
    yield
    if (locale := sys.modules.get("sphinx.locale")) is not None:
        locale.translators.clear()


@pytest.fixture(scope="session")
def octavo() -> Callable[..., Run]:
    """Run the command as a user does: in a process of its own."""

    def run(*arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "octavo", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "COLUMNS": "200", **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
        return Run(status=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Make a Sphinx project of a few files: `project({"index.md": "..."}, conf="...")`."""

    def make(files: dict[str, str | bytes], conf: str = "", folder: str = "project") -> Path:
        root = tmp_path / folder
        conf_py = 'project = "A Test"\nauthor = "N. N."\nextensions = ["myst_parser"]\n' + conf
        for name, content in {"conf.py": conf_py, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8")
        return root

    return make
