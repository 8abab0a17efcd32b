"""Small projects set by the PDF builder, in a folder of their own."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from octavo.writers.pdf import PdfBuilder


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A built project. warnings: lines of Sphinx's log without the path of the project."""

    builder: PdfBuilder
    warnings: tuple[str, ...]

    @property
    def typst(self) -> str:
        """The sources of all documents and the index, in order."""
        folder = Path(self.builder.outdir) / "typst"
        return "\n".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("doc-*.typ")))

    @property
    def book(self) -> str:
        """The main source."""
        return (Path(self.builder.outdir) / "typst" / "book.typ").read_text(encoding="utf-8")

    @property
    def bytes(self) -> bytes:
        """The PDF."""
        return self.builder.artefact.read_bytes()

    def texts(self) -> list[str]:
        """The text of each page, in lines as they stand there."""
        if shutil.which("pdftotext") is None:
            pytest.skip("poppler's pdftotext is not installed")
        command = ["pdftotext", "-layout", str(self.builder.artefact), "-"]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\f")[:-1]

    def bookmarks(self) -> list[tuple[int, str]]:
        """(rank, title) of each bookmark, in order."""
        found: list[tuple[int, str]] = []

        def walk(items: list[pikepdf.OutlineItem], rank: int) -> None:
            for item in items:
                found.append((rank, item.title))
                walk(item.children, rank + 1)

        with pikepdf.open(self.builder.artefact) as pdf, pdf.open_outline() as outline:
            walk(outline.root, 1)
        return found

    def names(self) -> set[str]:
        """The named destinations."""
        with pikepdf.open(self.builder.artefact) as pdf:
            return {str(k) for k in pikepdf.NameTree(pdf.Root.Names.Dests)}

    def links(self) -> list[tuple[str, str]]:
        """(destination, description) of each link inside the book, in order of pages."""
        with pikepdf.open(self.builder.artefact) as pdf:
            found = [a for page in pdf.pages for a in page.obj.get("/Annots", ()) if "/Dest" in a]
            return [(str(a.Dest), str(a.Contents)) for a in found if isinstance(a.Dest, pikepdf.String)]

    def tags(self) -> list[str]:
        """The structure elements in reading order, parents before children."""
        found: list[str] = []

        def walk(element: pikepdf.Object) -> None:
            if isinstance(element, pikepdf.Array):
                for child in element:
                    walk(child)
            elif isinstance(element, pikepdf.Dictionary):
                if "/S" in element:
                    found.append(str(element.S).lstrip("/"))
                if "/K" in element:
                    walk(element.K)

        with pikepdf.open(self.builder.artefact) as pdf:
            walk(pdf.Root.StructTreeRoot.K)
        return found

    def alternatives(self) -> list[str]:
        """The alternative texts of pictures and formulas."""
        found: list[str] = []

        def walk(element: pikepdf.Object) -> None:
            if isinstance(element, pikepdf.Array):
                for child in element:
                    walk(child)
            elif isinstance(element, pikepdf.Dictionary):
                if "/Alt" in element:
                    found.append(str(element.Alt))
                if "/K" in element:
                    walk(element.K)

        with pikepdf.open(self.builder.artefact) as pdf:
            walk(pdf.Root.StructTreeRoot.K)
        return found


Build = Callable[..., Built]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build `{"index.rst": ...}` with lines of conf.py; `name` keeps two builds of one test apart."""

    def run(files: Mapping[str, str | bytes], conf: str = "", name: str = "p") -> Built:
        source = tmp_path / name
        source.mkdir()
        settings = 'project = "Test"\nauthor = "An Author"\ncopyright = "2026"\n'
        (source / "conf.py").write_text(settings + f"extensions = []\n{conf}\n", encoding="utf-8")
        for path, content in files.items():
            file = source / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        log = io.StringIO()
        with patch_docutils(source), docutils_namespace():
            app = Sphinx(
                srcdir=source,
                confdir=source,
                outdir=source / "_out",
                doctreedir=source / "_doctrees",
                buildername="octavo-pdf",
                status=None,
                warning=log,
                freshenv=True,
            )
            app.build()
        assert isinstance(app.builder, PdfBuilder)
        text = re.sub(r"\x1b\[[0-9;]*m", "", log.getvalue()).replace(f"{source}/", "")
        return Built(builder=app.builder, warnings=tuple(line for line in text.splitlines() if line.strip()))

    return run
