"""The table of contents as EPUB 2 has it (NCX), for reading systems that know no other."""

from __future__ import annotations

from lxml import etree

from octavo.staging import NavigationPoint, Publication

NAMESPACE = "http://www.daisy.org/z3986/2005/ncx/"
_XML = "{http://www.w3.org/XML/1998/namespace}"


def document(publication: Publication) -> bytes:
    """The whole file. A heading without a target leads where its first entry leads: NCX knows no bare headings."""
    metadata = publication.metadata
    root = _element(None, "ncx", version="2005-1")
    root.set(f"{_XML}lang", metadata.language)
    head = _element(root, "head")
    for name, content in (
        ("dtb:uid", metadata.identifiers[0].as_uri()),
        ("dtb:depth", str(max(1, _depth(publication.toc)))),
        ("dtb:totalPageCount", str(len(publication.page_breaks))),
        ("dtb:maxPageNumber", str(len(publication.page_breaks))),
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
        for number, page in enumerate(publication.page_breaks, start=1):
            target = _element(pages, "pageTarget", id=f"page-{number}", type="normal", value=str(number))
            target.set("playOrder", str(orders.setdefault(page.href, len(orders) + 1)))
            _element(_element(target, "navLabel"), "text").text = page.label
            _element(target, "content", src=page.href)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


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
