r"""Text in formulas: `\text` and its kin, in which words, styles, references and formulas follow each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lxml import etree

from octavo.mathematics.symbols import BACKSLASH, DOLLAR, SAME, TEXT_ACCENTS
from octavo.mathematics.tokens import UnexpandedError, after_blanks, argument, group_end, is_word, option
from octavo.mathematics.tree import Elements, make, name_of

if TYPE_CHECKING:
    from octavo.mathematics.conversion import Conversion

# command -> variant of MathML, None for plain
STYLES: dict[str, str | None] = {
    r"\text": None, r"\textrm": None, r"\textnormal": None, r"\textup": None, r"\textmd": None, r"\mbox": None,
    r"\hbox": None, r"\textbf": "bold", r"\textit": "italic", r"\emph": "italic", r"\textsl": "italic",
    r"\texttt": "monospace", r"\textsf": "sans-serif", r"\textsc": None, r"\makebox": None, r"\textmath": None,
    r"\intertext": None, r"\shortintertext": None, r"\vbox": None, r"\textlf": None, r"\underline": None,
}  # fmt: skip
_STYLE = {
    "bold": "font-weight: bold", "italic": "font-style: italic", "monospace": "font-family: monospace",
    "sans-serif": "font-family: sans-serif",
}  # fmt: skip
_SWITCHES = {r"\bf": "bold", r"\bfseries": "bold", r"\it": "italic", r"\itshape": "italic", r"\tt": "monospace",
             r"\ttfamily": "monospace", r"\sf": "sans-serif", r"\sffamily": "sans-serif", r"\rm": None,
             r"\rmfamily": None, r"\normalfont": None, r"\em": "italic"}  # fmt: skip
_PLAIN = {
    r"\ ": " ", r"\_": "_", r"\&": "&", r"\%": "%", r"\#": "#", r"\{": "{", r"\}": "}", "~": "\xa0", r"\,": "\u2009",
    r"\;": "\u2005", r"\:": "\u2005", r"\!": "", r"\/": "", r"\-": "", r"\quad": "\u2003", r"\qquad": "\u2003\u2003",
    r"\enspace": "\u2002", r"\space": " ", r"\ldots": "…", r"\dots": "…", r"\textellipsis": "…", r"\LaTeX": "LaTeX",
    r"\TeX": "TeX", r"\@": "", r"\\": " ", r"\newline": " ", r"\textquoteright": "’", r"\textquoteleft": "‘",
    r"\textquotedblleft": "“", r"\textquotedblright": "”", r"\S": "§", r"\P": "¶", r"\nobreakspace": "\xa0",
}  # fmt: skip


def words(tokens: Sequence[str], conversion: Conversion, variant: str | None = None) -> Elements:
    """The elements of a text.

    Raises: UnexpandedError when a `$` or a group in it has no end, or a command in it is not known.
    """
    made: Elements = []
    index = 0
    while index < len(tokens):
        piece = tokens[index]
        if piece == "$":
            end = next((n for n in range(index + 1, len(tokens)) if tokens[n] == "$"), None)
            if end is None:
                raise UnexpandedError("a $ is not closed")
            made += conversion.elements(tokens[index + 1 : end], display=False)
            index = end + 1
        elif piece == r"\(":
            end = next((n for n in range(index + 1, len(tokens)) if tokens[n] == r"\)"), len(tokens))
            made += conversion.elements(tokens[index + 1 : end], display=False)
            index = end + 1
        elif piece == "{":
            end = group_end(tokens, index)
            made += words(tokens[index + 1 : end], conversion, variant)
            index = end + 1
        elif piece == "}":
            index += 1
        elif piece in STYLES and piece != r"\underline":
            _, index = option(tokens, index + 1)
            inner, index = argument(tokens, index)
            made += words(inner, conversion, STYLES[piece] or variant)
        elif piece in _SWITCHES:
            variant = _SWITCHES[piece]
            index = after_blanks(tokens, index + 1)
        elif piece in TEXT_ACCENTS and not _is_math_command(piece):
            letter, index = argument(tokens, index + 1)
            plain = "".join({r"\i": "i", r"\j": "j"}.get(t, t) for t in letter)
            _say(made, unicodedata.normalize("NFC", plain[:1] + TEXT_ACCENTS[piece] + plain[1:]), variant)
        elif piece in _PLAIN or not piece.startswith("\\"):
            index += 1
            plain = _PLAIN.get(piece, piece)
            if piece == "-" and tokens[index : index + 1] == ["-"]:
                index += 2 if tokens[index : index + 2] == ["-", "-"] else 1
                plain = "–"
            elif piece in ("`", "'") and tokens[index : index + 1] == [piece]:
                index += 1
                plain = "“" if piece == "`" else "”"
            _say(made, plain, variant)
            if is_word(piece):
                index = after_blanks(tokens, index)
        elif piece in SAME and len(SAME[piece]) == 1:
            _say(made, {DOLLAR: "$", BACKSLASH: "\\"}.get(SAME[piece], SAME[piece]), variant)
            index = after_blanks(tokens, index + 1) if is_word(piece) else index + 1
        else:
            found, index = conversion.command(tokens, index)
            made += found
    return made


def _is_math_command(piece: str) -> bool:
    return len(piece) == 2 and piece[1].isalpha() and piece not in TEXT_ACCENTS


def _say(made: Elements, text: str, variant: str | None) -> None:
    """Add to the text that is open; spaces at the ends of a text are spaces in print."""
    if not text:
        return
    last = made[-1] if made else None
    if last is None or name_of(last) != "mtext" or last.get("mathvariant") != variant or last.get("href"):
        last = _token(variant)
        made.append(last)
    last.text = (last.text or "") + text


def settle_spaces(elements: Elements) -> Elements:
    """Texts whose spaces at the ends are not collapsed away (MathML Core, section 2.1.3)."""
    for element in elements:
        if name_of(element) == "mtext" and element.text:
            core = element.text.strip(" ")
            if core:
                lead = len(element.text) - len(element.text.lstrip(" "))
                tail = len(element.text) - len(element.text.rstrip(" "))
                element.text = "\xa0" * min(lead, 1) + core + "\xa0" * min(tail, 1)
            else:
                element.text = "\xa0"
    return elements


def _token(variant: str | None) -> etree._Element:
    piece = make("mtext", "")
    if variant is not None:
        piece.set("mathvariant", variant)
        piece.set("style", _STYLE[variant])
    return piece
