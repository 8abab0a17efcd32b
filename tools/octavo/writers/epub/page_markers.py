"""The marks of page breaks in the documents: elements of no width, each where a page of the printed edition begins.

A mark stands only where text may stand, never in MathML, in SVG or between the parts of a table or a list; and where
a heading, a table or a picture begins the page, before it, so that no name or label takes the page's number in.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from octavo.writers.epub.content_model import EPUB_TYPE, HEADINGS, INLINE, MATHML, SVG, TRANSPARENT, h
from octavo.writers.epub.letters import Place

# in front of what is said, and not in it
_BEFORE = frozenset(h(name) for name in (*INLINE, *TRANSPARENT, *HEADINGS, "pre", "img", "rt", "table", "picture"))
_PARTS_OF_TABLE = frozenset(h(name) for name in ("caption", "thead", "tbody", "tr", "th", "td"))
_SHOWN = frozenset({h("img"), h("hr"), h("br"), f"{{{SVG}}}svg", f"{{{MATHML}}}math"})
_NO_NAME_CHARACTER = re.compile(r"[^A-Za-z0-9_.-]+")


def page_id(label: str, taken: Collection[str]) -> str:
    """The id of a page's mark: of its label, and of no other element."""
    name = f"page-{_NO_NAME_CHARACTER.sub('-', label)}"
    made, number = name, 2
    while made in taken:
        made, number = f"{name}-{number}", number + 1
    return made


def marker(name: str, label: str) -> etree._Element:
    """The mark (EPUB Structural Semantics Vocabulary, `pagebreak`; DPUB-ARIA, `doc-pagebreak`)."""
    made = etree.Element(h("span"), {"id": name, "role": "doc-pagebreak", "aria-label": label})
    made.set(EPUB_TYPE, "pagebreak")
    return made


def insert(mark: etree._Element, place: Place) -> None:
    """Put a mark at its place. Of several in one text, the last has to be put first: the others keep their places."""
    element, offset = place.piece.element, place.offset
    if place.piece.whole:
        _before(_outermost(element), mark)
    elif place.piece.tail:
        text = element.tail or ""
        parent = element.getparent()
        element.tail = text[:offset]
        # not `addnext`, which puts it before the tail
        parent.insert(parent.index(element) + 1, mark)
        mark.tail = text[offset:]
    elif not (element.text or "")[:offset].strip() and (outer := _outermost_at_start(element)) is not None:
        _before(outer, mark)
    else:
        text = element.text or ""
        element.text = text[:offset]
        element.insert(0, mark)
        mark.tail = text[offset:]


def insert_first(mark: etree._Element, element: etree._Element) -> None:
    """Put a mark before all that is in an element."""
    mark.tail = element.text
    element.text = None
    element.insert(0, mark)


def _before(element: etree._Element, mark: etree._Element) -> None:
    # a mark that was put there before is of a later page
    later = element.getprevious()
    while later is not None and later.get("role") == mark.get("role") and not (later.tail or "").strip():
        element, later = later, later.getprevious()
    element.addprevious(mark)


def _outermost_at_start(element: etree._Element) -> etree._Element | None:
    """The element before which a mark has to stand that would be the first thing in `element`, or None for inside."""
    if element.tag in _BEFORE:
        return _outermost(element)
    if element.tag in _PARTS_OF_TABLE:
        return _table_begun_by(element)
    return None


def _outermost(element: etree._Element) -> etree._Element:
    """The outermost element that begins with this one and has marks before it."""
    while _begins_its_parent(element):
        parent = element.getparent()
        if parent.tag in _PARTS_OF_TABLE and (table := _table_begun_by(parent)) is not None:
            return _outermost(table)
        if parent.tag not in _BEFORE:
            break
        element = parent
    return element


def _table_begun_by(part: etree._Element) -> etree._Element | None:
    while part.tag in _PARTS_OF_TABLE:
        if not _begins_its_parent(part):
            return None
        part = part.getparent()
    return part if part.tag == h("table") else None


def _begins_its_parent(element: etree._Element) -> bool:
    parent = element.getparent()
    return (
        parent is not None
        and not (parent.text or "").strip()
        and all(_is_bare(before) for before in element.itersiblings(preceding=True))
    )


def _is_bare(element: etree._Element) -> bool:
    """Whether nothing of an element shows: an anchor, the columns of a table, a comment."""
    if (element.tail or "").strip():
        return False
    return not isinstance(element.tag, str) or not (
        "".join(element.itertext()).strip() or any(e.tag in _SHOWN for e in element.iter(etree.Element))
    )
