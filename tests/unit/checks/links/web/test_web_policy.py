"""Comments in sources, added lines, excluded files: what is asked for at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from octavo.checks.links.web.changed import added_lines, added_since
from octavo.checks.links.web.comments import comments_in, ignoring_comment, reader_of
from octavo.checks.links.web.links import links_of_list
from octavo.checks.links.web.table import LinkTable
from octavo.diagnostics import ConfigurationError, Location


@pytest.mark.parametrize(
    "line",
    [
        "% octavo: ignore-link https://a.org/*",
        ".. octavo: ignore-link https://a.org/*",
        "   .. octavo: ignore-link https://a.org/*",
        "<!-- octavo: ignore-link https://a.org/* -->",
    ],
)
def test_a_comment_of_each_markup_leaves_a_link_out(line: str) -> None:
    (comment,) = comments_in(f"# Title\n\n{line}\n", "ch.md")
    assert comment.name == "ch.md:3"
    assert comment.pattern.fullmatch("https://a.org/x?y#z")
    assert not comment.pattern.fullmatch("https://aXorg/x")


def test_prose_about_the_comment_is_none() -> None:
    assert comments_in("Write octavo: ignore-link URL\n", "ch.md") == []


def test_a_link_is_left_out_only_where_each_of_its_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("% octavo: ignore-link https://a.org/\n")
    (tmp_path / "b.md").write_text("[x](https://a.org/)\n")
    comments = reader_of(tmp_path)
    assert ignoring_comment("https://a.org/", ["a.md"], comments) == "a.md:1"
    assert ignoring_comment("https://a.org/x", ["a.md"], comments) is None
    assert ignoring_comment("https://a.org/", ["a.md", "b.md"], comments) is None
    assert ignoring_comment("https://a.org/", ["a.md", None], comments) is None


def test_a_list_of_urls() -> None:
    lines = ["# a comment\n", "\n", "https://a.org/#x\n", "  https://b.org/  \r\n", "https://a.org/#x\n"]
    with LinkTable() as table:
        table.add(links_of_list(lines, "urls.txt"))
        assert [(link.url, [p.line for p in link.places]) for link in table.joined()] == [
            ("https://a.org/#x", [3, 5]),
            ("https://b.org/", [4]),
        ]


def test_added_lines_of_a_diff() -> None:
    diff = (
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,0 +2,2 @@\n+one\n++++ b/not-a-file\n@@ -9 +12 @@\n-old\n+new\n"
        "diff --git a/gone b/gone\n--- a/gone\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"
        "diff --git a/y b/y\n--- /dev/null\n+++ b/a folder/ü.md\t\n@@ -0,0 +1 @@\n+x\n"
    )
    assert added_lines(diff) == {"x": {2, 3, 12}, "a folder/ü.md": {1}}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.email", "t@example.org")
    git("config", "user.name", "t")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a.md").write_text("one\ntwo\n")
    git("add", ".")
    git("commit", "-qm", "first")
    return tmp_path


def test_only_links_on_added_lines_count(repository: Path) -> None:
    (repository / "book" / "a.md").write_text("one\nnew\ntwo\n")
    (repository / "book" / "b.md").write_text("untracked\n")
    added = added_since("HEAD", repository / "book")
    assert added.has(Location(source="book/a.md", line=2), repository)
    assert added.has(Location(source="a.md", line=2), repository / "book")
    assert not added.has(Location(source="book/a.md", line=1), repository)
    assert added.has(Location(source="book/b.md", line=1), repository)
    assert added.has(Location(source="book/a.md"), repository)
    assert not added.has(Location(artefact="book.pdf", page=1), repository)
    assert not added.has(Location(source="/elsewhere/a.md", line=1), repository)


@pytest.mark.parametrize("revision", ["--output=x", "-p", "", "no-such-revision"])
def test_what_is_no_revision_is_refused(repository: Path, revision: str) -> None:
    with pytest.raises(ConfigurationError):
        added_since(revision, repository)
