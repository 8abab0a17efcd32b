"""Books from right to left, and books in letters that fill their square: what runs which way, and what keeps apart.

Most of them are in Latin letters, which no machine lacks: the direction is the language's.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octavo.covers import scripts

PERSIAN = 'language = "fa"'


def words_of(artefact: Path) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of words, in points from the page's top left; of equal ones the last."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    made = subprocess.run(["pdftotext", "-bbox", str(artefact), "-"], capture_output=True, check=True, text=True).stdout
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', made)
    return {word: (float(a), float(b), float(c), float(d)) for a, b, c, d, word in found}


def test_only_letters_that_run_from_left_to_right() -> None:
    assert scripts.only_left_to_right("It runs (1).")
    assert not scripts.only_left_to_right("It runs در.")
    assert not scripts.only_left_to_right("1.")


def test_code_in_a_line_keeps_its_brackets(build: Callable[..., Any]) -> None:
    if not scripts.families_of_machine(["Arabic"]).families:
        pytest.skip("the machine has no Arabic font")
    book = build({"index.rst": "کتاب\n====\n\nتابع ``ax.legend_of_figures()`` در\n"}, PERSIAN)
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    assert "ax.legend_of_figures()" in "".join(book.texts())


def test_a_paragraph_of_latin_letters_ends_with_its_full_stop(build: Callable[..., Any]) -> None:
    source = "Book\n====\n\nIt will run.\n\n- An item.\n"
    book = build({"index.rst": source}, PERSIAN)
    assert book.typst.count(r"\u{2066}") == 2
    texts = "".join(book.texts())
    assert "It will run." in texts
    assert "An item." in texts


def test_a_book_of_latin_letters_has_no_isolates(build: Callable[..., Any]) -> None:
    assert r"\u{2066}" not in build({"index.rst": "Book\n====\n\nIt will run.\n"}).typst


INDEX = "Book\n====\n\n.. index:: Whole; Portion\n\n.. index:: Whole\n\n.. index:: Reader\n\nText.\n"


@pytest.mark.parametrize(("settings", "comma"), [(PERSIAN, "،"), ('language = "he"', ","), ("", ",")])
def test_index_entries_begin_where_lines_do(build: Callable[..., Any], settings: str, comma: str) -> None:
    found = build({"index.rst": INDEX}, settings)
    if comma == "،" and not scripts.families_of_machine(["Arabic"]).families:
        pytest.skip("the machine has no Arabic font")
    assert found.builder.standards == ("ua-1", "a-2a")
    texts = "".join(found.texts())
    assert re.search(rf"Reader\W*{comma}|{comma}\W*Reader", texts), texts
    places = words_of(found.builder.artefact)
    whole, portion = (next(at for word, at in places.items() if name in word) for name in ("Whole", "Portion"))
    if settings:
        assert portion[2] < whole[2] - 5
    else:
        assert portion[0] > whole[0] + 5


@pytest.mark.parametrize("language", ["en", "he"])
def test_cells_begin_where_lines_do(build: Callable[..., Any], language: str) -> None:
    rows = "====== ======================\nName   Meaning\n====== ======================\nFirst  Second\n"
    source = f"Book\n====\n\n{rows}====== ======================\n"
    places = words_of(build({"index.rst": source}, f'language = "{language}"').builder.artefact)
    begin = 0 if language == "en" else 2
    assert places["First"][begin] == pytest.approx(places["Name"][begin], abs=0.5)
    assert (places["First"][0] < places["Second"][0]) is (language == "en")


def test_headings_of_letters_that_fill_their_square_keep_off_the_text(build: Callable[..., Any]) -> None:
    many = [f"w{number}" for number in range(60)]
    source = f"Book\n====\n\nBefore\n\nSection\n-------\n\n{' '.join(many)}\n"
    places = words_of(build({"index.rst": source}, "language = 'ja'").builder.artefact)
    first, second = sorted({places[word][3] for word in many})[:2]
    assert first - places["Section"][3] > 1.15 * (second - first)


@pytest.mark.parametrize(
    ("text", "spaces"),
    [("式\\ :math:`x`\\ は", 2), ("式 :math:`x`、と", 0), ("式\\ :math:`x`\\ 、と", 1), ("a\\ :math:`x`\\ b", 0)],
)
def test_formulas_keep_off_letters_that_fill_their_square(build: Callable[..., Any], text: str, spaces: int) -> None:
    book = build({"index.rst": f"Book\n====\n\nX {text} X\n"}, "language = 'ja'")
    assert book.typst.count("#h(0.25em, weak: true)") == spaces
