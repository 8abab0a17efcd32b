"""A formula as a vector picture: drawn by Typst, whose outlines need no font in the reader."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from octavo.mathematics.typst_source import typst

if TYPE_CHECKING:
    from lxml import etree

# the size that pictures are drawn at; in a page they are sized by the text around them
_POINTS = 10.0
_PAGE = """\
#set page(width: auto, height: auto, margin: (x: 0.5pt, y: 1pt), fill: none)
#set text(size: 10pt)
#set text(top-edge: "bounds", bottom-edge: "bounds")
${source}$#box(width: 0pt, height: 0pt)[#metadata(none)<baseline>]
#context [#metadata((here().page(), locate(<baseline>).position().y.pt()))<octavo-baseline>]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """svg: the file; width, height: in em of the text around it; depth: how much of the height is below the line."""

    svg: bytes
    width: float
    height: float
    depth: float


class NotDrawnError(Exception):
    """Typst refuses the formula."""


def draw(math: etree._Element, *, display: bool) -> Drawing:
    """Draw a `math` element.

    Raises: NotDrawnError.
    """
    import typst as compiler

    source = f"math.display(${typst(math)}$)" if display else typst(math)
    page = _PAGE.replace("{source}", f"#{source}" if display else source)
    try:
        svg = compiler.compile(page.encode(), format="svg", ignore_system_fonts=True)
        line = json.loads(compiler.query(page.encode(), "<octavo-baseline>", field="value", ignore_system_fonts=True))[
            0
        ][1]
    except compiler.TypstError as error:
        raise NotDrawnError(str(error).splitlines()[0]) from error
    if not isinstance(svg, bytes):
        raise TypeError(f"Typst gave {type(svg).__name__} for a picture")
    size = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if size is None:
        raise NotDrawnError("the picture has no size")
    width, height = float(size[1]), float(size[2])
    return Drawing(
        svg=svg, width=width / _POINTS, height=height / _POINTS, depth=max(0.0, height - float(line)) / _POINTS
    )
