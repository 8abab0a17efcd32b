"""One page of HTML, SVG or XML: its references and the anchors that others can lead to.

HTML goes through lexbor, which repairs as browsers do; XML (EPUB's content, SVG, XHTML) through libxml2, which
refuses what is not well-formed. Neither loads a DTD, an entity or anything else from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from octavo.checks.links.encoding import as_utf8
from octavo.checks.links.lines import Placed, base_reference, text_of
from octavo.checks.links.markup import (
    ATTRIBUTES,
    PAINT_ATTRIBUTES,
    Reference,
    Use,
    references_of,
    style_references,
)
from octavo.checks.links.nesting import is_too_deep
from octavo.checks.links.tokens import start_tags

_SELECTED = [*ATTRIBUTES, "id"]
_SELECTOR = ",".join(["style", "a[name]", *(f"[{name.replace(':', chr(92) + ':')}]" for name in _SELECTED)])
_PAINTED_SELECTOR = ",".join([_SELECTOR, *(f"[{name}]" for name in PAINT_ATTRIBUTES)])
_XLINK = "{http://www.w3.org/1999/xlink}"
_POSITION = re.compile(r", line \d+, column \d+.*", re.S)
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


class Page(NamedTuple):
    """What a page says and offers.

    - references: in document order. base: the value of `<base href>`, or None.
    - anchors: ids, and names of `<a name>`. duplicates: ids that stand more than once.
    """

    references: list[Reference]
    anchors: frozenset[str]
    duplicates: frozenset[str]
    base: str | None


class Malformed(NamedTuple):
    """Why a document is not well-formed XML, and where."""

    reason: str
    line: int | None


Element = tuple[str, dict[str, str | None], str]  # name in lower case, attributes, the text of a style element


def parse_html(data: bytes) -> Page:
    """Read a page of HTML, however broken."""
    utf8 = as_utf8(data)
    if is_too_deep(utf8):
        tags = start_tags(text_of(utf8))
        return _page((tag.name, tag.attributes, tag.text) for tag in tags)
    return _page(_elements(utf8))


def parse_xml(data: bytes) -> tuple[Page, list[Placed], Malformed | None]:
    """Read XHTML or SVG strictly; what is malformed is read as far as libxml2 can mend it.

    Returns the page, its references with lines (as in `Page.references`), and what is wrong with it.
    """
    root, malformed = read_xml(data)
    placed: list[Placed] = []
    if root is None:
        return Page([], frozenset(), frozenset(), None), placed, malformed
    elements = []
    for element in root.iter(etree.Element):
        name, attributes, style = _xml_element(element)
        elements.append((name, attributes, style))
        line = element.sourceline
        placed.extend(Placed(reference, line) for reference in references_of(name, attributes))
        if name == "base" and "href" in attributes:
            placed.append(Placed(base_reference(attributes["href"] or ""), line))
        placed.extend(
            Placed(reference, line and line + style.count("\n", 0, offset))
            for reference, offset in style_references(style)
        )
    return _page(elements), placed, malformed


def read_xml(data: bytes) -> tuple[etree._Element | None, Malformed | None]:
    """The root element of an XML document (None when nothing can be read) and what is wrong with it."""
    strict = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, strict), None
    except etree.XMLSyntaxError as error:
        reason = _POSITION.sub("", error.msg or "") or "not well-formed"
        malformed = Malformed(reason, error.lineno or None)
    except ValueError as error:  # an encoding declaration that lxml does not know
        return None, Malformed(str(error), None)
    mending = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        return etree.fromstring(data, mending), malformed
    except (etree.XMLSyntaxError, ValueError):
        return None, malformed


def _elements(utf8: bytes) -> Iterator[Element]:
    document = LexborHTMLParser(utf8)
    if document.root is None:
        return
    previous = 0
    for node in document.css(_PAINTED_SELECTOR if b"url(" in utf8 else _SELECTOR):
        if node.mem_id == previous:  # one that several selectors match comes several times in a row
            continue
        previous = node.mem_id
        name = node.tag or ""
        if not name.islower():  # SVG's own: linearGradient
            name = name.lower()
        yield name, node.attributes, (node.text() or "") if name == "style" else ""


def _page(elements: Iterable[Element]) -> Page:
    references: list[Reference] = []
    anchors: set[str] = set()
    names: set[str] = set()
    duplicates: set[str] = set()
    base: str | None = None
    for name, attributes, style in elements:
        identifier = attributes.get("id")
        if identifier:
            if identifier in anchors:
                duplicates.add(identifier)
            anchors.add(identifier)
        if name == "a" and (named := attributes.get("name")):
            names.add(named)
        if name == "base":
            if base is None:
                base = attributes.get("href")
        elif name == "a" and attributes.get("href") and not ("style" in attributes or "xlink:href" in attributes):
            references.append(Reference(Use.PAGE, "href", attributes["href"] or ""))  # nine of ten
        elif len(attributes) > 1 or identifier is None:
            references.extend(references_of(name, attributes))
        if style:
            references.extend(reference for reference, _ in style_references(style))
    return Page(references, frozenset(anchors | names), frozenset(duplicates), base)


def _xml_element(element: etree._Element) -> Element:
    attributes: dict[str, str | None] = {}
    for key, value in element.attrib.items():
        name = str(key)
        if name.startswith(_XLINK):
            name = "xlink:" + name[len(_XLINK) :]
        elif name == _XML_ID:
            name = "id"
        attributes[name] = str(value)
    qualified = str(element.tag)
    name = qualified.rpartition("}")[2]
    style = "".join(element.itertext()) if name == "style" else ""
    return name.lower(), attributes, style
