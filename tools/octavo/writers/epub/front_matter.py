"""The pages before the text: cover, title page and copyright page, made from the metadata."""

from __future__ import annotations

from lxml import etree

from octavo.metadata import Metadata
from octavo.metadata.vocabularies import MARC_RELATORS
from octavo.writers.epub.content_model import EPUB_TYPE, h
from octavo.writers.epub.words import word

COVER_HREF = "cover.xhtml"
TITLE_HREF = "title-page.xhtml"
COPYRIGHT_HREF = "copyright-page.xhtml"

_LABELS = {"isbn-13": "ISBN", "isbn-10": "ISBN", "doi": "DOI"}


def cover(metadata: Metadata, image_href: str) -> etree._Element:
    """The body of the cover page: its picture, described by the author or by what is set on it."""
    body = etree.Element(h("body"), {"class": "octavo-cover"})
    section = _section(body, "cover", word("cover", metadata.language))
    image = etree.SubElement(section, h("img"), {"src": image_href, "role": "doc-cover"})
    words = ", ".join([metadata.full_title, *metadata.authors])
    image.set("alt", metadata.cover.alt or f"{word('cover', metadata.language)}: {words}")
    return body


def title_page(metadata: Metadata) -> etree._Element:
    """The body of the title page."""
    body = etree.Element(h("body"), {"class": "octavo-title-page"})
    section = _section(body, "titlepage", word("title-page", metadata.language))
    etree.SubElement(section, h("h1"), {"class": "octavo-title"}).text = metadata.title
    if metadata.subtitle is not None:
        subtitle = etree.SubElement(section, h("p"), {"class": "octavo-subtitle", "role": "doc-subtitle"})
        subtitle.set(EPUB_TYPE, "subtitle")
        subtitle.text = metadata.subtitle
    for person in metadata.contributors:
        if person.role == "aut":
            etree.SubElement(section, h("p"), {"class": "octavo-author"}).text = person.name
    if metadata.publisher is not None:
        etree.SubElement(section, h("p"), {"class": "octavo-publisher"}).text = metadata.publisher
    return body


def copyright_page(metadata: Metadata) -> etree._Element | None:
    """The body of the copyright page; None when there is nothing to say on it."""
    body = etree.Element(h("body"), {"class": "octavo-copyright-page"})
    title = word("copyright", metadata.language)
    section = _section(body, "copyright-page", title)
    etree.SubElement(section, h("h1")).text = title
    lines: list[str] = []
    if metadata.rights is not None:
        lines.append(metadata.rights)
    if metadata.publisher is not None and metadata.date is not None:
        lines.append(f"{metadata.publisher}, {metadata.date.isoformat()}")
    elif metadata.date is not None:
        lines.append(metadata.date.isoformat())
    # MARC's names of the roles are English: elsewhere the title page has to do
    if metadata.language.lower().startswith("en"):
        lines += [
            f"{MARC_RELATORS.get(p.role, p.role).capitalize()}: {p.name}"
            for p in metadata.contributors
            if p.role != "aut"
        ]
    lines += [f"{_LABELS[i.type]} {i.value}" for i in metadata.identifiers if i.type in _LABELS]
    if not lines:
        return None
    for line in lines:
        etree.SubElement(section, h("p")).text = line
    return body


def _section(body: etree._Element, kind: str, label: str) -> etree._Element:
    section = etree.SubElement(body, h("section"), {"aria-label": label})
    section.set(EPUB_TYPE, kind)
    return section
