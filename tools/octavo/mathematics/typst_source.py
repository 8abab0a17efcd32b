"""MathML into Typst's mathematics.

The PDF sets formulas so, and the EPUB has those drawn that MathML can't hold. Knows MathML Core and Typst only. The
outcome is an expression for code mode: function calls with content arguments, so that no character of the formula
is ever read as Typst's syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml import etree

from octavo.mathematics.tree import children_of, name_of
from octavo.mathematics.typst_text import array, printable, string

_ACCENTS = {
    "^": "hat", "ˆ": "hat", "̂": "hat", "~": "tilde", "˜": "tilde", "̃": "tilde", "¯": "macron", "̄": "macron",
    "˙": "dot", "̇": "dot", "¨": "dot.double", "̈": "dot.double", "⃛": "dot.triple", "→": "arrow", "⃗": "arrow",
    "←": "arrow.l", "↔": "arrow.l.r", "ˇ": "caron", "̌": "caron", "˘": "breve", "̆": "breve", "´": "acute",
    "́": "acute", "`": "grave", "̀": "grave", "˚": "circle", "̊": "circle", "⇀": "harpoon", "↼": "harpoon.lt",
}  # fmt: skip
_OVER = {"⏞": "overbrace", "⏜": "overparen", "⎴": "overbracket", "‾": "overline", "―": "overline", "¯": "overline"}
_UNDER = {"⏟": "underbrace", "⏝": "underparen", "⎵": "underbracket", "_": "underline", "‾": "underline"}
_UNDER |= {"―": "underline", "̲": "underline", "̱": "underline"}
_VARIANTS: dict[str, tuple[str, ...]] = {
    "normal": ("upright",), "bold": ("bold", "upright"), "italic": ("italic",), "bold-italic": ("bold", "italic"),
    "double-struck": ("bb",), "script": ("cal",), "bold-script": ("bold", "cal"), "fraktur": ("frak",),
    "bold-fraktur": ("bold", "frak"), "sans-serif": ("sans",), "bold-sans-serif": ("bold", "sans"),
    "sans-serif-italic": ("italic", "sans"), "sans-serif-bold-italic": ("bold", "italic", "sans"),
    "monospace": ("mono",),
}  # fmt: skip
_LIMITS = {"lim", "max", "min", "sup", "inf", "argmax", "argmin", "lim sup", "lim inf", "limsup", "liminf", "det"}
_LIMITS |= {"gcd", "Pr", "arg max", "arg min"}
_LARGE = set("∑∏∐⋀⋁⋂⋃⨀⨁⨂⨄⨆") | _LIMITS
# stands on both sides of the label of an equation that a text leads to; before it, a function has to be put
LINK = "\ue010"
_INVISIBLE = {"\u2061", "\u2062", "\u2063", "\u2064", "\u200b", ""}
_OPENING, _CLOSING = set("([{⟨⌊⌈|‖⟦"), set(")]}⟩⌋⌉|‖⟧")
_LENGTH = re.compile(r"(-?[\d.]+)\s*(em|ex|pt|px|mu|cm|mm|in|pc)?$")
_UNITS = {"em": 1.0, "ex": 0.43, "pt": 0.1, "px": 0.075, "mu": 1 / 18, "cm": 2.835, "mm": 0.2835, "in": 7.2, "pc": 1.2}
"""Ems of each unit at the 10 points that LaTeX writers think in."""
_NAMED_SPACES = {
    "veryverythinmathspace": 1 / 18, "verythinmathspace": 2 / 18, "thinmathspace": 3 / 18, "mediummathspace": 4 / 18,
    "thickmathspace": 5 / 18, "verythickmathspace": 6 / 18, "veryverythickmathspace": 7 / 18,
}  # fmt: skip


def _text(element: etree._Element) -> str:
    return printable("".join(element.itertext())).strip()


def _ems(length: str | None) -> float | None:
    """A MathML length in ems, or None when it is absent or a keyword that we don't know."""
    if length is None:
        return None
    if length in _NAMED_SPACES:
        return _NAMED_SPACES[length]
    match = _LENGTH.match(length.strip())
    return float(match[1]) * _UNITS[match[2] or "em"] if match else None


