"""MathML into English words: what a screen reader says where it can't read the formula itself.

A PDF carries a formula as a drawing with an alternative text; this module writes it, in the manner of a teacher who
reads from the board: "x squared plus the fraction with numerator a and denominator b". It knows MathML only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from lxml import etree

from octavo.mathematics.tree import children_of, name_of

_SYMBOLS = {
    "+": "plus", "-": "minus", "−": "minus", "±": "plus or minus", "∓": "minus or plus", "×": "times", "·": "times",
    "⋅": "times", "∗": "star", "*": "star", "÷": "divided by", "/": "over", "∕": "over", "=": "equals",
    "≠": "is not equal to", "<": "is less than", ">": "is greater than", "≤": "is less than or equal to",
    "≥": "is greater than or equal to", "⩽": "is less than or equal to", "⩾": "is greater than or equal to",
    "≪": "is much less than", "≫": "is much greater than", "≈": "is approximately equal to",
    "≃": "is asymptotically equal to", "≅": "is congruent to", "≡": "is identical to", "∼": "is similar to",
    "~": "is similar to", "∝": "is proportional to", "≔": "is defined as", ":=": "is defined as", "∈": "in",
    "∉": "not in", "∋": "contains", "⊂": "is a proper subset of", "⊆": "is a subset of", "⊃": "is a proper superset of",
    "⊇": "is a superset of", "∪": "union", "∩": "intersection", "∅": "the empty set", "∖": "set minus",
    "∀": "for all", "∃": "there exists", "∄": "there does not exist", "¬": "not", "∧": "and", "∨": "or",
    "⊕": "direct sum", "⊗": "tensor product", "∘": "composed with", "→": "to", "⟶": "to", "←": "from",
    "↔": "if and only if", "⇒": "implies", "⟹": "implies", "⇐": "is implied by", "⇔": "if and only if",
    "⟺": "if and only if", "↦": "maps to", "↑": "up arrow", "↓": "down arrow", "∞": "infinity", "∂": "partial",
    "∇": "nabla", "∑": "the sum", "∏": "the product", "∫": "the integral", "∬": "the double integral",
    "∭": "the triple integral", "∮": "the contour integral", "⋃": "the union", "⋂": "the intersection",
    "√": "the square root of", "…": "dot dot dot", "⋯": "dot dot dot", "⋮": "and so on down",
    "⋱": "and so on diagonally", "...": "dot dot dot", "(": "open paren", ")": "close paren",
    "[": "open bracket", "]": "close bracket", "{": "open brace", "}": "close brace", "|": "vertical bar",
    "∣": "vertical bar", "‖": "double vertical bar", "∥": "is parallel to", "⊥": "is perpendicular to",
    "⟨": "open angle bracket", "⟩": "close angle bracket", "⌊": "open floor", "⌋": "close floor",
    "⌈": "open ceiling", "⌉": "close ceiling", ",": "comma", ";": "semicolon", ":": "colon", ".": "point",
    "!": "factorial", "%": "percent", "′": "prime", "″": "double prime", "‴": "triple prime", "'": "prime",
    "°": "degrees", "ℏ": "h bar", "ℓ": "script l", "ℕ": "the natural numbers", "ℤ": "the integers",
    "ℚ": "the rational numbers", "ℝ": "the real numbers", "ℂ": "the complex numbers", "ℵ": "aleph",
    "ℜ": "the real part", "ℑ": "the imaginary part", "&": "and", "⊢": "proves", "⊨": "models", "∴": "therefore",
    "∵": "because", "□": "box", "■": "end of proof", "†": "dagger", "‡": "double dagger", "∠": "angle", "$": "dollars",
}  # fmt: skip
_FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "cot": "cotangent", "sec": "secant", "csc": "cosecant",
    "arcsin": "arc sine", "arccos": "arc cosine", "arctan": "arc tangent", "sinh": "hyperbolic sine",
    "cosh": "hyperbolic cosine", "tanh": "hyperbolic tangent", "ln": "natural log", "log": "log", "exp": "exponential",
    "lim": "the limit", "limsup": "the limit superior", "liminf": "the limit inferior", "lim sup": "the limit superior",
    "lim inf": "the limit inferior", "max": "the maximum", "min": "the minimum", "sup": "the supremum",
    "inf": "the infimum", "det": "the determinant", "dim": "the dimension", "ker": "the kernel", "mod": "modulo",
    "gcd": "the greatest common divisor", "arg": "the argument", "argmax": "the argument of the maximum",
    "argmin": "the argument of the minimum", "Pr": "the probability",
}  # fmt: skip
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "̂": "hat", "~": "tilde", "˜": "tilde", "¯": "bar", "‾": "bar", "―": "bar",
    "_": "underlined",
    "˙": "dot", "¨": "double dot", "→": "vector", "⃗": "vector", "ˇ": "check", "˘": "breve", "´": "acute",
    "`": "grave", "˚": "ring", "⏞": "with an overbrace", "⏟": "with an underbrace", "̲": "underlined",
}  # fmt: skip
_LARGE = set("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂") | {"lim", "max", "min", "sup", "inf", "limsup", "liminf", "argmax", "argmin"}
_LARGE |= {"lim sup", "lim inf", "arg max", "arg min"}
_ORDINALS = {"2": "squared", "3": "cubed", "-1": "inverse", "−1": "inverse"}
_FRACTIONS = {("1", "2"): "one half", ("1", "3"): "one third", ("2", "3"): "two thirds", ("1", "4"): "one quarter",
              ("3", "4"): "three quarters"}  # fmt: skip
_VARIANTS = {
    "bold": "bold", "bold-italic": "bold", "double-struck": "blackboard bold", "script": "script",
    "bold-script": "bold script", "fraktur": "fraktur", "bold-fraktur": "bold fraktur", "monospace": "monospace",
}  # fmt: skip
_FENCES = {
    ("|", "|"): ("the absolute value of", "end absolute value"),
    ("‖", "‖"): ("the norm of", "end norm"),
    ("⌊", "⌋"): ("the floor of", "end floor"),
    ("⌈", "⌉"): ("the ceiling of", "end ceiling"),
}
_SILENT = {"", "\u2061", "\u2062", "\u2063", "\u2064", "\u200b"}
_SKIPPED = {"annotation", "annotation-xml", "mspace", "mprescripts", "none", "mphantom"}


def spoken(math: etree._Element) -> str:
    """A `<math>` tree in words; never empty, for an alternative text must not be."""
    words = " ".join(_say(math).split()).replace(" ,", ",")
    return words.strip(" ,") or "formula"


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _simple(element: etree._Element) -> bool:
    """One token: it needs no words to say where it ends."""
    while len(children_of(element)) == 1:
        element = children_of(element)[0]
    return not children_of(element)


def _say(element: etree._Element) -> str:
    function = _SAYERS.get(name_of(element))
    if function is not None:
        return function(element)
    return "" if name_of(element) in _SKIPPED else _sequence(children_of(element))


def _sequence(children: Iterable[etree._Element]) -> str:
    row = list(children)
    stacked = [n for n, child in enumerate(row) if _is_stack(child)]
    # the parentheses of a binomial coefficient are in its name
    silent = {
        n
        for at in stacked
        for n in (at - 1, at + 1)
        if at - 1 >= 0 and at + 1 < len(row) and _text(row[n]) in ("(", ")")
    }
    return " ".join(part for n, child in enumerate(row) if n not in silent and (part := _say(child)))


def _is_stack(element: etree._Element) -> bool:
    return name_of(element) == "mfrac" and (element.get("linethickness") or "1").startswith("0")


def _row(element: etree._Element) -> str:
    children = children_of(element)
    if len(children) == 2 and _text(children[0]) == "{" and name_of(children[1]) == "mtable":
        return _cases(children[1])
    if len(children) >= 3 and name_of(children[0]) == name_of(children[-1]) == "mo":
        opening, closing = _text(children[0]), _text(children[-1])
        inner = children_of(children[1]) if len(children) == 3 else []
        tables = [c for c in children[1:-1] if name_of(c) == "mtable"] + [c for c in inner if name_of(c) == "mtable"]
        if len(tables) == 1 and len(children) == 3 and opening in "([{|‖":
            return _sequence(children[1:-1])
        if (opening, closing) in _FENCES:
            before, after = _FENCES[opening, closing]
            end = "" if len(children) == 3 and _simple(children[1]) else f", {after},"
            return f"{before} {_sequence(children[1:-1])}{end}"
    return _sequence(children)


def _character(character: str) -> str:
    if character in _SYMBOLS:
        return _SYMBOLS[character]
    if character.isascii() and character.isalnum():
        return character
    name = unicodedata.name(character, "")
    if name.startswith("GREEK "):
        letter = name.split("LETTER ")[-1].split(" WITH ")[0].removeprefix("FINAL ").replace("LAMDA", "LAMBDA").lower()
        letter = letter.removesuffix(" symbol")
        return f"capital {letter}" if "CAPITAL" in name else letter.removeprefix("greek ")
    plain = unicodedata.normalize("NFKC", character)
    if name.startswith("MATHEMATICAL ") and plain != character:
        style = name.removeprefix("MATHEMATICAL ").split(" CAPITAL")[0].split(" SMALL")[0].split(" DIGIT")[0].lower()
        style = " ".join(
            w for w in style.replace("double-struck", "blackboard bold").split() if w not in ("italic", "sans-serif")
        )
        return f"{style} {_letters(plain)}".strip()
    if name.startswith(("SCRIPT ", "BLACK-LETTER ", "DOUBLE-STRUCK ")):
        return name.lower().replace("-", " ")
    if character.isalpha():
        return character
    return name.lower().replace("-", " ")


def _letters(text: str) -> str:
    return " ".join(f"capital {c}" if c.isascii() and c.isupper() else _character(c) for c in text)


def _identifier(element: etree._Element) -> str:
    text = _text(element)
    if text in _SILENT:
        return ""
    if text in _FUNCTIONS:
        return _FUNCTIONS[text]
    if len(text) > 1 and text.isascii():
        return text
    style = _VARIANTS.get(element.get("mathvariant") or "", "")
    return f"{style} {_letters(text)}".strip()


def _number(element: etree._Element) -> str:
    return _text(element)


def _operator(element: etree._Element) -> str:
    text = _text(element)
    if text in _SILENT:
        return ""
    if text in _SYMBOLS:
        return f"{_SYMBOLS[text]}," if text == ";" else "," if text == "," else _SYMBOLS[text]
    if text in _FUNCTIONS:
        return _FUNCTIONS[text]
    return text if len(text) > 1 and text.isalpha() else " ".join(_character(c) for c in text)


def _words(element: etree._Element) -> str:
    return _text(element)


def _fraction(element: etree._Element) -> str:
    children = children_of(element)
    if len(children) != 2:
        return _sequence(children)
    over, under = children
    if _is_stack(element):
        return f"{_say(over)} choose {_say(under)}"
    known = _FRACTIONS.get((_text(over), _text(under)))
    if known:
        return known
    if _simple(over) and _simple(under):
        return f"{_say(over)} over {_say(under)}"
    return f"the fraction with numerator {_say(over)} and denominator {_say(under)}, end fraction,"


def _square_root(element: etree._Element) -> str:
    children = children_of(element)
    end = "" if len(children) == 1 and _simple(children[0]) else ", end root,"
    return f"the square root of {_sequence(children)}{end}"


def _root(element: etree._Element) -> str:
    children = children_of(element)
    if len(children) != 2:
        return _sequence(children)
    index = {"3": "cube", "4": "fourth"}.get(_text(children[1]), f"{_say(children[1])}th")
    end = "" if _simple(children[0]) else ", end root,"
    return f"the {index} root of {_say(children[0])}{end}"


def _power(base: str, exponent: etree._Element) -> str:
    text = _text(exponent)
    if text in _ORDINALS:
        return f"{base} {_ORDINALS[text]}"
    if text and set(text) <= set("′″‴⁗'"):
        return f"{base} {_SYMBOLS.get(text) or ' '.join('prime' for _ in text)}"
    if text in ("T", "⊤"):
        return f"{base} transpose"
    if text in ("∗", "*"):
        return f"{base} star"
    end = "" if _simple(exponent) else ", end exponent,"
    return f"{base} to the power {_say(exponent)}{end}"


def _index(base: str, index: etree._Element) -> str:
    end = "" if _simple(index) else ", end subscript,"
    return f"{base} sub {_say(index)}{end}"


def _is_large(element: etree._Element) -> bool:
    return _text(element) in _LARGE


def _limits(base: etree._Element, low: etree._Element | None, high: etree._Element | None) -> str:
    word = _say(base)
    if low is not None:
        reaching = word.startswith("the limit")
        where = _say(low).replace(" to ", " approaches ", 1) if reaching else _say(low)
        word += f" {'as' if reaching else 'from' if high is not None else 'over'} {where}"
    if high is not None:
        word += f" to {_say(high)}"
    return f"{word} of"


def _attached(element: etree._Element) -> str:
    children, name = children_of(element), name_of(element)
    low = children[1] if name in ("msub", "msubsup", "munder", "munderover") and len(children) > 1 else None
    position = 2 if name in ("msubsup", "munderover") else 1
    high = (
        children[position] if name in ("msup", "msubsup", "mover", "munderover") and len(children) > position else None
    )
    if not children:
        return ""
    if _is_large(children[0]):
        return _limits(children[0], low, high)
    base = _say(children[0])
    if name in ("mover", "munder") and len(children) == 2:
        mark = _text(children[1])
        if mark in _ACCENTS:
            return f"{base} {_ACCENTS[mark]}"
        return f"{base} with {_say(children[1])} {'above' if name == 'mover' else 'below'}"
    if name == "munderover":
        below, above = (_say(part) if part is not None else "nothing" for part in (low, high))
        return f"{base} with {below} below and {above} above"
    if low is not None:
        base = _index(base, low)
    return _power(base, high) if high is not None else base


def _cells(table: etree._Element) -> list[list[str]]:
    rows = (row for row in children_of(table) if name_of(row) in ("mtr", "mlabeledtr"))
    return [[_sequence(children_of(cell)) for cell in children_of(row) if name_of(cell) == "mtd"] for row in rows]


def _is_display(table: etree._Element) -> bool:
    """Whether the rows are lines of one display rather than those of a matrix."""
    first = next((c for row in children_of(table) for c in children_of(row)), None)
    align = (table.get("columnalign") or "").split()
    right = align[:1] == ["right"] or (first is not None and first.get("columnalign") == "right")
    return table.get("displaystyle") == "true" or right


def _cases(table: etree._Element) -> str:
    said = _cells(table)
    return f"{len(said)} cases; " + "; ".join(
        f"case {n}: {', '.join(cell for cell in row if cell)}" for n, row in enumerate(said, 1)
    )


def _table(element: etree._Element) -> str:
    said = _cells(element)
    if _is_display(element):
        if len(said) == 1:
            return " ".join(cell for cell in said[0] if cell)
        return "; ".join(f"line {n}: {' '.join(cell for cell in row if cell)}" for n, row in enumerate(said, 1))
    columns = max((len(row) for row in said), default=0)
    rows = "; ".join(f"row {n}: {', '.join(cell or 'blank' for cell in row)}" for n, row in enumerate(said, 1))
    return f"the {len(said)} by {columns} matrix; {rows}; end matrix,"


def _enclosed(element: etree._Element) -> str:
    notation = element.get("notation") or ""
    word = "crossed out " if "strike" in notation else "boxed " if "box" in notation else ""
    return f"{word}{_sequence(children_of(element))}"


_SAYERS: dict[str, Callable[[etree._Element], str]] = {
    "mi": _identifier, "mn": _number, "mo": _operator, "mtext": _words, "ms": _words, "mfrac": _fraction,
    "msqrt": _square_root, "mroot": _root, "msub": _attached, "msup": _attached, "msubsup": _attached,
    "mover": _attached, "munder": _attached, "munderover": _attached, "mtable": _table, "menclose": _enclosed,
    "mrow": _row, "mstyle": _row,
}  # fmt: skip
