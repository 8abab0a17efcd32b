"""A staged EPUB publication: everything that the package document says, with the files still loose in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from octavo.metadata.model import Metadata
from octavo.staging.accessibility import AccessibilityStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file of the publication.

    - href: path relative to `Publication.root`, POSIX, ASCII.
    - media_type: as EPUB 3.3 section 3.2 names it.
    - properties: manifest properties ("nav", "cover-image", "mathml", "svg").
    """

    href: str
    media_type: str
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineItem:
    """A content document in reading order. linear: False for what the reader only comes to by a link."""

    href: str
    linear: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationPoint:
    """An entry of the table of contents. href: path with optional fragment; None for a heading without target."""

    title: str
    href: str | None
    children: tuple[NavigationPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreak:
    """Where a page of the printed edition begins: its label as printed ("xii", "37"), and the place in the text."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A whole staged publication.

    - root: absolute folder that all hrefs are relative to.
    - resources: every file, the documents of the spine included; each href once.
    - spine: in reading order; each href is one of `resources`.
    - toc: the table of contents (the writer has also written it into the nav document).
    - name: file name of the packaged book without its suffix.
    - direction: in which pages turn, "ltr" or "rtl"; None leaves it to the reading system.
    - page_source: what the page breaks are the pages of (`pageBreakSource`), or None.
    """

    root: Path
    name: str
    metadata: Metadata
    resources: tuple[Resource, ...]
    spine: tuple[SpineItem, ...]
    toc: tuple[NavigationPoint, ...]
    page_breaks: tuple[PageBreak, ...] = ()
    accessibility: AccessibilityStatement = AccessibilityStatement()  # noqa: RUF009 -- a frozen value
    direction: str | None = None
    page_source: str | None = None
