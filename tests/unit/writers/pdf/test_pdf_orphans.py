"""Documents of no toctree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_documents_of_no_toctree_come_last(build: Callable[..., Any]) -> None:
    files = {
        "index.rst": "Book\n====\n\nSee :doc:`zeta`.\n\n.. toctree::\n\n   one\n",
        "one.rst": "One\n===\n\nText.\n",
        "alpha.rst": ":orphan:\n\nAlpha\n=====\n\nNothing leads here.\n",
        "zeta.rst": ":orphan:\n\nZeta\n====\n\nSomething leads here.\n",
    }
    book = build(files)
    assert book.warnings == ()
    titles = [title for rank, title in book.bookmarks() if rank == 1]
    assert titles[-3:] == ["One", "Zeta", "Alpha"]
    assert any("Nothing leads here." in text for text in book.texts())
