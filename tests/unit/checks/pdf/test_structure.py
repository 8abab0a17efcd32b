"""What a PDF lacks for readers with a screen reader."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String

from octavo.checks.pdf import structure


def write(path: Path, *, without: str = "") -> Path:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if without != "tags":
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    if without != "title":
        pdf.docinfo["/Title"] = "The book"
    if without != "language":
        pdf.Root.Lang = String("en")
    pdf.save(path)
    return path


@pytest.mark.parametrize(
    ("without", "expected"),
    [("", []), ("tags", ["it has no tags"]), ("title", ["it has no title"]), ("language", ["it names no language"])],
)
def test_structure(tmp_path: Path, without: str, expected: list[str]) -> None:
    found = structure(write(tmp_path / "book.pdf", without=without), artefact="book.pdf")
    assert [d.value for d in found] == expected
    assert {d.rule for d in found} <= {"pdf/not-accessible"}
    assert {d.location.artefact for d in found} <= {"book.pdf"}


def test_title_in_xmp_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "book.pdf", without="title")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata(update_docinfo=False) as metadata:
            metadata["dc:title"] = "The book"
        pdf.save(path)
    assert structure(path) == ()


def test_unreadable(tmp_path: Path) -> None:
    (tmp_path / "book.pdf").write_bytes(b"no")
    (diagnostic,) = structure(tmp_path / "book.pdf", artefact="book.pdf")
    assert (diagnostic.rule, diagnostic.context) == ("artefact/unreadable", "book.pdf")
