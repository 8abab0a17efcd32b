"""The JSON report: a public interface, described by docs/reference/links.schema.json. What is unknown is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring as quoted

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.diagnostics import Location


def json_text(outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The report. fail_on says nothing here."""
    rest = {"totals": outcome.totals, "internal_references": outcome.internal, "notes": list(outcome.notes)}
    yield '{"links": [\n'
    for number, link in enumerate(outcome.links):
        yield f"{',' if number else ''}{link.line or line_of(link)}\n"
    yield f"],\n{json.dumps(rest, ensure_ascii=False)[1:]}\n"


def line_of(link: LinkOutcome) -> str:
    """A link in a line, put together by hand: there may be a million, and the encoder would take thrice as long."""
    made = f'{{"url": {quoted(link.url)}, "verdict": {quoted(link.verdict)}'
    if link.reason is not None:
        made += f', "reason": {quoted(link.reason)}'
    if link.detail:
        made += f', "detail": {quoted(link.detail)}'
    if link.final_url is not None:
        made += f', "final_url": {quoted(link.final_url)}'
    return f'{made}, "places": [{", ".join(map(_place, link.places))}]}}'


def _place(place: Location) -> str:
    """A place; keys that do not apply are left out."""
    pairs: list[str] = []
    if place.artefact is not None:
        pairs.append(f'"artefact": {quoted(place.artefact)}')
    if place.member is not None:
        pairs.append(f'"file": {quoted(place.member)}')
    if place.member_line is not None:
        pairs.append(f'"line": {place.member_line}')
    if place.page is not None:
        pairs.append(f'"page": {place.page}')
    if place.source is not None:
        pairs.append(f'"source": {quoted(place.source)}')
    if place.line is not None:
        pairs.append(f'"source_line": {place.line}')
    return f"{{{', '.join(pairs)}}}"
