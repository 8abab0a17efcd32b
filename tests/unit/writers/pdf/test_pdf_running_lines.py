"""What stands at the head and at the foot of pages, if the project says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf.running_lines import line_source, running_lines

Build = Callable[..., Any]

LONG = "\n\n".join(f"Paragraph {n} of some length, so that the section fills pages: {'word ' * 60}" for n in range(24))
FILES = {
    "index.rst": "Tool\n====\n\n.. toctree::\n\n   start\n",
    "start.rst": f"Start\n=====\n\nText.\n\nFirst\n-----\n\n{LONG}\n\nSecond\n------\n\n{LONG}\n",
}


def test_lines_of_the_project_stand_on_their_pages(build: Build) -> None:
    running = {
        "head": ["{part}|{section}", "", "{folio}"],
        "foot": ["", "Draft {release}", "~{folio}~"],
        "opener_foot": ["{chapter}", "", ""],
    }
    book = build(FILES, f"octavo_pdf_running = {running!r}\nrelease = '1.5'\n")
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    pages = [[line.split() for line in page.splitlines() if line.strip()] for page in book.texts()]
    opener = next(n for n, page in enumerate(pages) if page and page[0] == ["Start"])
    assert pages[opener][-1] == ["Start"]
    verso, recto = pages[opener + 1 : opener + 3]
    assert verso[0] == ["2", "Test"]
    assert verso[-1] == ["~2~", "Draft", "Release", "1.5"]
    assert recto[0] == ["First", "3"]
    assert recto[-1] == ["Draft", "Release", "1.5", "~3~"]
    assert ["Second", "5"] in (page[0] for page in pages if page)


def test_a_manual_keeps_what_is_not_said(build: Build) -> None:
    settings = "octavo_pdf_theme = 'manual'\noctavo_pdf_running = {'head': ['', '{chapter}', '']}\n"
    pages = [page.split() for page in build(FILES, settings).texts()]
    opener = next(n for n, page in enumerate(pages) if page[:2] == ["1", "Start"])
    assert pages[opener + 1][0] == "Start"
    assert [page[-1] for page in pages[opener : opener + 3]] == [str(n) for n in range(opener + 1, opener + 4)]


def test_text_comes_out_as_itself() -> None:
    (line,) = running_lines({"foot": ["a_b [c] #d", "{{x}}", ""]})
    side = r"([a\_b \[c\] \#d], [\{x\}], [], )"
    assert line_source(line, "") == f"running-foot: now => ({side}, {side})"


@pytest.mark.parametrize(
    "given",
    [
        {"middle": ["", "", ""]},
        {"head": ["", ""]},
        {"head": "abc"},
        {"head": ["{colour}", "", ""]},
        {"head": ["{folio", "", ""]},
        {"head": ["{folio}|{}", "", ""]},
        ["head"],
    ],
)
def test_what_is_no_line_is_refused(given: object) -> None:
    with pytest.raises(ConfigurationError):
        running_lines(given)
