"""Tables that are wider than a page."""

from __future__ import annotations

import pytest
from lxml import etree

from octavo.writers.epub import soup
from octavo.writers.epub.content_model import h
from octavo.writers.epub.wide_tables import least_width, settle_wide_tables


def body(table: str) -> etree._Element:
    return soup.parse(f"<div>before{table}after</div>").body


def table(rows: int, *cells: str) -> str:
    return f"<table>{('<tr>' + ''.join(f'<td>{c}</td>' for c in cells) + '</tr>') * rows}</table>"


WIDE = ("Spaltenüberschrift",) * 4


@pytest.mark.parametrize(
    ("made", "classes"),
    [
        (table(2, "a", "some words in a cell of a table that has few columns"), []),
        (table(2, *WIDE), ["octavo-scrolling"]),
        (table(30, *WIDE), ["octavo-even"]),
        (table(2, *WIDE, "many words " * 20), ["octavo-even"]),
        (table(30, *WIDE[:2], "12345"), ["octavo-narrow"]),
        (table(2, *(f"<code>{'x' * 200}</code>",) * 4), []),
        (table(2, "漢字仮名" * 20, "a"), []),
        (table(2, "e.g. a-hyphenated-word-of-many-parts-that-can-be-broken-at-each-of-them"), []),
    ],
)
def test_what_becomes_of_a_table(made: str, classes: list[str]) -> None:
    page = body(made)
    settle_wide_tables(page)
    found = [e.get("class") for e in page.iter(h("div"), h("table")) if e.get("class")]
    assert found == classes
    assert "".join(page.itertext()).startswith("before")
    assert "".join(page.itertext()).endswith("after")
    for box in page.iter(h("div")):
        assert (box.get("tabindex") == "0") == (box.get("class") == "octavo-scrolling")


def test_a_table_in_a_cell_is_left_alone() -> None:
    page = body(table(1, "a", table(2, *WIDE)))
    settle_wide_tables(page)
    assert not [e for e in page.iter() if e.get("class")]


def test_columns_are_counted_with_their_spans() -> None:
    page = body("<table><tr><td colspan=2>abcdefghijkl</td><td>abcd</td></tr><tr><td>ab</td><td>a b</td></tr></table>")
    # columns of 2, 1 and 4 letters; what spans two is left out
    assert least_width(list(page.iter(h("tr")))) == pytest.approx(3 * 1.0 + 7 * 0.5)
