"""The command as a user runs it."""

from __future__ import annotations

import atexit
import gc
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo.cli import main
from octavo_testing import Run

INDEX = "# A Test\n\n```{toctree}\nsecond\n```\n\nText with a [link](second.md).\n"
CLEAN = {"index.md": INDEX, "second.md": "# Second\n\nMore text.\n"}

FAILING_PDF = """
def _break(app, doctree, docname):
    if app.builder.name == "octavo-pdf":
        raise RuntimeError("an extension broke")
def setup(app):
    app.connect("doctree-resolved", _break)
"""


@pytest.fixture
def clean(project: Callable[..., Path]) -> Path:
    return project(CLEAN)


def test_builds_all_three_and_says_so(octavo: Callable[..., Run], clean: Path) -> None:
    run = octavo("build", clean)
    assert run.status == 0, run.err
    assert run.out == ""
    assert re.search(r"^reading: 2 documents$", run.err, re.MULTILINE)
    for name in ("html", "pdf", "epub"):
        assert f"writing {name}: 2 documents" in run.err
    assert "0 errors, 0 warnings" in run.err
    out = clean / "_build"
    assert (out / "html/second.html").is_file()
    assert (out / "pdf/a-test.pdf").read_bytes().startswith(b"%PDF-")
    assert (out / "epub/a-test.epub").read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    assert sorted(p.name for p in out.iterdir()) == [".octavo", "epub", "html", "pdf"]


def test_one_format_leaves_the_others_as_they_were(octavo: Callable[..., Run], clean: Path) -> None:
    assert octavo("build", clean).status == 0
    epub = clean / "_build/epub/a-test.epub"
    before = epub.stat().st_mtime_ns, epub.read_bytes()
    (clean / "second.md").write_text("# Second\n\nAnother text.\n")
    assert octavo("build", clean, "--format", "html").status == 0
    assert "Another text." in (clean / "_build/html/second.html").read_text(encoding="utf-8")
    assert (epub.stat().st_mtime_ns, epub.read_bytes()) == before


def test_json_report(octavo: Callable[..., Run], clean: Path) -> None:
    run = octavo("build", clean, "--format", "html", "--json")
    report = json.loads(run.out)
    assert report["documents"] == report["read"] == 2
    assert [a["format"] for a in report["artefacts"]] == ["html"]
    assert report["artefacts"][0]["bytes"] > 0
    assert report["diagnostics"] == []


