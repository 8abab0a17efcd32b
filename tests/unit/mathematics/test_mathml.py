import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hard_formulas import FORMULAS
from octavo.mathematics.mathml import NAMESPACE, NotConvertedError, NothingShownError, to_mathml

MACROS = {"R": r"\mathbb{R}", "norm": r"\left\|#1\right\|", "both": "#2#1", "loop": r"\loop x"}


def written(latex: str, *, display: bool = False) -> str:
    text = etree.tostring(to_mathml(latex, display=display, macros=MACROS), encoding="unicode")
    return text.replace(f' xmlns="{NAMESPACE}"', "")


def words(latex: str) -> str:
    return "".join(to_mathml(latex, display=True, macros=MACROS).itertext())


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("a < b", "<math><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>"),
        (r"\mathrm{d}x", '<math><mrow><mrow><mi mathvariant="normal">d</mi></mrow><mi>x</mi></mrow></math>'),
        (r"\mathrm{max}", '<math><mrow><mrow><mi mathvariant="normal">max</mi></mrow></mrow></math>'),
        (r"\mathcal L", "<math><mrow><mi>ℒ</mi></mrow></math>"),
        (r"a \not\in b", "<math><mrow><mi>a</mi><mo>∉</mo><mi>b</mi></mrow></math>"),
        (
            r"\text{a $x$ b}",
            "<math><mrow><mrow><mtext>a\xa0</mtext><mi>x</mi><mtext>\xa0b</mtext></mrow></mrow></math>",
        ),
        (r"\$\backslash", "<math><mrow><mi>$</mi><mi>\\</mi></mrow></math>"),
        (r"x % a comment", "<math><mrow><mi>x</mi></mrow></math>"),
        (r"\href{https://example.org}{y}", "<math><mrow><mi>y</mi></mrow></math>"),
    ],
)
def test_defects_of_the_converter_are_mended(latex, expected):
    assert written(latex) == expected


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{aligned} a &= b \\ c &= d\end{aligned}",
        r"\begin{align} a &= b \label{eq} \\ c &= d \nonumber\end{align}",
        r"\begin{alignat}{2} a &= b \\ c &= d\end{alignat}",
        r"\begin{equation}\begin{split} a &= b \\ c &= d\end{split}\end{equation}",
        r"a &= b \\ c &= d",
    ],
)
def test_aligned_rows_are_a_table_without_ampersands_or_numbers(latex):
    math = to_mathml(latex, display=True)
    assert len(math.findall(f".//{{{NAMESPACE}}}mtr")) == 2
    assert "".join(math.itertext()) == "a=bc=d"


def test_gathered_rows_are_a_table():
    assert len(to_mathml(r"\begin{gather*}a\\b\end{gather*}", display=True).findall(f".//{{{NAMESPACE}}}mtr")) == 2


def test_macros_with_and_without_arguments():
    assert words(r"\R^2 \norm{x_1} \both{a}{b}") == "ℝ2‖x1‖ba"


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\undefined{x}", r"'\undefined' is not known"),
        (r"\text{\undefined}", r"'\undefined' is not known"),
        (r"\begin{tikzpicture}x\end{tikzpicture}", "the environment tikzpicture is not known"),
        (r"\begin{align}x", "the environment align has no end"),
        (r"\begin{align}x\end{gather}", "align ends as gather"),
        (r"\SI{1}{\furlong}", r"the unit \furlong is not known"),
        (r"\num{x$}", "'x$' is no number"),
        (r"\ce{H{2}", "a brace is not closed"),
        (r"\def\a#1.#2{x}\a", "a definition has arguments with delimiters"),
        (r"\unicode{xFFFFFF}", "there is no such character"),
        (r"\frac{1}", "a part is missing (mfrac has 1 of 2)"),
        (r"\loop", r"the macro \loop calls itself"),
        ("", "it is empty"),
        (r"\hspace{1em}", "nothing of it is visible"),
        (r"\text{a $x}", "a $ is not closed"),
        ("x" * 20_001, "it is longer than 20000 characters"),
    ],
)
def test_what_would_be_lost_or_printed_as_source_is_refused(latex, reason):
    with pytest.raises(NotConvertedError) as caught:
        to_mathml(latex, display=False, macros=MACROS)
    assert caught.value.reason == reason


def test_no_state_goes_from_one_formula_to_the_next():
    to_mathml(r"\newcommand{\foo}{x} \foo", display=False)
    with pytest.raises(NotConvertedError):
        to_mathml(r"\foo", display=False)


@given(st.text(alphabet="\\{}[]^_&$#%~ abx12+=()frac'|\n\x01é", max_size=40), st.booleans())
def test_any_soup_is_converted_whole_or_refused(latex, display):
    try:
        math = to_mathml(latex, display=display)
    except NotConvertedError:
        return
    etree.fromstring(etree.tostring(math))
    assert "$" not in "".join(math.itertext()).replace("$", "", latex.count(r"\$"))


