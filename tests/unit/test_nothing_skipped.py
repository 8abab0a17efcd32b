"""Where everything is installed, a skipped test and a skipped file fail the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from octavo_testing import ROOT

FILES = {
    "test": 'import pytest\n\n\ndef test_it():\n    pytest.skip("no tool")\n',
    "file": 'import pytest\n\npytest.importorskip("no_such_module", reason="no tool")\n\n\ndef test_it():\n    pass\n',
}


@pytest.mark.parametrize("must_run", ["0", "1"])
@pytest.mark.parametrize("skipped", FILES)
def test_a_skip_fails_where_nothing_may_be_skipped(tmp_path: Path, skipped: str, must_run: str) -> None:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "test_one.py").write_text(FILES[skipped])
    (tmp_path / "test_two.py").write_text("def test_it():\n    pass\n")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rs",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ],
        cwd=tmp_path,
        env={**os.environ, "OCTAVO_MUST_RUN": must_run, "PYTHONPATH": str(ROOT / "tests"), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode != 0) is (must_run == "1"), run.stdout
    assert "no tool" in run.stdout
