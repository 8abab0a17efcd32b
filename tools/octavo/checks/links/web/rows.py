"""Places as plain values: they are kept by the ten thousand, and a report alone wants them as records."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace

from octavo.diagnostics import Location

# source, line, column, artefact, member, line of the member, page
Row = tuple[str | None, int | None, int | None, str | None, str | None, int | None, int | None]
_In = tuple[str | None, str | None]  # artefact and member


def row_of(place: Location) -> Row:
    """A place as a row."""
    return place.source, place.line, place.column, place.artefact, place.member, place.member_line, place.page


def order_of(row: Row) -> tuple[str, int, int, str, str, int, int]:
    """As `Location.sort_key`."""
    source, line, column, artefact, member, member_line, page = row
    return source or "", line or 0, column or 0, artefact or "", member or "", page or 0, member_line or 0


@functools.lru_cache(maxsize=4096)
def place_of(row: Row) -> Location:
    """The place that a row stands for."""
    source, line, column, artefact, member, member_line, page = row
    return Location(
        source=source, line=line, column=column, artefact=artefact, member=member, member_line=member_line, page=page
    )


def places_of(rows: Iterable[Row]) -> tuple[Location, ...]:
    """The places that rows stand for."""
    return tuple(map(place_of, rows))


def with_lines(rows: Iterable[Row], lines: Mapping[_In, list[int]]) -> list[Row]:
    """Places with the lines where their URL stands, by artefact and member.

    Where the source names a URL more often than its page has it, or the other way round, the last stands for the rest.
    """
    made: dict[Location, None] = {}
    together: dict[_In, list[Location]] = {}
    for place in map(place_of, rows):
        together.setdefault((place.artefact, place.member), []).append(place)
    for key, same in together.items():
        found = lines.get(key, [])
        for i in range(max(len(same), len(found))):
            place = same[min(i, len(same) - 1)]
            made[replace(place, member_line=found[min(i, len(found) - 1)] if found else None)] = None
    return list(map(row_of, made))
