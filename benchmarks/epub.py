"""`octavo build --format epub` beside `sphinx-build -b epub`: CPU, wall clock and memory of whole process trees.

    python benchmarks/epub.py [--pages N]... [--project SOURCE[=PYTHON]]... [--rounds N] [--json FILE]

The two take turns, each with two jobs and nothing kept of a run before. A project of one's own is read with the Python
of its environment, which must have Octavo. Said are the medians of the rounds with the least and the most, as a table
of Markdown, and everything as JSON.

CPU, wall clock and memory are those of `process_tree`. Octavo is compiled first, as an installation does. Linux only.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from process_tree import ended
from synthetic_book import make_book

import octavo as octavo_package

SIZES = (10, 100, 300, 1000)
HEADINGS = ("book", "documents", "Octavo CPU s", "Sphinx CPU s", "ratio", "Octavo wall s", "Sphinx wall s", "Octavo MB")
HEADINGS += ("Sphinx MB", "ratio of memory")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run took: seconds, seconds and megabytes (of 10^6 bytes)."""

    cpu: float
    wall: float
    memory: float
    size: float


@dataclass(frozen=True, kw_only=True)
class Book:
    """A project to build. python: of the environment that reads it."""

    name: str
    source: Path
    python: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, action="append", help=f"of a synthetic book; by default {SIZES}")
    parser.add_argument("--project", action="append", default=[], help="a Sphinx project, and the Python that reads it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    compileall.compile_dir(Path(octavo_package.__file__).parent, quiet=1)  # as an installation does
    print(f"| {' | '.join(HEADINGS)} |")
    print(f"| --- |{' --: |' * (len(HEADINGS) - 1)}")
    measured = []
    with tempfile.TemporaryDirectory(prefix="octavo-benchmark-") as folder:
        for book in books(Path(folder), options.pages or SIZES, options.project):
            ours, theirs = [], []
            for _ in range(options.rounds):
                ours.append(octavo(book, Path(folder), options.jobs))
                theirs.append(sphinx(book, Path(folder), options.jobs))
            documents = count(book.source)
            row(book.name, documents, ours, theirs)
            measured.append(
                {
                    "book": book.name,
                    "documents": documents,
                    "octavo": [asdict(cost) for cost in ours],
                    "sphinx": [asdict(cost) for cost in theirs],
                }
            )
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cpus": os.cpu_count()}
        options.json.write_text(json.dumps({"machine": machine, "books": measured}, indent=1) + "\n", encoding="utf-8")


def books(folder: Path, sizes: tuple[int, ...], projects: list[str]) -> Iterator[Book]:
    for project in projects:
        source, _, python = project.partition("=")
        path = Path(source).resolve()
        name = path.parent.name if path.name in {"doc", "docs"} else path.name
        yield Book(name=name, source=path, python=python or sys.executable)
    for pages in sizes:
        made = folder / f"synthetic-{pages}"
        make_book(made, pages)
        yield Book(name=f"synthetic, {pages} pages", source=made, python=sys.executable)


def count(source: Path) -> int:
    return sum(1 for path in source.rglob("*") if path.suffix in {".md", ".rst", ".ipynb"})


def octavo(book: Book, folder: Path, jobs: int) -> Cost:
    out = folder / "octavo"
    options = ["--format", "epub", "--out", str(out), "--jobs", str(jobs), "--quiet"]
    # 1: the book has errors, and is built all the same
    return run([book.python, "-m", "octavo", "build", str(book.source), *options], folder, out, {0, 1})


def sphinx(book: Book, folder: Path, jobs: int) -> Cost:
    out = folder / "sphinx"
    options = ["-b", "epub", "-q", "-j", str(jobs), "-d", str(out / "doctrees")]
    return run([book.python, "-m", "sphinx", *options, str(book.source), str(out / "epub")], folder, out, {0})


def run(command: list[str], folder: Path, out: Path, fine: set[int]) -> Cost:
    """Run a build to its end, look at its memory meanwhile, and take away what it made."""
    shutil.rmtree(out, ignore_errors=True)
    done = ended(command, folder)
    made = list(out.rglob("*.epub"))
    if done.status not in fine or not made:
        raise SystemExit(f"{' '.join(command)} ended with {done.status}: {done.text[-2000:]}")
    size = made[0].stat().st_size / 1e6
    shutil.rmtree(out)
    return Cost(cpu=done.cpu, wall=done.wall, memory=done.memory, size=size)


def row(name: str, documents: int, ours: list[Cost], theirs: list[Cost]) -> None:
    def middle(costs: list[Cost], what: str) -> float:
        return statistics.median(getattr(cost, what) for cost in costs)

    def spread(costs: list[Cost], what: str, digits: int) -> str:
        values = [getattr(cost, what) for cost in costs]
        return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"

    cells = [name, str(documents), spread(ours, "cpu", 1), spread(theirs, "cpu", 1)]
    cells += [f"{middle(ours, 'cpu') / middle(theirs, 'cpu'):.2f}", spread(ours, "wall", 1), spread(theirs, "wall", 1)]
    cells += [spread(ours, "memory", 0), spread(theirs, "memory", 0)]
    cells += [f"{middle(ours, 'memory') / middle(theirs, 'memory'):.2f}"]
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
