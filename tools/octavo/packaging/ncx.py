"""The table of contents as EPUB 2 has it (NCX), for reading systems that know no other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from octavo.staging import NavigationPoint, Publication

NAMESPACE = "http://www.daisy.org/z3986/2005/ncx/"
_ROMAN = re.compile(r"[ivxlcdm]+", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_XML = "{http://www.w3.org/XML/1998/namespace}"


def document(publication: Publication) -> bytes:
    """The whole file. A heading without a target leads where its first entry leads: NCX knows no bare headings."""
    metadata = publication.metadata
    numbers = _numbers([page.label for page in publication.page_breaks])
    root = _element(None, "ncx", version="2005-1")
    root.set(f"{_XML}lang", metadata.language)
    head = _element(root, "head")
    for name, content in (
        ("dtb:uid", metadata.identifiers[0].as_uri()),
        ("dtb:depth", str(max(1, _depth(publication.toc)))),
        ("dtb:totalPageCount", str(len(publication.page_breaks))),
        ("dtb:maxPageNumber", str(max((n for kind, n in numbers if kind == "normal" and n is not None), default=0))),
    ):
        _element(head, "meta", name=name, content=content)
    _element(_element(root, "docTitle"), "text").text = metadata.full_title
    for author in metadata.authors:
        _element(_element(root, "docAuthor"), "text").text = author
    orders: dict[str, int] = {}
    counter = [0]
    points = publication.toc or (NavigationPoint(title=metadata.title, href=publication.spine[0].href),)
    _fill(_element(root, "navMap"), points, orders, counter)
    if publication.page_breaks:
        pages = _element(root, "pageList")
        for number, (page, (kind, value)) in enumerate(zip(publication.page_breaks, numbers, strict=True), start=1):
            target = _element(pages, "pageTarget", id=f"page-{number}", type=kind)
            if value is not None:
                target.set("value", str(value))
            target.set("playOrder", str(orders.setdefault(page.href, len(orders) + 1)))
            _element(_element(target, "navLabel"), "text").text = page.label
            _element(target, "content", src=page.href)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def _numbers(labels: Iterable[str]) -> list[tuple[str, int | None]]:
    """Kind and number of each page; a pair stands once, and what is no number has none (NCX, section 2.4.3)."""
    found: list[tuple[str, int | None]] = []
    seen: set[tuple[str, int | None]] = set()
    for label in labels:
        kind, value = "special", None
        if label.isascii() and label.isdigit() and int(label):
            kind, value = "normal", int(label)
        elif _ROMAN.fullmatch(label):
            kind, value = "front", _from_roman(label)
        found.append((kind, None if (kind, value) in seen else value))
        seen.add((kind, value))
    return found


def _from_roman(label: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in label.lower()]
    return sum(-v if v < max(values[n:]) else v for n, v in enumerate(values))


def _element(parent: etree._Element | None, name: str, /, **attributes: str) -> etree._Element:
    tag = f"{{{NAMESPACE}}}{name}"
    if parent is None:
        return etree.Element(tag, attributes, nsmap={None: NAMESPACE})
    return etree.SubElement(parent, tag, attributes)


def _depth(points: tuple[NavigationPoint, ...]) -> int:
    return 1 + max((_depth(p.children) for p in points), default=0) if points else 0


def _first_target(point: NavigationPoint) -> str | None:
    if point.href is not None:
        return point.href
    return next((target for child in point.children if (target := _first_target(child)) is not None), None)


def _fill(
    parent: etree._Element, points: tuple[NavigationPoint, ...], orders: dict[str, int], counter: list[int]
) -> None:
    for point in points:
        target = _first_target(point)
        if target is None:
            continue
        counter[0] += 1
        # the same target has the same play order (DAISY, NCX section 2.4.3)
        order = orders.setdefault(target, len(orders) + 1)
        element = _element(parent, "navPoint", id=f"point-{counter[0]}", playOrder=str(order))
        _element(_element(element, "navLabel"), "text").text = point.title
        _element(element, "content", src=target)
        _fill(element, point.children, orders, counter)
