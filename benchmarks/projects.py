"""Books to build: synthetic ones of any size, and Sphinx projects that a file of TOML names.

[[project]]
name = "coreboot"                       # as the page calls it
source = "../coreboot/Documentation"    # beside the file
python = "../venv/bin/python"           # of an environment with Octavo and what the project needs
options = ["-D", "nb_execution_mode=off"]
path = ["../MyST-Parser"]               # put before PYTHONPATH
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from synthetic_book import make_book

THEME = "html_theme=sphinx_book_theme"
SUFFIXES = frozenset({".md", ".rst", ".ipynb"})


@dataclass(frozen=True, kw_only=True)
class Book:
    """python: of the environment that reads it. options: for Octavo and Sphinx alike. path: before PYTHONPATH."""

    name: str
    source: Path
    pages: int
    python: str = sys.executable
    options: tuple[str, ...] = ()
    path: tuple[str, ...] = ()

    def environment(self) -> dict[str, str]:
        """What its builds run in: with a date that does not change, so that pages can be compared."""
        before = os.environ.get("PYTHONPATH")
        path = os.pathsep.join([*self.path, *([before] if before else [])])
        return {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **({"PYTHONPATH": path} if path else {})}


def synthetic(folder: Path, pages: int) -> Book:
    """A synthetic book of so many pages, made in the folder unless it is there."""
    source = folder / f"synthetic-{pages}"
    if not source.is_dir():
        make_book(source, pages)
    return Book(name=f"{pages:,} pages", source=source, pages=pages, options=("-D", THEME))


def real(file: Path) -> list[Book]:
    """The projects that a file names."""
    beside = file.resolve().parent
    return [
        Book(
            name=project["name"],
            source=(beside / project["source"]).resolve(),
            pages=sum(1 for page in (beside / project["source"]).rglob("*") if page.suffix in SUFFIXES),
            # an environment's python is a link to another one: it must be called by its own name
            python=str(beside / project["python"]) if "python" in project else sys.executable,
            options=tuple(project.get("options", ())),
            path=tuple(str((beside / each).resolve()) for each in project.get("path", ())),
        )
        for project in tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    ]
