"""Books that count in the digits of their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from octavo.covers import scripts
from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf import numerals

PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
SOURCE = """کتاب
====

.. _t:

.. table:: جدول

   == ==
   ۵  6
   == ==

سلام :numref:`t` و 2024 [#]_.

#. سلام
#. دنیا

.. [#] یادداشت
"""
CONFIG = 'language = "fa"\nnumfig = True\n'


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fa", PERSIAN),
        ("ar", "٠١٢٣٤٥٦٧٨٩"),
        ("ar-EG", "٠١٢٣٤٥٦٧٨٩"),
        ("ar-MA", numerals.WESTERN),
        ("mr-IN", "०१२३४५६७८९"),
        ("ur", numerals.WESTERN),
        ("ja", numerals.WESTERN),
        ("en", numerals.WESTERN),
    ],
)
def test_digits_of_a_language(language: str, expected: str) -> None:
    assert numerals.digits_of(language)[0] == expected


def test_numbers_in_digits() -> None:
    assert numerals.in_digits("A.12", PERSIAN) == "A.۱۲"
    assert numerals.in_digits("A.12", numerals.WESTERN) == "A.12"


def test_a_persian_book_counts_in_persian_digits(build: Callable[..., Any]) -> None:
    if not scripts.families_of_machine(["Arabic"]).families:
        pytest.skip("the machine has no Arabic font")
    book = build({"index.rst": SOURCE}, CONFIG)
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    with pikepdf.open(book.builder.artefact) as pdf:
        assert str(pdf.pages[-1].label) == "۱"
    text = "".join(book.texts())
    assert "2024" in text  # the author's
    assert "6" in text
    assert not [digit for digit in "135" if digit in text.partition("کتاب")[2].replace("2024", "")]
    assert text.count("۲") == 1  # the second item
    assert text.count("۱") >= 5  # the page in the contents and at the foot, table, reference, item, note twice


def test_western_digits_may_be_asked_for(build: Callable[..., Any]) -> None:
    book = build({"index.rst": SOURCE.replace("۵", "5")}, CONFIG + 'octavo_pdf_digits = "western"\n')
    assert not set(PERSIAN) & set("".join(book.texts()))
    assert "digit-one" not in (book.builder.outdir / "typst" / "design.typ").read_text(encoding="utf-8")


def test_a_book_in_latin_letters_keeps_western_digits(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\n#. One\n"}, 'language = "fa"')
    assert not set(PERSIAN) & set("".join(book.texts()))


def test_other_digits_are_refused(build: Callable[..., Any]) -> None:
    with pytest.raises(ConfigurationError, match="octavo_pdf_digits = 'roman'"):
        build({"index.rst": "Book\n====\n"}, 'octavo_pdf_digits = "roman"')
