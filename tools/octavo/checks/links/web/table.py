"""The links of one run: each URL once with all its places, then with its verdict.

They lie in memory while they are few, else in temporary databases.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from octavo.checks.links.web.few_links import FewLinks
from octavo.checks.links.web.links import Link
from octavo.checks.links.web.pages import IN_MEMORY, storable, temporary_database
from octavo.checks.links.web.rows import Row, order_of, places_of
from octavo.checks.links.web.verdict import Finding, Reason, Verdict
from octavo.checks.links.web.weburl import plain_parts
from octavo.diagnostics import Location

if TYPE_CHECKING:
    import sqlite3

    from octavo.checks.links.web.many_links import ManyLinks
    from octavo.checks.links.web.outcome import LinkOutcome

_MANY = 2000  # links of which some are asked for before all were looked at
_MOST_ALIKE = 50  # URLs that begin as one does, on either side of it


class KeptLink(NamedTuple):
    """A URL as it is written, and where: places as rows, in order. number: its place among all, from 1."""

    url: str
    rows: list[Row]
    number: int

    @property
    def sources(self) -> set[str | None]:
        """The source files that name it; None for a place without one."""
        return {row[0] for row in self.rows}

    @property
    def places(self) -> tuple[Location, ...]:
        """Where it stands."""
        return places_of(self.rows)


class LinkTable:
    """Links come in by `add`, go out once by `joined`, and have a number from then on. Gone when it is closed.

    in_memory: places at most that are kept there.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._most = in_memory
        self._given: dict[str, list[Row]] = {}
        self._in_memory = 0  # rows in there
        self._written: sqlite3.Connection | None = None  # and those that are not
        self._links: FewLinks | ManyLinks = FewLinks()
        self._early: list[tuple[str, list[Row]]] = []  # in order; see `early`
        self._taken: set[int] = set()
        self.count = 0

    def __enter__(self) -> LinkTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._links.close()
        if self._written is not None:
            self._written.close()

    def prepare(self, prepared: Callable[[LinkOutcome], LinkOutcome]) -> None:
        """Make outcomes as reports will want them while other links are waited for, where there are not very many."""
        if isinstance(self._links, FewLinks):
            self._links.prepared = prepared

    @property
    def is_prepared(self) -> bool:
        """Whether outcomes were."""
        return isinstance(self._links, FewLinks) and self._links.prepared is not None

    def add(self, links: Iterable[Link]) -> None:
        """Take links in; one URL may come many times."""
        for url, rows in links:
            if not rows:
                continue
            self._given.setdefault(storable(url), []).extend(rows)
            self._in_memory += len(rows)
            if self._in_memory > self._most:
                self._write()

    def early(self, most: int) -> list[KeptLink]:
        """Some of many links, spread over all hosts, so that these can be asked before the rest is looked at.

        All links to one page come together, unless it is spelled in two ways. What is here is not in `joined`.
        """
        if self._written is not None or len(self._given) < _MANY:
            return []
        self._early = sorted(self._given.items(), key=itemgetter(0))
        self._given, self._in_memory = {}, 0
        for index in range(0, len(self._early), max(1, len(self._early) // most)):
            if index not in self._taken:
                self._taken.update(self._same_page(index))
        return [self._joined(index, *self._early[index]) for index in sorted(self._taken)]

    def _same_page(self, index: int) -> list[int]:
        """The indexes of all links to a link's page; none where it is not plain, or there are many to look through."""
        page = self._early[index][0].partition("#")[0]
        if plain_parts(page) is None:
            return []
        first, end = index, index + 1
        while first and self._early[first - 1][0].startswith(page):
            first -= 1
            if index - first > _MOST_ALIKE:
                return []
        while end < len(self._early) and self._early[end][0].startswith(page):
            end += 1
            if end - index > _MOST_ALIKE:
                return []
        return [i for i in range(first, end) if self._early[i][0][len(page) :][:1] in ("", "#")]

    def joined(self) -> Iterator[KeptLink]:
        """Each URL once with all its places, in order of URL."""
        for index, (url, rows) in enumerate(self._ordered()):
            if index not in self._taken:
                yield self._joined(index, url, rows)

    def _joined(self, index: int, url: str, rows: list[Row]) -> KeptLink:
        return KeptLink(url, sorted(set(rows), key=order_of) if len(rows) > 1 else rows, index + 1)

    def _ordered(self) -> Iterator[tuple[str, list[Row]]]:
        if self._written is None:
            early, self._early = self._early, []
            given, self._given, self._in_memory = self._given, {}, 0
            yield from early or sorted(given.items(), key=itemgetter(0))
            return
        from octavo.checks.links.web.many_links import ManyLinks

        if not self.count:
            self._links = ManyLinks()
        self._write()
        ordered = self._written.execute("SELECT url, place FROM given ORDER BY url")
        for url, group in groupby(ordered, itemgetter(0)):
            yield url, [marshal.loads(place) for _, place in group]  # noqa: S302 -- our own, of this process
        self._written.execute("DELETE FROM given")

    def _write(self) -> None:
        if self._written is None:
            self._written = temporary_database()
            self._written.execute("CREATE TABLE given (url TEXT, place BLOB)")
        self._written.executemany(
            "INSERT INTO given VALUES (?, ?)",
            ((url, marshal.dumps(row)) for url, rows in self._given.items() for row in rows),
        )
        self._given, self._in_memory = {}, 0

    def keep(self, link: KeptLink) -> None:
        """Let a link be decided, by its number."""
        self.count += 1
        self._links.keep(link.number, link.url, link.rows)

    def decide(self, number: int, finding: Finding) -> None:
        """Say what a link was found to be."""
        self._links.decide(number, finding)

    def add_inside(self, outcomes: Iterable[LinkOutcome]) -> None:
        """Take broken links inside of artefacts in, in the order in which they are to be said."""
        self._links.add_inside(outcomes)

    def found(self) -> Iterator[tuple[str, Finding]]:
        """Each link with its finding, in order of number."""
        return self._links.found()

    def replace(self, reasons: Iterable[Reason], finding: Finding) -> None:
        """Put a finding in the place of all that have one of these reasons."""
        self._links.replace(reasons, finding)

    def broken(self, reasons: Collection[str]) -> Iterator[tuple[int, str]]:
        """Number and URL of broken links with one of these reasons; results may be changed meanwhile."""
        return self._links.broken(reasons)

    def add_detail(self, number: int, text: str) -> None:
        """Say more of a link."""
        self._links.add_detail(number, text)

    def add_lines(self, lines_of: Callable[[str, str, set[str]], dict[str, list[int]]]) -> None:
        """Find the lines of all that is said where it stands in artefacts; each file is read once.

        lines_of: from artefact, member and URLs to the 1-based lines of each URL there.
        """
        self._links.add_lines(lines_of)

    def totals(self) -> dict[str, int]:
        """How many links have each verdict, those inside of artefacts included; always all five."""
        return self._links.totals()

    def outcomes(self, verdicts: Collection[Verdict]) -> Iterator[LinkOutcome]:
        """Those with these verdicts, in the order of a report: by verdict, those inside of artefacts first, by URL."""
        return self._links.outcomes(verdicts)
