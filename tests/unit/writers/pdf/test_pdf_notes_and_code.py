"""Notes at the foot of a page on which lines of code end that go on on the next page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf

LONG = "a line of code that is longer than the measure of the page, so that it must be broken into two"


def chapter(number: int) -> str:
    """A chapter with a note; what follows breaks at another place of the page in each."""
    filler = "\n".join(f"| Line {line}" for line in range(number))
    code = "\n".join(f"   {LONG}" for _ in range(24))
    return (
        f"Chapter {number}\n{'=' * 12}\n\n{filler}\n\nWords with a note [#a]_ on them.\n\n"
        f".. code-block:: text\n\n{code}\n\n"
        ".. [#a] See `elsewhere <https://example.org/a>`__.\n"
    )


def test_a_page_that_ends_in_a_broken_line_keeps_its_notes(build: Callable[..., Any]) -> None:
    files = {f"c{n}.rst": chapter(n) for n in range(8)}
    files["index.rst"] = "Book\n====\n\n.. toctree::\n\n" + "".join(f"   c{n}\n" for n in range(8))
    book = build(files)
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")


def test_the_window_is_named_by_the_title(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\nText.\n"})
    with pikepdf.open(book.builder.artefact) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
        assert "/Suspects" not in pdf.Root.MarkInfo
