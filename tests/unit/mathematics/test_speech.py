"""Formulas in words."""

from __future__ import annotations

import pytest
from lxml import etree

from octavo.mathematics.mathml import to_mathml
from octavo.mathematics.speech import spoken


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("x^2", "x squared"),
        ("x^{n+1}", "x to the power n plus 1, end exponent"),
        ("x_i", "x sub i"),
        (r"\frac{1}{2}", "one half"),
        (r"\frac{a}{b}", "a over b"),
        (r"\frac{a+b}{c}", "the fraction with numerator a plus b and denominator c, end fraction"),
        (r"\sqrt{x}", "the square root of x"),
        (r"\sqrt[3]{x}", "the cube root of x"),
        (r"\sum_{i=1}^{n} i", "the sum from i equals 1 to n of i"),
        (r"\int_0^1 f", "the integral from 0 to 1 of f"),
        (r"\lim_{x \to 0} f", "the limit as x approaches 0 of f"),
        (r"\binom{n}{k}", "n choose k"),
        (r"\alpha \leq \Omega", "alpha is less than or equal to capital omega"),
        (r"\hat{x}", "x hat"),
        (r"\mathbb{R}", "the real numbers"),
        (r"\mathbf{v}", "bold v"),
        (r"f'", "f prime"),
        (r"A^T", "capital A transpose"),
    ],
)
def test_inline(latex: str, words: str) -> None:
    assert spoken(to_mathml(latex, display=False)) == words


def test_matrix_by_rows() -> None:
    tree = to_mathml(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", display=True)
    assert spoken(tree) == "the 2 by 2 matrix; row 1: a, b; row 2: c, d; end matrix"


def test_cases_by_case() -> None:
    tree = to_mathml(r"\begin{cases} a & b \\ c & d \end{cases}", display=True)
    assert spoken(tree) == "2 cases; case 1: a, b; case 2: c, d"


def test_aligned_by_line() -> None:
    tree = to_mathml(r"\begin{align} a &= b \\ c &= d \end{align}", display=True)
    assert spoken(tree) == "line 1: a equals b; line 2: c equals d"


def test_never_empty() -> None:
    assert spoken(etree.fromstring('<math xmlns="http://www.w3.org/1998/Math/MathML"><mspace/></math>')) == "formula"
