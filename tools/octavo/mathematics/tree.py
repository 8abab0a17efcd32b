"""Looking at a MathML tree: what an element is, and what of it is presentation."""

from __future__ import annotations

from lxml import etree


def name_of(element: etree._Element) -> str:
    """The local name; empty for what is no element (a comment, a processing instruction)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children_of(element: etree._Element) -> list[etree._Element]:
    """The child elements that are shown: annotations (MathML 3, section 5.1) are not."""
    return [child for child in element if name_of(child) not in ("", "annotation", "annotation-xml")]
