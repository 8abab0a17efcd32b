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


def test_what_goes_on_of_a_signature_is_indented_and_its_name_is_whole(build: Callable[..., Any]) -> None:
    name = "package.module.some_class_of_it.method"
    book = build(
        {"index.rst": f"Book\n====\n\n.. py:function:: {name}(parameter: some.module.Class) -> str\n\n   Calls.\n"}
    )
    assert book.builder.standards == ("ua-1", "a-2a")
    lines = "\n".join(book.texts()).splitlines()
    first = next(n for n, line in enumerate(lines) if name in line)
    following = next(line for line in lines[first + 1 :] if line.strip())
    assert lines[first].endswith(f"{name}(")
    assert following.strip().startswith("parameter: some.module.Class")
    assert len(following) - len(following.lstrip()) > len(lines[first]) - len(lines[first].lstrip())


TYPES = "Book\n====\n\n.. py:function:: call(hook)\n\n   :param hook: {words}\n   :type hook: {types}\n"


def test_lines_before_a_long_type_are_not_stretched(build: Callable[..., Any]) -> None:
    types = "Callable | list[Callable] | None | Literal[some.module.NO_OPERATION]"
    book = build({"index.rst": TYPES.format(types=types, words="Called.")})
    assert book.warnings == ()
    assert book.typst.count("#ragged[") == 1
    line = next(line for text in book.texts() for line in text.splitlines() if "hook (Call" in line)
    assert "  " not in line.strip()


def test_a_short_type_has_straight_margins(build: Callable[..., Any]) -> None:
    book = build({"index.rst": TYPES.format(types="list[Callable] | None", words="Called with many words. " * 9)})
    assert "#ragged[" not in book.typst


def test_a_paragraph_of_names_is_not_stretched(build: Callable[..., Any]) -> None:
    names = ", ".join(f"``python3:math.a{n}()``" for n in range(9))
    prose = "Words and words, of which there are more than of ``names()`` such as ``those()`` and ``these()``. "
    book = build({"index.rst": f"Book\n====\n\nFunctions: {names}\n\n{prose * 3}\n"})
    assert book.typst.count("#ragged[") == 1
    line = next(line for text in book.texts() for line in text.splitlines() if "Functions" in line)
    assert "  " not in line.strip()
