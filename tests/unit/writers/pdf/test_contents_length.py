"""How many pages the contents will have is judged well enough, and a wrong judgement changes no page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from octavo.writers.pdf.contents_length import contents_pages

PARTS = "".join(f'#section(id: "s{n}", level: 2, depth: 1, number: "1.{n}")[Section {n}]\n\n' for n in range(120))
FILES = {
    "index.rst": "Book\n====\n\n.. toctree::\n   :numbered:\n\n   a\n   b\n",
    **{
        f"{name}.rst": f"Chapter {name}\n=========\n\n"
        + "".join(f"Section {n} of {name}\n--------------------\n\nSee :ref:`last`.\n\n" for n in range(50))
        for name in "ab"
    },
}
FILES["b.rst"] += ".. _last:\n\nThe last\n--------\n\nText.\n"
ROOM = re.compile(r"^#room-for-contents\((\d+)\)$", re.MULTILINE)


def contents_of(book: Any) -> list[str]:
    return [text for text in book.texts() if ". . . . ." in text]


def test_more_headings_take_more_pages(build: Callable[..., Any]) -> None:
    settings = build({"index.rst": "Book\n====\n\nText.\n"}).builder.assembly.settings
    assert contents_pages([], settings, 2) == 1
    assert contents_pages([PARTS], settings, 1) == 1
    assert contents_pages([PARTS], settings, 2) == 4
    long = PARTS.replace("[Section", f"[{'A long title ' * 7}")
    assert contents_pages([long], settings, 2) > 4


@pytest.mark.parametrize("theme", ["book", "manual"])
def test_the_judgement_agrees_with_what_is_set(build: Callable[..., Any], theme: str) -> None:
    book = build(FILES, f"octavo_pdf_theme = {theme!r}")
    assert book.warnings == ()
    found = ROOM.search(book.book)
    assert found is not None
    assert int(found[1]) + 1 == len(contents_of(book))


def test_a_wrong_judgement_changes_no_page(build: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    right = build(FILES)
    monkeypatch.setattr("octavo.writers.pdf.builder.contents_pages", lambda *_: 9)
    wrong = build(FILES, name="wrong")
    assert "#room-for-contents(8)" in wrong.book
    assert right.bytes == wrong.bytes
