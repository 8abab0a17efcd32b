"""LaTeX to presentation MathML, whole or not at all: the one converter that EPUB and PDF share.

latex2mathml prints what it does not know; a formula in which a backslash, a dollar or an empty slot is left is
therefore refused here, so that no reader ever sees half a formula.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from octavo.mathematics import macros as macro_expansion
from octavo.mathematics.conversion import Conversion, Reference
from octavo.mathematics.letters import in_alphabet
from octavo.mathematics.symbols import BACKSLASH, CLOSING_BRACE, DOLLAR, FIRST_PART, OPENING_BRACE, UPRIGHT
from octavo.mathematics.tokens import UnexpandedError, tokenize
from octavo.mathematics.tree import NAMESPACE, Elements, make, name_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lxml import etree

MAX_LENGTH = 20_000
NO_MACROS: Mapping[str, str] = MappingProxyType({})
Definitions = dict[str, macro_expansion.Macro]

# MathML 3, section 3.1.3.2: how many arguments an element has
_ARITY = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
}  # fmt: skip
# MathML 3, appendix A: what stands in one kind of element alone
_PARENTS = {"mtr": ("mtable",), "mlabeledtr": ("mtable",), "mtd": ("mtr", "mlabeledtr")}
# how scripts of an operator stand in a display
_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_PRIMES = frozenset("\u2032\u2033\u2034\u2057")
_NEGATIVE_SPACES = {
    "negativethinmathspace": "-0.167em",
    "negativemediummathspace": "-0.222em",
    "negativethickmathspace": "-0.278em",
}
_SPACES = " \t\n\r"
# names of functions, which stand a thin space away from what is beside them (TeX's Op)
_FUNCTIONS = frozenset({
    "arccos", "arcctg", "arcsin", "arctan", "arctg", "arg", "ch", "cos", "cosec", "cosh", "cot", "cotg", "coth", "csc",
    "ctg", "cth", "deg", "det", "dim", "exp", "gcd", "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log",
    "max", "min", "sec", "sh", "sin", "sinh", "sup", "tan", "tanh", "tg", "th", "Pr",
})  # fmt: skip
FUNCTION = "octavo-function"
_SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
_MEANT = str.maketrans({DOLLAR: "$", BACKSLASH: "\\", OPENING_BRACE: "{", CLOSING_BRACE: "}"})


class NotConvertedError(Exception):
    """This LaTeX has no MathML here. reason: why, as a clause without the formula."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NothingShownError(NotConvertedError):
    """There is nothing to show: a formula that only defines macros for those after it."""


def to_mathml(
    latex: str,
    *,
    display: bool,
    macros: Mapping[str, str] = NO_MACROS,
    defined: Definitions | None = None,
    reference: Reference | None = None,
) -> etree._Element:
    r"""A `math` element.

    - macros: name without backslash -> body, with `#1` to `#9` for its arguments.
    - defined: what formulas of the same document have defined before; what this one defines is added.
    - reference: the number of an equation by its label. Where `\eqref` leads stands as an attribute `href` with the
      label on its text.

    Raises: NotConvertedError when any part of the formula would be lost or printed as source.
    """
    if len(latex) > MAX_LENGTH:
        raise NotConvertedError(f"it is longer than {MAX_LENGTH} characters")
    known: Definitions = {**macro_expansion.given(macros), **(defined or {})}
    conversion = Conversion(engine=_engine, display=display, reference=reference)
    try:
        found: Definitions = {}
        tokens = macro_expansion.expand(tokenize(_made_plain(latex)), known, found)
        if defined is not None:
            defined.update(found)
        if found and not "".join(tokens).strip():
            raise NothingShownError("it only defines macros")
        if not "".join(tokens).strip():
            raise NotConvertedError("it is empty")
        elements = conversion.elements(tokens)
    except UnexpandedError as error:
        raise NotConvertedError(str(error)) from error
    math = make("math", [make("mrow", elements)])
    if display:
        math.set("display", "block")
    _put_parts(math, conversion.parts)
    _mend(math)
    _space_functions(math)
    _verify(math)
    return math


