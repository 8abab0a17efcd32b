"""The pages that one writer leaves for the other, and their order."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.staging import PageKind, PageOfTarget, PrintedPage, PrintedPages
from octavo.staging.printed_pages import heaviest_ascent

PAGES = PrintedPages(
    pages=(
        PrintedPage(label="i", kind=PageKind.TITLE),
        PrintedPage(label="1", kind=PageKind.TEXT, before="", after="Größe “und” Maß"),
    ),
    targets=(PageOfTarget(docname="größe", anchor="a b", page=2, label="1"),),
)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    PAGES.save(tmp_path / "pages.json")
    assert PrintedPages.load(tmp_path / "pages.json") == PAGES


@pytest.mark.parametrize("content", ["", "{}", '{"version": 0}', '{"version": 1, "pages": [["i"]], "targets": []}'])
def test_what_is_not_whole_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "pages.json").write_text(content)
    with pytest.raises(ValueError, match="no readable list of pages"):
        PrintedPages.load(tmp_path / "pages.json")


def test_what_floats_drops_out() -> None:
    pages = [1, 1, 2, 1, 2, 3]  # a figure on page 2 stands in the text of page 1
    assert heaviest_ascent(pages, [50, 40, 1, 60, 70, 20]) == [0, 1, 3, 4, 5]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9)), max_size=9))
def test_no_ascent_is_heavier(runs: list[tuple[int, int]]) -> None:
    pages, weights = [p for p, _ in runs], [w for _, w in runs]
    found = heaviest_ascent(pages, weights)
    assert all(pages[a] <= pages[b] and a < b for a, b in pairwise(found))
    possible = (
        chosen
        for size in range(len(runs) + 1)
        for chosen in combinations(range(len(runs)), size)
        if all(pages[a] <= pages[b] for a, b in pairwise(chosen))
    )
    assert sum(weights[n] for n in found) == max(sum(weights[n] for n in chosen) for chosen in possible)
