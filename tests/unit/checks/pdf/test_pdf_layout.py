"""Layout of PDFs: each rule fires where it should, and on a clean file none does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from octavo.checks.pdf import layout

LINES = [(72, 700 - 14 * n, 300) for n in range(14)]
"""Fourteen lines of which the right edge is at 372 points."""


def made(
    path: Path,
    *,
    lines: Iterable[tuple[float, float, float]] = LINES,
    content: str = "",
    picture: tuple[int, int] | None = None,
    embedded: bool = True,
    pages: int = 1,
    names: dict[str, int] | None = None,
) -> Path:
    """A PDF whose every page has these lines (x, y, width): one letter, 1,000 units wide, as large as the line."""
    with pikepdf.new() as pdf:
        descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.A)
        if embedded:
            descriptor.FontFile = pdf.make_stream(b"")
        font = pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.A, FirstChar=65, LastChar=65,
                Widths=Array([1000]), FontDescriptor=pdf.make_indirect(descriptor),
            )
        )  # fmt: skip
        resources = Dictionary(Font=Dictionary(F=font))
        if picture:
            bits = bytes(picture[0] * picture[1])
            resources.XObject = Dictionary(
                I=pdf.make_stream(
                    bits, Type=Name.XObject, Subtype=Name.Image, Width=picture[0], Height=picture[1],
                    ColorSpace=Name.DeviceGray, BitsPerComponent=8,
                )
            )  # fmt: skip
        text = "".join(f"BT /F 1 Tf {width} 0 0 10 {x} {y} Tm (A) Tj ET\n" for x, y, width in lines)
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(500, 800))
            page.obj.Resources = resources
            page.obj.Contents = pdf.make_stream((text + content).encode())
        if names:
            flat: list[pikepdf.Object] = []
            for name, number in sorted(names.items()):
                flat += [pikepdf.String(name), Array([pdf.pages[number - 1].obj, Name.Fit])]
            pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array(flat)))
        pdf.save(path)
    return path


def found(path: Path) -> list[tuple[str, str, int | None]]:
    return [(d.rule, d.value, d.location.page) for d in layout(path)]


def test_a_clean_page(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", picture=(600, 600), content="q 144 0 0 144 100 100 cm /I Do Q")
    assert found(path) == []


def test_a_line_that_ends_in_the_margin(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", lines=[*LINES, (72, 400, 330)])
    assert found(path) == [("pdf/text-in-margin", "30 pt over the right edge of the text", 1)]


def test_a_line_that_begins_in_the_margin(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", lines=[*LINES, (52, 400, 100)])
    assert found(path) == [("pdf/text-in-margin", "20 pt over the left edge of the text", 1)]


def test_hanging_punctuation_is_no_fault(tmp_path: Path) -> None:
    assert found(made(tmp_path / "a.pdf", lines=[*LINES, (72, 400, 305)])) == []


def test_text_off_the_page(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", lines=[*LINES, (450, 400, 100)])
    assert found(path) == [("pdf/text-off-page", "1 pieces of text", 1)]


def test_strings_move_the_line_on(tmp_path: Path) -> None:
    # 2 letters of 100 pt each, the second moved back by a tenth of a letter; then one more on the next line
    content = "BT /F 100 Tf 1 0 0 1 72 300 Tm [(A) 100 (A)] TJ 0 -20 Td (A) Tj ET q 1 0 0 1 0 -50 cm BT /F 100 Tf "
    assert found(made(tmp_path / "a.pdf", content=content + "1 0 0 1 72 300 Tm (AAAA) Tj ET Q")) == [
        ("pdf/text-in-margin", "100 pt over the right edge of the text", 1)
    ]
    assert found(made(tmp_path / "b.pdf", content=content + "ET Q")) == []


def test_turned_text_is_in_no_margin(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", content="BT /F 1 Tf 0 200 -10 0 480 300 Tm (A) Tj ET")
    assert found(path) == []


@pytest.mark.parametrize(
    ("side", "rule", "value"),
    [
        (144, "coarse", "200 × 200 pixels are 100 an inch"),
        (18, None, ""),
        (40, None, ""),
        (96, None, ""),
        (96.2, None, ""),
    ],
)
def test_coarse_pictures(tmp_path: Path, side: float, rule: str | None, value: str) -> None:
    path = made(tmp_path / "a.pdf", picture=(200, 200), content=f"q {side} 0 0 {side} 100 100 cm /I Do Q")
    assert found(path) == ([(f"pdf/image-{rule}", value, 1)] if rule else [])


def test_pictures_finer_than_print(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", picture=(500, 500), content="q 40 0 0 40 100 100 cm /I Do Q")
    assert found(path) == [("pdf/image-fine", "500 × 500 pixels are 900 an inch", 1)]


def test_a_picture_is_said_once_where_it_is_coarsest(tmp_path: Path) -> None:
    content = "q 144 0 0 144 100 100 cm /I Do Q q 288 0 0 288 100 100 cm /I Do Q"
    path = made(tmp_path / "a.pdf", picture=(200, 200), content=content, pages=2)
    assert found(path) == [("pdf/image-coarse", "200 × 200 pixels are 50 an inch", 1)]


def test_fonts_that_are_not_inside(tmp_path: Path) -> None:
    assert found(made(tmp_path / "a.pdf", embedded=False)) == [("pdf/font-not-embedded", "A", None)]


def test_a_long_file_without_bookmarks(tmp_path: Path) -> None:
    assert found(made(tmp_path / "a.pdf", pages=20)) == [("pdf/no-bookmarks", "20 pages", None)]
    assert found(made(tmp_path / "b.pdf", pages=19)) == []


def test_findings_name_the_source_file(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.pdf", lines=[*LINES, (72, 400, 330)], pages=4, names={"one": 2, "two#part": 4, "genindex": 1}
    )
    sources = {"one": "one.md", "two": "two.md"}
    assert [d.location.source for d in layout(path, sources=sources)] == [None, "one.md", "one.md", "two.md"]


def test_what_is_no_pdf_is_said_by_others(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nno")
    assert layout(path) == ()


def test_a_form_that_draws_itself_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        form = pdf.make_stream(b"/F Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        form.Resources = Dictionary(XObject=Dictionary(F=form))
        page = pdf.add_blank_page()
        page.obj.Resources = Dictionary(XObject=Dictionary(F=form))
        page.obj.Contents = pdf.make_stream(b"/F Do")
        pdf.save(path)
    assert layout(path) == ()
