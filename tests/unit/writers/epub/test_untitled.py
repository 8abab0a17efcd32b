"""Documents without a title are called by the words that they begin with."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from octavo.writers.epub.content_model import h
from octavo_testing import Run

SOURCES = {
    "index.md": "# Book\n\nText.\n",
    "part/_words.md": "---\norphan: true\n---\n\n<!-- a note -->\n\nWe *begin* here, and then there are many more "
    "words than any table of contents has room for.\n",
    "part/_code.md": "---\norphan: true\n---\n\n```python\nx = 1\n```\n",
}


def test_the_contents_say_what_is_there(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    root = project(SOURCES)
    run = octavo("build", root, "--format", "epub")
    assert run.status == 0, run.err
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        nav = etree.fromstring(book.read("EPUB/nav.xhtml"))
        page = etree.fromstring(book.read("EPUB/part-words.xhtml"))
    (contents,) = [found for found in nav.iter(h("nav")) if found.get("id") == "toc"]
    beginning = "We begin here, and then there are many more words than any …"
    assert {"Book", "code", beginning} <= {link.text for link in contents.iter(h("a"))}
    assert page.findtext(f"{h('head')}/{h('title')}") == beginning
