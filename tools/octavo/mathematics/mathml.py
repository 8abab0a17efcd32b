"""LaTeX to presentation MathML, whole or not at all: the one converter that EPUB and PDF share.

latex2mathml prints what it does not know; a formula in which a backslash, a dollar or an empty slot is left is
therefore refused here, so that no reader ever sees half a formula.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from octavo.mathematics.latex_source import (
    BACKSLASH,
    CLOSING_BRACE,
    DOLLAR,
    OPENING_BRACE,
    UPRIGHT,
    UnexpandedError,
    prepare,
)
from octavo.mathematics.letters import in_alphabet

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lxml import etree

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
MAX_LENGTH = 20_000
NO_MACROS: Mapping[str, str] = MappingProxyType({})

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
_MEANT = str.maketrans({DOLLAR: "$", BACKSLASH: "\\", OPENING_BRACE: "{", CLOSING_BRACE: "}"})


class NotConvertedError(Exception):
    """This LaTeX has no MathML here. reason: why, as a clause without the formula."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def to_mathml(latex: str, *, display: bool, macros: Mapping[str, str] = NO_MACROS) -> etree._Element:
    r"""A `math` element.

    macros: name without backslash -> body, with `#1` to `#9` for its arguments.

    Raises: NotConvertedError when any part of the formula would be lost or printed as source.
    """
    if len(latex) > MAX_LENGTH:
        raise NotConvertedError(f"it is longer than {MAX_LENGTH} characters")
    try:
        source = prepare(latex, macros)
    except UnexpandedError as error:
        raise NotConvertedError(str(error)) from error
    if not source:
        raise NotConvertedError("it is empty")
    math = _rebuilt(_converted(source, display=display))
    _mend(math)
    _verify(math)
    return math


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
    if found.get("display") == "block":
        math.set("display", "block")
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
        if name == "mi" and element.getparent() is not None:
            _join_upright(element)
        variant = element.get("mathvariant")
        if name in _TOKENS and variant and variant != "normal":
            letters = in_alphabet(text, variant)
            if letters is not None:
                element.text = letters
                del element.attrib["mathvariant"]


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
