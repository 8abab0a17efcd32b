"""Targets that exist in one format of a book and not in another, though the sources name them for both.

What only one format is meant to have (`only`) is no finding: the other format's trace knows no reference at that line.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from octavo.diagnostics import Diagnostic
from octavo.reading.trace import Trace

_MISSING = frozenset(
    {
        "links/anchor-missing",
        "links/page-missing",
        "links/file-missing",
        "links/image-missing",
        "links/destination-missing",
    }
)


def across_formats(found: Iterable[Diagnostic], traces: Mapping[str, Trace]) -> tuple[Diagnostic, ...]:
    """One finding for each reference in the sources whose target is missing in some of its formats and there in others.

    found: what was found, each in all of its formats. traces: by format, of what was built.
    """
    found = tuple(found)
    broken: dict[tuple[str, int, str], set[str]] = {}
    for diagnostic in found:
        place = diagnostic.location
        if diagnostic.rule in _MISSING and place.source is not None and place.line is not None:
            key = (place.source, place.line, _last(diagnostic.value))
            broken.setdefault(key, set()).update(diagnostic.formats or traces)
    named = {name: frozenset(_targets(trace)) for name, trace in traces.items()}
    # where a reference found no target at all, what formats make of it is no difference
    unresolved = {
        (d.location.source, d.location.line) for d in found if d.rule.startswith("links/") and d.rule not in _MISSING
    }
    told: dict[Diagnostic, None] = {}
    for diagnostic in found:
        place = diagnostic.location
        if diagnostic.rule not in _MISSING or place.source is None or place.line is None:
            continue
        key = (place.source, place.line, _last(diagnostic.value))
        missing = broken[key]
        there = [name for name in sorted(traces) if name not in missing and key in named[name]]
        if there and (place.source, place.line) not in unresolved:
            told[
                Diagnostic(
                    rule="links/differs-by-format",
                    value=diagnostic.value,
                    context=f"{', '.join(there)} and not in {', '.join(sorted(missing))}",
                    location=type(place)(source=place.source, line=place.line, column=place.column),
                    formats=tuple(sorted(missing)),
                )
            ] = None
    return tuple(told)


def _targets(trace: Trace) -> Iterator[tuple[str, int, str]]:
    for reference in trace.references:
        if reference.line is not None:
            yield reference.source, reference.line, _last(reference.target)


def _last(target: str) -> str:
    """What formats have in common in how they write a target: its fragment, else the name of its file."""
    path, _, fragment = target.partition("#")
    if fragment:
        return unquote(fragment)
    name = unquote(posixpath.basename(path.partition("?")[0].rstrip("/"))).lstrip("%")
    stem, suffix = posixpath.splitext(name)
    return stem if suffix in {".html", ".xhtml", ".htm"} else name
