"""Pictures of formats that no reader must show."""

import io

import pytest
import typst
from PIL import Image

from octavo.reading.pictures import as_png, is_damaged_png, pdf_as_svg


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (3, 2), (1, 2, 3)).save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "PPM"])
def test_bitmaps_become_png(kind):
    converted = as_png(picture(kind))
    assert converted is not None
    assert not is_damaged_png(converted)
    assert Image.open(io.BytesIO(converted)).size == (3, 2)


@pytest.mark.parametrize("content", [b"", b"II*\0nothing", b"no picture"])
def test_what_is_none_stays_none(content):
    assert as_png(content) is None


def test_a_page_of_a_pdf_becomes_outlines():
    page = b"#set page(width: 30pt, height: 20pt, margin: 2pt)\nx"
    drawn = pdf_as_svg(typst.compile(page, format="pdf", ignore_system_fonts=True))
    assert drawn is not None
    assert drawn.startswith(b"<svg")
    assert b"<text" not in drawn
    assert pdf_as_svg(b"%PDF-1.7 and no more") is None


def test_a_damaged_png_is_found():
    whole = picture("PNG")
    assert not is_damaged_png(whole)
    assert is_damaged_png(whole[:-20])
    assert is_damaged_png(whole[:-12])
    spoiled = bytearray(whole)
    spoiled[45] ^= 0xFF
    assert is_damaged_png(bytes(spoiled))
