"""Each report is what its format's schema says, whatever stands in the links."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from lxml import etree

from octavo.checks.links.web.outcome import LinkOutcome, Outcome, in_order
from octavo.checks.links.web.reports import FORMATS, report
from octavo.checks.links.web.reports.markdown import job_summary
from octavo.checks.links.web.verdict import Verdict
from octavo.diagnostics import Location

SCHEMAS = Path(__file__).parents[4] / "schemas"
SCHEMA = Path(__file__).parents[5] / "docs" / "reference" / "links.schema.json"
BROKEN = frozenset({"broken"})
NASTY = "https://a.org/\x00\x1b[31m\ud800|`<b>&%0A::error::\n]]>"


def link(
    url: str, verdict: Verdict, reason: str | None, detail: str, *places: Location, final_url: str | None = None
) -> LinkOutcome:
    return LinkOutcome(url=url, verdict=verdict, reason=reason, detail=detail, places=places, final_url=final_url)


def outcome(many: int = 1) -> Outcome:
    source = Location(source="book/a b.md", line=3, artefact="_build/html", member="a.html", member_line=9)
    links = [
        LinkOutcome(
            url=f"https://gone.org/{i}", verdict=Verdict.BROKEN, reason="status", detail="404", places=(source,)
        )
        for i in range(many)
    ]
    pdf = Location(artefact="b.pdf", page=7)
    links += [
        link(NASTY, Verdict.BROKEN, "url-invalid", NASTY, pdf),
        link("https://m.org/", Verdict.REDIRECTED, "moved", "", source, pdf, final_url="https://n.org/"),
        link("https://u.org/", Verdict.UNKNOWN, "bot-wall", "403"),
        link("https://i.org/", Verdict.IGNORED, "rule", "https://i", source),
        link("https://ok.org/", Verdict.OK, None, "", source),
        link("ch2.html#x", Verdict.BROKEN, "anchor-missing", "no anchor", source),
    ]
    return Outcome(links=in_order(links), internal=12, notes=("a note",))


def made(name: str, one: Outcome, fail_on: frozenset[str]) -> str:
    """A report as it is written."""
    return "".join(report(name, one, fail_on)).encode("utf-8", "replace").decode()


def test_json_holds_any_text() -> None:
    text = 'https://a.org/"\\ \n\x7f\u2028\u00e9\U0001f517'
    place = Location(source=text, line=3, artefact=text, member=text, member_line=4, page=5)
    link = LinkOutcome(
        url=text, verdict=Verdict.BROKEN, places=(place, Location()), reason=text, detail=text, final_url=text
    )
    (said,) = json.loads(made("json", Outcome(links=(link,)), BROKEN))["links"]
    assert said == {
        "url": text,
        "verdict": "broken",
        "reason": text,
        "detail": text,
        "final_url": text,
        "places": [
            {"artefact": text, "file": text, "line": 4, "page": 5, "source": text, "source_line": 3},
            {},
        ],
    }


def test_json_is_as_its_schema_says() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    said = json.loads(made("json", outcome(), BROKEN))
    jsonschema.validate(said, schema, cls=jsonschema.Draft202012Validator)
    assert said["totals"] == {"ok": 1, "redirected": 1, "unknown": 1, "ignored": 1, "broken": 3}
    gone = next(link for link in said["links"] if link["url"] == "https://gone.org/0")
    assert gone["places"] == [
        {"artefact": "_build/html", "file": "a.html", "line": 9, "source": "book/a b.md", "source_line": 3}
    ]
    assert "final_url" not in gone


@pytest.mark.parametrize(
    "wrong", [{"links": []}, {"links": [{"url": "x", "verdict": "bad", "places": []}], "totals": {}}]
)
def test_the_schema_refuses_what_is_no_report(wrong: object) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema, cls=jsonschema.Draft202012Validator)


def test_sarif_is_as_the_specification_says() -> None:
    said = json.loads(made("sarif", outcome(), BROKEN))
    official = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    jsonschema.validate(said, official, cls=jsonschema.Draft4Validator)
    (run,) = said["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules
    first = next(r for r in run["results"] if "gone.org" in r["message"]["text"])
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "book/a%20b.md"},
        "region": {"startLine": 3},
    }


@pytest.mark.parametrize("fail_on", [BROKEN, frozenset[str](), frozenset({"broken", "unknown", "redirected"})])
def test_junit_is_as_its_schema_says(fail_on: frozenset[str]) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    for one in (outcome(), outcome(many=40), Outcome(links=())):
        schema.assertValid(etree.fromstring(made("junit", one, fail_on).encode()))


def test_junit_counts_are_those_of_its_cases() -> None:
    root = ET.fromstring(made("junit", outcome(), BROKEN))
    assert root.tag == "testsuites"
    (suite,) = root
    cases = suite.findall("testcase")
    for element in (root, suite):
        assert element.get("tests") == str(len(cases)) == "7"
        assert element.get("failures") == str(len(suite.findall("testcase/failure"))) == "3"
    assert suite.get("skipped") == str(len(suite.findall("testcase/skipped"))) == "2"
    assert all(case.get("name") and case.get("classname") for case in cases)
    failing = ET.fromstring(made("junit", outcome(), frozenset({"broken", "unknown", "redirected"})))
    assert failing.get("failures") == "5"


def test_github_shows_ten_of_a_kind_and_no_injected_command() -> None:
    lines = made("github", outcome(many=40), BROKEN).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == 10
    assert "33 more" in errors[-1]
    assert all(line.count("::") >= 2 for line in errors)
    few = made("github", outcome(), BROKEN).splitlines()
    assert sum(line.startswith("::") for line in few) == 6
    assert "::error file=book/a b.md,line=3,title=Link::https://gone.org/0: status: 404" in few
    assert few[-1] == "1 ok, 1 redirected, 1 unknown, 1 ignored, 3 broken"


def test_markdown_has_the_counts_and_every_place() -> None:
    text = made("markdown", outcome(), BROKEN)
    assert "| ok | redirected | unknown | ignored | broken |" in text
    assert "| 1 | 1 | 1 | 1 | 3 |" in text
    assert "`book/a b.md:3`" in text
    assert "`b.pdf p. 7`" in text
    assert all(row.count("|") - row.count("\\|") == 4 for row in text.splitlines() if row.startswith("| `"))


def test_all_five_counts_are_there_when_there_is_nothing() -> None:
    for name in FORMATS:
        assert made(name, Outcome(links=()), BROKEN), name
    assert json.loads(made("json", Outcome(links=()), BROKEN))["totals"] == {
        "ok": 0, "redirected": 0, "unknown": 0, "ignored": 0, "broken": 0,
    }  # fmt: skip


def test_a_job_summary_is_as_large_as_github_takes_and_says_what_it_leaves_out() -> None:
    whole = job_summary(outcome(), BROKEN, 1024 * 1024)
    assert whole == made("markdown", outcome(), BROKEN)
    cut = job_summary(outcome(many=5000), BROKEN, 50_000)
    assert 40_000 < len(cut.encode()) <= 50_000
    shown = sum(line.startswith("| `") for line in cut.splitlines())
    assert cut.endswith(f"and {5000 + 5 - shown} links more, which are in the other reports.\n")
    assert len(job_summary(outcome(), BROKEN, 0).encode()) < 200
