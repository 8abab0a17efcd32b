"""Plots as SVG: whole, named, and readable without colours."""

from __future__ import annotations

import pytest
from lxml import etree
from plot import Axis, Line, Point, plot

SVG = "{http://www.w3.org/2000/svg}"
LINES = (
    Line(name="Octavo", points=(Point(x=10, y=2), Point(x=1000, y=50))),
    Line(name="Sphinx & co", points=(Point(x=10, y=2.5), Point(x=1000, y=700, reckoned=True))),
)


def drawn(lines: tuple[Line, ...] = LINES) -> etree._Element:
    return etree.fromstring(plot("A title", "What it shows", "seconds", lines).encode())


def test_it_says_what_it_shows() -> None:
    root = drawn()
    assert root.get("role") == "img"
    assert [root.find(f"{SVG}{name}").text for name in ("title", "desc")] == ["A title", "What it shows"]
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(root.get("aria-labelledby").split()) == ids


def test_each_tool_has_a_line_a_shape_and_a_name() -> None:
    root = drawn()
    assert len(root.findall(f"{SVG}polyline")) == 2
    assert len(root.findall(f"{SVG}circle")) == 3  # two points and the key
    assert len(root.findall(f"{SVG}polygon")) == 3
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"Octavo", "Sphinx & co", "pages", "seconds", "10", "1,000", "hollow: reckoned"} <= set(texts)


def test_what_is_reckoned_is_hollow() -> None:
    hollow = [square for square in drawn().findall(f"{SVG}polygon") if square.get("fill") == "#ffffff"]
    assert len(hollow) == 1


def test_more_goes_up_and_larger_books_to_the_right() -> None:
    first, last = (
        tuple(float(number) for number in pair.split(","))
        for pair in drawn().find(f"{SVG}polyline").get("points").split()
    )
    assert last[0] > first[0]
    assert last[1] < first[1]


def test_one_point_is_drawn_without_a_line() -> None:
    root = drawn((Line(name="Octavo", points=(Point(x=300, y=12),)),))
    assert root.find(f"{SVG}polyline") is None
    assert len(root.findall(f"{SVG}circle")) == 2


def test_nothing_to_show() -> None:
    with pytest.raises(ValueError, match="no points"):
        plot("A title", "", "seconds", ())


def test_an_axis_is_logarithmic() -> None:
    axis = Axis(least=1, most=100, begin=0, end=200)
    assert [axis.at(value) for value in (1, 10, 100)] == pytest.approx([0, 100, 200])
