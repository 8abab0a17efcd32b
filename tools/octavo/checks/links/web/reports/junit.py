"""JUnit XML: a test case for each link; what fails the run is a failure, what was not asked for is skipped."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.checks.links.web.verdict import Verdict

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(outcome: Outcome, fail_on: frozenset[str]) -> str:
    """The report."""
    failed = sum(str(link.verdict) in fail_on for link in outcome.links)
    skipped = sum(_is_skipped(link, fail_on) for link in outcome.links)
    numbers = {"tests": str(len(outcome.links)), "failures": str(failed), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "octavo check links", **numbers, "time": "0"})
    suite = ET.SubElement(suites, "testsuite", {"name": "links", **numbers, "skipped": str(skipped), "time": "0"})
    for link in outcome.links:
        suite.append(_case(link, fail_on))
    ET.indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _is_skipped(link: LinkOutcome, fail_on: frozenset[str]) -> bool:
    return link.verdict in (Verdict.IGNORED, Verdict.UNKNOWN) and str(link.verdict) not in fail_on


def _case(link: LinkOutcome, fail_on: frozenset[str]) -> ET.Element:
    first = link.places[0] if link.places else None
    name = first.source or first.artefact if first else None
    case = ET.Element("testcase", {"name": _clean(link.url), "classname": _clean(name or "links"), "time": "0"})
    places = "\n".join(_clean(str(place)) for place in link.places)
    message = _clean(link.sentence)
    if str(link.verdict) in fail_on:
        failure = ET.SubElement(case, "failure", {"message": message, "type": str(link.verdict)})
        failure.text = places
    elif _is_skipped(link, fail_on):
        ET.SubElement(case, "skipped", {"message": f"{link.verdict}: {message}"})
    elif link.verdict is Verdict.REDIRECTED:
        ET.SubElement(case, "system-out").text = f"{message}\n{places}"
    return case


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
