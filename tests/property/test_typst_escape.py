"""Escaping into Typst: any text comes out as itself."""

from __future__ import annotations

import json
import re

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from octavo.writers.pdf import escape

MARKS = "\\#$*_`<>@=-+/~[]{}\"'():;!?.,&%^| \n"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(MARKS + "ab1"), st.characters(codec="utf-8")), max_size=60)
# The text of what Typst understood, with what it means by spaces, breaks and quotes: anything that is not plain
# text (a heading, a list, emphasis, a link) shows as its own kind of element.
FLATTEN = """
#let flat(c) = {
  let kind = repr(c.func())
  if kind == "sequence" { c.children.map(flat).join("") }
  else if kind == "text" { c.text }
  else if kind == "symbol" { c.text }
  else if kind == "space" { " " }
  else { "<" + kind + ">" }
}
#let shown(c) = [#metadata(flat(c))<shown>]
"""


def queried(source: str, selector: str) -> object:
    """The value of a metadata element."""
    return json.loads(typst.Compiler(source.encode(), ignore_system_fonts=True).query(selector, field="value"))[0]


def understood(markup: str) -> str:
    """What Typst reads in this markup."""
    return str(queried(FLATTEN + f"#shown[#[];{markup}#[];]", "<shown>") or "")


def expected(text: str) -> str:
    """The text as a paragraph has it: line ends are spaces, and spaces that follow each other are one."""
    text = re.sub(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", " ", escape.printable(text))
    return re.sub(r"[ \t]+", " ", text)


def collapsed(text: str) -> str:
    """Spaces that follow each other as one: Typst keeps no-break and other spaces as they are."""
    return re.sub(r"[ \t]+", " ", text)


@settings(max_examples=150)
@given(TEXTS)
@example("1. a")
@example("= a")
@example("- a + b / c: d")
@example("https://example.org/a_b?c=d#e")
@example("a -- b --- c ... d -? e")
@example("// no comment /* at all */")
@example("\\")
@example("#let x = 1; $x$ @y <z>")
@example("`raw` *b* _i_ ~ \"q\" 'q'")
def test_markup_is_its_text(text: str) -> None:
    assert collapsed(understood(escape.markup(text))) == expected(text)


@settings(max_examples=150)
@given(TEXTS)
@example('"\\"')
@example("\\u{41}")
def test_string_is_its_text(text: str) -> None:
    found = queried(f"#[#metadata({escape.string(text)})<string>]", "<string>")
    assert found == re.sub(r"\r\n|[\r\v\f\x85\u2028\u2029]", "\n", escape.printable(text))


@given(st.text(max_size=200))
def test_pieces_are_the_whole(text: str) -> None:
    assert "".join(escape.pieces(text)) == text
    assert all(0 < len(piece) <= 24 for piece in escape.pieces(text))


def test_empty_brackets_stay_with_the_name() -> None:
    assert escape.pieces("python3:math.acos()") == ("python3:", "math.", "acos()")
    assert escape.pieces("acos(angle)") == ("acos", "(angle)")


@given(st.text(alphabet="a->=(:[) -", max_size=40))
def test_what_is_held_together_is_in_its_place(text: str) -> None:
    parts = escape.held(text)
    assert "".join(parts) == text
    assert len(parts) % 2 == 1
    assert all("-" in part and " " not in part for part in parts[1::2])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--option", ["--option"]),
        ("f(a) -> None", ["->"]),
        ("a->b::c", ["->"]),
        ("x[-1]", ["-1"]),
        ("--no-cache-dir", ["--no"]),
        ("<!-- x -->", ["<!--", "-->"]),
        ("well-known", []),
        ("-", []),
    ],
)
def test_operators_and_options_are_held_together(text: str, expected: list[str]) -> None:
    assert list(escape.held(text)[1::2]) == expected


def test_an_option_is_no_joint() -> None:
    assert escape.pieces("--nitpicky-mode") == ("--nitpicky-", "mode")
