"""The navigation of pydata-sphinx-theme, with its boxes to fold it, made without an HTML parser.

The theme parses Sphinx's HTML of the toctree, takes headings out, adds classes and boxes, and writes it again. Here the
same is done to text whose tags a parser would write as they stand; any other is the theme's own to answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeVar

from octavo.reading.installed import Version
from octavo.reading.parsed_html import TOKEN, tag_as_parsed, tag_with, text_as_parsed

SHOWN_LEVEL: dict[Version, str] = {(0, 15): "visible", (0, 16): "visible", (0, 20): "pst-show_toc_level"}
"""By version that was looked at: the class that the lists of a page's table of contents have that are shown at once."""

_ADDRESS = re.compile(r' href="([^"]*)"')
_CHEVRON = '<i class="fa-solid fa-chevron-down"></i>'
_SUMMARY = f'<summary><span class="toctree-toggle" role="presentation">{_CHEVRON}</span></summary>'
_T = TypeVar("_T")


class _OtherwiseError(Exception):
    """The theme, or the parser, may do something that is not known here."""


@dataclass(slots=True)
class _Element:
    """address: of the first link in an `li`, None as long as it has none."""

    name: str
    tag: str
    classes: tuple[str, ...]
    children: list[_Element | str] = field(default_factory=list)
    address: str | None = None


def sidebar(html: str, open_levels: int) -> str | None:
    """What `generate_toctree_html` of the theme makes of Sphinx's HTML for its sidebar.

    - open_levels: `show_nav_level`.

    None when it may be something else than is known here.
    """
    if open_levels < 1:  # then the theme makes lists of the captions
        return None
    unfolded = frozenset(f"toctree-l{level}" for level in range(open_levels))
    try:
        return "".join(_written(each, unfolded, outermost=True)[0] for each in _read(html))
    except _OtherwiseError:
        return None


def _read(html: str) -> list[_Element | str]:
    top: list[_Element | str] = []
    open_elements: list[_Element] = []
    items: list[_Element] = []
    at = 0
    for token in TOKEN.finditer(html):
        if token.start() != at:
            raise _OtherwiseError
        at = token.end()
        drawing, end, name, attributes, text = token.groups()
        siblings = open_elements[-1].children if open_elements else top
        if text is not None:
            siblings.append(_known(text_as_parsed(text)))
        elif drawing is not None:
            raise _OtherwiseError
        elif end:
            if attributes or not open_elements or open_elements.pop().name != name:
                raise _OtherwiseError
            if name == "li":
                items.pop()
        else:
            tag, classes = _known(tag_as_parsed(token[0]))
            element = _Element(name, tag, classes)
            siblings.append(element)
            open_elements.append(element)
            if name == "li":
                items.append(element)
            elif name == "a":
                address = _known(_ADDRESS.search(tag))[1]  # the theme fails without one
                for item in items:
                    item.address = address if item.address is None else item.address
    if at != len(html) or open_elements:
        raise _OtherwiseError
    return top


def _written(element: _Element | str, unfolded: frozenset[str], *, outermost: bool = False) -> tuple[str, bool]:
    """The HTML of an element, and whether there is a list in it."""
    if isinstance(element, str):
        return element, False
    name, tag, classes = element.name, element.tag, element.classes
    if name == "li":
        return _item(element, unfolded)
    has_list = name == "ul"
    parts = []
    for child in element.children:
        html, has_one = _written(child, unfolded)
        parts.append(html)
        has_list = has_list or has_one
    if outermost and name == "ul":
        tag = tag_with(tag, " ".join((*classes, "nav", "bd-sidenav")))
    return f"{tag}{''.join(parts)}</{name}>", has_list


def _item(item: _Element, unfolded: frozenset[str]) -> tuple[str, bool]:
    """An entry; of headings, nothing."""
    if item.address is not None and "#" in item.address and item.address != "#":
        return "", False
    tag, classes = item.tag, item.classes
    if "toctree-l0" in classes:
        raise _OtherwiseError
    current = "current" in classes
    if current:
        classes = (*classes, "active")
    parts: list[str] = []
    link_at, has_list = None, False
    for child in item.children:
        html, has_one = _written(child, unfolded)
        has_list = has_list or has_one
        if isinstance(child, _Element) and "caption" in child.classes:
            raise _OtherwiseError
        if link_at is None and isinstance(child, _Element) and child.name == "a" and "reference" in child.classes:
            link_at = len(parts)
        parts.append(html)
    if has_list:
        tag = tag_with(tag, " ".join((*classes, "has-children")))
        opened = ' open="open"' if current or not unfolded.isdisjoint(classes) else ""
        link = "" if link_at is None else parts.pop(link_at)
        return f"{tag}{link}<details{opened}>{_SUMMARY}{''.join(parts)}</details></li>", True
    if current:
        tag = tag_with(tag, " ".join(classes))
    return f"{tag}{''.join(parts)}</li>", False


def _known(found: _T | None) -> _T:
    if found is None:
        raise _OtherwiseError
    return found
