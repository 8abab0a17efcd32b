"""What a chapter shows of the documents that follow in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

FILES = {
    "index.rst": "Book\n====\n\n.. toctree::\n\n   chapter\n",
    "chapter.rst": (
        "Chapter\n=======\n\nWords before it.\n\n.. toctree::\n   :caption: What follows\n\n   one\n"
        "   As it is called here <two>\n   Elsewhere <https://example.org/>\n\n.. toctree::\n   :hidden:\n\n   three\n"
    ),
    "one.rst": "One\n===\n\nText.\n",
    "two.rst": "Two\n===\n\nText.\n",
    "three.rst": "Three\n=====\n\nText.\n",
}


def test_a_chapter_lists_the_documents_that_its_toctree_shows(build: Callable[..., Any]) -> None:
    book = build(FILES)
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    page = next(text for text in book.texts() if "Words before it." in text)
    shown = page[: page.index("Text.")]
    assert "What follows" in shown
    assert re.search(r"What follows\s+One\s+As it is called here\s+Elsewhere", shown)
    assert "Three" not in shown


def test_the_start_document_has_the_table_of_contents_for_it(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\nText.\n\n.. toctree::\n\n   one\n", "one.rst": "One\n===\n\nText.\n"})
    assert book.warnings == ()
    assert "#list(" not in book.typst