_TIGHT = "\uf8f8"
# stands where a text begins or ends without a space: LaTeX sets none there, and Typst one for each in the source
_AT_TIGHT = re.compile(rf"(?:(?<!\\) )?{_TIGHT} ?")


def _symbol(text: str) -> str:
    """Characters as one math symbol or a row of them, in code mode: `$"x"$` would be upright text."""
    return " ".join(f"\\u{{{ord(c):x}}}" for c in text if not c.isspace())


def _content(expression: str) -> str:
    """An argument: a formula of its own, as a value."""
    return f"#${expression}$" if expression else "#[]"


def _value(argument: str) -> str:
    """An argument of a function in math mode, in code mode."""
    return argument.removeprefix("#")


def typst(element: etree._Element) -> str:
    """The Typst math source (between the dollar signs) of a `<math>` tree."""
    inner = element
    while name_of(inner) in ("math", "mrow", "mstyle") and len(children_of(inner)) == 1:
        inner = children_of(inner)[0]
    if name_of(inner) == "mtable" and _is_aligned(inner):
        return _AT_TIGHT.sub("", " \\ ".join(_aligned_rows(inner)))
    return _AT_TIGHT.sub("", _element(element)).strip()


def _row(children: Iterable[etree._Element]) -> str:
    return " ".join(part for part in map(_element, children) if part)


def _styled(body: str, variant: str | None) -> str:
    for function in reversed(_VARIANTS.get(variant or "", ())):
        body = f"{function}({_content(body)})"
    return body


def _identifier(element: etree._Element) -> str:
    text, variant = _text(element), element.get("mathvariant")
    if text == "&":
        return "&"
    if len(text) > 1 and text.isascii() and variant in (None, "normal"):
        return _operator(text)
    if len(text) > 1:
        return _styled(string(text) if variant in (None, "normal") else _symbol(text), variant)
    return _styled(_symbol(text), variant)


def _operator(name: str) -> str:
    return f"op({string(name)}, limits: #{'true' if name in _LIMITS else 'false'})"


def _number(element: etree._Element) -> str:
    text = _text(element)
    body = text if re.fullmatch(r"[0-9]+", text) else string(text) if text else ""
    return _styled(body, element.get("mathvariant"))


def _mark(element: etree._Element) -> str:
    text = _text(element)
    if text in _INVISIBLE:
        return ""
    if len(text) > 1 and text[0].isalpha():
        return _operator(text)
    size = _ems(element.get("minsize") or element.get("maxsize"))
    if size is not None:
        return f"lr(size: #{size:g}em, {_symbol(text)})"
    if len(text) > 1 and text in ("...", ":="):
        return {"...": "\\u{2026}", ":=": "\\u{2254}"}[text]
    symbol = _symbol(text)
    # bars that enclose are as close to their content as letters are, not as far as relations
    return f'class("normal", {symbol})' if text in ("|", "‖") else symbol


def _is_fence(element: etree._Element) -> bool:
    """Whether a delimiter grows with what it encloses, as all do that aren't told not to (MathML Core, appendix B)."""
    return (
        name_of(element) == "mo"
        and element.get("stretchy") != "false"
        and element.get("minsize") is None
        and (_text(element) in _OPENING | _CLOSING or element.get("fence") == "true" or element.get("form") is not None)
    )


def _group(element: etree._Element) -> str:
    children = children_of(element)
    body = _enclosed_by_fences(children) or _row(children)
    colour = element.get("mathcolor") or element.get("color")
    if colour and re.fullmatch(r"#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}", colour):
        body = f'#text(fill: rgb("{colour}"), ${body}$)'
    return body


