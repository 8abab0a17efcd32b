"""A target that one format has and another has not is a finding; what was made for one format alone is none."""

from __future__ import annotations

from octavo.checks.links.across import across_formats
from octavo.diagnostics import Diagnostic, Location
from octavo.reading.trace import Trace, TracedReference


def trace(name: str, *references: tuple[str, int]) -> Trace:
    return Trace(
        format=name,
        pages={"a": f"a.{name}", "b": f"b.{name}"},
        sources={"a": "a.md", "b": "b.md"},
        references=tuple(
            TracedReference(docname="a", target=target, kind="link", source="a.md", line=line)
            for target, line in references
        ),
    )


def missing(value: str, line: int, *formats: str, rule: str = "links/anchor-missing") -> Diagnostic:
    return Diagnostic(rule=rule, value=value, location=Location(source="a.md", line=line), formats=formats)


TRACES = {
    "html": trace("html", ("b.html#deep", 3), ("b.html", 5), ("b.html#web", 7)),
    "epub": trace("epub", ("b.xhtml#deep", 3), ("b.xhtml", 5)),
    "pdf": trace("pdf", ("%b#deep", 3), ("%b", 5)),
}


def test_what_one_format_lacks_is_said_with_the_formats_that_have_it() -> None:
    (said,) = across_formats([missing("deep", 3, "epub")], TRACES)
    assert said.message == "'deep' is there in html, pdf and not in epub"
    assert (said.location.source, said.location.line, said.formats) == ("a.md", 3, ("epub",))


def test_the_findings_of_two_formats_are_one_difference() -> None:
    found = [missing("deep", 3, "epub"), missing("b#deep", 3, "pdf", rule="links/destination-missing")]
    assert {d.context for d in across_formats(found, TRACES)} == {"html and not in epub, pdf"}


def test_a_page_is_the_same_by_the_name_of_each_format() -> None:
    (said,) = across_formats([missing("b.xhtml", 5, "epub", rule="links/page-missing")], TRACES)
    assert said.context == "html, pdf and not in epub"


def test_what_is_missing_everywhere_or_made_for_one_format_is_no_difference() -> None:
    assert across_formats([missing("deep", 3, "epub", "html", "pdf")], TRACES) == ()
    assert across_formats([missing("deep", 3)], TRACES) == ()
    assert across_formats([missing("web", 7, "html")], TRACES) == ()
    assert across_formats([missing("deep", 3, "html")], {"html": TRACES["html"]}) == ()
    assert across_formats([Diagnostic(rule="links/anchor-missing", value="deep", formats=("epub",))], TRACES) == ()


def test_a_reference_without_any_target_is_no_difference() -> None:
    unresolved = Diagnostic(rule="links/footnote-missing", value="x", location=Location(source="a.md", line=3))
    assert across_formats([missing("deep", 3, "epub"), unresolved], TRACES) == ()
