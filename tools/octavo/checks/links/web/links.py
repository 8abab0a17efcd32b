"""The links of artefacts and lists that lead to the web, each with all its places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from octavo.checks.links.web.rows import Row, row_of
from octavo.diagnostics import ConfigurationError, Location

if TYPE_CHECKING:
    from octavo.checks.links.report import ExternalReference, LinkReport
    from octavo.reading.trace import Trace

_LARGEST_MEMBER = 64 * 1024 * 1024
_MOST_WORDS = 8
_WORD = re.compile(r"[A-Za-z0-9_.-]+")


class Link(NamedTuple):
    """A URL as it is written, and where; places in order, as rows."""

    url: str
    rows: tuple[Row, ...]

    @classmethod
    def at(cls, url: str, *places: Location) -> Link:
        """A URL that stands at these places."""
        return cls(url, tuple(map(row_of, places)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedArtefact:
    """An artefact whose inside was checked. name: as the user calls it. trace: the way back, if it was built here."""

    path: Path
    name: str
    report: LinkReport
    trace: Trace | None


def links_of(artefact: CheckedArtefact) -> Iterator[Link]:
    """Everything in an artefact that leads out of it."""
    untraced: dict[str, Location] = {}
    for references in (artefact.report.external, artefact.report.schemes):
        for reference in references:
            yield Link.at(reference.url, *_places(reference, artefact, untraced))


def _places(
    reference: ExternalReference, artefact: CheckedArtefact, untraced: dict[str, Location]
) -> Iterable[Location]:
    """untraced: places that are nothing but a member, as they come again with most links."""
    trace = artefact.trace
    for member in reference.members:
        if sources := trace.locate(member, reference.url) if trace else ():
            for source in sources:
                yield replace(source, artefact=artefact.name, member=member)
        else:
            place = untraced.get(member)
            if place is None:
                place = untraced[member] = Location(artefact=artefact.name, member=member)
            yield place
    if reference.members:
        return
    anywhere = trace.locate_anywhere(reference.url) if trace else ()
    for page in reference.pages or (None,):
        for source in anywhere or (Location(),):
            yield replace(source, artefact=artefact.name, page=page)


def links_of_list(lines: Iterable[str], name: str) -> Iterator[Link]:
    """A list of URLs, one a line; empty lines and lines that begin with "#" say nothing."""
    for number, line in enumerate(lines, start=1):
        url = line.strip()
        if url and not url.startswith("#"):
            yield Link(url, ((name, number, None, None, None, None, None),))


def lines_of(artefact: Path, member: str, urls: set[str]) -> dict[str, list[int]]:
    """The 1-based lines of these URLs in a file; none where it can't be told."""
    from octavo.checks.links.follow import PAGE_SUFFIXES, XML_SUFFIXES, suffix_of
    from octavo.checks.links.url import resolve

    data = _read(artefact, member)
    if data is None:
        return {}
    suffix = suffix_of(member)
    if suffix in XML_SUFFIXES or artefact.suffix.lower() == ".epub":
        from octavo.checks.links.page import parse_xml

        placed = parse_xml(data)[1]
    elif suffix in PAGE_SUFFIXES:
        from octavo.checks.links.lines import html_lines_with

        placed = html_lines_with(data, _words(urls))
    else:
        return {}
    lines: dict[str, list[int]] = {}
    for reference, line in placed:
        url = resolve(reference.value, member).url
        if url in urls and line is not None:
            lines.setdefault(url, []).append(line)
    return lines


def _words(urls: Collection[str]) -> frozenset[bytes]:
    """Of each URL a word behind its scheme, which a page may leave out; of too many none, which every tag has."""
    words = {max(_WORD.findall(url.partition(":")[2]), key=len, default="").encode() for url in urls}
    return frozenset(words) if len(words) <= _MOST_WORDS else frozenset({b""})


def _read(artefact: Path, member: str) -> bytes | None:
    import zipfile

    from octavo.checks.links.container import opened

    try:
        if artefact.is_dir():
            path = artefact / member
            return path.read_bytes() if path.stat().st_size <= _LARGEST_MEMBER else None
        with opened(artefact) as archive:
            info = archive.getinfo(member)
            return archive.read(info) if info.file_size <= _LARGEST_MEMBER else None
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return None  # it was readable a moment ago; only a line is missing


def read_list(path: str, stdin: Iterable[str]) -> Iterator[Link]:
    """The list in a file, "-" for standard input; read as it is asked for.

    Raises: ConfigurationError when it can't be read.
    """
    if path == "-":
        yield from links_of_list(stdin, "<stdin>")
        return
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            yield from links_of_list(file, path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"can't read the list '{path}': {error}", "Give a text file, one URL a line."
        ) from error
