"""What is kept of an artefact's inside is used for the very same content, and for nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from octavo.checks.links import check_site
from octavo.checks.links.memory import ReportMemory, content_key
from octavo.link_checking import scope_of_files


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "sub").mkdir(parents=True)
    (root / "index.html").write_text(
        '<a href="b.html#x"><a href="https://example.org/"><a href="mailto:a@example.org">'
    )
    (root / "b.html").write_text('<p id="y">')
    (root / "sub" / "i.png").write_bytes(b"picture")
    return root


def test_a_report_comes_back_as_it_was(site: Path) -> None:
    connection = sqlite3.connect(":memory:")
    memory = ReportMemory(connection)
    report = check_site(site, artefact="site", trace=None)
    assert report.diagnostics
    assert report.external
    assert report.schemes
    key = content_key(site, ("1",))
    assert memory.get("site", key) is None
    memory.put("site", key, report)
    assert memory.get("site", key) == report
    assert memory.get("other", key) is None
    assert ReportMemory(connection, may_read=False).get("site", key) is None
    connection.execute("UPDATE reports SET report = ?", (b"cut off",))
    assert memory.get("site", key) is None
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "b.html").write_text('<p id="x">'),
        lambda root: (root / "sub" / "i.png").rename(root / "sub" / "j.png"),
        lambda root: (root / "sub" / "new.css").write_text("p {}"),
        lambda root: (root / "b.html").unlink(),
    ],
)
def test_any_change_that_a_check_would_see_changes_the_key(site: Path, change: object) -> None:
    before = content_key(site, ("1",))
    assert content_key(site, ("1",)) == before
    assert content_key(site, ("2",)) != before
    assert callable(change)
    change(site)
    assert content_key(site, ("1",)) != before


def test_a_picture_that_is_another_changes_no_link(site: Path) -> None:
    before = content_key(site, ())
    (site / "sub" / "i.png").write_bytes(b"another")
    assert content_key(site, ()) == before


def test_a_second_check_says_the_same_and_sees_a_change(site: Path) -> None:
    connection = sqlite3.connect(":memory:")
    memory = ReportMemory(connection)
    first = scope_of_files([site], memory)
    assert len(first.diagnostics) == 1
    assert scope_of_files([site], memory) == first == scope_of_files([site], None)
    (site / "b.html").write_text('<p id="x">')
    assert scope_of_files([site], memory).diagnostics == ()
    connection.close()


def test_every_byte_of_a_large_page_is_in_the_key(site: Path) -> None:
    page, size = site / "b.html", 5 * 1024 * 1024 // 2
    keys = set()
    for place in (0, size // 2, size - 1):
        data = bytearray(b"x" * size)
        data[place] = ord("y")
        page.write_bytes(data)
        keys.add(content_key(site, ("1",)))
    assert len(keys) == 3
