"""The links of one run: each URL once with all its places, then with its verdict.

They lie in memory while they are few, else in temporary databases.
"""

from __future__ import annotations

import marshal
import sqlite3
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
from octavo.diagnostics import Location

if TYPE_CHECKING:
    from octavo.checks.links.web.many_links import ManyLinks
    from octavo.checks.links.web.outcome import LinkOutcome


class KeptLink(NamedTuple):
    """A URL as it is written, and where: places as rows, in order."""

    url: str
    rows: list[Row]

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
        self.count = 0

    def __enter__(self) -> LinkTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._links.close()
        if self._written is not None:
            self._written.close()

    def add(self, links: Iterable[Link]) -> None:
        """Take links in; one URL may come many times."""
        for url, rows in links:
            if not rows:
                continue
            self._given.setdefault(storable(url), []).extend(rows)
            self._in_memory += len(rows)
            if self._in_memory > self._most:
                self._write()

    def joined(self) -> Iterator[KeptLink]:
        """Each URL once with all its places, in order of URL."""
        for url, rows in self._ordered():
            yield KeptLink(url, sorted(set(rows), key=order_of) if len(rows) > 1 else rows)

    def _ordered(self) -> Iterator[tuple[str, list[Row]]]:
        if self._written is None:
            given, self._given, self._in_memory = self._given, {}, 0
            yield from sorted(given.items(), key=itemgetter(0))
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

    def keep(self, link: KeptLink) -> int:
        """Give a link its number; links are numbered in the order in which they are kept."""
        self.count += 1
        self._links.keep(self.count, link.url, link.rows)
        return self.count

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
