"""Annotations for GitHub Actions: workflow commands, at most ten of a kind, which is all that a step may show."""

from __future__ import annotations

from collections.abc import Iterator

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.checks.links.web.verdict import Reason, Verdict
from octavo.diagnostics import Location

MOST = 10
_LEVELS = {Verdict.BROKEN: "error", Verdict.REDIRECTED: "warning", Verdict.UNKNOWN: "notice"}


def github_text(outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The commands, and how many findings they leave to the job summary."""
    first: dict[str, list[str]] = {level: [] for level in ("error", "warning", "notice")}
    counts = dict.fromkeys(first, 0)
    for link in outcome.only([v for v in Verdict if v in _LEVELS or str(v) in fail_on]):
        level = _level(link, fail_on)
        if level is not None:
            for annotation in _annotations(link, level):
                counts[level] += 1
                if len(first[level]) < MOST:
                    first[level].append(annotation)
    for level, found in first.items():
        left = counts[level] - MOST + 1
        shown = found if left <= 1 else [*found[:-1], f"::{level} title=Links::{left} more are in the job summary"]
        yield from (f"{line}\n" for line in shown)
    yield ", ".join(f"{count} {name}" for name, count in outcome.totals.items()) + "\n"


def _level(link: LinkOutcome, fail_on: frozenset[str]) -> str | None:
    if link.verdict not in _LEVELS or link.reason == Reason.OFFLINE:
        return "error" if str(link.verdict) in fail_on else None
    return "error" if str(link.verdict) in fail_on else _LEVELS[link.verdict]


def _annotations(link: LinkOutcome, level: str) -> Iterator[str]:
    seen = set()
    for place in link.places or (Location(),):
        where = ",".join(_where(place))
        if where not in seen:
            seen.add(where)
            yield f"::{level} {where}::{_data(f'{link.url}: {link.sentence}')}"


def _where(place: Location) -> Iterator[str]:
    if place.source is not None:
        yield f"file={_property(place.source)}"
        if place.line is not None:
            yield f"line={place.line}"
        yield "title=Link"
    else:
        yield f"title={_property('Link in ' + str(place))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
