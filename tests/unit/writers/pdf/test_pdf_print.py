"""What is for paper: addresses at the foot, lists of figures and tables, bleed and crop marks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from PIL import Image

from octavo.diagnostics import ConfigurationError

PAGE = """
One
===

See `the web <https://example.org/a>`_ and https://example.org/b and a note [#n]_.

.. [#n] Of `it <https://example.org/c>`_.

.. figure:: x.png
   :alt: blue

   A picture with `a link <https://example.org/d>`_ and :math:`x`

.. table:: Numbers

   == ==
   a  b
   == ==
   1  2
   == ==
"""


def files() -> dict[str, str | bytes]:
    picture = io.BytesIO()
    Image.new("RGB", (400, 200), (30, 90, 120)).save(picture, "PNG")
    return {
        "index.rst": "Book\n====\n\n.. toctree::\n   :numbered:\n\n   one\n",
        "one.rst": PAGE,
        "x.png": picture.getvalue(),
    }


def test_addresses_stand_at_the_foot_for_print(build: Callable[..., Any]) -> None:
    book = build(files(), 'octavo_pdf_profile = "print"\nnumfig = True')
    notes = re.findall(r'#footnote\[#link\("([^"]+)"\)', book.typst)
    # what the text spells out, what is in a note, a caption or a cell has none
    assert notes == ["https://example.org/a"]
    assert "for-print: true" in book.book
    assert book.warnings == ()
    assert "#footnote[#link(" not in build(files(), "numfig = True", name="screen").typst


def test_lists_of_figures_and_tables(build: Callable[..., Any]) -> None:
    book = build(files(), 'octavo_pdf_lists = ["tables", "figures"]\nnumfig = True')
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    assert [title for _, title in book.bookmarks()][:2] == ["Figures", "Tables"]
    assert book.tags().count("TOC") == 3
    german = build(files(), 'octavo_pdf_lists = ["figures"]\nnumfig = True\nlanguage = "de"', name="german")
    assert german.bookmarks()[0] == (1, "Abbildungsverzeichnis")


def test_a_list_of_nothing_is_no_page(build: Callable[..., Any]) -> None:
    bare: dict[str, str | bytes] = {"index.rst": "Book\n====\n\nText.\n"}
    plain, listed = build(bare, name="plain"), build(bare, 'octavo_pdf_lists = ["figures"]', name="listed")
    assert plain.builder.page_count == listed.builder.page_count


def test_bleed_and_crop_marks(build: Callable[..., Any]) -> None:
    book = build(files(), 'octavo_pdf_paper = "100x150mm"\noctavo_pdf_bleed = "3mm"')
    points = 72 / 25.4
    with pikepdf.open(book.builder.artefact) as pdf:
        for page in pdf.pages:
            trim, bleed, sheet = ([float(n) for n in page.obj[key]] for key in ("/TrimBox", "/BleedBox", "/MediaBox"))
            assert trim == pytest.approx([0, 0, 100 * points, 150 * points], abs=0.01)
            assert bleed == pytest.approx([-3 * points, -3 * points, 103 * points, 153 * points], abs=0.01)
            assert sheet[0] < bleed[0] < trim[0]
            assert sheet[3] > bleed[3] > trim[3]
            content = page.obj.Contents
            last = content[-1] if isinstance(content, pikepdf.Array) else content
            assert last.read_bytes().count(b" l S") == 8
    assert book.builder.standards == ("ua-1", "a-2a")
    with pikepdf.open(build(files(), name="plain").builder.artefact) as pdf:
        assert "/TrimBox" not in pdf.pages[0].obj or pdf.pages[0].obj.TrimBox == pdf.pages[0].obj.MediaBox


@pytest.mark.parametrize(
    "conf",
    ['octavo_pdf_profile = "paper"', 'octavo_pdf_bleed = "3"', 'octavo_pdf_bleed = "90mm"', 'octavo_pdf_lists = ["x"]'],
)
def test_what_means_nothing_is_refused(build: Callable[..., Any], conf: str) -> None:
    with pytest.raises(ConfigurationError, match=conf.partition(" ")[0]):
        build({"index.rst": "Book\n====\n\nText.\n"}, conf)


def test_no_figure_floats_above_the_title_of_its_chapter(build: Callable[..., Any]) -> None:
    figure = ".. figure:: x.png\n   :alt: blue\n\n   Caption\n"
    inside = "* Item\n\n  " + figure.replace("\n", "\n  ")
    text = "Words of a chapter. " * 100
    picture = files()["x.png"]
    book = build(
        {"index.rst": f"Book\n====\n\n{figure}\n{text}\n\n{figure}\n{inside}", "x.png": picture}, "numfig = True"
    )
    assert re.findall(r"floats: (\w+)", book.typst) == ["bottom", "auto"]
    assert book.warnings == ()
