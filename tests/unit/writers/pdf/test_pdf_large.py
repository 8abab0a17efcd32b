"""What is too large for its page: formulas wider than the text, pictures that leave no room beside them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

Build = Callable[..., Any]

SUM = " + ".join(f"a_{{{n}}}" for n in range(1, 24))
MIDDLING = " + ".join(f"b_{{{n}}}" for n in range(1, 13))
CELLS = " & ".join([r"\text{a long cell of words}"] * 5)
FORMULAS = f"""\
Book
====

Text.

.. math:: x = {SUM}
   :label: long

.. math:: \\begin{{array}}{{ccccc}} {CELLS} \\\\ {CELLS} \\end{{array}}

.. math:: {MIDDLING}

.. math:: a + b = c
   :label: short
"""


def test_wide_formulas_are_set_smaller(build: Build) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    built = build({"index.rst": FORMULAS}, 'latex_elements = {"papersize": "a5paper"}\n')
    assert built.warnings == ()
    assert built.typst.count("long: true") == 3
    paper = built.builder.assembly.settings.paper
    points = 72 / 25.4
    command = ["pdftotext", "-bbox", str(built.builder.artefact), "-"]
    boxes = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    for left, right in re.findall(r'xMin="([\d.]+)" .*?xMax="([\d.]+)"', boxes):
        assert float(left) > paper.inside * points - 1  # the inner margin is the narrower one
        assert float(right) < (paper.width - paper.inside) * points + 1
    text = " ".join(built.texts()[-1].split())
    assert "(1)" in text
    assert "(2)" in text
    # each is one formula for a screen reader, whatever its size
    assert built.tags().count("Formula") == 4
    assert built.builder.standards == ("ua-1", "a-2a")


TALL = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="{height}"><rect width="9" height="9"/></svg>'
ROWS = "\n".join(f"   * - Row {n}\n     - Words" for n in range(40))
FIGURE = f"""\
Book
====

Text.

.. figure:: tall.svg
   :alt: Tall

   Caption

.. list-table:: Rows
   :header-rows: 1

   * - Head
     - Head
{ROWS}
"""


def test_tall_figure_has_a_page_for_itself(build: Build) -> None:
    built = build({"index.rst": FIGURE, "tall.svg": TALL.format(height=600)}, "numfig = True\n")
    assert built.warnings == ()
    assert 'floats: "page"' in built.typst
    pages = [" ".join(text.split()) for text in built.texts()]
    plate = next(text for text in pages if "Caption" in text)
    assert "Row" not in plate
    # the table goes on before it and after it
    assert "Row 0" in pages[pages.index(plate) - 1]
    assert "Row 39" in pages[pages.index(plate) + 1]
    assert built.builder.standards == ("ua-1", "a-2a")


def test_figure_that_leaves_room_does_not(build: Build) -> None:
    built = build({"index.rst": FIGURE, "tall.svg": TALL.format(height=300)}, "numfig = True\n")
    assert "floats: bottom" in built.typst


def test_formulas_that_blank_lines_part_stand_below_each_other(build: Callable[..., Any]) -> None:
    book = build(
        {
            "index.rst": (
                "Book\n====\n\n.. math::\n   :label: both\n\n   a = b + c\n\n   p &= q \\\\ &= r + s\n\n"
                ".. math::\n\n   \\newcommand{\\half}{\\frac12}\n\n   z = \\half\n\n"
                ".. math::\n   :no-wrap:\n\n   \\begin{gather}\n   u = v\n\n   \\end{gather}\n"
            )
        }
    )
    assert book.warnings == ()
    spoken = "line 1: a equals b plus c; line 2: line 1: p equals q; line 2: equals r plus s"
    assert spoken in book.typst
    assert "gathered" not in book.typst
    assert book.builder.standards == ("ua-1", "a-2a")
