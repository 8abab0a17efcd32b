"""All three formats: `octavo build` beside `sphinx-build -M html`, `-M epub` and `-M latexpdf`, one after the other.

Sphinx's three share what was read, as with its Makefile, and have two jobs, as Octavo has. Without TeX there is no
latexpdf, and the note of the book says so.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from costs import Cost, total
from peers import Peers
from process_tree import ended
from projects import Book
from turns import Run, Turn

JOBS = "2"
NO_TEX = "TeX is not installed: there is no latexpdf."
# TeX stops for what it can't set, and makes its PDF all the same when it may not ask
TEX = "-interaction=nonstopmode -f"


@dataclass(frozen=True, kw_only=True)
class Formats:
    """folder: to work in."""

    folder: Path
    peers: Peers | None

    def synthetic(self, book: Book) -> list[Turn]:
        """Octavo's three at once, then Sphinx's one by one."""
        python = str(self.peers.command("sphinx", "python")) if self.peers else book.python
        return [
            Turn(book=book.name, pages=book.pages, who="Octavo", take=lambda: self._octavo(book)),
            Turn(book=book.name, pages=book.pages, who="Sphinx", take=lambda: self._sphinx(book, python)),
        ]

    def _octavo(self, book: Book) -> list[Run]:
        out = self.folder / "out"
        arguments = ["build", str(book.source), "--out", str(out), "--jobs", JOBS, "--quiet", *book.options]
        cost = self._run([book.python, "-m", "octavo", *arguments], book, {0, 1})
        suffixes = {path.suffix for path in out.rglob("*") if path.suffix in {".html", ".epub", ".pdf"}}
        shutil.rmtree(out)
        if suffixes != {".html", ".epub", ".pdf"}:
            raise SystemExit(f"Octavo made only {', '.join(sorted(suffixes))}")
        return [Run(book=book.name, tool="Octavo", cost=cost, note=_note())]

    def _sphinx(self, book: Book, python: str) -> list[Run]:
        out = self.folder / "out"
        costs = []
        for builder in ("html", "epub", *(["latexpdf"] if _has_tex() else [])):
            command = [python, "-m", "sphinx", "-M", builder, str(book.source), str(out), "-q", "-j", JOBS]
            costs.append(self._run([*command, *book.options], book, {0, 2} if builder == "latexpdf" else {0}))
        if _has_tex() and not list((out / "latex").glob("*.pdf")):
            raise SystemExit("latexpdf made no PDF")
        shutil.rmtree(out)
        found = {"Sphinx, html and epub": total(costs[:2])}
        if _has_tex():
            found["Sphinx, html, epub and latexpdf"] = total(costs)
        return [Run(book=book.name, tool=tool, cost=cost, note=_note()) for tool, cost in found.items()]

    def _run(self, command: list[str], book: Book, fine: set[int]) -> Cost:
        environment = {**book.environment(), "LATEXOPTS": TEX, "LATEXMKOPTS": TEX}
        done = ended(command, self.folder, environment)
        if done.status not in fine:
            raise SystemExit(f"{' '.join(command)} ended with {done.status}: {done.text[-2000:]}")
        return Cost(cpu=done.cpu, wall=done.wall, memory=done.memory)


def _has_tex() -> bool:
    return bool(shutil.which("latexmk", path=os.environ.get("PATH")))


def _note() -> str:
    return "" if _has_tex() else NO_TEX
