"""What stays together at the foot of a page, and how paragraphs and terms of items stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Build = Callable[..., Any]
_SMALL = "octavo_pdf_paper = 'a5'\nextensions = ['sphinx.ext.mathjax']\n"
_FILLED = range(18, 36)
"""Lines before what is looked at, in chapters of their own: in one, that comes to the foot of a page."""


def _last_lines(build: Build, source: str) -> list[str]:
    names = [f"c{n}" for n in _FILLED]
    files = {"index.rst": "Book\n====\n\n.. toctree::\n\n" + "".join(f"   {name}\n" for name in names)}
    for name, count in zip(names, _FILLED, strict=True):
        files[f"{name}.rst"] = f"Chapter\n=======\n\n{''.join(f'| line {n}{chr(10)}' for n in range(count))}\n{source}"
    book = build(files, _SMALL)
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    lines = ([line.strip() for line in text.splitlines() if line.strip()] for text in book.texts())
    return [found[-2 if re.fullmatch(r"\d+", found[-1]) else -1] for found in lines if len(found) > 1]


@pytest.mark.parametrize(
    "source",
    [
        "Words of a paragraph.\n\nExample:\n\n.. code:: text\n\n   one\n   two\n   three\n   four\n   five\n",
        "Words of a paragraph.\n\nExample:\n\n- one\n- two\n- three\n",
        ".. py:function:: foo(a)\n   :no-index:\n\n   Words.\n\n   Example:\n\n   ::\n\n      one\n",
        "- Words.\n\n  Example:\n\n  ::\n\n     one\n",
    ],
    ids=["code", "list", "described", "item"],
)
def test_a_line_that_leads_in_is_not_left_at_the_foot(build: Build, source: str) -> None:
    last = _last_lines(build, source)
    assert "Example:" not in last
    assert any(line.startswith(("line ", "foo", "• Words", "Words")) for line in last)


def test_the_name_of_a_field_is_not_left_at_the_foot(build: Build) -> None:
    fields = "   :param a: first\n   :param b: second\n"
    last = _last_lines(build, f".. py:function:: foo(a, b)\n   :no-index:\n\n   Words.\n\n{fields}")
    assert "Parameters:" not in last


def test_a_term_is_not_left_at_the_foot(build: Build) -> None:
    words = "Words of what it means, enough of them that they go on in a second line, and in a third one.\n"
    last = _last_lines(build, f"a term\n   {words}   {words}")
    assert "a term" not in last


@pytest.mark.parametrize(
    ("source", "leads"),
    [
        ("Short.\n\n- item\n", True),
        ("Short.\n\nNo block.\n", False),
        ("Short.\n\n.. a comment\n\n- item\n", True),
        (f"{'Words ' * 14}.\n\n- item\n", False),
        (f"{'Words ' * 14}:\n\n- item\n", True),
        (f"{'Words ' * 40}:\n\n- item\n", False),
        ("- Short:\n\n  ::\n\n     code\n", False),
        ("Short.\n\n.. math:: x\n", True),
        ("Short.\n\n.. code-block:: text\n   :caption: Code\n\n   code\n", True),
    ],
)
def test_what_leads_in(build: Build, source: str, leads: bool) -> None:
    book = build({"index.rst": f"Book\n====\n\n{source}"}, _SMALL)
    assert book.warnings == ()
    assert book.typst.count("#lead-in(") == leads


def test_a_line_that_leads_in_is_indented_as_paragraphs_are(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\nFirst:\n\n- item\n\nWords.\n\nSecond:\n\n- item\n"})
    assert re.findall(r"#lead-in\((.*?)\)", book.typst) == ["", "follows: true"]
    lines = "\n".join(book.texts()).splitlines()
    (first,) = (line for line in lines if line.strip() == "First:")
    (second,) = (line for line in lines if line.strip() == "Second:")
    assert len(second) > len(first)


def test_paragraphs_of_an_item_stand_apart(build: Build) -> None:
    source = "Book\n====\n\n- one\n\n  two\n- three\n\n1. one\n2. two\n\nterm\n   one\n\n   two\n\nterm\n   one\n"
    book = build({"index.rst": source})
    assert "#list(tight: false, spacing: loose-spacing, " in book.typst
    assert '#enum(numbering: "1.", start: 1, tight: true, ' in book.typst
    assert "#definitions(apart: true, " in book.typst


def test_each_term_begins_where_the_first_does(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\n.. glossary::\n\n   first\n   second\n      Words.\n"})
    lines = [line for text in book.texts() for line in text.splitlines()]
    (first,) = (line for line in lines if line.strip() == "first")
    (second,) = (line for line in lines if line.strip() == "second")
    (words,) = (line for line in lines if line.strip() == "Words.")
    assert first.index("f") == second.index("s") < words.index("W")


def test_code_in_a_line_has_the_colours_of_its_language(build: Build) -> None:
    role = ".. role:: py(code)\n   :language: python\n\n"
    book = build({"index.rst": f'Book\n====\n\n{role}See :py:`return "x"` and :py:`x` and ``return``.\n'})
    assert book.warnings == ()
    assert book.typst.count("#coloured-lit(") == 1
    assert book.typst.count("#lit(") == 2
    assert 'See return "x" and x and return.' in "".join(book.texts())


def test_a_scaled_picture_is_smaller_on_a_narrow_page(build: Build) -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><rect width="9" height="9"/></svg>'
    source = "Book\n====\n\n.. image:: a.svg\n   :alt: words\n   :scale: 50\n\n.. image:: a.svg\n   :alt: words\n"
    widths = {}
    for paper in ("a4", "a5"):
        files = {"index.rst": source, "a.svg": drawn}
        book = build(files, f"octavo_pdf_paper = {paper!r}\n", name=paper)
        widths[paper] = [float(found) for found in re.findall(r"natural: \(([\d.]+)pt", book.typst)]
    assert widths["a4"][1] == widths["a5"][1] == 300
    assert widths["a5"][0] < widths["a4"][0] <= 150