def test_a_warning_fails_only_when_asked(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    root = project({"index.md": "# A Test\n\nText.\n", "lost.md": "# Lost\n"})
    run = octavo("build", root, "--format", "html")
    assert run.status == 0
    assert "lost.md: warning sphinx/warning: document isn't included in any toctree" in run.err
    assert octavo("build", root, "--format", "html", "-W").status == 2


def test_a_warning_of_reading_is_said_again_by_a_build_that_reads_nothing(
    octavo: Callable[..., Run], project: Callable[..., Path]
) -> None:
    root = project({"index.md": "# A Test\n\n```{toctree}\nsecond\n```\n\n```{gone}\n```\n", "second.md": "# Second\n"})
    first = octavo("build", root, "--format", "html")
    again = octavo("build", root, "--format", "html")
    assert "(0 read" in again.err
    for run in (first, again):
        assert re.search(r"index.md:7: warning sphinx/warning: Unknown directive type: 'gone'", run.err)
    (root / "index.md").write_text("# A Test\n\n```{toctree}\nsecond\n```\n")
    mended = octavo("build", root, "--format", "html")
    assert "gone" not in mended.err


def test_a_failing_format_stops_no_other(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    root = project(CLEAN)
    assert octavo("build", root).status == 0
    old = (root / "_build/pdf/a-test.pdf").read_bytes()
    project({**CLEAN, "second.md": "# Second\n\nNewer text.\n"}, conf=FAILING_PDF)
    run = octavo("build", root)
    assert run.status in (1, 2)
    assert "book/writer-failed" in run.err
    assert "an extension broke" in run.err
    assert (root / "_build/pdf/a-test.pdf").read_bytes() == old
    assert "Newer text." in (root / "_build/html/second.html").read_text(encoding="utf-8")
    assert not list((root / "_build/.octavo").glob("staging/pdf*"))


def test_a_new_title_leaves_no_old_artefact(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    root = project(CLEAN)
    octavo("build", root, "--format", "epub")
    (root / "_build/epub/mine.epub").write_bytes(b"not Octavo's")
    octavo("build", root, "--format", "epub", "-D", "project=Renamed")
    assert sorted(p.name for p in (root / "_build/epub").glob("*.epub")) == ["mine.epub", "renamed.epub"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["build", "gone"], 3, "no folder 'gone'"),
        (["build", "."], 3, "no Sphinx project"),
        (["build", "--format", "docx"], 3, "docx"),
        (["build", "--jobs", "0"], 3, "jobs"),
        (["frobnicate"], 3, "frobnicate"),
        (["build", "p", "-D", "nothing"], 3, "name=value"),
        (["check", "p"], 3, "nothing was built"),
        (["check", "gone.epub"], 3, "gone.epub"),
        (["check", "folder.epub"], 3, "holds no HTML"),
        (["check", "torn.epub"], 2, "artefact/unreadable"),
        (["check", "torn.pdf"], 2, "artefact/unreadable"),
        (["--version"], 0, ""),
        (["--help"], 0, ""),
        (["build", "--help"], 0, ""),
    ],
)
def test_usage(
    octavo: Callable[..., Run],
    project: Callable[..., Path],
    tmp_path: Path,
    arguments: list[str],
    status: int,
    words: str,
) -> None:
    project(CLEAN, folder="p")
    (tmp_path / "folder.epub").mkdir()
    (tmp_path / "torn.epub").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7 and no more")
    run = octavo(*arguments, cwd=tmp_path)
    assert run.status == status
    assert words in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        ("extensions = ['no_such_extension']", "no_such_extension"),
        ("html_theme = 'no_such_theme'", "no_such_theme"),
        ("this is not Python", "NameError"),
        ("extensions = [", "syntax error"),
        ("1 / 0", "ZeroDivisionError"),
        ("needs_sphinx = '99.0'", "99.0"),
    ],
)
def test_a_broken_configuration_is_a_message(
    octavo: Callable[..., Run], project: Callable[..., Path], conf: str, words: str
) -> None:
    run = octavo("build", project(CLEAN, conf=conf))
    assert run.status in (2, 3)
    assert words in run.err
    assert "octavo/" not in run.err.replace("octavo/theme", "")  # no traceback through our own files


def test_output_inside_the_sources_is_not_read_as_sources(octavo: Callable[..., Run], clean: Path) -> None:
    assert octavo("build", clean, "--out", clean / "made").status == 0
    run = octavo("build", clean, "--out", clean / "made")
    assert "(0 read" in run.err
    assert "2 documents" in run.err


def test_clean_takes_away_only_what_was_built(octavo: Callable[..., Run], clean: Path) -> None:
    octavo("build", clean)
    (clean / "_build/own.txt").write_text("mine")
    run = octavo("clean", clean)
    assert run.status == 0
    assert [p.name for p in (clean / "_build").iterdir()] == ["own.txt"]
    (clean / "_build/own.txt").unlink()
    assert octavo("clean", clean).status == 0
    assert not (clean / "_build").exists()


def test_info(octavo: Callable[..., Run], clean: Path) -> None:
    facts = json.loads(octavo("info", clean, "--json").out)
    assert facts["project"]["documents"] == 2
    assert facts["project"]["name"] == "A Test"
    assert "myst_parser" in facts["project"]["extensions"]
    assert facts["packages"]["sphinx"].split(".")[0] in ("8", "9")
    assert "sphinx.transforms.SphinxSmartQuotes" in facts["changes to Sphinx and docutils"]
    text = octavo("info", clean).out
    assert "name: A Test" in text
    assert not (clean / "_build").exists()


def test_no_colour_without_a_terminal(octavo: Callable[..., Run], clean: Path) -> None:
    run = octavo("build", clean, "--format", "html")
    assert "\x1b" not in run.err + run.out


def test_ends_without_looking_for_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    at_end: list[object] = []
    monkeypatch.setattr(atexit, "register", at_end.append)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert at_end == [gc.freeze]
