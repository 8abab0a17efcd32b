"""`octavo build --format pdf` beside `sphinx-build -M latexpdf`: CPU, memory and pages of whole process trees.

    python benchmarks/pdf.py [--pages N]... [--project SOURCE[=PYTHON]]... [-D NAME=VALUE]... [--rounds N] [--no-latex]
                             [--json FILE]

The two take turns, and reading alone (`sphinx-build -b dummy`) takes its turn with them, so that the ratio can be
given with reading and without. TeX must be installed, or be left out with --no-latex; the synthetic books then show
how cost grows with pages. -D sets a value of conf.py for all three. Nothing is kept of a run before. What CPU and
memory mean is said in epub.py. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import pikepdf
from epub import Book, books
from process_tree import ended

SIZES = (50, 100, 200, 400)
HEADINGS = ("book", "reading CPU s", "Octavo CPU s", "pages", "MB", "latexpdf CPU s", "pages", "MB", "ratio")
HEADINGS += ("ratio without reading",)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run took: seconds and megabytes (of 10^6 bytes). pages: of the PDF, or None where none is made."""

    cpu: float
    wall: float
    memory: float
    pages: int | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, action="append", help=f"documents of a synthetic book; by default {SIZES}")
    parser.add_argument("--project", action="append", default=[], help="a Sphinx project, and the Python that reads it")
    parser.add_argument("-D", dest="values", action="append", default=[], help="a value of conf.py")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-latex", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sizes = tuple(options.pages) if options.pages else () if options.project else SIZES
    if not options.no_latex and not shutil.which("latexmk"):
        raise SystemExit("latexmk is not installed: install TeX, or leave it out with --no-latex")
    print(f"| {' | '.join(HEADINGS)} |")
    print(f"| --- |{' --: |' * (len(HEADINGS) - 1)}", flush=True)
    measured = []
    with tempfile.TemporaryDirectory(prefix="octavo-benchmark-") as name:
        folder = Path(name)
        defined = [part for value in options.values for part in ("-D", value)]
        for book in books(folder, sizes, options.project):
            costs: dict[str, list[Cost]] = {"reading": [], "octavo": [], "latexpdf": []}
            for _ in range(options.rounds):
                costs["octavo"].append(octavo(book, folder, defined))
                if not options.no_latex:
                    costs["latexpdf"].append(latexpdf(book, folder, defined))
                costs["reading"].append(reading(book, folder, defined))
            row(book.name, costs)
            measured.append({"book": book.name, **{who: [asdict(c) for c in cs] for who, cs in costs.items()}})
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cpus": os.cpu_count()}
        options.json.write_text(json.dumps({"machine": machine, "books": measured}, indent=1) + "\n", encoding="utf-8")


def octavo(book: Book, folder: Path, defined: list[str]) -> Cost:
    out = folder / "octavo"
    command = [book.python, "-m", "octavo", "build", str(book.source), "--format", "pdf", "--out", str(out), "--quiet"]
    return run(command + defined, folder, out, fine={0, 1, 2}, wants_pdf=True)


def latexpdf(book: Book, folder: Path, defined: list[str]) -> Cost:
    out = folder / "latex"
    command = [book.python, "-m", "sphinx", "-M", "latexpdf", str(book.source), str(out), "-q", *defined]
    # TeX stops for what it can't set, and makes its PDF all the same when it may not ask
    return run(command, folder, out, fine={0, 1, 2}, wants_pdf=True)


def reading(book: Book, folder: Path, defined: list[str]) -> Cost:
    out = folder / "reading"
    command = [book.python, "-m", "sphinx", "-q", "-b", "dummy", *defined, str(book.source), str(out)]
    return run(command, folder, out, fine={0}, wants_pdf=False)


def run(command: list[str], folder: Path, out: Path, *, fine: set[int], wants_pdf: bool) -> Cost:
    """Run a build to its end, look at its memory meanwhile, and take away what it made."""
    shutil.rmtree(out, ignore_errors=True)
    environment = {
        **os.environ,
        "LATEXOPTS": "-interaction=nonstopmode -f",
        "LATEXMKOPTS": "-interaction=nonstopmode -f",
    }
    done = ended(command, folder, environment)
    made = max(out.rglob("*.pdf"), key=lambda p: p.stat().st_size, default=None) if wants_pdf else None
    if done.status not in fine or (wants_pdf and made is None):
        raise SystemExit(f"{' '.join(command)} ended with {done.status}: {done.text[-2000:]}")
    pages = None
    if made is not None:
        with pikepdf.open(made) as pdf:
            pages = len(pdf.pages)
    shutil.rmtree(out)
    return Cost(cpu=done.cpu, wall=done.wall, memory=done.memory, pages=pages)


def row(name: str, costs: dict[str, list[Cost]]) -> None:
    def middle(who: str, what: str) -> float:
        return statistics.median(getattr(cost, what) for cost in costs[who])

    def spread(who: str) -> str:
        values = [cost.cpu for cost in costs[who]]
        return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"

    cells = [
        name,
        spread("reading"),
        spread("octavo"),
        str(costs["octavo"][0].pages),
        f"{middle('octavo', 'memory'):.0f}",
    ]
    if costs["latexpdf"]:
        read, ours, theirs = (middle(who, "cpu") for who in ("reading", "octavo", "latexpdf"))
        cells += [spread("latexpdf"), str(costs["latexpdf"][0].pages), f"{middle('latexpdf', 'memory'):.0f}"]
        cells += [f"{ours / theirs:.2f}", f"{(ours - read) / (theirs - read):.2f}"]
    else:
        cells += ["–"] * 5
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
