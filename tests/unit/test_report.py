"""A break is said once, and the reports of builds join."""

from __future__ import annotations

import json
from pathlib import Path

from octavo.diagnostics import Diagnostic, Location
from octavo.report import Artefact, BuildReport, without_echoes


def at(line: int | None, rule: str, value: str, *formats: str, member: str | None = None) -> Diagnostic:
    location = Location(source="a.md", line=line, artefact="site" if member else None, member=member)
    return Diagnostic(rule=rule, value=value, location=location, formats=formats)


def test_a_break_that_a_check_finds_again_is_one_break() -> None:
    said = at(3, "links/image-missing", "x.png")
    again = at(3, "links/image-missing", "x.png", "html", member="a.html")
    (one,) = without_echoes([said, again])
    assert one.location == again.location
    assert one.formats == ()


def test_the_same_break_in_two_formats_names_both() -> None:
    (one,) = without_echoes(
        [
            at(3, "links/anchor-missing", "b.xhtml#x", "epub"),
            at(3, "links/anchor-missing", "x", "html", member="a.html"),
        ]
    )
    assert one.formats == ("epub", "html")


def test_an_unresolved_reference_is_not_a_missing_anchor_as_well() -> None:
    target = at(3, "links/target-missing", "b.md", "html")
    assert without_echoes([target, at(3, "links/anchor-missing", "#b.md", "html", member="a.html")]) == (target,)


def test_two_breaks_stay_two() -> None:
    two = (at(3, "links/anchor-missing", "x", "html"), at(4, "links/anchor-missing", "x", "html"))
    assert without_echoes(two) == two
    unplaced = (
        at(None, "links/anchor-missing", "x", "html", member="a.html"),
        at(None, "links/anchor-missing", "x", "html", member="b.html"),
    )
    assert without_echoes(unplaced) == unplaced


def report(*artefacts: Artefact, found: tuple[Diagnostic, ...] = ()) -> BuildReport:
    return BuildReport(
        title="T", documents=2, read=1, reading_seconds=1.0, seconds=2.0, artefacts=artefacts, diagnostics=found
    )


def artefact(name: str, path: str | None) -> Artefact:
    return Artefact(format=name, path=Path(path) if path else None, bytes=5, pages=2, seconds=0.5)


def test_formats_that_were_not_built_now_stay_known() -> None:
    last = report(
        artefact("html", "/o/html"),
        artefact("pdf", "/o/a.pdf"),
        found=(at(1, "pdf/glyph-missing", "x", "pdf"), at(2, "sphinx/warning", "old", "html")),
    )
    now = report(artefact("html", "/o/html"), artefact("epub", None), found=(at(9, "sphinx/warning", "new", "html"),))
    joined = now.joined_with(last)
    assert [a.format for a in joined.artefacts] == ["html", "pdf"]
    assert [d.value for d in joined.diagnostics] == ["x", "new"]


def test_a_failed_format_keeps_its_last_artefact_and_its_new_findings() -> None:
    last = report(artefact("pdf", "/o/a.pdf"), found=(at(1, "pdf/glyph-missing", "x", "pdf"),))
    now = report(artefact("pdf", None), found=(at(2, "sphinx/error", "y", "pdf"),))
    joined = now.joined_with(last)
    assert [a.path for a in joined.artefacts] == [Path("/o/a.pdf")]
    assert [d.value for d in joined.diagnostics] == ["y"]


def test_saved_and_loaded(tmp_path: Path) -> None:
    made = report(artefact("html", "/o/html"), artefact("pdf", None), found=(at(1, "sphinx/error", "x"),))
    (tmp_path / "build.json").write_text(json.dumps(made.as_json()))
    assert BuildReport.load(tmp_path / "build.json") == made
    (tmp_path / "build.json").write_text("{")
    assert BuildReport.load(tmp_path / "build.json") is None
