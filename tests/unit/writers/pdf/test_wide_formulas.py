"""Formulas that are wider than the text, in the PDF as it comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from octavo.checks.pdf import layout

Build = Callable[..., Any]

LINES = "Words that reach from the one edge of the text to the other, all of them. " * 60


def _text_in_margin(build: Build, terms: int, label: str = "") -> list[str]:
    formula = " + ".join(f"x_{{{n}}}" for n in range(terms))
    book = build({"index.rst": f"Book\n====\n\n{LINES}\n\n.. math::\n{label}\n   {formula} = 0\n\n{LINES}\n"})
    assert book.builder.standards == ("ua-1", "a-2a")
    return [d.rule for d in layout(book.builder.artefact) if d.rule == "pdf/text-in-margin"]


@pytest.mark.parametrize("label", ["", "   :label: sum\n"], ids=["plain", "numbered"])
@pytest.mark.parametrize("terms", [5, 20, 30, 35], ids=["short", "smaller", "half", "lying"])
def test_no_formula_runs_into_the_margin(build: Build, terms: int, label: str) -> None:
    assert _text_in_margin(build, terms, label) == []
