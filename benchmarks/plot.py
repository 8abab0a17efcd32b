"""A plot of costs over pages as SVG: both axes logarithmic, tools told apart by shape as well as by colour.

Plain shapes and text, no style sheet and no script, so that it looks the same in a browser, a reading system and a PDF.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 72, 214, 46, 58
INK, GRID = "#222222", "#d5d5d5"
# colours that people with a colour vision deficiency can tell apart, dark enough for white paper (after Okabe and Ito)
COLOURS = ("#0072b2", "#56a0d3", "#c24100", "#00795a", "#a8518a", "#806000", "#555555")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "point-down", "plus")
FACTORS = (1, 2, 5)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One measurement. x, y: above zero. reckoned: drawn hollow."""

    x: float
    y: float
    reckoned: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one tool took, by growing x."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A logarithmic axis. least, most: of the values; begin, end: where these are, in the picture's units."""

    least: float
    most: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is."""
        if self.most == self.least:
            return (self.begin + self.end) / 2
        part = math.log(value / self.least) / math.log(self.most / self.least)
        return self.begin + part * (self.end - self.begin)


def plot(title: str, description: str, y_label: str, lines: Sequence[Line]) -> str:
    """The picture. description: what it shows, for who can't see it.

    Raises: ValueError if there is nothing to show.
    """
    points = [point for line in lines for point in line.points]
    if not points:
        raise ValueError("no points to plot")
    x_values = sorted({point.x for point in points})
    y_least, y_most = _wide(min(point.y for point in points), max(point.y for point in points))
    x = Axis(least=x_values[0], most=x_values[-1], begin=LEFT + 12, end=WIDTH - RIGHT - 12)
    y = Axis(least=y_least, most=y_most, begin=HEIGHT - BOTTOM, end=TOP)
    body = [*_grid(x, y, x_values, y_label), *_lines(x, y, lines), *_legend(lines)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            'role="img" aria-labelledby="title description" font-family="sans-serif" font-size="13">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold" fill="{INK}">{escape(title)}</text>',
            *body,
            "</svg>",
            "",
        ]
    )


def _wide(least: float, most: float) -> tuple[float, float]:
    """The next round numbers outside of two."""
    steps = [factor * 10.0**power for power in range(-6, 9) for factor in FACTORS]
    below = max((step for step in steps if step <= least), default=least)
    above = min((step for step in steps if step >= most), default=most)
    return below, above if above > below else below * 10


def _grid(x: Axis, y: Axis, x_values: Sequence[float], y_label: str) -> list[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    drawn = []
    for power in range(-6, 9):
        for factor in FACTORS:
            value = factor * 10.0**power
            if y.least <= value <= y.most:
                at = y.at(value)
                drawn.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}" stroke="{GRID}"/>')
                drawn.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="{INK}">{value:,g}</text>')
    for value in x_values:
        at = x.at(value)
        drawn.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{bottom}" stroke="{GRID}"/>')
        drawn.append(f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle" fill="{INK}">{value:,g}</text>')
    middle_x, middle_y = (LEFT + right) / 2, (TOP + bottom) / 2
    drawn.append(f'<text x="{middle_x:.1f}" y="{HEIGHT - 16}" text-anchor="middle" fill="{INK}">pages</text>')
    drawn.append(
        f'<text x="18" y="{middle_y:.1f}" text-anchor="middle" fill="{INK}" '
        f'transform="rotate(-90 18 {middle_y:.1f})">{escape(y_label)}</text>'
    )
    return drawn


def _lines(x: Axis, y: Axis, lines: Sequence[Line]) -> list[str]:
    drawn = []
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        places = [(x.at(point.x), y.at(point.y)) for point in line.points]
        if len(places) > 1:
            path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
            width = 3 if number == 0 else 1.8
            drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
        for (a, b), point in zip(places, line.points, strict=True):
            drawn.append(_mark(SHAPES[number % len(SHAPES)], a, b, colour, hollow=point.reckoned))
    return drawn


def _legend(lines: Sequence[Line]) -> list[str]:
    left, drawn = WIDTH - RIGHT + 22, []
    for number, line in enumerate(lines):
        at = TOP + 12 + 24 * number
        drawn.append(_mark(SHAPES[number % len(SHAPES)], left, at, COLOURS[number % len(COLOURS)], hollow=False))
        drawn.append(f'<text x="{left + 14}" y="{at + 4}" fill="{INK}">{escape(line.name)}</text>')
    if any(point.reckoned for line in lines for point in line.points):
        at = TOP + 12 + 24 * len(lines)
        drawn.append(f'<text x="{left - 6}" y="{at + 4}" fill="{INK}">hollow: reckoned</text>')
    return drawn


def _mark(shape: str, x: float, y: float, colour: str, *, hollow: bool) -> str:
    fill = "#ffffff" if hollow else colour
    look = f'fill="{fill}" stroke="{colour}" stroke-width="2"'

    def closed(*places: tuple[float, float]) -> str:
        return f'<polygon points="{" ".join(f"{x + a:.1f},{y + b:.1f}" for a, b in places)}" {look}/>'

    match shape:
        case "circle":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" {look}/>'
        case "square":
            return closed((-4, -4), (4, -4), (4, 4), (-4, 4))
        case "triangle":
            return closed((0, -5), (5, 4), (-5, 4))
        case "diamond":
            return closed((0, -6), (5, 0), (0, 6), (-5, 0))
        case "point-down":
            return closed((-5, -4), (5, -4), (0, 5))
        case "cross":
            path = f"M{x - 4:.1f},{y - 4:.1f} l8,8 m0,-8 l-8,8"
        case _:
            path = f"M{x - 5:.1f},{y:.1f} h10 m-5,-5 v10"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{1.2 if hollow else 2.6}"/>'
