"""The main Typst file of a book: page, title, copyright page, contents, and the files of its documents in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sphinx.locale import _
from sphinx.util.i18n import format_date

from octavo.metadata.directions import is_right_to_left
from octavo.reading.lists_of_things import list_title
from octavo.writers.pdf import roles
from octavo.writers.pdf.escape import array, optional, string

if TYPE_CHECKING:
    import datetime

    from octavo.metadata.model import Metadata
    from octavo.writers.pdf.assembly import Assembly
    from octavo.writers.pdf.settings import Settings


def book_source(
    metadata: Metadata,
    settings: Settings,
    assembly: Assembly,
    *,
    files: Sequence[tuple[str, str]],
    title_label: str | None,
    labels: Iterable[str],
    timestamp: datetime.datetime,
    with_parts: bool = False,
    contents_pages: int = 1,
    attached: Sequence[str] = (),
) -> str:
    """`book.typ`.

    - files: (role or matter, name) of each document, in order.
    - title_label: label of the title page, or None.
    - labels: every label whose page is wanted.
    - contents_pages: pages that the contents will probably have.
    - attached: calls that attach files.
    """

    def included(*matters: str) -> list[str]:
        return [f'#include "{name}"' for matter in matters for own, name in files if own == matter]

    title = included(roles.TITLE_PAGE)
    if not title:
        title = [f"#title-page({', '.join(_title_page(metadata, settings, assembly, title_label))})"]
    rights = included(roles.COPYRIGHT_PAGE)
    if roles.COPYRIGHT_PAGE not in assembly.own_pages:
        after = "true" if roles.TITLE_PAGE not in assembly.own_pages else "false"
        rights = [f"#copyright-page(after-title: {after}, {', '.join(copyright_rows(metadata, assembly))})"]
    own_title = assembly.substituted(contents_title(metadata.language))
    lines = [
        '#import "theme.typ": *',
        f"#show: book.with({', '.join(_arguments(metadata, settings, assembly, timestamp))})",
        "#show: front-matter",
        *included(roles.HALF_TITLE),
        *title,
        *rights,
        *included(roles.DEDICATION, roles.EPIGRAPH),
        f"#contents({string(own_title)}, {settings.toc_depth + with_parts})",
        *([f"#room-for-contents({contents_pages - 1})"] if contents_pages > 1 else []),
        *(
            f"#list-of({string(_KINDS[kind])}, {string(assembly.substituted(list_title(kind, metadata.language)))})"
            for kind in settings.lists
        ),
        *included("front"),
        "#show: main-matter.with(two-sided: " + ("true" if settings.two_sided else "false") + ")",
        *(f'#include "{name}"' for matter, name in files if matter not in (*roles.BEFORE_CONTENTS, "front")),
        f"#targets({', '.join(string(label) for label in labels)})",
        *attached,
    ]
    return "\n".join(lines) + "\n"


def own_words(language: str, settings: Settings) -> list[str]:
    """Titles that are ours; of a language's letters, a book may have no others."""
    return [contents_title(language), str(_("Index")), *(list_title(kind, language) for kind in settings.lists)]


_KINDS = {"figures": "octavo-figure", "tables": "octavo-table"}


def contents_title(language: str) -> str:
    """What stands over the table of contents."""
    title = _("Table of Contents")
    return "Contents" if title == "Table of Contents" and language.startswith("en") else str(title)


