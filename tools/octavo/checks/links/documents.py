"""The documents of a site with the lines of their references: pages, drawings and style sheets, by suffix."""

from __future__ import annotations

from octavo.checks.links.follow import PAGE_SUFFIXES, XML_SUFFIXES, suffix_of
from octavo.checks.links.lines import Placed, base_reference, html_lines
from octavo.checks.links.markup import Reference, Use, style_references
from octavo.checks.links.page import Page, parse_html, parse_xml
from octavo.checks.links.tokens import LineCounter


def with_lines(member: str, data: bytes) -> tuple[Page, list[Placed]]:
    """A document, and its references with their lines."""
    suffix = suffix_of(member)
    if suffix in XML_SUFFIXES:
        page, placed, malformed = parse_xml(data)
        if malformed is None:
            return page, placed
    return (parse_html(data), html_lines(data)) if suffix in PAGE_SUFFIXES else sheet_of(data)


def sheet_of(data: bytes) -> tuple[Page, list[Placed]]:
    """A style sheet as a page without anchors; `url(#id)` is of whatever document uses the sheet."""
    text = data.decode("utf-8-sig", "replace")
    lines = LineCounter(text)
    placed = [
        Placed(
            reference._replace(use=Use.NONE) if reference.value.startswith("#") else reference, lines.line_at(offset)
        )
        for reference, offset in style_references(text)
    ]
    return Page([p.reference for p in placed], frozenset(), frozenset(), None), placed


def references_of_page(page: Page) -> list[Reference]:
    """What a page refers to, its base first."""
    return page.references if page.base is None else [base_reference(page.base), *page.references]
