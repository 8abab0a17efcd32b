"""The same sources give the same bytes: in another folder, on another day, in another time zone, by other hands."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from epub_pages import marks
from octavo_testing import BOOKS

# what Python runs before anything else, in each process of a build
SITECUSTOMIZE = """\
import datetime, os, pathlib, sys, time_machine
moment = datetime.datetime.fromisoformat(os.environ["FAKED_CLOCK"])
time_machine.travel(moment, tick=True).start()
with open(os.environ["FAKED_CLOCK_SEEN"], "a") as seen:
    seen.write(datetime.date.today().isoformat() + "\\n")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where and when a book is built. epoch: SOURCE_DATE_EPOCH, or None for unset."""

    folder: str
    moment: datetime.datetime
    zone: str
    seed: str
    locale: str
    umask: int
    jobs: str
    epoch: str | None = None


HERE = Circumstances(
    folder="one",
    moment=datetime.datetime(2026, 3, 1, 11, 59, 30, tzinfo=datetime.UTC),
    zone="UTC",
    seed="0",
    locale="C.UTF-8",
    umask=0o022,
    jobs="2",
)
ELSEWHERE = Circumstances(
    folder="ein größerer Ordner/two",
    moment=datetime.datetime(2031, 12, 31, 13, 0, 1, tzinfo=datetime.UTC),
    zone="Pacific/Kiritimati",
    seed="4242",
    locale="C",
    umask=0o077,
    jobs="1",
    epoch="86400",
)


@pytest.mark.parametrize(
    ("book", "formats"),
    [
        ("small", ("epub",)),
        ("small", ("html", "pdf", "epub")),
        pytest.param("torture", ("pdf", "epub"), marks=pytest.mark.slow),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_everywhere_and_always_the_same(book: str, formats: tuple[str, ...], tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(BOOKS / book, sources, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    one, two = (built(sources, tmp_path, formats, circumstances) for circumstances in (HERE, ELSEWHERE))
    assert sorted(one) == sorted(two)
    for name in formats:
        assert any(path.startswith(f"{name}/") for path in one)
    assert [path for path in sorted(one) if one[path] != two[path]] == []
    if "pdf" in formats:
        assert marks(tmp_path / HERE.folder / "out" / next(path for path in one if path.endswith(".epub")))


def built(sources: Path, tmp_path: Path, formats: tuple[str, ...], circumstances: Circumstances) -> dict[str, bytes]:
    """The artefacts: path in the output folder -> content."""
    root = tmp_path / circumstances.folder
    shutil.copytree(sources, root / "book")
    moment = circumstances.moment.timestamp()
    for path in root.rglob("*"):
        os.utime(path, (moment, moment))
    clock, seen = tmp_path / f"clock-{circumstances.seed}", tmp_path / f"seen-{circumstances.seed}"
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(SITECUSTOMIZE)
    env = {
        **{name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
        "PYTHONPATH": os.pathsep.join([str(clock), os.environ.get("PYTHONPATH", "")]),
        "FAKED_CLOCK": circumstances.moment.isoformat(),
        "FAKED_CLOCK_SEEN": str(seen),
        "TZ": circumstances.zone,
        "PYTHONHASHSEED": circumstances.seed,
        "LC_ALL": circumstances.locale,
        **({"SOURCE_DATE_EPOCH": circumstances.epoch} if circumstances.epoch else {}),
    }
    chosen = [argument for name in formats for argument in ("--format", name)]
    command = [sys.executable, "-m", "octavo", "build", ".", "--out", "../out", "--jobs", circumstances.jobs, *chosen]
    run = subprocess.run(
        command,
        cwd=root / "book",
        env=env,
        umask=circumstances.umask,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert run.returncode in (0, 2), run.stderr
    assert "failed" not in run.stderr
    assert set(seen.read_text().split()) & {
        (circumstances.moment + datetime.timedelta(hours=hours)).date().isoformat() for hours in (0, 14)
    }
    return {
        path.relative_to(root / "out").as_posix(): path.read_bytes()
        for name in formats
        for path in (root / "out" / name).rglob("*")
        if path.is_file()
    }
