"""What a check of links found, as one value: the links with their verdicts and places, and the counts of all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from octavo.checks.links.web.verdict import Finding, Verdict
from octavo.checks.links.web.weburl import without_userinfo
from octavo.diagnostics import Diagnostic, Location, Severity

ORDER = {v: i for i, v in enumerate((Verdict.BROKEN, Verdict.REDIRECTED, Verdict.UNKNOWN, Verdict.IGNORED, Verdict.OK))}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOutcome:
    """One link. url: as written, without userinfo. reason: as in reports, None for what is plainly fine.

    - is_internal: it leads to a place inside its own artefact; such links are only here when they are broken.
    - line: what the JSON report says of it, where that was put down while other links were waited for.
    """

    url: str
    verdict: Verdict
    places: tuple[Location, ...]
    reason: str | None = None
    detail: str = ""
    final_url: str | None = None
    is_internal: bool = False
    line: str = field(default="", compare=False, repr=False)

    @property
    def sentence(self) -> str:
        """What is the matter, for people."""
        if self.verdict is Verdict.REDIRECTED and self.final_url:
            return f"moved permanently to {self.final_url}"
        words = self.detail if self.is_internal else ": ".join(t for t in (self.reason or "", self.detail) if t)
        return f"{words} ({self.final_url})" if self.final_url and self.verdict is not Verdict.OK else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole run.

    - links: in order of verdict (broken first) and URL; they may lie on the disk, and are read anew each time.
    - counts: how many of them have each verdict, where that is known.
    - internal: how many references were followed inside of artefacts.
    - checked: a line for each artefact. notes: what was left out, and other findings about artefacts.
    """

    links: Collection[LinkOutcome]
    counts: Mapping[str, int] | None = None
    internal: int = 0
    checked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def only(self, verdicts: Collection[Verdict]) -> Iterator[LinkOutcome]:
        """The links with one of these verdicts."""
        chosen: Callable[[Collection[Verdict]], Iterator[LinkOutcome]] | None = getattr(self.links, "only", None)
        return chosen(verdicts) if chosen else (link for link in self.links if link.verdict in verdicts)

    @property
    def totals(self) -> dict[str, int]:
        """How many of `links` have each verdict; always all five."""
        if self.counts is not None:
            return dict(self.counts)
        counts = {str(v): 0 for v in Verdict}
        for link in self.links:
            counts[str(link.verdict)] += 1
        return counts

    def fails(self, fail_on: Iterable[str]) -> bool:
        """Whether a verdict is among those that fail the run."""
        return any(self.totals[name] for name in fail_on)


def outcome_of(url: str, finding: Finding, places: tuple[Location, ...]) -> LinkOutcome:
    """A link of the web with its verdict."""
    return LinkOutcome(
        url=without_userinfo(url),
        verdict=finding.verdict,
        places=places,
        reason=None if finding.reason is None else str(finding.reason),
        detail=finding.detail,
        final_url=finding.final_url,
    )


def internal_outcomes(diagnostics: Iterable[Diagnostic]) -> list[LinkOutcome]:
    """The errors of the checks inside artefacts, one for each reference with all its places; in order of target."""
    together: dict[tuple[str, str, str | None, str | None], list[Diagnostic]] = {}
    for found in diagnostics:
        if found.severity is Severity.ERROR:
            together.setdefault((found.rule, found.value, found.context, found.hint), []).append(found)
    return sorted((_internal(same) for same in together.values()), key=lambda link: (link.url, link.reason or ""))


def _internal(same: list[Diagnostic]) -> LinkOutcome:
    first = same[0]
    is_anchor = first.rule == "links/anchor-missing" and first.context is not None
    return LinkOutcome(
        url=f"{first.context}#{first.value}" if is_anchor else first.value,
        verdict=Verdict.BROKEN,
        places=tuple(sorted({d.location for d in same}, key=Location.sort_key)),
        reason=first.rule.removeprefix("links/"),
        detail="; ".join(t for t in (first.message, first.hint) if t),
        is_internal=True,
    )


def in_order(links: Iterable[LinkOutcome]) -> tuple[LinkOutcome, ...]:
    """Broken first, then by URL."""
    return tuple(
        sorted(links, key=lambda link: (ORDER[link.verdict], not link.is_internal, link.url, link.reason or ""))
    )
