"""Ids and headings of one document: ids that are XML names and stand once, one h1, ranks without gaps."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from octavo.reading.random_ids import RANDOM_PART
from octavo.writers.epub.content_model import HEADINGS, SVG, XHTML, XLINK, h

_LISTS_OF_IDS = ("aria-labelledby", "aria-describedby", "headers")
_NAMING_IDS = ("id", "href", *_LISTS_OF_IDS)
_WITH_ID = etree.XPath("descendant-or-self::*[@id]")
_IDS = etree.XPath("descendant-or-self::*/@id", smart_strings=False)
_WITH_LISTS = etree.XPath(f"descendant-or-self::*[{' or '.join(f'@{name}' for name in _LISTS_OF_IDS)}]")
_ASCII_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")


def xml_id(name: str) -> str:
    """The id that stands in the book for an id of the sources: itself where it is an XML name.

    A function of the name alone, so that links from other documents need no table.
    """
    if _ASCII_NAME.fullmatch(name):
        return name
    kept = "".join(c if _is_name_character(c) else f"_x{ord(c):X}_" for c in name.strip())
    return kept if kept and (kept[0] == "_" or kept[0].isalpha()) else f"_{kept}"


def _is_name_character(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "_.-"
    return unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Mn", "Nd") and ord(character) < 0x10000


def settle_ids(body: etree._Element) -> tuple[dict[str, int], tuple[str, ...]]:
    """Give every element an id that is its own. Answers with all ids, each with its place in the document, and with
    those that stood more than once.

    The first element of a name keeps it, as the first is where a browser goes. Random ids are counted instead, so
    that the same sources give the same book.
    """
    _count_random(body)
    seen: dict[str, int] = {}
    twice: list[str] = []
    for element in _WITH_ID(body):
        raw = element.get("id")
        name = xml_id(raw)
        if name in seen:
            twice.append(raw)
            number = 2
            while f"{name}-{number}" in seen:
                number += 1
            name = f"{name}-{number}"
        seen[name] = len(seen)
        element.set("id", name)
    _follow(body, seen)
    return seen, tuple(twice)


def _count_random(body: etree._Element) -> None:
    """Put the number in the document in the place of each random part of an id, wherever the document names it."""
    numbers: dict[str, str] = {}
    for value in _IDS(body):
        for part in RANDOM_PART.findall(value):
            numbers.setdefault(part, f"auto-{len(numbers) + 1}")
    if not numbers:
        return
    for element in body.iter(etree.Element):
        for name in _NAMING_IDS:
            value = element.get(name)
            if value is not None and (name != "href" or value.startswith("#")):
                element.set(name, RANDOM_PART.sub(lambda m: numbers.get(m.group(), m.group()), value))


def _follow(body: etree._Element, ids: dict[str, int]) -> None:
    """References to ids by attributes: of ARIA, of tables, and within SVG."""
    for element in _WITH_LISTS(body):
        for name in _LISTS_OF_IDS:
            value = element.get(name)
            if value is not None:
                found = [i for i in map(xml_id, value.split()) if i in ids]
                if found:
                    element.set(name, " ".join(found))
                else:
                    del element.attrib[name]
    for element in body.iter(f"{{{SVG}}}*"):
        _follow_svg(element)


def _follow_svg(element: etree._Element) -> None:
    for name, value in element.attrib.items():
        if name in ("href", f"{{{XLINK}}}href") and value.startswith("#"):
            element.set(name, f"#{xml_id(value[1:])}")
        elif "url(" in value:
            element.set(name, _REFERENCE.sub(lambda m: f"url(#{xml_id(m.group(1))})", value))


def settle_svg_ids(root: etree._Element) -> None:
    """The ids of a picture of its own as XML names, and its references with them."""
    for element in root.iter(etree.Element):
        name = element.get("id")
        if name is not None:
            element.set("id", xml_id(name))
        _follow_svg(element)


def settle_headings(body: etree._Element) -> None:
    """One h1, and no rank without the one above it (WCAG technique G141)."""
    headings = list(body.iter(*(h(n) for n in HEADINGS)))
    open_ranks: list[tuple[int, int]] = []
    for index, heading in enumerate(headings):
        rank = int(heading.tag[-1])
        while open_ranks and open_ranks[-1][0] >= rank:
            open_ranks.pop()
        made = open_ranks[-1][1] + 1 if open_ranks else 1
        if index and made == 1:
            made = 2
        open_ranks.append((rank, made))
        if made > 6:
            heading.tag = f"{{{XHTML}}}p"
            heading.set("class", f"{heading.get('class', '')} as-h6".strip())
        else:
            heading.tag = h(f"h{made}")
