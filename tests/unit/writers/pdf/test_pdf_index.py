"""The columns of the index, as they stand on the pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from octavo.writers.pdf import backmatter

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


def test_long_names_stay_in_their_column(build: Callable[..., Any]) -> None:
    name = "package.of.some.depth.with_a_rather_long_name.AndAClassOfItsOwn"
    entries = "".join(f"   single: attribute{n:03} ({name} attribute)\n" for n in range(60))
    book = build({"index.rst": f"Book\n====\n\n.. index::\n{entries}\nText.\n"})
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    first = next(n for n, page in enumerate(book.texts(), 1) if re.match(r"\s*Index\n", page))
    command = ["pdftotext", "-bbox", "-f", str(first), str(book.builder.artefact), "-"]
    boxes = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    width = float(re.search(r'<page width="([\d.]+)"', boxes)[1])  # type: ignore[index]  # each page has one
    spans = [(float(a), float(b)) for a, b in re.findall(r'<word xMin="([\d.]+)"[^>]* xMax="([\d.]+)"', boxes)]
    begins = [left for left, _ in spans]
    assert min(begins) < width * 0.3
    assert max(begins) > width * 0.5
    # none lies across the middle of the text, wherever that is on a right-hand or a left-hand page
    assert not [span for span in spans if span[1] - span[0] > width * 0.36]


LINE = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="[\d.]+" yMax="([\d.]+)">(begin|goes|below)\w*,?</word>')


def test_entries_of_several_lines_hang_and_stay_within_their_columns(build: Callable[..., Any]) -> None:
    names = [f"begin{n:02} of what is said in more words than stand in a column goes{n:02}" for n in range(60)]
    entries = "".join(f"   single: {name}; below{n:02}\n" for n, name in enumerate(names))
    book = build({"index.rst": f"Book\n====\n\n.. index::\n{entries}\nText.\n"})
    first = next(n for n, page in enumerate(book.texts()) if re.match(r"\s*Index\n", page)) + 1
    command = ["pdftotext", "-bbox", "-f", str(first), str(book.builder.artefact), "-"]
    found = LINE.findall(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert len(found) == 3 * len(names)
    assert max(float(bottom) for _x, bottom, _word in found) < 681 - 66  # the page less its lower margin, in points
    for begin, _goes, below in zip(found[::3], found[1::3], found[2::3], strict=True):
        assert [begin[2], below[2]] == ["begin", "below"]
        assert 8 < float(below[0]) - float(begin[0]) < 11  # one em of the index


def test_words_are_hyphenated_only_where_the_column_is_too_narrow(build: Callable[..., Any]) -> None:
    entries = "".join(f"   single: {'n' * n} (package.with_a.ClassOfIt attribute)\n" for n in range(3, 23))
    long = "".join(["under", "stand"] * 8)
    book = build({"index.rst": f"Book\n====\n\n.. index::\n{entries}   single: {long}\n\nText.\n"})
    index = next(page for page in book.texts() if re.match(r"\s*Index\n", page))
    assert index.count("attribute)") == 20
    assert re.search(r"\w[-\u2010\u00ad](\s|$)", index)  # the long word


def test_the_contents_know_where_the_index_is(build: Callable[..., Any]) -> None:
    text = "\n\n".join(f"A paragraph about :index:`word{n:03}`." for n in range(170))
    book = build({"index.rst": f"Book\n====\n\n{text}\n"})
    assert book.warnings == ()
    pages = book.texts()
    contents = next(page for page in pages if re.match(r"\s*Contents\n", page))
    told = {title: int(page) for title, page in re.findall(r"^ *(\w+)[^\w\n]+(\d+)$", contents, re.MULTILINE)}
    assert sorted(told) == ["Book", "Index"]
    first = {title: next(n for n, page in enumerate(pages) if re.match(rf"\s*{title}\n", page)) for title in told}
    assert told["Index"] - told["Book"] == first["Index"] - first["Book"] > 1
    assert re.findall(r"word000, (\d+)", pages[first["Index"]]) == [str(told["Book"])]


def test_an_entry_that_goes_on_is_repeated_at_the_head_of_a_column(build: Callable[..., Any]) -> None:
    entries = "".join(f"   single: word; below{n:03}\n" for n in range(170)) + "   single: yard\n"
    book = build({"index.rst": f"Book\n====\n\n.. index::\n{entries}\nText.\n"})
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    index = "".join(book.texts()).rpartition("Index\n")[2]
    assert len(re.findall(r"^ *word(?! \(continued\))", index, re.MULTILINE)) == 1
    assert index.count("word (continued)") == 3  # of four columns, the first has the entry itself
    assert len(re.findall(r"below\d\d\d", index)) == 170


def test_no_entry_is_repeated_where_a_column_begins_with_an_entry(build: Callable[..., Any]) -> None:
    entries = "".join(f"   single: word{n:03}\n" for n in range(170))
    book = build({"index.rst": f"Book\n====\n\n.. index::\n{entries}\nText.\n"})
    assert "continued" not in "".join(book.texts())


@pytest.mark.parametrize(("language", "expected"), [("de", "(Forts.)"), ("en_GB", "(continued)"), ("eo", "…")])
def test_what_is_said_beside_a_repeated_entry(language: str, expected: str) -> None:
    assert backmatter.continued(language) == expected
