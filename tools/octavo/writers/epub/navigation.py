"""The navigation document: table of contents, landmarks and page list (EPUB 3.3, section 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from octavo.staging import NavigationPoint, PageBreak
from octavo.writers.epub.content_model import EPUB_TYPE, h
from octavo.writers.epub.words import word

HREF = "nav.xhtml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A part of the book that a reading system offers a way to. type: of the EPUB structural semantics vocabulary."""

    type: str
    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A list of figures or of tables. type: "loi" or "lot" of the EPUB structural semantics vocabulary."""

    type: str
    title: str
    points: tuple[NavigationPoint, ...]


def body(
    points: Iterable[NavigationPoint],
    landmarks: Iterable[Landmark],
    *,
    language: str,
    lists: Iterable[ListOf] = (),
) -> etree._Element:
    """The body of the navigation document, without a page list."""
    made = etree.Element(h("body"))
    toc = _nav(made, "toc", "doc-toc", word("contents", language), "h1")
    _list(toc, points)
    for found in lists:
        _list(_nav(made, found.type, None, found.title, "h2"), found.points)
    marks = _nav(made, "landmarks", None, word("landmarks", language), "h2", hidden=True)
    entries = etree.SubElement(marks, h("ol"))
    for landmark in landmarks:
        link = etree.SubElement(etree.SubElement(entries, h("li")), h("a"), {"href": landmark.href})
        link.set(EPUB_TYPE, landmark.type)
        link.text = landmark.title
    return made


def add_page_list(body: etree._Element, page_breaks: Iterable[PageBreak], *, language: str) -> None:
    """The page list, in the order of the spine; nothing when there are no page breaks."""
    breaks = list(page_breaks)
    if breaks:
        pages = etree.SubElement(
            _nav(body, "page-list", "doc-pagelist", word("pages", language), "h2", hidden=True), h("ol")
        )
        for page in breaks:
            etree.SubElement(etree.SubElement(pages, h("li")), h("a"), {"href": page.href}).text = page.label


def _nav(
    parent: etree._Element, kind: str, role: str | None, title: str, heading: str, *, hidden: bool = False
) -> etree._Element:
    nav = etree.SubElement(parent, h("nav"), {"id": kind})
    nav.set(EPUB_TYPE, kind)
    nav.set("aria-labelledby", f"{kind}-title")
    if role is not None:
        nav.set("role", role)
    if hidden:
        nav.set("hidden", "hidden")
    etree.SubElement(nav, h(heading), {"id": f"{kind}-title"}).text = title
    return nav


def _list(parent: etree._Element, points: Iterable[NavigationPoint]) -> None:
    entries = etree.SubElement(parent, h("ol"))
    for point in points:
        item = etree.SubElement(entries, h("li"))
        if point.href is None:
            etree.SubElement(item, h("span")).text = point.title
        else:
            etree.SubElement(item, h("a"), {"href": point.href}).text = point.title
        if point.children:
            _list(item, point.children)
