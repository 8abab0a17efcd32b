"""The JSON report: a public interface, described by docs/reference/links.schema.json. What is unknown is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.diagnostics import Location


def json_text(outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The report. fail_on says nothing here."""
    rest = {"totals": outcome.totals, "internal_references": outcome.internal, "notes": list(outcome.notes)}
    # a link a line: an indented report of many links takes the encoder longer than their check
    encode = json.JSONEncoder(ensure_ascii=False).encode
    yield '{"links": [\n'
    for number, link in enumerate(outcome.links):
        yield f"{',' if number else ''}{encode(_link(link))}\n"
    yield f"],\n{encode(rest)[1:]}\n"


def _link(link: LinkOutcome) -> dict[str, object]:
    made: dict[str, object] = {"url": link.url, "verdict": str(link.verdict)}
    if link.reason is not None:
        made["reason"] = link.reason
    if link.detail:
        made["detail"] = link.detail
    if link.final_url is not None:
        made["final_url"] = link.final_url
    made["places"] = [place_json(place) for place in link.places]
    return made


def place_json(place: Location) -> dict[str, object]:
    """A place; keys that do not apply are left out."""
    all_of_it = {
        "artefact": place.artefact,
        "file": place.member,
        "line": place.member_line,
        "page": place.page,
        "source": place.source,
        "source_line": place.line,
    }
    return {key: value for key, value in all_of_it.items() if value is not None}
