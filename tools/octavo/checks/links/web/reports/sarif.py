"""SARIF 2.1.0, for code scanning: a result at the source of each place of a link that is not fine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.checks.links.web.verdict import Verdict
from octavo.diagnostics import Location

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Verdict.BROKEN: "error", Verdict.REDIRECTED: "warning", Verdict.UNKNOWN: "note"}
_ABOUT = {
    Verdict.BROKEN: "The link leads nowhere.",
    Verdict.REDIRECTED: "The link has moved permanently.",
    Verdict.UNKNOWN: "It could not be told whether the link leads somewhere.",
}


def sarif_text(outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The report."""
    from importlib.metadata import version

    encode = json.JSONEncoder(ensure_ascii=False).encode
    rules = sorted({(link.verdict, link.reason or str(link.verdict)) for link in _said(outcome)})
    driver = {
        "name": "Octavo",
        "semanticVersion": version("octavo"),
        "informationUri": "https://octavo.readthedocs.io/",
        "rules": [_rule(verdict, reason) for verdict, reason in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "properties": {"totals": outcome.totals}}
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0",\n"runs": [{encode(run)[:-1]},\n"results": [\n'
    results = (result for link in _said(outcome) for result in _results(link, fail_on))
    for number, result in enumerate(results):
        yield f"{',' if number else ''}{encode(result)}\n"
    yield "]}]}\n"


def _said(outcome: Outcome) -> Iterator[LinkOutcome]:
    return outcome.only(_LEVELS)


def _rule_id(verdict: Verdict, reason: str) -> str:
    return f"links/{verdict}/{reason}"


def _rule(verdict: Verdict, reason: str) -> dict[str, object]:
    return {
        "id": _rule_id(verdict, reason),
        "shortDescription": {"text": f"{_ABOUT[verdict]} ({reason})"},
        "defaultConfiguration": {"level": _LEVELS[verdict]},
    }


def _results(link: LinkOutcome, fail_on: frozenset[str]) -> list[dict[str, object]]:
    level = "error" if str(link.verdict) in fail_on else _LEVELS[link.verdict]
    result: dict[str, object] = {
        "ruleId": _rule_id(link.verdict, link.reason or str(link.verdict)),
        "level": level,
        "message": {"text": f"{link.url}: {link.sentence}"},
    }
    places = {json.dumps(p, sort_keys=True): p for p in map(_physical, link.places)}
    return [{**result, "locations": [place]} for place in places.values()] or [result]


def _physical(place: Location) -> dict[str, object]:
    if place.source is not None:
        path, line = place.source, place.line
    else:
        path, line = "/".join(t for t in (place.artefact, place.member) if t), place.member_line
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(path, safe="/:-._~", errors="replace")}}
    if line is not None:
        physical["region"] = {"startLine": line}
    return {"physicalLocation": physical}
