"""Diagnostics are values: they print in one form, sort by place, and survive JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from octavo.diagnostics import RULES, Diagnostic, Location, Severity, by_place, with_formats

MISSING = Diagnostic(
    rule="links/anchor-missing",
    value="setup",
    context="ch2.md",
    location=Location(source="book/ch3.md", line=41, column=7),
    hint="did you mean 'set-up'?",
)


def test_prints_as_the_reference_says() -> None:
    assert str(MISSING) == (
        "book/ch3.md:41:7: error links/anchor-missing: no anchor 'setup' in ch2.md; did you mean 'set-up'?"
    )


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location(), "-"),
        (Location(source="a.md"), "a.md"),
        (Location(source="a.md", column=3), "a.md"),
        (Location(artefact="b.epub", member="EPUB/c.xhtml", member_line=4), "b.epub!EPUB/c.xhtml:4"),
        (Location(artefact="site", member="c.html"), "site/c.html"),
        (Location(artefact="b.pdf", page=9), "b.pdf p. 9"),
    ],
)
def test_place(location: Location, text: str) -> None:
    assert str(location) == text


def test_survives_json() -> None:
    assert Diagnostic.from_json(json.loads(json.dumps(MISSING.as_json()))) == MISSING


def test_unknown_rule_is_refused() -> None:
    with pytest.raises(KeyError):
        Diagnostic(rule="links/made-up", value="x")


def test_one_problem_in_three_formats_is_said_once() -> None:
    found = [
        Diagnostic(rule="links/page-missing", value="x", location=Location(source="b.md", line=2), formats=("pdf",)),
        Diagnostic(rule="links/page-missing", value="x", location=Location(source="a.md", line=9), formats=("pdf",)),
        Diagnostic(rule="links/page-missing", value="x", location=Location(source="b.md", line=2), formats=("html",)),
    ]
    joined = with_formats(found)
    assert [(str(d.location), d.formats) for d in joined] == [("a.md:9", ("pdf",)), ("b.md:2", ("html", "pdf"))]


def test_what_reading_found_concerns_every_format() -> None:
    read = Diagnostic(rule="sphinx/warning", value="x")
    assert with_formats([dataclasses.replace(read, formats=("html",)), read]) == (read,)


def test_order_of_place() -> None:
    lines = [10, 9, 1]
    found = [Diagnostic(rule="sphinx/error", value="x", location=Location(source="a.md", line=n)) for n in lines]
    assert [d.location.line for d in by_place(found)] == [1, 9, 10]


def test_every_rule_is_named_by_area_and_has_a_sentence() -> None:
    for rule_id, rule in RULES.items():
        area, _, name = rule_id.partition("/")
        assert area
        assert name
        assert rule.id == rule_id
        assert rule.severity in Severity
        assert "{value}" in rule.text
