"""What an EPUB does not bear out is taken back, and what it bears out stays."""

from __future__ import annotations

import datetime

from octavo.checks.epub.facts import Facts
from octavo.diagnostics import Diagnostic, Location
from octavo.metadata import Accessibility, Identifier, Metadata
from octavo.staging import AccessibilityStatement
from octavo.statement.account import Account
from octavo.statement.honesty import Examined, honest
from octavo.statement.page import page

STANDARD = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
STATED = AccessibilityStatement(
    access_modes=("textual",),
    sufficient=("textual", "textual,visual"),
    features=("tableOfContents", "describedMath", "alternativeText"),
    hazards=("none",),
    summary="S",
    conforms_to=STANDARD,
    certified_by="A",
)
METADATA = Metadata(
    title="T",
    language="en",
    identifiers=(Identifier(type="uri", value="https://example.org/t"),),
    modified=datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC),
    accessibility=Accessibility(certified_by="A"),
)


def seen(*untrue: tuple[str, str], findings: tuple[Diagnostic, ...] = (), **facts: int) -> Examined:
    return Examined(facts=Facts(**facts), findings=findings, untrue=untrue, pages=0)


def account(statement: AccessibilityStatement, looked: Examined, *said: Diagnostic) -> Account:
    return Account(metadata=METADATA, statement=statement, seen=looked, file="t.epub", pages_of=None, said=said)


def test_a_true_statement_stays_the_same() -> None:
    assert honest(STATED, seen()) is STATED


def test_a_false_feature_goes_and_conformance_with_it() -> None:
    looked = seen(("describedMath", "1 of 3 formulas have no words"), formulas=3, without_words=1)
    made = honest(STATED, looked)
    assert made.features == ("tableOfContents", "alternativeText")
    assert made.conforms_to is None
    not_claimed = account(made, looked).as_json()["notClaimed"]
    assert {"value": "describedMath", "reason": "1 formulas have no words"} in not_claimed


def test_conformance_goes_with_any_finding() -> None:
    finding = Diagnostic(rule="accessibility/heading-empty", value="h2", location=Location(member="a.xhtml"))
    made = honest(STATED, seen(findings=(finding,)))
    assert (made.conforms_to, made.features) == (None, STATED.features)


def test_text_alone_is_not_enough_where_a_picture_says_nothing() -> None:
    looked = seen(("text is sufficient", "1 pictures have no alternative text"), ("no visual access mode", "1 picture"))
    made = honest(STATED, looked)
    assert made.sufficient == ("textual,visual",)
    assert made.access_modes == ("textual", "visual")


def test_a_long_description_is_claimed_when_there_is_one() -> None:
    assert "longDescription" in honest(STATED, seen(long_descriptions=1, pictures=1)).features


def test_the_page_escapes_what_authors_write() -> None:
    statement = AccessibilityStatement(
        conforms_to=STANDARD, certified_by="<b>", credentials=('https://example.org/?a="b"&c',), hazards=("none",)
    )
    written = page(account(statement, seen())).decode()
    assert "Confirmed by: &lt;b&gt;." in written
    assert 'href="https://example.org/?a=&quot;b&quot;&amp;c"' in written


def test_pictures_that_the_writer_left_without_words_are_not_called_decorative() -> None:
    said = Diagnostic(rule="epub/alternative-text-missing", value="a.png", location=Location(source="a.md", line=3))
    evidence = account(STATED, seen(decorative=2, pictures=1), said).as_json()["evidence"]
    assert evidence["pictures"] == {
        "described": 1,
        "decorative": 1,
        "undescribed": 1,
        "longDescriptions": 0,
        "places": [{"value": "a.png", "source": "a.md", "line": 3}],
    }
