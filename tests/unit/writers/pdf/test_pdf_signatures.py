"""Where the lines of signatures end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_parameters_stay_whole(build: Callable[..., Any]) -> None:
    signature = ", ".join(f"parameter_{n}: list[int] = None" for n in range(8))
    book = build({"index.rst": f"Book\n====\n\n.. py:function:: call({signature})\n\n   Calls.\n"})
    assert book.warnings == ()
    text = "\n".join(book.texts())
    assert [n for n in range(8) if f"parameter_{n}: list[int] = None" not in text] == []


def test_a_parameter_wider_than_the_line_may_be_broken(build: Callable[..., Any]) -> None:
    names = " | ".join(f"some.module.Class{n}" for n in range(6))
    book = build({"index.rst": f"Book\n====\n\n.. py:function:: call(wide: {names})\n\n   Calls.\n"})
    assert book.warnings == ()
    assert "#box[" not in book.typst
    text = "".join(book.texts())
    assert [n for n in range(6) if f"Class{n}" not in text] == []
