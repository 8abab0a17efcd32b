"""The links of a large run, with their places and verdicts, in a temporary database; as `few_links`."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from octavo.checks.links.web.outcome import ORDER, LinkOutcome, outcome_of
from octavo.checks.links.web.pages import storable, temporary_database
from octavo.checks.links.web.rows import Row, places_of, row_of, with_lines
from octavo.checks.links.web.verdict import OK, Finding, Reason, Verdict

_BATCH = 2000
_FINE = ORDER[Verdict.OK]
_VERDICTS = {rank: verdict for verdict, rank in ORDER.items()}
_REASONS = {str(reason): reason for reason in Reason}
_SCRIPT = """
CREATE TABLE links (number INTEGER PRIMARY KEY, url TEXT, places BLOB);
CREATE TABLE results (number INTEGER PRIMARY KEY, rank INTEGER, reason TEXT, detail TEXT, final_url TEXT);
CREATE TABLE inside (number INTEGER PRIMARY KEY, url TEXT, places BLOB, reason TEXT, detail TEXT);
CREATE TABLE standing (artefact TEXT, member TEXT, number INTEGER, url TEXT);
CREATE TABLE lines (number INTEGER, artefact TEXT, member TEXT, lines BLOB);
"""
# what is fine, what nobody was asked about, and what has no verdict by its scheme, is only counted
_SAID = f"rank <> {ORDER[Verdict.OK]} AND coalesce(reason, '') NOT IN ('{Reason.OFFLINE}', '{Reason.SCHEME}')"


class ManyLinks:
    """Links by number. Gone when it is closed."""

    def __init__(self) -> None:
        self._connection = temporary_database()
        for statement in _SCRIPT.split(";"):
            self._connection.execute(statement)
        self._results: list[tuple[object, ...]] = []
        self._kept: list[tuple[int, str, bytes]] = []

    def close(self) -> None:
        """Let everything go."""
        self._connection.close()

    def keep(self, number: int, url: str, rows: list[Row]) -> None:
        """Take a link; numbers come in order."""
        self._kept.append((number, url, marshal.dumps(rows)))
        if len(self._kept) >= _BATCH:
            self._write()

    def decide(self, number: int, finding: Finding) -> None:
        """Say what a link was found to be."""
        verdict, reason, detail, final_url = finding.verdict, finding.reason, finding.detail, finding.final_url
        self._results.append((
            number,
            ORDER[verdict],
            None if reason is None else str(reason),
            storable(detail) if detail else None,
            None if final_url is None else storable(final_url),
        ))  # fmt: skip
        if len(self._results) >= _BATCH:
            self._write()

    def add_inside(self, outcomes: Iterable[LinkOutcome]) -> None:
        """Take broken links inside of artefacts in, in the order in which they are to be said."""
        self._connection.executemany(
            "INSERT INTO inside (url, places, reason, detail) VALUES (?, ?, ?, ?)",
            (
                (storable(o.url), marshal.dumps(list(map(row_of, o.places))), o.reason, storable(o.detail))
                for o in outcomes
            ),
        )

    def found(self) -> Iterator[tuple[str, Finding]]:
        """Each link with its finding, in order of number."""
        self._write()
        for url, *finding in self._connection.execute(
            "SELECT url, rank, reason, detail, final_url FROM links JOIN results USING (number) ORDER BY number"
        ):
            yield url, _finding(*finding)

    def replace(self, reasons: Iterable[Reason], finding: Finding) -> None:
        """Put a finding in the place of all that have one of these reasons."""
        self._write()
        self._connection.executemany(
            "UPDATE results SET rank = ?, reason = ?, detail = ?, final_url = NULL WHERE reason = ?",
            [(ORDER[finding.verdict], finding.reason, storable(finding.detail), str(r)) for r in reasons],
        )

    def broken(self, reasons: Collection[str]) -> Iterator[tuple[int, str]]:
        """Number and URL of broken links with one of these reasons; results may be changed meanwhile."""
        self._write()
        last, wanted = 0, ", ".join("?" * len(reasons))
        while rows := self._connection.execute(
            f"SELECT number, url FROM results JOIN links USING (number) WHERE number > ? AND rank = ?"  # noqa: S608
            f" AND reason IN ({wanted}) ORDER BY number LIMIT {_BATCH}",
            (last, ORDER[Verdict.BROKEN], *reasons),
        ).fetchall():
            last = rows[-1][0]
            yield from rows

    def add_detail(self, number: int, text: str) -> None:
        """Say more of a link."""
        self._connection.execute(
            "UPDATE results SET detail = coalesce(detail, '') || ? WHERE number = ?", (storable(text), number)
        )

    def add_lines(self, lines_of: Callable[[str, str, set[str]], dict[str, list[int]]]) -> None:
        """Find the lines of all that is said where it stands in artefacts; each file is read once.

        lines_of: from artefact, member and URLs to the 1-based lines of each URL there.
        """
        self._write()
        execute = self._connection.execute
        said = f"SELECT number, url, places FROM results JOIN links USING (number) WHERE {_SAID}"  # noqa: S608
        self._connection.executemany(
            "INSERT INTO standing VALUES (?, ?, ?, ?)",
            (
                (storable(artefact), storable(member), number, url)
                for number, url, places in execute(said)
                for artefact, member in dict.fromkeys((p[3], p[4]) for p in marshal.loads(places))  # noqa: S302
                if artefact is not None and member is not None
            ),
        )
        ordered = execute("SELECT artefact, member, number, url FROM standing ORDER BY artefact, member")
        for (artefact, member), rows in groupby(ordered, itemgetter(0, 1)):
            numbers = {url: number for _, _, number, url in rows}
            lines = lines_of(artefact, member, set(numbers))
            self._connection.executemany(
                "INSERT INTO lines VALUES (?, ?, ?, ?)",
                [(numbers[url], artefact, member, marshal.dumps(found)) for url, found in lines.items()],
            )
        self._connection.executemany("UPDATE links SET places = ? WHERE number = ?", self._lined_places())

    def _lined_places(self) -> Iterator[tuple[bytes, int]]:
        lined = self._connection.execute(
            "SELECT number, artefact, member, lines, places FROM lines JOIN links USING (number) ORDER BY number"
        )
        for number, rows in groupby(lined, itemgetter(0)):
            lines: dict[tuple[str | None, str | None], list[int]] = {}
            places = b""
            for _, artefact, member, found, places in rows:  # noqa: B007 -- the same places each time
                lines[artefact, member] = marshal.loads(found)  # noqa: S302
            yield marshal.dumps(with_lines(marshal.loads(places), lines)), number  # noqa: S302

    def totals(self) -> dict[str, int]:
        """How many links have each verdict, those inside of artefacts included; always all five."""
        self._write()
        counts = {str(verdict): 0 for verdict in Verdict}
        for rank, count in self._connection.execute("SELECT rank, count(*) FROM results GROUP BY rank"):
            counts[str(_VERDICTS[rank])] = count
        counts[str(Verdict.BROKEN)] += self._connection.execute("SELECT count(*) FROM inside").fetchone()[0]
        return counts

    def outcomes(self, verdicts: Collection[Verdict]) -> Iterator[LinkOutcome]:
        """Those with these verdicts, in the order of a report: by verdict, those inside of artefacts first, by URL."""
        self._write()
        if Verdict.BROKEN in verdicts:
            for url, places, reason, detail in self._connection.execute(
                "SELECT url, places, reason, detail FROM inside ORDER BY number"
            ):
                yield LinkOutcome(
                    url=url,
                    verdict=Verdict.BROKEN,
                    places=places_of(marshal.loads(places)),  # noqa: S302 -- our own, of this process
                    reason=reason,
                    detail=detail,
                    is_internal=True,
                )
        self._connection.execute("CREATE INDEX IF NOT EXISTS by_rank ON results (rank, number)")
        for verdict, rank in ORDER.items():
            if verdict in verdicts:
                for url, places, *finding in self._connection.execute(
                    "SELECT url, places, rank, reason, detail, final_url FROM results INDEXED BY by_rank"
                    " JOIN links USING (number) WHERE rank = ? ORDER BY results.number",
                    (rank,),
                ):
                    yield outcome_of(url, _finding(*finding), places_of(marshal.loads(places)))  # noqa: S302

    def _write(self) -> None:
        if self._kept:
            self._connection.executemany("INSERT INTO links VALUES (?, ?, ?)", self._kept)
            self._kept.clear()
        if self._results:
            self._connection.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?)", self._results)
            self._results.clear()


def _finding(rank: int, reason: str | None, detail: str | None, final_url: str | None) -> Finding:
    if rank == _FINE and final_url is None and reason is None:
        return OK
    known = None if reason is None else _REASONS[reason]
    return Finding(verdict=_VERDICTS[rank], reason=known, detail=detail or "", final_url=final_url)