def _arguments(metadata: Metadata, settings: Settings, assembly: Assembly, timestamp: datetime.datetime) -> list[str]:
    paper = settings.paper
    language, _hyphen, rest = metadata.language.partition("-")
    region = next((part.lower() for part in rest.split("-") if len(part) == 2), None)
    sides = ("inside", "outside") if settings.two_sided else ("left", "right")
    edges = {sides[0]: paper.inside, sides[1]: paper.outside, "top": paper.top, "bottom": paper.bottom}
    margin = f"({', '.join(f'{side}: {width:g}mm' for side, width in edges.items())})"
    moment = metadata.date or timestamp.date()
    plain = assembly.substituted
    return [
        f"title: {string(plain(metadata.title))}",
        f"full-title: {string(plain(metadata.full_title))}",
        f"authors: {array(string(plain(a)) for a in metadata.authors)}",
        f"description: {optional(metadata.description)}",
        f"keywords: {array(string(s.term) for s in metadata.subjects)}",
        f"date: datetime(year: {moment.year}, month: {moment.month}, day: {moment.day})",
        f"lang: {string(language.lower())}",
        f"region: {optional(region)}",
        "dir: rtl" if is_right_to_left(metadata.language) else "dir: auto",
        f"width: {paper.width:g}mm, height: {paper.height:g}mm, margin: {margin}",
        f"two-sided: {'true' if settings.two_sided else 'false'}",
        f"fonts: {_families(settings.fonts)}",
        f"for-print: {'true' if settings.for_print else 'false'}",
        f"mono-fonts: {_families(settings.mono_fonts)}",
        f"math-fonts: {_families(settings.math_fonts)}",
    ]


def _families(names: Sequence[str]) -> str:
    return array(string(n) for n in names)


def _title_page(metadata: Metadata, settings: Settings, assembly: Assembly, label: str | None) -> list[str]:
    found = [f"title: [{assembly.markup(metadata.title)}]"]
    if label:
        found.append(f"id: {string(label)}")
    if metadata.subtitle:
        found.append(f"subtitle: [{assembly.markup(metadata.subtitle)}]")
    if metadata.authors:
        found.append(f"authors: {array(f'[{assembly.markup(a)}]' for a in metadata.authors)}")
    if metadata.publisher:
        found.append(f"publisher: [{assembly.markup(metadata.publisher)}]")
    if metadata.date:
        found.append(f"date: [{metadata.date.year}]")
    if settings.release:
        found.append(f"release: [{assembly.markup(settings.release)}]")
    if settings.logo:
        # it says again what the title says: for who can't see it, there is nothing in it
        found.append(f"logo: {string(assembly.pictures.stage(settings.logo).path)}")
    if roles.COPYRIGHT_PAGE not in assembly.own_pages:
        found.append(f"rights: {array(copyright_rows(metadata, assembly))}")
    return found


_ROLES = {
    "edt": "Edited by", "trl": "Translated by", "ill": "Illustrated by", "pht": "Photographs by",
    "cov": "Cover by", "ctb": "With contributions by", "aui": "Introduction by", "aft": "Afterword by",
}  # fmt: skip


def copyright_rows(metadata: Metadata, assembly: Assembly) -> list[str]:
    """The rows of the copyright page: what the metadata say, and nothing that they don't."""
    rows = [f"#emph[{assembly.markup(metadata.full_title)}]"]
    for role, words in _ROLES.items():
        names = [c.name for c in metadata.contributors if c.role == role]
        if names:
            rows.append(assembly.markup(f"{words} {', '.join(names)}"))
    if metadata.series:
        position = f", {metadata.series.position}" if metadata.series.position else ""
        rows.append(assembly.markup(f"{metadata.series.name}{position}"))
    if metadata.rights:
        rows.append(assembly.markup(metadata.rights))
    published = [p for p in (metadata.publisher, _date(metadata)) if p]
    if published:
        rows.append(assembly.markup(", ".join(published)))
    for identifier in metadata.identifiers:
        match identifier.type:
            case "isbn-13" | "isbn-10":
                rows.append(assembly.markup(f"ISBN {identifier.value}"))
            case "doi":
                rows.append(
                    f"#link({string(f'https://doi.org/{identifier.value}')})[{assembly.markup(f'doi:{identifier.value}')}]"
                )
            case _:
                pass  # a UUID says nothing to a reader
    return [f"[{row}]" for row in rows]


def _date(metadata: Metadata) -> str | None:
    if metadata.date is None:
        return None
    return format_date("long", date=_midday(metadata), language=metadata.language.replace("-", "_"))


def _midday(metadata: Metadata) -> datetime.datetime:
    import datetime as dt

    assert metadata.date is not None  # noqa: S101 -- the caller has looked
    return dt.datetime(metadata.date.year, metadata.date.month, metadata.date.day, 12, tzinfo=dt.UTC)
