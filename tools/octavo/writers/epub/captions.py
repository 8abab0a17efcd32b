"""The figures and tables of the book that have captions, for the lists of them in the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from octavo.writers.epub.content_model import MATHML, h
from octavo.writers.epub.linking import Page

_FIGURE, _TABLE = h("figure"), h("table")
_CAPTIONS = {_FIGURE: ("figures", h("figcaption")), _TABLE: ("tables", h("caption"))}
_CAPTION_CLASSES = ("caption-number", "caption-text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Captioned:
    """A figure or a table. kind: "figures" or "tables"; title: number and words of its caption; href: where it is."""

    kind: str
    title: str
    href: str


def captioned(page: Page) -> Iterator[Captioned]:
    """Those of a page, in document order; one that no link could lead to gets an id."""
    for number, element in enumerate(page.body.iter(_FIGURE, _TABLE), start=1):
        kind, tag = _CAPTIONS[element.tag]
        caption = element.find(tag)
        title = "" if caption is None else _title(caption)
        if not title:
            continue
        name = element.get("id")
        if name is None:
            name = next(
                f"{kind}-{n}" for n in range(number, number + len(page.ids) + 2) if f"{kind}-{n}" not in page.ids
            )
            element.set("id", name)
        yield Captioned(kind=kind, title=title, href=f"{page.href}#{name}")


def _title(caption: etree._Element) -> str:
    """What stands in the caption itself: a legend below it is no part of its title."""
    parts = [e for e in caption.iter(h("span")) if set(_CAPTION_CLASSES) & set(e.get("class", "").split())]
    words = " ".join(_words(part) for part in parts or [caption])
    return " ".join(words.split())


def _words(element: etree._Element) -> str:
    """The text; a formula by its words, a picture by its alternative text."""
    if element.tag == f"{{{MATHML}}}math":
        return str(element.get("alttext", ""))
    if element.tag == h("img"):
        return str(element.get("alt", ""))
    pieces = [element.text or ""]
    for child in element:
        pieces += [_words(child), child.tail or ""]
    return "".join(pieces)