def _enclosed_by_fences(children: list[etree._Element]) -> str | None:
    """What stands between delimiters that grow with it, or behind one; None when there are none."""
    if len(children) < 2:
        return None
    first, last = _is_fence(children[0]), _is_fence(children[-1])
    inside = children[1 if first else 0 : -1 if last else None]
    if (not first and not (last and len(children) == 2)) or (first and not last and name_of(children[1]) != "mtable"):
        return None
    opening, closing = (
        _symbol(_text(c)) if here and _text(c) != "." else ""
        for c, here in ((children[0], first), (children[-1], last))
    )
    middle = " ".join(f"mid({_symbol(_text(c))})" if _is_fence(c) and _text(c) else _element(c) for c in inside)
    return f"lr({opening} {middle} {closing})"


def _fraction(element: etree._Element) -> str:
    children = children_of(element)
    if len(children) != 2:
        return _row(children)
    over, under = (_content(_element(c)) for c in children)
    if re.match(r"0(\D|$)", element.get("linethickness") or "1"):
        # A stack without rule: its delimiters, where it has any, are elements of their own.
        return f"#math.mat(delim: none, ({_value(over)},), ({_value(under)},))"
    return f"frac({over}, {under})"


def _attached(element: etree._Element) -> str:
    children = children_of(element)
    if not children:
        return ""
    where = {"msub": "b", "msup": "t", "msubsup": "bt"}[name_of(element)]
    base = _element(children[0])
    parts = []
    for position, child in zip(where, children[1:], strict=False):
        body = _element(child)
        primes = position == "t" and set(_text(child)) <= set("′″‴⁗'") and _text(child)
        parts.append(f"{'tr' if primes else position}: {_content(body)}")
    # Without `scripts`, Typst would set what belongs beside a large operator above it in display.
    return f"attach({_content(base)}, {', '.join(parts)})"


def _over_under(element: etree._Element) -> str:
    children, name = children_of(element), name_of(element)
    if not children:
        return ""
    base = _content(_element(children[0]))
    # large operators know for themselves where their limits go: above and below in display, beside in text
    limits = base if _text(children[0]) in _LARGE and not children_of(children[0]) else f"limits({base})"
    if len(children) == 2:
        mark = _text(children[1]) if not children_of(children[1]) else ""
        if name == "mover" and mark in _ACCENTS and not (mark == "¯" and len(_text(children[0])) > 1):
            # by its full name: in a template that has a colour of that name, the short one is the colour
            return f"std.math.accent({base}, {_ACCENTS[mark]})"
        table = _OVER if name == "mover" else _UNDER
        if mark in table:
            return f"{table[mark]}({base})"
        return f"attach({limits}, {'t' if name == 'mover' else 'b'}: {_content(_element(children[1]))})"
    if len(children) > 2:
        return f"attach({limits}, b: {_content(_element(children[1]))}, t: {_content(_element(children[2]))})"
    return _element(children[0])


def _multiscripts(element: etree._Element) -> str:
    children = children_of(element)
    names = [name_of(c) for c in children]
    if not children:
        return ""
    cut = names.index("mprescripts") if "mprescripts" in names else len(children)
    places = [("br", "tr", children[1:cut]), ("bl", "tl", children[cut + 1 :])]
    parts = []
    for low, high, scripts in places:
        for position, group in ((low, scripts[0::2]), (high, scripts[1::2])):
            body = _row(g for g in group if name_of(g) != "none")
            if body:
                parts.append(f"{position}: {_content(body)}")
    return f"attach({', '.join([_content(_element(children[0])), *parts])})"


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    return [
        [cell for cell in children_of(row) if name_of(cell) == "mtd"]
        for row in children_of(table)
        if name_of(row) in ("mtr", "mlabeledtr")
    ]


def _sides(table: etree._Element) -> list[str]:
    """The alignment of each column, from the table or from the cells of its first row; empty when nothing says it."""
    given = (table.get("columnalign") or "").split()
    rows = _rows(table)
    return given or [cell.get("columnalign") or "center" for cell in (rows[0] if rows else [])]


