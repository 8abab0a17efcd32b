"""The general index and the domains' indices (of modules, of routes, ...) as documents with links for locators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from lxml import etree

from octavo.writers.epub.content_model import EPUB_TYPE, h
from octavo.writers.epub.soup import append_text, without_forbidden_characters

if TYPE_CHECKING:
    from sphinx.domains import IndexEntry

# (main, uri): main is "main" for the entry that matters most, uri False where there is none;
# then what Sphinx's create_index answers with
Locators = Sequence[tuple[str | None, str | Literal[False]]]
Entry = tuple[str, tuple[Locators, Sequence[tuple[str, Locators]], str | None]]


def general_index(groups: Iterable[tuple[str, Sequence[Entry]]], title: str, see: str, see_also: str) -> etree._Element:
    """The body of the general index.

    groups: what Sphinx's IndexEntries.create_index answers. see, see_also: formats with one %s.
    """
    body = etree.Element(h("body"))
    around = etree.SubElement(body, h("section"), {"id": "genindex"})
    etree.SubElement(around, h("h1")).text = title
    for number, (letter, entries) in enumerate(groups, start=1):
        group = etree.SubElement(around, h("section"), {"id": f"index-group-{number}"})
        group.set(EPUB_TYPE, "index-group")
        etree.SubElement(group, h("h2")).text = without_forbidden_characters(str(letter)) or "#"
        terms = etree.SubElement(group, h("ul"), {"class": "octavo-index"})
        terms.set(EPUB_TYPE, "index-entry-list")
        for name, (links, subterms, _) in entries:
            item = _entry(terms, name, links, see, see_also)
            if subterms:
                below = etree.SubElement(item, h("ul"))
                for subname, sublinks in subterms:
                    _entry(below, subname, sublinks, see, see_also)
    return body


def _entry(parent: etree._Element, name: str, links: Locators, see: str, see_also: str) -> etree._Element:
    """A term and its locators; its name is the first link, the others are numbered."""
    item = etree.SubElement(parent, h("li"))
    item.set(EPUB_TYPE, "index-entry")
    name = without_forbidden_characters(name)
    leading = [(main, uri) for main, uri in links if uri]
    if not leading:
        # "see x" comes as a subterm with a text and no link
        etree.SubElement(item, h("span")).text = name
        return item
    for number, (main, uri) in enumerate(leading, start=1):
        if number > 1:
            append_text(item, ", ")
        link = etree.SubElement(item, h("a"), {"href": uri})
        link.set(EPUB_TYPE, "index-locator")
        text = name if number == 1 else f"[{number}]"
        if main:
            etree.SubElement(link, h("strong")).text = text
        else:
            link.text = text
    return item


def domain_index(groups: Iterable[tuple[str, list[IndexEntry]]], title: str, uri: dict[str, str]) -> etree._Element:
    """The body of a domain's index. uri: docname -> href."""
    body = etree.Element(h("body"))
    around = etree.SubElement(body, h("section"), {"id": "domain-index"})
    etree.SubElement(around, h("h1")).text = title
    for number, (letter, entries) in enumerate(groups, start=1):
        group = etree.SubElement(around, h("section"), {"id": f"index-group-{number}"})
        etree.SubElement(group, h("h2")).text = without_forbidden_characters(letter) or "#"
        terms = etree.SubElement(group, h("ul"), {"class": "octavo-index"})
        for name, _, docname, anchor, extra, qualifier, description in entries:
            item = etree.SubElement(terms, h("li"))
            if docname and docname in uri:
                href = f"{uri[docname]}#{anchor}" if anchor else uri[docname]
                link = etree.SubElement(item, h("a"), {"href": href})
                etree.SubElement(link, h("code")).text = without_forbidden_characters(name)
            else:
                etree.SubElement(item, h("code")).text = without_forbidden_characters(name)
            more = " ".join(str(part) for part in (extra, qualifier) if part)
            append_text(item, without_forbidden_characters(f" ({more})" if more else ""))
            append_text(item, without_forbidden_characters(f": {description}" if description else ""))
    return body
