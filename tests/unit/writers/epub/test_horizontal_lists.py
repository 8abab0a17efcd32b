"""A list in columns is a list, and no table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from octavo.writers.epub.content_model import h
from octavo_testing import Run

SOURCE = "Title\n=====\n\n.. hlist::\n   :columns: 3\n\n   * one\n   * *two*\n   * three\n   * four\n\nAfter.\n"


def test_its_columns_are_one_list(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    root = project({"index.rst": SOURCE})
    run = octavo("build", root, "--format", "epub", "-W")
    assert run.status == 0, run.err
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        page = etree.fromstring(book.read("EPUB/index.xhtml"))
    (found,) = page.iter(h("ul"))
    assert ["".join(item.itertext()).strip() for item in found] == ["one", "two", "three", "four"]
    assert not list(page.iter(h("table")))
    assert "After." in "".join(page.itertext())
