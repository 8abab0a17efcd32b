"""MathML into Typst: every construct compiles, and says what it should."""

from __future__ import annotations

import pytest
import typst

from hard_formulas import FORMULAS
from octavo.mathematics.mathml import to_mathml
from octavo.mathematics.typst_source import typst as as_typst

COMPILER = typst.Compiler()
CONSTRUCTS = [
    r"x^2 + y_1' = \frac{a}{b}",
    r"\sum_{i=0}^n i \prod_k \int_0^\infty e^{-x}\,dx",
    r"\left( \frac{a}{b} \right] \left. x \right|_{0} \left\{ a \middle| b \right\}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{vmatrix} 1 \end{vmatrix}",
    r"\begin{cases} a, & \text{if } b; \\ c & d \end{cases}",
    r"\begin{align} a &= b, \\ c &= d \end{align}",
    r"x = \begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\hat{x} \bar{y} \vec{v} \tilde{z} \dot{a} \ddot{a}",
    r"\overline{ab} \underline{c} \overbrace{x}^{n} \underbrace{y}_{m}",
    r"\sqrt{x} \sqrt[3]{y} \binom{n}{k}",
    r"\mathbb{R} \mathcal{L} \mathfrak{g} \mathbf{x} \mathrm{d} \mathsf{A} \mathtt{b}",
    r"\lim_{x\to 0} \max_i \operatorname{foo} \sin \log",
    r"a \# b \$ c \% d \& e \_ f \{ g \}",
    r"\text{a 'quoted' #text; @x}",
    r"[a, b) ; c : d ! e / f",
    r"\boxed{E} \phantom{x} \quad \; \, x \mid y \| z \|",
    r"\big( \Big[ a \Big] \big)",
]


@pytest.mark.parametrize("latex", CONSTRUCTS)
@pytest.mark.parametrize("display", [True, False])
def test_compiles(latex: str, display: bool) -> None:
    source = as_typst(to_mathml(latex, display=display))
    space = " " if display else ""
    COMPILER.compile(f"${space}{source}{space}$".encode(), format="pdf")


@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_hard_formulas_compile(display: bool) -> None:
    space = " " if display else ""
    sources = [as_typst(to_mathml(latex, display=display)) for latex, _ in FORMULAS]
    COMPILER.compile("\n\n".join(f"${space}{s}{space}$" for s in sources).encode(), format="pdf")


@pytest.mark.parametrize(
    ("latex", "source"),
    [
        (r"\frac{a}{2}", r"frac(#$\u{61}$, #$2$)"),
        ("x_i^2", r"attach(#$\u{78}$, b: #$\u{69}$, t: #$2$)"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", r"\u{61} & \u{3d} \u{62} \ \u{63} & \u{3d} \u{64}"),
        (r"\hat{x}", r"std.math.accent(#$\u{78}$, hat)"),
        (r"1\text{-st}", '1"-st"'),
        (r"1\text{ of }x", r'1 "of" \u{78}'),
        (r"\text{a}\text{b} 2", '"a""b"2'),
        (r"\begin{align} 1 \\ \text{a} \end{align}", r'1 \ "a"'),
        (r"x_{\text{max}}", r'attach(#$\u{78}$, b: #$"max"$)'),
        (r"\LaTeX", '"LaTeX"'),
    ],
)
def test_source(latex: str, source: str) -> None:
    assert as_typst(to_mathml(latex, display=True)) == source