def _is_aligned(table: etree._Element) -> bool:
    """Whether the rows are lines of one display, which meet at their relations."""
    return table.get("displaystyle") == "true" or _sides(table)[:2] == ["right", "left"]


def _aligned_rows(table: etree._Element) -> list[str]:
    return [" & ".join(_row(children_of(cell)) or '""' for cell in row) for row in _rows(table)]


def _table(element: etree._Element) -> str:
    rows, sides = _rows(element), _sides(element)
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return ""
    # in code mode: in math mode, the `;` between rows would end the row's last expression instead
    if _is_aligned(element):
        lines = ", ".join(f"(${line}$, )" for line in _aligned_rows(element))
        return f"#math.mat(delim: none, {lines})"
    body = ", ".join(
        array([_value(_content(_row(children_of(cell)))) for cell in row] + ["[]"] * (columns - len(row)))
        for row in rows
    )
    side = sides[0] if sides and sides[0] in ("left", "right") else "center"
    return f"#math.mat(delim: none, align: {side}, {body})"


def _space(element: etree._Element) -> str:
    if element.get("linebreak") == "newline":
        return "\\ "
    width = _ems(element.get("width"))
    # an operator has its spaces of itself
    return f"#h({width:g}em)" if width and element.get("class") != "octavo-function" else ""


def _enclosed(element: etree._Element) -> str:
    body, notation = _content(_row(children_of(element))), (element.get("notation") or "longdiv").split()
    if "box" in notation or "roundedbox" in notation:
        return f"#box(stroke: 0.5pt, inset: 3pt, baseline: 3pt, {_value(body)})"
    if "updiagonalstrike" in notation and "downdiagonalstrike" in notation:
        return f"cancel({body}, cross: #true)"
    if "updiagonalstrike" in notation or "horizontalstrike" in notation:
        return f"cancel({body})"
    if "downdiagonalstrike" in notation:
        return f"cancel({body}, inverted: #true)"
    if "top" in notation:
        return f"overline({body})"
    if "bottom" in notation:
        return f"underline({body})"
    return _row(children_of(element))


def _words(element: etree._Element) -> str:
    text = printable("".join(element.itertext())).replace("\xa0", " ")
    if not text:
        return ""
    if not text.strip():
        return f"#h({0.25 * len(text):g}em)"
    functions = [f for f in _VARIANTS.get(element.get("mathvariant") or "", ()) if f in ("bold", "italic")]
    body = string(text.strip())  # a source space beside a text is a space in print
    for function in functions:
        body = f"{function}({body})"
    body = f"{'' if text[0].isspace() else _TIGHT}{body}{'' if text[-1].isspace() else _TIGHT}"
    leads_to = (element.get("href") or "").removeprefix("#")
    return f"{LINK}{leads_to}{LINK}[{_content(body).removeprefix('#')}]" if leads_to else body


def _radical(element: etree._Element) -> str:
    children = children_of(element)
    if name_of(element) == "mroot" and len(children) == 2:
        return f"root({_content(_element(children[1]))}, {_content(_element(children[0]))})"
    return f"sqrt({_content(_row(children))})"


def _hidden(element: etree._Element) -> str:
    return f"#hide(${_row(children_of(element))}$)"


_FUNCTIONS: dict[str, Callable[[etree._Element], str]] = {
    "mi": _identifier, "mn": _number, "mo": _mark, "mtext": _words, "ms": _words, "mspace": _space,
    "mrow": _group, "mstyle": _group, "mfrac": _fraction, "msqrt": _radical, "mroot": _radical, "msub": _attached,
    "msup": _attached, "msubsup": _attached, "mover": _over_under, "munder": _over_under, "munderover": _over_under,
    "mmultiscripts": _multiscripts, "mtable": _table, "menclose": _enclosed, "mphantom": _hidden,
}  # fmt: skip


def _element(element: etree._Element) -> str:
    function = _FUNCTIONS.get(name_of(element))
    return function(element) if function else _row(children_of(element))
