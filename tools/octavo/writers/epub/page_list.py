"""The pages of the printed edition in the EPUB: a mark where each begins, and the list of them.

Every page with text of the book has one mark. Of the others, those have one that stand in the EPUB as well: the title
page, the copyright page, and the first page of the contents. A blank page has none, nor has the cover.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from octavo.metadata import Metadata
from octavo.staging import PageBreak, PrintedPages
from octavo.staging.printed_pages import PageKind
from octavo.writers.epub import front_matter, page_breaks, page_markers
from octavo.writers.epub.content_model import h
from octavo.writers.epub.linking import Page

_FRONT = {PageKind.TITLE: front_matter.TITLE_HREF, PageKind.COPYRIGHT: front_matter.COPYRIGHT_HREF}


def mark_pages(
    printed: PrintedPages, *, front: Sequence[Page], nav: Page, texts: Sequence[Page]
) -> tuple[PageBreak, ...]:
    """Put marks into the documents; the page breaks in reading order.

    - front, nav, texts: the documents in reading order, as they are about to be written.
    """
    documents = (*front, nav, *texts)
    found = page_breaks.breaks(
        printed,
        (
            page_breaks.Document(docname=made.docname, order=order, body=made.body)
            for order, made in enumerate(texts, start=len(front) + 1)
        ),
    )
    entries = [_Entry(order=b.order, number=b.number, label=b.label, found=b) for b in found]
    entries += _own_pages(printed, documents, nav)
    entries.sort(key=lambda entry: (entry.order, entry.number))
    taken = {made.href: set(made.ids) for made in documents}
    listed, marks = [], []
    for entry in entries:
        href = documents[entry.order].href
        name = page_markers.page_id(entry.label, taken[href])
        taken[href].add(name)
        marks.append(page_markers.marker(name, entry.label))
        listed.append(PageBreak(label=entry.label, href=f"{href}#{name}"))
    for entry, mark in zip(reversed(entries), reversed(marks), strict=True):
        if entry.found is not None:
            page_markers.insert(mark, entry.found.place)
        else:
            page_markers.insert_first(mark, _first_section(documents[entry.order]))
    return tuple(listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A page that gets a mark. order: number of the document in reading order; number: of the page, 1-based.

    - found: where in the text, or None for the beginning of a page of ours.
    """

    order: int
    number: int
    label: str
    found: page_breaks.Break | None = None


def source(metadata: Metadata) -> str:
    """What the page breaks are of (EPUB Accessibility 1.1, section 4.1.3): the PDF has no identifier of its own."""
    year = str(metadata.date.year) if metadata.date is not None else None
    edition = ", ".join(part for part in ("PDF", metadata.publisher, year) if part)
    return f"{metadata.full_title} ({edition})"


def _own_pages(printed: PrintedPages, documents: Sequence[Page], nav: Page) -> Iterator[_Entry]:
    """The pages that no document of the sources is on, and that the EPUB has as well; of several, the first."""
    orders = {made.href: order for order, made in enumerate(documents)}
    hrefs = {**_FRONT, PageKind.CONTENTS: nav.href}
    seen = set()
    for number, page in enumerate(printed.pages, start=1):
        order = orders.get(hrefs.get(page.kind, ""))
        if order is not None and page.kind not in seen:
            seen.add(page.kind)
            yield _Entry(order=order, number=number, label=page.label)


def _first_section(made: Page) -> etree._Element:
    """The one section of a page of ours, or where it has none the body."""
    section = made.body.find(h("section"))
    return made.body if section is None else section