def _made_plain(latex: str) -> str:
    r"""Without what is no mathematics: blank lines, and signs in addresses that would begin a comment."""
    text = re.sub(r"\\(href|url)\s*\{([^{}]*)\}", lambda m: f"\\{m[1]}{{{m[2].replace('%', '')}}}", latex)
    return re.sub(r"\n[ \t]*(?=\n)", "", text)


def _put_parts(math: etree._Element, parts: Elements) -> None:
    """Elements that were made elsewhere, in the places of the characters that stand for them."""
    waiting = [math]
    while waiting:
        for child in list(waiting.pop().iter(*(f"{{{NAMESPACE}}}{token}" for token in sorted(_TOKENS)))):
            text = child.text or ""
            number = ord(text) - FIRST_PART if len(text) == 1 else -1
            if 0 <= number < len(parts):
                part = parts[number]
                parent = child.getparent()
                if parent is not None:
                    parent.replace(child, part)
                    waiting.append(part)


def _engine(source: str, display: bool) -> Elements:
    """What latex2mathml makes of a source without constructs of ours."""
    math = _rebuilt(_converted(source, display=display))
    inner = list(math)
    return list(inner[0]) if len(inner) == 1 else inner


def _converted(source: str, *, display: bool) -> Element:
    from latex2mathml import exceptions
    from latex2mathml.converter import Converter

    known = tuple(e for e in vars(exceptions).values() if isinstance(e, type) and issubclass(e, Exception))
    try:
        # a converter of our own: the module's functions keep macros and counters from one formula to the next
        return Converter(display="block" if display else "inline").convert_to_element(source)
    except known as error:
        name = type(error).__name__.removesuffix("Error")
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
        raise NotConvertedError(f"latex2mathml says: {words}") from error
    except (IndexError, KeyError, ValueError, TypeError, AttributeError, StopIteration, RuntimeError) as error:
        # latex2mathml meets malformed input with whatever its own code runs into
        raise NotConvertedError(f"latex2mathml stopped on it ({type(error).__name__})") from error


def _rebuilt(found: Element) -> etree._Element:
    """The tree in lxml and in the namespace, with latex2mathml's escapes (`&#x0003D;` as text) as characters."""
    from lxml import etree

    math = etree.Element(f"{{{NAMESPACE}}}math", nsmap={None: NAMESPACE})
    _fill(math, found)
    return math


def _fill(made: etree._Element, found: Element) -> None:
    from lxml import etree

    for child in found:
        tag = child.tag
        text = html.unescape(child.text or "").translate(_MEANT)
        if tag == "mi" and len(text) == 1 and (text in _PRIMES or unicodedata.category(text) == "Sm"):
            tag = "mo"
        element = etree.SubElement(made, f"{{{NAMESPACE}}}{tag}")
        for name, value in child.attrib.items():
            # `\href` would be a link that no one checks
            if not name.startswith("xmlns") and name != "href":
                element.set(name, html.unescape(value))
        if tag in _TOKENS:
            if any(ord(c) < 0x20 and c not in _SPACES for c in text):
                raise NotConvertedError("a control character is in it")
            if ("\\" in text and BACKSLASH not in (child.text or "")) or (
                "$" in text and DOLLAR not in (child.text or "")
            ):
                raise NotConvertedError(f"'{text.strip()}' is not known")
            element.text = text
        _fill(element, child)


def _join_upright(letter: etree._Element) -> None:
    """`\\mathrm{max}` as one identifier, not three."""
    following = letter.getnext()
    while (
        following is not None
        and following.tag == letter.tag
        and following.get("mathvariant") == "normal"
        and letter.get("mathvariant") == "normal"
    ):
        letter.text = (letter.text or "") + (following.text or "")
        following.getparent().remove(following)
        following = letter.getnext()


def _open_operator(operator: etree._Element, *, display: bool) -> None:
    r"""`\\mathop{...}` as a group: latex2mathml writes an `mo` with elements in it, which MathML has not."""
    from lxml import etree

    operator.tag = f"{{{NAMESPACE}}}mrow"
    scripts = operator.getparent()
    if display and scripts is not None and scripts.index(operator) == 0:
        limits = _LIMITS.get(etree.QName(scripts).localname)
        if limits:
            scripts.tag = f"{{{NAMESPACE}}}{limits}"


