"""Where lines end, and where none does: operators and options in code, numbers of figures, addresses."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest


def _paragraphs(text: str) -> str:
    """A text that comes to the end of a line sooner or later: behind lines of every length."""
    return "Book\n====\n\n" + "\n\n".join(f"{'m' * length} {text}" for length in range(30, 78))


def test_operators_and_options_are_not_broken(build: Callable[..., Any]) -> None:
    book = build({"index.rst": _paragraphs("``->`` ``--option`` ``a->b``")})
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    text = "".join(book.texts())
    assert [text.count(code) for code in ("--option", "->")] == [48, 96]
    assert not re.search(r"(?<![a-z])--?$|^ *>", text, re.MULTILINE)


WORD = re.compile(r'xMin="([\d.]+)"[^>]* xMax="([\d.]+)" [^>]*>(x|=)</word>')


def test_spaces_of_code_are_not_stretched(build: Callable[..., Any]) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    book = build({"index.rst": _paragraphs("it is ``x = 42`` and what comes after it in the same line of them all")})
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    command = ["pdftotext", "-bbox", str(book.builder.artefact), "-"]
    found = WORD.findall(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert len(found) == 2 * 48
    gaps = {round(float(sign[0]) - float(name[1]), 1) for name, sign in zip(found[::2], found[1::2], strict=True)}
    assert len(gaps) == 1


def test_long_code_is_broken_at_its_spaces(build: Callable[..., Any]) -> None:
    code = "figure, axes = plt.subplots(rows, columns)  # two spaces"
    book = build({"index.rst": _paragraphs(f"``{code}``")})
    text = "".join(book.texts())
    assert [text.count(words) for words in ("figure, axes =", "columns)", "two spaces")] == [48, 48, 48]
    assert re.search(r"(subplots|=|rows,|#)$", text, re.MULTILINE)


def test_an_arrow_of_a_signature_is_not_broken(build: Callable[..., Any]) -> None:
    functions = "\n\n".join(f".. py:function:: {'f' * n}(argument) -> Result" for n in range(20, 60, 2))
    book = build({"index.rst": f"Book\n====\n\n{functions}\n"})
    text = "".join(book.texts())
    assert not re.search(r"-$|^ *>", text, re.MULTILINE)


def test_code_from_left_to_right_in_a_book_from_right_to_left(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\nText ``a->b --option`` text.\n"}, 'language = "fa"')
    assert "a->b --option" in "".join(book.texts())


def test_a_number_stays_with_what_it_counts(build: Callable[..., Any]) -> None:
    table = ".. _t:\n\n.. table:: Words\n\n   == ==\n   a  b\n   == ==\n"
    book = build(
        {"index.rst": f"{_paragraphs('see :numref:`t` and :numref:`{name} of {number} <t>`')}\n\n{table}"},
        "numfig = True",
    )
    assert book.warnings == ()
    text = "".join(book.texts())
    assert not re.search(r"\bTable$", text, re.MULTILINE)
    assert len(re.findall(r"\bTable\s1\b", text)) == 49
    assert "Words of" in text


def test_words_of_addresses_are_whole(build: Callable[..., Any]) -> None:
    book = build({"index.rst": _paragraphs("https://www.sisyphusrollstheboulder.org/uphillagainandagain/every-day.")})
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    text = "".join(book.texts())
    for word in ("https://www.", "sisyphusrollstheboulder.", "org/", "uphillagainandagain/", "day."):
        assert text.count(word) == 48
