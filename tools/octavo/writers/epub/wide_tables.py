"""Tables whose words need more room than a page has: small ones scroll, others have columns of one width.

What is cut off at the edge of a page is lost, and in a book in pages it lies on the next one. A box that scrolls is
never broken over two pages (CSS Fragmentation 3, section 4.1), so that it is for tables that fit on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from octavo.writers.epub.content_model import MATHML, h
from octavo.writers.epub.soup import add_class

SCROLLING, NARROW, EVEN = "octavo-scrolling", "octavo-narrow", "octavo-even"
# widths in em of the page: what a telephone has, what a small tablet has
_TELEPHONE, _TABLET = 21.0, 30.0
# of a letter in a table, in em, and what a column has around its text
_LETTER, _AROUND = 0.5, 1.0
# a table of so many rows, with no more letters in any cell, fits on a page
_MOST_ROWS, _MOST_LETTERS = 10, 60
# no line is broken inside of these: not after a space or a hyphen, nor between the letters of Han, kana and hangul
_UNBROKEN = re.compile(r"[^\s\u00ad\u200b\u2010-\u2014\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef-]+")
_ROW_GROUPS = frozenset(h(name) for name in ("thead", "tbody", "tfoot"))
# lines of program text are broken anywhere
_BREAKING = frozenset(h(name) for name in ("pre", "code", "kbd", "samp", "img", "table"))


def settle_wide_tables(body: etree._Element) -> None:
    """In place. Tables in cells of others are left alone."""
    for table in list(body.iter(h("table"))):
        if any(a.tag in (h("td"), h("th")) for a in table.iterancestors()):
            continue
        rows = [row for part in table if part.tag in _ROW_GROUPS for row in part]
        width = least_width(rows)
        if width <= _TELEPHONE:
            continue
        if len(rows) <= _MOST_ROWS and all(_letters(cell) <= _MOST_LETTERS for row in rows for cell in row):
            _scroll(table)
        else:
            add_class(table, EVEN if width > _TABLET else NARROW)


def least_width(rows: list[etree._Element]) -> float:
    """The width below which a table can't be set without breaking words, in em, as far as letters tell."""
    columns: dict[int, int] = {}
    for row in rows:
        place = 0
        for cell in row:
            span = int(cell.get("colspan", "1"))
            if span == 1:
                columns[place] = max(columns.get(place, 0), *(len(word) for word in _words(cell)), 0)
            place += span
    return sum(_AROUND + _LETTER * longest for longest in columns.values())


def _words(element: etree._Element) -> Iterator[str]:
    if element.tag == f"{{{MATHML}}}math":
        yield "".join("".join(element.itertext()).split())
        return
    if element.tag in _BREAKING or not isinstance(element.tag, str):
        return
    yield from _UNBROKEN.findall(element.text or "")
    for child in element:
        yield from _words(child)
        yield from _UNBROKEN.findall(child.tail or "")


def _letters(cell: etree._Element) -> int:
    return sum(len(text) for text in cell.itertext())


def _scroll(table: etree._Element) -> None:
    box = etree.Element(h("div"))
    # what scrolls must be reached without a mouse (WCAG 2.2, 2.1.1)
    box.set("class", SCROLLING)
    box.set("tabindex", "0")
    table.addprevious(box)
    box.tail = table.tail
    table.tail = None
    box.append(table)