def _mend(math: etree._Element) -> None:
    """What latex2mathml writes for MathML 3, in the words of MathML Core."""
    from lxml import etree

    for element in list(math.iter(etree.Element)):
        name = etree.QName(element).localname
        text = element.text or ""
        if name == "mi" and text == UPRIGHT:
            letter = element.getnext()
            if letter is not None and len(letter) == 0:
                letter.set("mathvariant", "normal")
            element.getparent().remove(element)
        elif name in ("mover", "munder") and len(element) == 2 and element[1].text == "\u2015":
            # a dash is no accent that stretches
            element[1].text = "\u203e" if name == "mover" else "_"
            element[1].set("stretchy", "true")
        elif name == "mo" and len(element):
            _open_operator(element, display=math.get("display") == "block")
        elif name == "mspace" and element.get("width") in _NEGATIVE_SPACES:
            element.set("width", _NEGATIVE_SPACES[element.get("width")])
        elif name == "mspace" and (element.get("width") or "").endswith("mu"):
            element.set("width", f"{float(element.get('width')[:-2]) / 18:.4g}em")
        elif name in _LIMITS and len(element) and element[0].get("movablelimits") == "true":
            # limits that move beside the operator in a line, and stand below it in a display
            element.tag = f"{{{NAMESPACE}}}{_LIMITS[name]}"
        if name == "mi" and element.getparent() is not None:
            _join_upright(element)
        variant = element.get("mathvariant")
        # words keep their letters, and have a style beside the variant
        if name in _TOKENS and name != "mtext" and variant and variant != "normal":
            letters = in_alphabet(text, variant)
            if letters is not None:
                element.text = letters
                del element.attrib["mathvariant"]


def _space_functions(math: etree._Element) -> None:
    """Thin spaces around names of functions, of a class of their own: who sets operators as such needs none."""
    for element in list(math.iter(f"{{{NAMESPACE}}}mi", f"{{{NAMESPACE}}}mo")):
        if element.get("class") != FUNCTION and (name_of(element) != "mi" or element.text not in _FUNCTIONS):
            continue
        element.attrib.pop("class", None)
        outer = element
        above = outer.getparent()
        while above is not None and name_of(above) in _SCRIPTED and above.index(outer) == 0:
            outer, above = above, above.getparent()
        if above is None or name_of(above) in _ARITY:
            continue
        following, previous = outer.getnext(), outer.getprevious()
        if following is not None and name_of(following) not in ("mo", "mspace", "mtext"):
            outer.addnext(make("mspace", **{"width": "0.167em", "class": FUNCTION}))
        if previous is not None and name_of(previous) in ("mi", "mn", *_SCRIPTED) and previous.text != "":
            outer.addprevious(make("mspace", **{"width": "0.167em", "class": FUNCTION}))


def _verify(math: etree._Element) -> None:
    from lxml import etree

    for element in math.iter(etree.Element):
        name = etree.QName(element).localname
        wanted = _ARITY.get(name)
        if wanted is not None and len(element) != wanted:
            raise NotConvertedError(f"a part is missing ({name} has {len(element)} of {wanted})")
        if name in _TOKENS and len(element):
            raise NotConvertedError(f"latex2mathml puts elements into {name}")
        above = element.getparent()
        if name in _PARENTS and (above is None or etree.QName(above).localname not in _PARENTS[name]):
            raise NotConvertedError("a cell of a table stands outside of it")
        if name in ("mtable", "mtr") and len(element) == 0:
            raise NotConvertedError("a table in it is empty")
    if not any((e.text or "").strip() for e in _tokens(math)):
        raise NotConvertedError("nothing of it is visible")


def _tokens(math: etree._Element) -> Iterator[etree._Element]:
    from lxml import etree

    return (e for e in math.iter(etree.Element) if etree.QName(e).localname in _TOKENS)
