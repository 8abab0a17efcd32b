"""The way back from a reference in an artefact to its line in the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.diagnostics import ConfigurationError, Location
from octavo.reading.lines import exact_line
from octavo.reading.trace import Trace, TracedReference


def reference(docname: str, target: str, line: int | None) -> TracedReference:
    return TracedReference(docname=docname, target=target, kind="link", source=f"{docname}.md", line=line)


TRACE = Trace(
    format="html",
    pages={"a": "a.html", "sub/b": "sub/b.html"},
    sources={"a": "a.md", "sub/b": "sub/b.md"},
    references=(
        reference("a", "sub/b.html#x", 3),
        reference("a", "sub/b.html#x", 9),
        reference("a", "#own", 4),
        reference("sub/b", "../a.html", 7),
        reference("sub/b", "https://example.org/", 8),
        reference("sub/b", "../caf%C3%A9.html", 11),
    ),
)


@pytest.mark.parametrize(
    ("member", "target", "places"),
    [
        ("a.html", "sub/b.html#x", ["a.md:3", "a.md:9"]),
        ("a.html", "./sub/b.html#x", ["a.md:3", "a.md:9"]),
        ("a.html", "#own", ["a.md:4"]),
        ("a.html", "a.html#own", ["a.md:4"]),
        ("sub/b.html", "../a.html", ["sub/b.md:7"]),
        ("sub/b.html", "../a.html#a-section-in-a-table-of-contents", ["sub/b.md:7"]),
        ("sub/b.html", "https://example.org/", ["sub/b.md:8"]),
        ("sub/b.html", "../café.html", ["sub/b.md:11"]),
        ("a.html", "unheard-of.html", ["a.md"]),
        ("genindex.html", "a.html", []),
    ],
)
def test_locate(member: str, target: str, places: list[str]) -> None:
    assert [str(p) for p in TRACE.locate(member, target)] == places


def test_base_folder_of_an_epub() -> None:
    trace = Trace(
        format="epub", base="EPUB", pages={"a": "a.xhtml"}, sources={"a": "a.md"}, references=(reference("a", "#x", 2),)
    )
    assert trace.locate("EPUB/a.xhtml", "#x") == (Location(source="a.md", line=2),)
    assert trace.locate("a.xhtml", "#x") == ()


def test_locate_anywhere() -> None:
    assert TRACE.locate_anywhere("https://example.org/") == (Location(source="sub/b.md", line=8),)


def test_saved_and_loaded(tmp_path: Path) -> None:
    TRACE.save(tmp_path / "trace.json")
    assert Trace.load(tmp_path / "trace.json") == TRACE


@pytest.mark.parametrize("content", ["", "[]", '{"version": 99}', '{"version": 1}'])
def test_unreadable_trace(tmp_path: Path, content: str) -> None:
    (tmp_path / "trace.json").write_text(content)
    with pytest.raises(ConfigurationError, match=r"trace\.json"):
        Trace.load(tmp_path / "trace.json")


def test_line_inside_a_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one\ntwo\nthree [x](gone.html)\n\nfour gone.html again\n")
    assert exact_line(path, 1, ("gone.html",)) == 3
    assert exact_line(path, 5, ("gone.html",)) == 5
    assert exact_line(path, 1, ("nowhere", "two")) == 2
    assert exact_line(path, 1, ("nowhere",)) == 1
    assert exact_line(path, None, ("two",)) is None
    assert exact_line(tmp_path / "gone.md", 4, ("two",)) == 4
