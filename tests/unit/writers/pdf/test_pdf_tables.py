"""Tables: columns wide enough for their words, in the PDF as it comes out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

Build = Callable[..., Any]

TABLE = """
Book
====

.. list-table:: Title
   :header-rows: 1
   :widths: 2 50 2 46

   * - Entered
     - What
     - Position
     - Source
   * - 2 May
     - {words}
     - [2, 58]
     - {words}
"""


@pytest.fixture
def printed() -> Callable[[Any], str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")

    def read(book: Any) -> str:
        command = ["pdftotext", "-layout", str(book.builder.artefact), "-"]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    return read


def test_no_word_is_broken(build: Build, printed: Callable[[Any], str]) -> None:
    book = build({"index.rst": TABLE.format(words="Some internationalization of responsibilities. " * 6)})
    text = printed(book)
    for whole in ("Entered", "Position", "2 May", "[2, 58]"):
        assert whole in text
    assert text.count("internationalization") == text.count("responsibilities") == 12
    assert book.builder.standards == ("ua-1", "a-2a")


def test_more_than_fits_is_scaled_and_then_broken(build: Build, printed: Callable[[Any], str]) -> None:
    row = "   * - " + "\n     - ".join(f"Understandings{n}" for n in range(14))
    book = build({"index.rst": f"Book\n====\n\n.. list-table::\n\n{row}\n{row}\n"})
    with pikepdf.open(book.builder.artefact) as pdf:
        assert len(pdf.pages) == book.builder.page_count
    letters = "".join(printed(book).split()).replace("-", "").replace("\u2010", "").replace("\u00ad", "")
    assert letters.count("U") >= 28


def test_nested_table(build: Build, printed: Callable[[Any], str]) -> None:
    inner = "<table><tr><th>in</th></tr><tr><td>deep</td></tr></table>"
    book = build(
        {"index.rst": f"Book\n====\n\n.. raw:: html\n\n   <table><tr><td>out</td><td>{inner}</td></tr></table>\n"}
    )
    assert {"out", "in", "deep"} <= set(printed(book).split())
    assert book.warnings == ()


def test_a_wide_table_lies_on_its_side(build: Build, printed: Callable[[Any], str]) -> None:
    row = "   * - " + "\n     - ".join(["Understanding"] * 7)
    book = build({"index.rst": f"Book\n====\n\n.. list-table:: Wide\n\n{row}\n{row}\n"})
    assert printed(book).split().count("Understanding") == 14
    assert "Un-" not in printed(book)


def test_a_header_with_a_link_is_not_repeated(build: Build, printed: Callable[[Any], str]) -> None:
    rows = "\n".join(f"   * - Row {n}\n     - Words" for n in range(90))
    for name, head, times in (("plain", "Head", 1), ("link", "`Head <https://example.org/>`_", 0)):
        table = f".. list-table::\n   :header-rows: 1\n\n   * - {head}\n     - Other\n{rows}\n"
        book = build({"index.rst": f"Book\n====\n\nText.\n\n{table}"}, name=name)
        assert book.warnings == ()
        assert book.builder.standards == ("ua-1", "a-2a")
        assert (printed(book).split().count("Head") > 1) == bool(times)


@pytest.mark.parametrize(
    "linking",
    [
        "`web <https://example.org/>`__",
        "A [#n]_",
        "A\n\n       .. image:: https://pictures.invalid/x.png\n          :alt: words",
        ':h:`<a href="https://example.org/">web</a>`',
    ],
)
def test_a_header_that_links_is_not_repeated(build: Build, linking: str) -> None:
    rows = "".join(f"   * - row {n}\n     - b\n" for n in range(70))
    role = ".. role:: h(raw)\n   :format: html\n\n"
    note = "\n.. [#n] A note.\n"
    table = f".. list-table::\n   :header-rows: 1\n\n   * - {linking}\n     - B\n{rows}"
    book = build({"index.rst": f"Book\n====\n\n{role}Text\n\n{table}{note if '#n' in linking else ''}"})
    assert not [line for line in book.warnings if "remote" not in line]
    assert book.builder.standards == ("ua-1", "a-2a")
    assert "repeated: false" in book.typst


def test_a_link_in_decoration_is_one_place_of_the_book(build: Build) -> None:
    template = '#import "theme-book.typ": *\n#let guilabel(body) = pdf.artifact(link("https://example.org/", body))\n'
    files = {
        "index.rst": "Book\n====\n\nFirst.\n\n.. toctree::\n\n   a\n   b\n",
        "a.rst": "A\n=\n\nPlain text.\n",
        "b.rst": "B\n=\n\nMore text.\n\nAnd :guilabel:`Save` it.\n",
        "own.typ": template,
    }
    book = build(files, "octavo_pdf_template = 'own.typ'\n")
    assert book.builder.standards == ("ua-1", "a-2a")
    (warning,) = book.warnings
    assert "b.rst:" in warning
    assert "artifacts may not contain links" in warning
