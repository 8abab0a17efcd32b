"""The columns of the index, as they stand on the pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

WORD = re.compile(r'<page width="(?P<width>[\d.]+)"|<word xMin="(?P<x>[\d.]+)"[^>]*>(?P<word>[a-z]{2}\d{3}),?</word>')


def columns_of(book: Any, first: int) -> list[tuple[list[str], list[str]]]:
    """The entries of the left and of the right column of each page from the first on (1-based)."""
    command = ["pdftotext", "-bbox", "-f", str(first), str(book.builder.artefact), "-"]
    found: list[tuple[list[str], list[str]]] = []
    middle = 0.0
    for match in WORD.finditer(subprocess.run(command, capture_output=True, check=True, text=True).stdout):
        if match["width"]:
            middle = float(match["width"]) / 2
            found.append(([], []))
        else:
            found[-1][float(match["x"]) > middle].append(match["word"])
    return found


@pytest.mark.parametrize("count", [3, 40, 170])
def test_columns_of_the_last_page_are_of_one_height(build: Callable[..., Any], count: int) -> None:
    names = [f"{'abcdefgh'[n * 8 // count]}x{n:03}" for n in range(count)]
    text = "\n\n".join(f"A paragraph about :index:`{name}`." for name in names)
    book = build({"index.rst": f"Book\n====\n\n{text}\n"})
    pages = book.texts()
    first = next(n for n, page in enumerate(pages) if re.match(r"\s*Index\n", page))
    columns = columns_of(book, first + 1)
    assert [name for pair in columns for column in pair for name in column] == names
    assert (len(columns) > 1) == (count > 100)
    left, right = columns[-1]
    assert 0 <= len(left) - len(right) <= 3
    assert book.builder.standards == ("ua-1", "a-2a")


def test_an_entry_without_pages_stays_with_the_one_below(build: Callable[..., Any]) -> None:
    entries = "".join(f"   single: word{n:02}; below{n:02}\n" for n in range(60))
    book = build({"index.rst": f"Book\n====\n\n.. index::\n{entries}\nText.\n"})
    pages = book.texts()
    first = next(n for n, page in enumerate(pages) if re.match(r"\s*Index\n", page))
    for page in pages[first:]:
        # in the lines of a page, left and right columns alternate
        assert {f"below{n}" for n in re.findall(r"word(\d\d)", page)} == set(re.findall(r"below\d\d", page))
