"""The book of all that an EPUB can't hold as a site does: clean, complete, and each change said with its place."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo.checks.epub import epubcheck, find_epubcheck
from octavo.diagnostics import Severity
from octavo_testing import BOOKS, Run
from text_of_pages import missing

TORTURE = BOOKS / "torture"
FOUND = [
    ("extensions.md", 77, "epub/content-replaced", "digraph { a -> b }"),
    ("extensions.md", 87, "epub/content-replaced", "graph LR"),
    ("extensions.md", 118, "math/not-converted", "\\undefinedcommand{x}"),
    ("markup.md", 21, "epub/content-replaced", "javascript:run()"),
    ("markup.md", 29, "epub/remote-media", "https://www.example.org/embed/film"),
    ("markup.md", 31, "epub/content-replaced", "film.mp4"),
    ("markup.md", 33, "epub/remote-media", "https://example.org/sound.mp3"),
    ("markup.md", 35, "epub/remote-media", "https://example.org/thing.swf"),
    ("markup.md", 59, "epub/alternative-text-missing", "dot.png"),
    ("markup.md", 73, "epub/alternative-text-missing", "dot.png"),
    ("markup.md", 73, "epub/remote-media", "https://example.org/badge.svg"),
    ("markup.md", 77, "links/case-mismatch", "Markup.html"),
    ("markup.md", 77, "links/page-missing", "nowhere.html"),
]


@pytest.fixture(scope="module")
def out(octavo: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its site and its EPUB. One process: sphinx-proof can't be read in several."""
    folder = tmp_path_factory.mktemp("torture")
    formats = ("--format", "html", "--format", "epub")
    run = octavo("build", TORTURE, *formats, "--out", folder, "-D", "html_theme=basic", "--jobs", "1")
    assert run.status == 0, run.err
    return folder


def page(out: Path, name: str) -> str:
    with zipfile.ZipFile(out / "epub/torture.epub") as archive:
        return archive.read(f"EPUB/{name}.xhtml").decode()


@pytest.mark.parametrize("found", FOUND, ids=[f"{rule}:{value}" for _, _, rule, value in FOUND])
def test_each_finding_has_its_place(out: Path, found: tuple[str, int, str, str]) -> None:
    said = json.loads((out / ".octavo/build.json").read_text(encoding="utf-8"))["diagnostics"]
    places = [(Path(d["location"].get("source", "")).name, d["location"].get("line")) for d in said]
    hits = [p for p, d in zip(places, said, strict=True) if (d["rule"], d["value"]) == found[2:] and p == found[:2]]
    assert hits == [found[:2]]


def test_epubcheck_finds_nothing(out: Path) -> None:
    tool = find_epubcheck(os.environ)
    if tool is None:
        pytest.skip("the extra 'validate' is not installed")
    found = epubcheck(out / "epub/torture.epub", tool)
    assert [str(d) for d in found if d.severity is not Severity.INFO] == []


def test_every_word_of_the_site_is_there(out: Path) -> None:
    count, gone = missing(out)
    # the words in an <object> are the alternative text of the picture that it is
    assert gone == {"markup": {"drawn": 1, "dot": 1}}
    assert count > 600
    assert 'alt="A drawn dot"' in page(out, "markup")


def test_another_build_gives_the_same_bytes(octavo: Callable[..., Run], out: Path, tmp_path: Path) -> None:
    run = octavo("build", TORTURE, "--format", "epub", "--out", tmp_path, "--jobs", "1", env={"TZ": "Asia/Tokyo"})
    assert run.status == 0, run.err
    assert (tmp_path / "epub/torture.epub").read_bytes() == (out / "epub/torture.epub").read_bytes()


def test_nothing_of_a_site_is_in_it(out: Path) -> None:
    with zipfile.ZipFile(out / "epub/torture.epub") as archive:
        names = archive.namelist()
        texts = {n: archive.read(n).decode() for n in names if n.endswith((".xhtml", ".css", ".svg"))}
    assert [n for n in names if n.endswith((".js", ".mp4"))] == []
    for name, text in texts.items():
        assert [
            w for w in ("<script", "onclick", "onload", "javascript:", "url(https", "<button") if w in text
        ] == [], name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("design", ["By package.", "By installer.", "Opened.", "Unfolded.", "Its footer.", 'alt="A dot on top"']),
        ("extensions", ["In tab one.", "In the group.", "Inside the admonition.", "A leads to B", "2, by"]),
        ("notebook", ["<td>1</td>", "printed &amp; &lt;kept&gt;", "IntSlider(value=1)", "<img", "<math", "ValueError"]),
        ("restructured", ["Only in HTML.", "Only in the EPUB.", 'role="doc-noteref"', "<caption", 'role="doc-tip"']),
        ("markup", ["And", "what a canvas would show", "given", "text area", "moving", 'lang="de"', ">inside</text>"]),
    ],
)
def test_interactive_parts_unfold(out: Path, name: str, parts: list[str]) -> None:
    text = page(out, name)
    assert [p for p in parts if p.lower() not in text.lower()] == []
    assert "Never here." not in text