@pytest.mark.parametrize(
    ("latex", "delimiters"),
    [
        (r"\big\{ d \big\}", ["{", "}"]),
        (r"\Bigl\lbrace x \Bigr\rbrace", ["{", "}"]),
        (r"\bigl\lvert x \bigr\rvert", ["|", "|"]),
        (r"\bigg\| x \bigg\|", ["‖", "‖"]),
        (r"\big\langle x \big\rangle", ["⟨", "⟩"]),
        (r"\big( x \big)", ["(", ")"]),
    ],
)
def test_delimiters_of_a_given_size(latex, delimiters):
    math = to_mathml(latex, display=False)
    found = [mo for mo in math.iter("{*}mo") if mo.get("minsize")]
    assert [mo.text for mo in found] == delimiters


@pytest.mark.parametrize("place", ["", "[t]", "[b]", "[c]"])
def test_where_an_environment_stands_on_its_line_prints_nothing(place):
    math = to_mathml(rf"\begin{{aligned}}{place} a &= b \end{{aligned}}", display=True)
    assert "".join(math.itertext()) == "a=b"


def test_an_open_operator_is_a_group_with_limits_in_a_display():
    assert written(r"\mathop{A}_{i}^n x") == (
        "<math><mrow><msubsup><mrow><mrow><mi>A</mi></mrow></mrow><mrow><mi>i</mi></mrow><mi>n</mi></msubsup>"
        "<mi>x</mi></mrow></math>"
    )
    assert "<munderover><mrow>" in written(r"\mathop{A}_{i}^n x", display=True)


def test_an_empty_group_after_an_escape_is_nothing():
    found = written(r"\begin{array}{rl}N&=\mathop{\mathtt{len\_{}at}}\left(w\right)&\in N\end{array}")
    assert found.count("<mtd") == 3
    assert "<mo><m" not in found


def test_fonts_within_a_text_are_texts_side_by_side():
    assert words(r"\text{a \texttt{save\_{}in} b}").replace("\xa0", " ") == "a save_in b"
    assert "\\" not in words(r"\text{\texttt{x}}")


@pytest.mark.parametrize(("latex", "text"), FORMULAS, ids=range(len(FORMULAS)))
@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_hard_formulas_are_converted_whole(latex, text, display):
    numbers = {"eq:energy": "7"}
    math = to_mathml(latex, display=display, reference=numbers.get)
    assert "".join("".join(math.itertext()).split()) == text
    etree.fromstring(etree.tostring(math))
    for token in math.iter("{*}mi", "{*}mn", "{*}mo", "{*}mtext"):
        assert len(token) == 0
        assert "$" not in (token.text or "") or r"\$" in latex
        assert "\\" not in (token.text or "") or "backslash" in latex
        assert not re.search("[\ue000-\uf8ff\U000f0000-\U0010ffff]", token.text or "")


def test_a_reference_leads_to_its_equation():
    math = to_mathml(r"x \text{ by \eqref{a} or \ref{b}}", display=False, reference={"a": "1.2"}.get)
    assert [(t.text, t.get("href")) for t in math.iter("{*}mtext")] == [
        ("\xa0by\xa0", None),
        ("(1.2)", "#a"),
        ("\xa0or\xa0", None),
        ("?", None),
    ]


def test_definitions_hold_for_the_formulas_after_them():
    defined = {}
    with pytest.raises(NothingShownError):
        to_mathml(r"\newcommand{\R}{\mathbb{R}} \def\two{2}", display=True, defined=defined)
    math = to_mathml(r"\R^\two", display=False, defined=defined)
    assert "".join(math.itertext()) == "ℝ2"


@pytest.mark.parametrize(
    ("latex", "shade"),
    [
        (r"\color{red} x", "#eb0000"),
        (r"\textcolor{blue}{x}", "#0000ff"),
        (r"\textcolor{black!50}{x}", "#757575"),
        (r"\textcolor[rgb]{0,0.5,0}{x}", "#008000"),
        (r"\textcolor{nocolour}{x}", None),
    ],
)
def test_colours_are_dark_enough_to_be_read(latex, shade):
    styles = list(to_mathml(latex, display=False).iter("{*}mstyle"))
    assert [s.get("mathcolor") for s in styles] == ([shade] if shade else [])


@pytest.mark.parametrize(
    ("latex", "written_as"),
    [
        (
            r"\ce{SO4^2-}",
            '<msubsup><mi mathvariant="normal">O</mi><mn>4</mn><mrow><mn>2</mn><mo>−</mo></mrow></msubsup>',
        ),
        (
            r"\ce{^14_6C}",
            '<mmultiscripts><mi mathvariant="normal">C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>',
        ),
        (r"\qty{3}{\per\second}", '<msup><mi mathvariant="normal">s</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup>'),
        (r"\SI[per-mode=symbol]{3}{\metre\per\second}", '<mo lspace="0" rspace="0">/</mo>'),
        (
            r"\begin{array}{r|l}a&b\end{array}",
            'columnalign="right" style="text-align: right; border-right: 0.06em solid"',
        ),
        (r"n \log n", '<mi>log</mi><mspace width="0.167em" class="octavo-function"/>'),
        (r"\operatorname*{arg\,max}_x f", '<munder><mo movablelimits="true"'),
    ],
)
def test_what_is_made_here(latex, written_as):
    assert written_as in written(latex, display=True)
