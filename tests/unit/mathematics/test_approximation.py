"""Formulas that can't be converted: something of each is shown, and is drawn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from octavo.mathematics.approximation import approximate
from octavo.mathematics.drawing import draw

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\undefined{x} + \frac{1}{2}", "undefinedx+12"),
        (r"\frac{a}{b", "ab"),
        ("a } b", "ab"),
        (r"\begin{tikzpicture} x & y \\ z \end{tikzpicture}", "xyz"),
        (r"\begin{align} a &= b", "a=b"),
        (r"\SI{1}{\furlong}", "1furlong"),
        (r"\text{a $x}", "ax"),
        ("}{", "…"),
        ("", "…"),
        (r"\loop", "loop"),
    ],
)
def test_what_can_be_read_is_shown(latex: str, shown: str) -> None:
    math = approximate(latex, display=True, macros={"recursive": r"\recursive"})
    assert "".join("".join(math.itertext()).split()) == shown


@settings(max_examples=60)
@given(st.text(alphabet="\\\\{}[]^_&$#%~ abx12+=()frac'|\n\x01é", max_size=40), st.booleans())
def test_any_soup_is_shown_and_drawn(latex: str, display: bool) -> None:
    math = approximate(latex, display=display)
    assert "".join(math.itertext()).strip()
    assert draw(math, display=display).svg.startswith(b"<svg")


def test_a_drawing_is_of_outlines_and_stands_on_the_line() -> None:
    drawing = draw(approximate(r"\frac{1}{2}", display=False), display=False)
    root = etree.fromstring(drawing.svg)
    assert root.tag == f"{SVG}svg"
    assert list(root.iter(f"{SVG}text")) == []
    assert len(list(root.iter(f"{SVG}path"))) >= 3
    assert 0.3 < drawing.depth < 0.6 < drawing.height < 2
    assert draw(approximate(r"\frac{1}{2}", display=True), display=True).height > drawing.height


def test_the_same_formula_gives_the_same_bytes() -> None:
    drawn = {draw(approximate(r"\undefined{x}", display=True), display=True).svg for _ in range(2)}
    assert len(drawn) == 1
    assert not re.search(rb"/work|/tmp", drawn.pop())
