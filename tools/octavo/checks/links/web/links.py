"""The links of artefacts and lists that lead to the web, each with all its places."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from octavo.checks.links.follow import PAGE_SUFFIXES, XML_SUFFIXES, suffix_of
from octavo.checks.links.page import html_lines, parse_xml
from octavo.checks.links.report import ExternalReference, LinkReport
from octavo.checks.links.url import resolve
from octavo.diagnostics import ConfigurationError, Location
from octavo.reading.trace import Trace

_LARGEST_MEMBER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL as it is written, and where; places in order."""

    url: str
    places: tuple[Location, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedArtefact:
    """An artefact whose inside was checked. name: as the user calls it. trace: the way back, if it was built here."""

    path: Path
    name: str
    report: LinkReport
    trace: Trace | None


def links_of(artefact: CheckedArtefact) -> list[Link]:
    """Everything in an artefact that leads out of it."""
    report = artefact.report
    return [
        Link(url=reference.url, places=tuple(_places(reference, artefact)))
        for reference in (*report.external, *report.schemes)
    ]


def _places(reference: ExternalReference, artefact: CheckedArtefact) -> Iterable[Location]:
    trace = artefact.trace
    for member in reference.members:
        sources = trace.locate(member, reference.url) if trace else ()
        for source in sources or (Location(),):
            yield replace(source, artefact=artefact.name, member=member)
    if reference.members:
        return
    anywhere = trace.locate_anywhere(reference.url) if trace else ()
    for page in reference.pages or (None,):
        for source in anywhere or (Location(),):
            yield replace(source, artefact=artefact.name, page=page)


def links_of_list(text: str, name: str) -> list[Link]:
    """A list of URLs, one a line; empty lines and lines that begin with "#" say nothing."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        url = line.strip()
        if url and not url.startswith("#"):
            found.append(Link(url=url, places=(Location(source=name, line=number),)))
    return found


def joined(links: Iterable[Link]) -> list[Link]:
    """Each URL once with all its places, in order of URL."""
    places: dict[str, dict[Location, None]] = {}
    for link in links:
        places.setdefault(link.url, {}).update(dict.fromkeys(link.places))
    return [Link(url=u, places=tuple(sorted(p, key=Location.sort_key))) for u, p in sorted(places.items())]


def with_lines(links: Sequence[Link], artefacts: Sequence[CheckedArtefact]) -> list[Link]:
    """The links with the lines in the artefacts' files where they stand; each file is read once."""
    paths = {a.name: a.path for a in artefacts}
    wanted: dict[tuple[str, str], set[str]] = {}
    for link in links:
        for place in link.places:
            if place.artefact in paths and place.member is not None:
                wanted.setdefault((place.artefact, place.member), set()).add(link.url)
    lines: dict[tuple[str, str], dict[str, list[int]]] = {}
    for (artefact, member), urls in sorted(wanted.items()):
        lines[artefact, member] = _lines(paths[artefact], member, urls)
    return [_with_lines(link, lines) for link in links]


def _with_lines(link: Link, lines: dict[tuple[str, str], dict[str, list[int]]]) -> Link:
    made: dict[Location, None] = {}
    together: dict[tuple[str | None, str | None], list[Location]] = {}
    for place in link.places:
        together.setdefault((place.artefact, place.member), []).append(place)
    for (artefact, member), places in together.items():
        found = lines.get((artefact or "", member or ""), {}).get(link.url, [])
        for i in range(max(len(places), len(found))):
            place = places[min(i, len(places) - 1)]
            line = found[min(i, len(found) - 1)] if found else None
            made[replace(place, member_line=line)] = None
    return replace(link, places=tuple(made))


def _lines(artefact: Path, member: str, urls: set[str]) -> dict[str, list[int]]:
    """The 1-based lines of these URLs in a file; none where it can't be told."""
    data = _read(artefact, member)
    if data is None:
        return {}
    suffix = suffix_of(member)
    if suffix in XML_SUFFIXES or artefact.suffix.lower() == ".epub":
        placed = parse_xml(data)[1]
    elif suffix in PAGE_SUFFIXES:
        placed = html_lines(data)
    else:
        return {}
    lines: dict[str, list[int]] = {}
    for reference, line in placed:
        url = resolve(reference.value, member).url
        if url in urls and line is not None:
            lines.setdefault(url, []).append(line)
    return lines


def _read(artefact: Path, member: str) -> bytes | None:
    try:
        if artefact.is_dir():
            path = artefact / member
            return path.read_bytes() if path.stat().st_size <= _LARGEST_MEMBER else None
        with zipfile.ZipFile(artefact) as archive:
            info = archive.getinfo(member)
            return archive.read(info) if info.file_size <= _LARGEST_MEMBER else None
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return None  # it was readable a moment ago; only a line is missing


def read_list(path: str, stdin: Callable[[], str]) -> list[Link]:
    """The list in a file, "-" for standard input.

    Raises: ConfigurationError when it can't be read.
    """
    if path == "-":
        return links_of_list(stdin(), "<stdin>")
    try:
        return links_of_list(Path(path).read_text(encoding="utf-8-sig"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"can't read the list '{path}': {error}", "Give a text file, one URL a line."
        ) from error
