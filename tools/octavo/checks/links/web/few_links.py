"""The links of a run that is not large, with their places and verdicts, in memory; as `many_links`.

A database would take twice the time, and would hold up what comes from the web while it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from octavo.checks.links.web.outcome import ORDER, LinkOutcome, outcome_of
from octavo.checks.links.web.pages import storable
from octavo.checks.links.web.rows import Row, places_of, with_lines
from octavo.checks.links.web.verdict import Finding, Reason, Verdict

_UNSAID = frozenset({Reason.OFFLINE, Reason.SCHEME})


class FewLinks:
    """Links by number. prepared: an outcome as reports will want it; asked while other links are waited for."""

    def __init__(self) -> None:
        self.prepared: Callable[[LinkOutcome], LinkOutcome] | None = None
        self._links: dict[int, tuple[str, list[Row]]] = {}
        self._findings: dict[int, Finding] = {}
        self._outcomes: dict[int, LinkOutcome] = {}  # made while other links are waited for
        self._inside: list[LinkOutcome] = []

    def close(self) -> None:
        """Let everything go."""
        self._links, self._findings, self._outcomes, self._inside = {}, {}, {}, []

    def keep(self, number: int, url: str, rows: list[Row]) -> None:
        """Take a link; numbers come in order."""
        self._links[number] = url, rows

    def decide(self, number: int, finding: Finding) -> None:
        """Say what a link was found to be."""
        self._findings[number] = _storable(finding)
        self._outcomes[number] = self._outcome(number)

    def add_inside(self, outcomes: Iterable[LinkOutcome]) -> None:
        """Take broken links inside of artefacts in, in the order in which they are to be said."""
        self._inside += (replace(o, url=storable(o.url), detail=storable(o.detail)) for o in outcomes)

    def found(self) -> Iterator[tuple[str, Finding]]:
        """Each link with its finding, in order of number."""
        return ((self._links[number][0], self._findings[number]) for number in sorted(self._findings))

    def replace(self, reasons: Iterable[Reason], finding: Finding) -> None:
        """Put a finding in the place of all that have one of these reasons."""
        replaced, instead = frozenset(reasons), _storable(replace(finding, final_url=None))
        for number, found in self._findings.items():
            if found.reason in replaced:
                self._findings[number] = instead
                self._outcomes[number] = self._outcome(number)

    def broken(self, reasons: Collection[str]) -> Iterator[tuple[int, str]]:
        """Number and URL of broken links with one of these reasons; results may be changed meanwhile."""
        wanted = [n for n, f in self._findings.items() if f.verdict is Verdict.BROKEN and f.reason in reasons]
        return ((number, self._links[number][0]) for number in sorted(wanted))

    def add_detail(self, number: int, text: str) -> None:
        """Say more of a link."""
        found = self._findings[number]
        self._findings[number] = replace(found, detail=storable(found.detail + text))
        self._outcomes[number] = self._outcome(number)

    def add_lines(self, lines_of: Callable[[str, str, set[str]], dict[str, list[int]]]) -> None:
        """Find the lines of all that is said where it stands in artefacts; each file is read once.

        lines_of: from artefact, member and URLs to the 1-based lines of each URL there.
        """
        standing: dict[tuple[str, str], dict[str, int]] = {}
        # what is fine, what nobody was asked about, and what has no verdict by its scheme, is only counted
        said = [n for n, f in self._findings.items() if f.verdict is not Verdict.OK and f.reason not in _UNSAID]
        for number in sorted(said):
            url, rows = self._links[number]
            for row in rows:
                artefact, member = row[3], row[4]
                if artefact is not None and member is not None:
                    standing.setdefault((artefact, member), {})[url] = number
        lines: dict[int, dict[tuple[str | None, str | None], list[int]]] = {}
        for (artefact, member), numbers in sorted(standing.items()):
            for url, found_lines in lines_of(artefact, member, set(numbers)).items():
                lines.setdefault(numbers[url], {})[artefact, member] = found_lines
        for number, own in lines.items():
            url, rows = self._links[number]
            self._links[number] = url, with_lines(rows, own)
            self._outcomes[number] = self._outcome(number)

    def totals(self) -> dict[str, int]:
        """How many links have each verdict, those inside of artefacts included; always all five."""
        found = [finding.verdict for finding in self._findings.values()]
        counts = {str(verdict): found.count(verdict) for verdict in Verdict}
        counts[Verdict.BROKEN] += len(self._inside)
        return counts

    def outcomes(self, verdicts: Collection[Verdict]) -> Iterator[LinkOutcome]:
        """Those with these verdicts, in the order of a report: by verdict, those inside of artefacts first, by URL."""
        if Verdict.BROKEN in verdicts:
            yield from self._inside
        by_verdict: dict[Verdict, list[LinkOutcome]] = {verdict: [] for verdict in ORDER}
        for number in sorted(self._outcomes):
            outcome = self._outcomes[number]
            by_verdict[outcome.verdict].append(outcome)
        for verdict, links in by_verdict.items():
            if verdict in verdicts:
                yield from links

    def _outcome(self, number: int) -> LinkOutcome:
        url, rows = self._links[number]
        outcome = outcome_of(url, self._findings[number], places_of(rows))
        return outcome if self.prepared is None else self.prepared(outcome)


def _storable(finding: Finding) -> Finding:
    """A finding of characters alone."""
    if finding.detail.isascii() and (finding.final_url is None or finding.final_url.isascii()):
        return finding
    final = None if finding.final_url is None else storable(finding.final_url)
    return replace(finding, detail=storable(finding.detail), final_url=final)
