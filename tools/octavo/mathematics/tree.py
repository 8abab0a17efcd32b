"""Looking at a MathML tree, and making one: what an element is, what of it is presentation, and elements by name."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

Elements = list[etree._Element]


def name_of(element: etree._Element) -> str:
    """The local name; empty for what is no element (a comment, a processing instruction)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children_of(element: etree._Element) -> list[etree._Element]:
    """The child elements that are shown: annotations (MathML 3, section 5.1) are not."""
    return [child for child in element if name_of(child) not in ("", "annotation", "annotation-xml")]


def make(name: str, content: str | Iterable[etree._Element] = (), **attributes: str) -> etree._Element:
    """An element: a token of a text, or one around others."""
    element = etree.Element(f"{{{NAMESPACE}}}{name}", attributes, nsmap={None: NAMESPACE})
    if isinstance(content, str):
        element.text = content
    else:
        element.extend(content)
    return element


def row(elements: Iterable[etree._Element]) -> etree._Element:
    """One element for several: itself where it is one."""
    found = list(elements)
    return found[0] if len(found) == 1 else make("mrow", found)


def upright(text: str) -> etree._Element:
    """An identifier in upright letters: a unit, a chemical element. Longer ones are upright of themselves."""
    return make("mi", text, mathvariant="normal") if len(text) == 1 else make("mi", text)


def operator(text: str) -> etree._Element:
    """An operator, or a bracket that does not grow."""
    return make("mo", text, stretchy="false") if text in "()[]{}|" else make("mo", text)


def space(width: str) -> etree._Element:
    """An empty width, as `0.167em`."""
    return make("mspace", width=width)


def scripted(base: etree._Element, low: etree._Element | None, high: etree._Element | None) -> etree._Element:
    """A base with what stands below and above on its right; itself with neither."""
    if low is not None and high is not None:
        return make("msubsup", (base, low, high))
    if low is not None:
        return make("msub", (base, low))
    return base if high is None else make("msup", (base, high))
