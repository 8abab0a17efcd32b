"""A small real book, built twice, and what is written of it.

The files in `small/` are what the EPUB holds of the book and what Typst is given of it. They change only with a
reason, which the commit says: `OCTAVO_WRITE_GOLDEN=1 pytest tests/golden` writes them anew, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo_testing import BOOKS, Run

GOLDEN = Path(__file__).resolve().parent / "small"
OF_EPUB = ("first.xhtml", "second.xhtml", "glossary.xhtml", "nav.xhtml", "content.opf", "toc.ncx")
OF_TYPST = {"first": "The first chapter", "second": "The second chapter", "glossary": "Glossary"}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, octavo: Callable[..., Run]) -> tuple[Path, Path]:
    """The book built in two folders, in two time zones, with two hash seeds."""
    built = []
    for name, zone, seed in (("one", "UTC", "0"), ("another place", "Pacific/Auckland", "42")):
        root = tmp_path_factory.mktemp("golden") / name
        shutil.copytree(BOOKS / "small", root)
        run = octavo("build", root, "-W", env={"TZ": zone, "PYTHONHASHSEED": seed})
        assert run.status == 0, run.err
        built.append(root / "_build")
    return built[0], built[1]


@pytest.mark.parametrize("artefact", ["pdf/a-small-book.pdf", "epub/a-small-book.epub"])
def test_the_same_sources_give_the_same_bytes(twice: tuple[Path, Path], artefact: str) -> None:
    assert (twice[0] / artefact).read_bytes() == (twice[1] / artefact).read_bytes()


def test_the_same_sources_give_the_same_site(twice: tuple[Path, Path]) -> None:
    pages = sorted(p.name for p in (twice[0] / "html").glob("*.html"))
    assert "first.html" in pages
    for page in pages:
        assert (twice[0] / "html" / page).read_bytes() == (twice[1] / "html" / page).read_bytes()


@pytest.mark.parametrize("name", OF_EPUB)
def test_epub(twice: tuple[Path, Path], name: str) -> None:
    with zipfile.ZipFile(twice[0] / "epub/a-small-book.epub") as epub:
        member = next(m for m in epub.namelist() if m.rpartition("/")[2] == name)
        hold(GOLDEN / name, epub.read(member).decode())


@pytest.fixture(scope="module")
def typst(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Typst sources, which the plain builder leaves beside the PDF."""
    out = tmp_path_factory.mktemp("typst")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "octavo-pdf", str(BOOKS / "small"), str(out)]
    subprocess.run(command, check=True, timeout=300)
    return out / "typst"


@pytest.mark.parametrize("name", OF_TYPST)
def test_typst(typst: Path, name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in sorted(typst.glob("doc-*.typ"))]
    (source,) = [text for text in sources if f"[{OF_TYPST[name]}]" in text[:400]]
    hold(GOLDEN / f"{name}.typ", source)


def hold(golden: Path, written: str) -> None:
    if os.environ.get("OCTAVO_WRITE_GOLDEN") == "1":
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")
