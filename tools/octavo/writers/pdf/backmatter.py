"""The index of the book: Sphinx's entries, with the pages that only Typst knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _

from octavo.writers.pdf.escape import array, string

if TYPE_CHECKING:
    from sphinx.builders import Builder

    from octavo.writers.pdf.assembly import Assembly


def index_source(builder: Builder, assembly: Assembly) -> str | None:
    """The index as one Typst call, or None when there is nothing in it."""
    groups = []
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        rows = [row for name, (links, subentries, _key) in entries for row in _entry(assembly, name, links, subentries)]
        if rows:
            groups.append(f"({string(_letter(letter))}, {array(rows)})")
    if not groups:
        return None
    return f"#index-list({', '.join(groups)})"


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
    return f"\n({depth}, [{assembly.markup(name)}], {array(places)}, {array(see)})"


def _places(assembly: Assembly, links: Iterable[tuple[str, str]]) -> list[str]:
    found = []
    for main, uri in links:
        label = assembly.targets.get(uri.removeprefix("%")) if uri else None
        if label is not None:
            is_main = "true" if main == "main" else "false"
            found.append(f"({assembly.destination(label)}, {string(label)}, {is_main})")
    return found
