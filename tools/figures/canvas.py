"""Write one SVG drawing: a sheet of paper, marks and words, in that order.

Lengths are in user units; a sheet is 600 wide and is printed 11 cm wide, so that 15 units
of type come out at 7.8 points. Text is measured with a generous average width, so that it
still fits where the preferred face is missing and a broader one stands in.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

WIDTH = 600.0
FAMILY = "Libertinus Serif, Georgia, Times New Roman, serif"
TYPE = 15.0
BOLDER = 1.08  # how much broader a bold face may run
EM = 0.62  # a broad fallback's mean advance (DejaVu Serif), in ems

PAPER = "#fbf8f2"
INK = "#231f1c"
QUIET = "#5d554d"
RULE = "#cdc3b4"
ACCENT = "#9a3412"
TINT = "#f1dfd2"

MARKUP = re.compile(r"(\*\*?)([^*]+)\1")


def breadth(words: str, size: float = TYPE) -> float:
    """The room that *words* may take, in user units, in the broadest likely face."""
    return len(words.replace("*", "")) * EM * size


class OverflowingTextError(ValueError):
    """A text does not fit on its sheet."""


class Canvas:
    """One drawing in the making."""

    def __init__(self, *, name: str, title: str, description: str, height: float) -> None:
        self.name = name
        self.height = height
        self._head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {num(WIDTH)} {num(height)}"'
            f' role="img" aria-labelledby="{name}-title {name}-desc"'
            f" font-family={quoteattr(FAMILY)}"
            f' font-size="{num(TYPE)}" fill="{INK}">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(description)}</desc>',
        ]
        self._marks: list[str] = []
        self.rect(0, 0, WIDTH, height, fill=PAPER)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        weight: float = 1.0,
        radius: float = 0.0,
    ) -> None:
        rounded = f' rx="{num(radius)}"' if radius else ""
        self._marks.append(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"'
            f'{rounded} fill="{fill}"{pen(stroke, weight)}/>'
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = INK,
        weight: float = 1.0,
        dash: str = "",
    ) -> None:
        self.path(f"M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}", stroke=stroke, weight=weight, dash=dash)

    def path(
        self,
        d: str,
        *,
        stroke: str = INK,
        weight: float = 1.0,
        fill: str = "none",
        dash: str = "",
    ) -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._marks.append(f'<path d="{d}" fill="{fill}"{pen(stroke, weight)}{dashes}/>')

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        *,
        fill: str = PAPER,
        stroke: str = INK,
        weight: float = 1.5,
    ) -> None:
        self._marks.append(f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}"{pen(stroke, weight)}/>')

    def diamond(self, x: float, y: float, r: float, *, fill: str = ACCENT) -> None:
        self.path(
            f"M{num(x)} {num(y - r)}L{num(x + r)} {num(y)}L{num(x)} {num(y + r)}L{num(x - r)} {num(y)}Z",
            fill=fill,
            stroke=PAPER,
            weight=1.5,
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        fill: str = INK,
        size: float = TYPE,
        bold: bool = False,
    ) -> None:
        """Set *words* with their baseline at *y*; ``*one*`` asterisk marks italics, ``**two**`` bold.

        Raises:
            OverflowingTextError: the words could leave the sheet in a broad face.
        """
        room = breadth(words, size) * (BOLDER if bold else 1)
        left = x - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
        if left < 0 or left + room > WIDTH:
            raise OverflowingTextError(f"{self.name}: {words!r} needs {room:.0f} units at {left:.0f}")
        attributes = "" if anchor == "start" else f' text-anchor="{anchor}"'
        attributes += "" if size == TYPE else f' font-size="{num(size)}"'
        attributes += "" if fill == INK else f' fill="{fill}"'
        attributes += ' font-weight="bold"' if bold else ""
        inner = MARKUP.sub(marked, escape(words))
        self._marks.append(f'<text x="{num(x)}" y="{num(y)}"{attributes}>{inner}</text>')

    def source(self) -> str:
        """The whole drawing, one element a line."""
        return "\n".join([*self._head, *self._marks, "</svg>", ""])


def marked(found: re.Match[str]) -> str:
    style = 'font-weight="bold"' if found[1] == "**" else 'font-style="italic"'
    return f"<tspan {style}>{found[2]}</tspan>"


def num(value: float) -> str:
    """A coordinate to a tenth of a unit, without a trailing nought."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value else "0"


def pen(stroke: str, weight: float) -> str:
    return "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{num(weight)}"'
