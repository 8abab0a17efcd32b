"""Books to build, and the same book for other tools."""

from __future__ import annotations

import sys
from pathlib import Path

from plain_markdown import make_jupyter_book
from projects import real, synthetic


def test_a_synthetic_book_is_made_once(tmp_path: Path) -> None:
    book = synthetic(tmp_path, 3)
    written = (book.source / "index.md").stat().st_mtime_ns
    assert synthetic(tmp_path, 3) == book
    assert (book.source / "index.md").stat().st_mtime_ns == written
    assert (book.name, book.pages, book.python) == ("3 pages", 3, sys.executable)


def test_projects_are_found_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "one" / "docs").mkdir(parents=True)
    (tmp_path / "one" / "docs" / "index.md").write_text("# One\n")
    file = tmp_path / "projects.toml"
    file.write_text('[[project]]\nname = "One"\nsource = "one/docs"\npython = "venv/bin/python"\npath = ["one"]\n')
    (book,) = real(file)
    assert (book.name, book.source, book.pages) == ("One", tmp_path / "one" / "docs", 1)
    assert book.python == str(tmp_path / "venv" / "bin" / "python")
    assert book.environment()["PYTHONPATH"].split(":")[0] == str(tmp_path / "one")


def test_jupyter_book_gets_the_pages_in_the_order_of_the_toctrees(tmp_path: Path) -> None:
    make_jupyter_book(synthetic(tmp_path, 21).source, tmp_path / "made")
    contents = (tmp_path / "made" / "_toc.yml").read_text()
    assert contents.startswith("format: jb-book\nroot: index\nchapters:\n- file: part0/index\n  sections:\n")
    assert contents.index("part0/page2\n") < contents.index("part0/page10") < contents.index("part1/page20")
    assert not (tmp_path / "made" / "conf.py").exists()
    assert all("{toctree}" not in path.read_text() for path in (tmp_path / "made").rglob("*.md"))
