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


def sections(*titles: str) -> str:
    return "".join(f"{title}\n{'-' * len(title)}\n\n{'Text. ' * 900}\n\n" for title in titles)


def test_a_list_of_sections_that_a_document_asks_for_has_their_pages(build: Callable[..., Any]) -> None:
    asked = ".. contents:: What is here\n   :local:\n\n"
    one = f"One\n===\n\n{asked}{sections('First *part*', 'Second part')}Below\n~~~~~\n\nText.\n"
    book = build({"index.rst": "Book\n====\n\nText.\n\n.. toctree::\n\n   one\n", "one.rst": one})
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    page = next(text for text in book.texts() if "What is here" in text)
    # what is on the same page needs no number
    shown = r"What is here\s+First part\s+Second part \(p\. (\d+)\)\s+Below \(p\. (\d+)\)\s+First part\s+Text\."
    found = re.search(shown, page)
    assert found, page
    for number, title in zip(found.groups(), ("Second part", "Below"), strict=True):
        assert any(
            re.search(rf"^\s*{title}$", text, re.M) and re.search(rf"\b{number}\b", text) for text in book.texts()
        )


def test_a_list_of_no_section_is_none(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\n.. contents::\n   :local:\n\nText.\n"})
    assert "#local-contents" not in book.typst
