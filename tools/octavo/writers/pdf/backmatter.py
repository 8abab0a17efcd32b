"""The indices of the book: Sphinx's entries, with the pages that only Typst knows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sphinx.domains import IndexEntry
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _

from octavo.writers.pdf import escape
from octavo.writers.pdf.escape import array, string

if TYPE_CHECKING:
    from sphinx.builders import Builder

    from octavo.writers.pdf.assembly import Assembly

_LONG_NAME = re.compile(r"([!-~]{24,})")
"""What may be too long for a column: names of programs, which no language hyphenates."""
_WORD = re.compile(r"\W*[A-Z]?[a-z]*\W*")
_LONG_WORD = re.compile(r"[^\W\d_]{20,}")
"""What may need a hyphen in a column: lines there are not filled, so that other words need none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that is a chapter. name: as Sphinx calls its page; source: a Typst call."""

    name: str
    title: str
    source: str


def domain_indices(builder: Builder, assembly: Assembly, wanted: bool | Container[str]) -> list[Index]:
    """What the domains list ("Python Module Index"), where anything in it is in the book; in order of their names.

    wanted: all, none, or the names ("py-modindex") of those that are.
    """
    if wanted is False:
        return []
    found = []
    for domain in builder.env.domains.sorted():
        for kind in domain.indices:
            name = f"{domain.name}-{kind.name}"
            if wanted is not True and name not in wanted:
                continue
            content, _collapse = kind(domain).generate(sorted(builder.env.all_docs))
            groups = []
            for letter, entries in content:
                rows = [_domain_row(assembly, IndexEntry(*entry)) for entry in entries]  # extensions give plain tuples
                shown = _headed(rows)
                if shown:
                    groups.append(f"({string(letter.upper())}, {array(shown)})")
            if groups:
                source = _list_source(builder, assembly, groups)
                found.append(Index(name=name, title=str(kind.localname), source=source))
    return found


_GROUP, _BELOW = 1, 2
"""Subtypes of an `IndexEntry`: one that others follow, and one of those."""


def _domain_row(assembly: Assembly, entry: IndexEntry) -> tuple[int, bool, str]:
    """(subtype, whether it leads somewhere, source) of an entry."""
    target = f"{entry.docname}#{entry.anchor}" if entry.anchor else entry.docname
    label = assembly.targets.get(target) if entry.docname else None
    places = [f"({assembly.destination(label)}, {string(label)}, false)"] if label else []
    note = ", ".join(part for part in (entry.qualifier, entry.extra) if part)
    name = ", ".join(map(string, escape.pieces(assembly.substituted(entry.name))))
    shown = f"#lit({name})"
    shown += f" #emph[({assembly.markup(note)})]" if note else ""
    see = [f"[{assembly.markup(entry.descr)}]"] if entry.descr else []
    depth = 1 if entry.subtype == _BELOW else 0
    return entry.subtype, bool(places), f"\n({depth}, [{shown}], {array(places)}, {array(see)})"


def _headed(rows: Sequence[tuple[int, bool, str]]) -> list[str]:
    """The rows that lead somewhere, and those that such rows stand below."""
    shown: list[str] = []
    for position, (subtype, leads, source) in enumerate(rows):
        below = takewhile(lambda row: row[0] == _BELOW, rows[position + 1 :])
        if leads or (subtype == _GROUP and any(row[1] for row in below)):
            shown.append(source)
    return shown


def index_source(builder: Builder, assembly: Assembly) -> str | None:
    """The index as one Typst call, or None when there is nothing in it."""
    groups = []
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        rows = [row for name, (links, subentries, _key) in entries for row in _entry(assembly, name, links, subentries)]
        if rows:
            groups.append(f"({string(_letter(letter))}, {array(rows)})")
    if not groups:
        return None
    return _list_source(builder, assembly, groups)


def _list_source(builder: Builder, assembly: Assembly, groups: Iterable[str]) -> str:
    again = assembly.markup(continued(str(builder.config.language)))
    return f"#index-list(continued: [{again}], {', '.join(groups)})"


# Sphinx's catalogues have no word for it
_CONTINUED = {
    "de": "(Forts.)", "en": "(continued)", "es": "(cont.)", "fa": "(ادامه)", "fr": "(suite)", "it": "(segue)",
    "ja": "(続き)", "nl": "(vervolg)", "pl": "(cd.)", "pt": "(cont.)", "ru": "(продолжение)", "zh": "(续)",
}  # fmt: skip


def continued(language: str) -> str:
    """What is said beside an entry that is repeated at the head of a column; dots where there is no word for it."""
    return _CONTINUED.get(re.split("[-_]", language)[0].lower(), "…")


def _letter(letter: str) -> str:
    return _("Symbols") if letter == "Symbols" else letter


def _entry(assembly: Assembly, name: str, links: Sequence[Any], subentries: Iterable[Any]) -> list[str]:
    places = _places(assembly, links)
    below, see = [], []
    for subname, sublinks in subentries:
        found = _places(assembly, sublinks)
        if found:
            below.append(_row(assembly, 1, subname, found, ()))
        elif not sublinks:
            see.append(f"[#emph[{assembly.markup(subname)}]]")
    if not places and not below and not see:
        return []
    return [_row(assembly, 0, name, places, see), *below]


def _row(assembly: Assembly, depth: int, name: str, places: Sequence[str], see: Sequence[str]) -> str:
    shown = "".join(_breakable(assembly, part) for part in _LONG_NAME.split(name) if part)
    if _LONG_WORD.search(name):
        shown = f"#text(hyphenate: true)[{shown}];"
    return f"\n({depth}, [{shown}], {array(places)}, {array(see)})"


def _breakable(assembly: Assembly, part: str) -> str:
    if not _LONG_NAME.fullmatch(part) or _WORD.fullmatch(part):
        return assembly.markup(part)
    return f"#text(hyphenate: false)[{'#may-break;'.join(map(assembly.markup, escape.pieces(part)))}];"


def _places(assembly: Assembly, links: Iterable[tuple[str, str]]) -> list[str]:
    found = []
    for main, uri in links:
        label = assembly.targets.get(uri.removeprefix("%")) if uri else None
        if label is not None:
            is_main = "true" if main == "main" else "false"
            found.append(f"({assembly.destination(label)}, {string(label)}, {is_main})")
    return found
