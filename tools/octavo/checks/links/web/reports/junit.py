"""JUnit XML: a test case for each link; what fails the run is a failure, what was not asked for is skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.checks.links.web.verdict import Verdict

_SKIPPED = ("ignored", "unknown")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The report."""
    totals = outcome.totals
    failed = sum(totals[verdict] for verdict in fail_on)
    skipped = sum(totals[verdict] for verdict in _SKIPPED if verdict not in fail_on)
    numbers = f'tests="{sum(totals.values())}" failures="{failed}" errors="0"'
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="octavo check links" {numbers} time="0">\n'
    yield f' <testsuite name="links" {numbers} skipped="{skipped}" time="0">\n'
    for link in outcome.links:
        yield _case(link, fail_on)
    yield " </testsuite>\n</testsuites>\n"


def _case(link: LinkOutcome, fail_on: frozenset[str]) -> str:
    first = link.places[0] if link.places else None
    name = (first.source or first.artefact if first else None) or "links"
    begun = f'  <testcase name={_attribute(link.url)} classname={_attribute(name)} time="0"'
    places = "\n".join(str(place) for place in link.places)
    verdict, message = str(link.verdict), link.sentence
    if verdict in fail_on:
        inside = f'<failure message={_attribute(message)} type="{verdict}">{_text(places)}</failure>'
    elif verdict in _SKIPPED:
        inside = f"<skipped message={_attribute(f'{verdict}: {message}')}/>"
    elif link.verdict is Verdict.REDIRECTED:
        inside = f"<system-out>{_text(f'{message}{chr(10)}{places}')}</system-out>"
    else:
        return f"{begun}/>\n"
    return f"{begun}>\n   {inside}\n  </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_clean(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _text(text: str) -> str:
    return escape(_clean(text), {"\r": "&#13;"})


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
