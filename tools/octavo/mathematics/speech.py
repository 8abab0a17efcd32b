"""MathML into words: what a screen reader says where it can't read the formula itself.

A PDF carries a formula as a drawing with an alternative text; this module writes it, in the manner of a teacher who
reads from the board: "x squared plus the fraction with numerator a and denominator b". It knows MathML only; the words
of each language are a table beside it (`vocabulary`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import ClassVar

from lxml import etree

from octavo.mathematics.tree import children_of, name_of
from octavo.mathematics.vocabulary import ENGLISH, Vocabulary, vocabulary_of

_LARGE = set("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂") | {"lim", "max", "min", "sup", "inf", "limsup", "liminf", "argmax", "argmin"}
_LARGE |= {"lim sup", "lim inf", "arg max", "arg min"}
_LIMITS = {"lim", "limsup", "liminf", "lim sup", "lim inf"}
_ARROWS = {"→", "⟶"}
_ORDINALS = {"2": "squared", "3": "cubed", "-1": "inverse", "−1": "inverse"}
_FRACTIONS = {("1", "2"): "half", ("1", "3"): "third", ("2", "3"): "two-thirds", ("1", "4"): "quarter",
              ("3", "4"): "three-quarters"}  # fmt: skip
_ROOTS = {"3": "cube-root", "4": "fourth-root"}
_SAME_ACCENTS = {"ˆ": "^", "̂": "^", "˜": "~", "‾": "¯", "―": "¯", "⃗": "→", "̲": "_"}
_VARIANTS = {
    "bold": "bold", "bold-italic": "bold", "double-struck": "blackboard-bold", "script": "script",
    "bold-script": "bold-script", "fraktur": "fraktur", "bold-fraktur": "bold-fraktur", "monospace": "monospace",
}  # fmt: skip
_FENCES = {("|", "|"): "absolute", ("‖", "‖"): "norm", ("⌊", "⌋"): "floor", ("⌈", "⌉"): "ceiling"}
_LETTERLIKE = {"SCRIPT": "script", "BLACK-LETTER": "fraktur", "DOUBLE-STRUCK": "blackboard-bold"}
_SILENT = {"", "\u2061", "\u2062", "\u2063", "\u2064", "\u200b"}
_SKIPPED = {"annotation", "annotation-xml", "mspace", "mprescripts", "none", "mphantom"}


def spoken(math: etree._Element, language: str = ENGLISH) -> str | None:
    """A `<math>` tree in words; never empty, for an alternative text must not be. None in a language without a table.

    language: as BCP 47 has it, or Sphinx; the table is that of its first part.
    """
    vocabulary = vocabulary_of(language)
    return None if vocabulary is None else _Speaker(vocabulary).spoken(math)


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _simple(element: etree._Element) -> bool:
    """One token: it needs no words to say where it ends."""
    while len(children_of(element)) == 1:
        element = children_of(element)[0]
    return not children_of(element)


def _is_stack(element: etree._Element) -> bool:
    return name_of(element) == "mfrac" and (element.get("linethickness") or "1").startswith("0")


def _is_large(element: etree._Element) -> bool:
    return _text(element) in _LARGE


def _is_display(table: etree._Element) -> bool:
    """Whether the rows are lines of one display rather than those of a matrix."""
    first = next((c for row in children_of(table) for c in children_of(row)), None)
    align = (table.get("columnalign") or "").split()
    right = align[:1] == ["right"] or (first is not None and first.get("columnalign") == "right")
    return table.get("displaystyle") == "true" or right


class _Speaker:
    """Says one formula in one language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        # whether what is said is that which a limit is taken for
        self._in_limit = False

    def spoken(self, math: etree._Element) -> str:
        words = " ".join(self._say(math).split()).replace(" ,", ",").replace(" ،", "،").replace(" 、", "、")
        return words.strip(" ,،、") or self._words.phrase("nothing")

    def _phrase(self, name: str, /, **parts: object) -> str:
        return self._words.phrase(name, **parts)

    def _say(self, element: etree._Element) -> str:
        function = self._SAYERS.get(name_of(element))
        if function is not None:
            return function(self, element)
        return "" if name_of(element) in _SKIPPED else self._sequence(children_of(element))

    def _sequence(self, children: Iterable[etree._Element]) -> str:
        row = list(children)
        stacked = [n for n, child in enumerate(row) if _is_stack(child)]
        # the parentheses of a binomial coefficient are in its name
        silent = {
            n
            for at in stacked
            for n in (at - 1, at + 1)
            if at - 1 >= 0 and at + 1 < len(row) and _text(row[n]) in ("(", ")")
        }
        return " ".join(part for n, child in enumerate(row) if n not in silent and (part := self._say(child)))

    def _row(self, element: etree._Element) -> str:
        children = children_of(element)
        if len(children) == 2 and _text(children[0]) == "{" and name_of(children[1]) == "mtable":
            return self._cases(children[1])
        if len(children) >= 3 and name_of(children[0]) == name_of(children[-1]) == "mo":
            opening, closing = _text(children[0]), _text(children[-1])
            inner = children_of(children[1]) if len(children) == 3 else []
            tables = [c for c in children[1:-1] if name_of(c) == "mtable"]
            tables += [c for c in inner if name_of(c) == "mtable"]
            if len(tables) == 1 and len(children) == 3 and opening in "([{|‖":
                return self._sequence(children[1:-1])
            if (opening, closing) in _FENCES:
                long = "" if len(children) == 3 and _simple(children[1]) else "long-"
                return self._phrase(long + _FENCES[opening, closing], inner=self._sequence(children[1:-1]))
        return self._sequence(children)

    def _character(self, character: str) -> str:
        words = self._words
        if character in words.symbols:
            return words.symbols[character]
        if character.isascii() and character.isalnum():
            return character
        if character in words.greek:
            return words.greek[character]
        if character.lower() in words.greek:
            return self._phrase("capital", letter=words.greek[character.lower()])
        name = unicodedata.name(character, "")
        plain = unicodedata.normalize("NFKC", character)
        if name.startswith("MATHEMATICAL ") and plain != character:
            style = (
                name.removeprefix("MATHEMATICAL ").split(" CAPITAL")[0].split(" SMALL")[0].split(" DIGIT")[0].lower()
            )
            style = " ".join(
                w
                for w in style.replace("double-struck", "blackboard bold").split()
                if w not in ("italic", "sans-serif")
            )
            return self._styled(style.replace(" ", "-"), plain)
        if words.language != ENGLISH:
            # the names of characters are English
            letterlike = _LETTERLIKE.get(name.partition(" ")[0])
            return self._styled(letterlike, plain) if letterlike and plain != character else character
        if name.startswith("GREEK "):
            letter = (
                name.split("LETTER ")[-1].split(" WITH ")[0].removeprefix("FINAL ").replace("LAMDA", "LAMBDA").lower()
            )
            letter = letter.removesuffix(" symbol")
            return f"capital {letter}" if "CAPITAL" in name else letter.removeprefix("greek ")
        if name.startswith(("SCRIPT ", "BLACK-LETTER ", "DOUBLE-STRUCK ")):
            return name.lower().replace("-", " ")
        if character.isalpha():
            return character
        return name.lower().replace("-", " ")

    def _letters(self, text: str) -> str:
        return " ".join(
            self._phrase("capital", letter=c) if c.isascii() and c.isupper() else self._character(c) for c in text
        )

    def _styled(self, style: str, text: str) -> str:
        letters = self._letters(text)
        return self._phrase(style, letter=letters) if style in self._words.phrases else letters

    def _identifier(self, element: etree._Element) -> str:
        text = _text(element)
        if text in _SILENT:
            return ""
        if text in self._words.functions:
            return self._words.functions[text]
        if len(text) > 1 and text.isascii():
            return text
        return self._styled(_VARIANTS.get(element.get("mathvariant") or "", ""), text)

    def _operator(self, element: etree._Element) -> str:
        text = _text(element)
        if text in _SILENT:
            return ""
        if self._in_limit and text in _ARROWS:
            return self._phrase("approaches")
        if text == ",":
            return self._phrase("comma")
        if text in self._words.symbols:
            return self._words.symbols[text] + ("," if text == ";" else "")
        if text in self._words.functions:
            return self._words.functions[text]
        return text if len(text) > 1 and text.isalpha() else " ".join(self._character(c) for c in text)

    def _plain(self, element: etree._Element) -> str:
        return _text(element)

    def _fraction(self, element: etree._Element) -> str:
        children = children_of(element)
        if len(children) != 2:
            return self._sequence(children)
        over, under = children
        known = _FRACTIONS.get((_text(over), _text(under)))
        if known and not _is_stack(element):
            return self._phrase(known)
        name = "choose" if _is_stack(element) else "over" if _simple(over) and _simple(under) else "fraction"
        return self._phrase(name, over=self._say(over), under=self._say(under))

    def _square_root(self, element: etree._Element) -> str:
        children = children_of(element)
        long = "" if len(children) == 1 and _simple(children[0]) else "long-"
        return self._phrase(f"{long}root", inner=self._sequence(children))

    def _root(self, element: etree._Element) -> str:
        children = children_of(element)
        if len(children) != 2:
            return self._sequence(children)
        long = "" if _simple(children[0]) else "long-"
        name = _ROOTS.get(_text(children[1]), "nth-root")
        return self._phrase(long + name, inner=self._say(children[0]), index=self._say(children[1]))

    def _power(self, base: str, exponent: etree._Element) -> str:
        text = _text(exponent)
        if text in _ORDINALS:
            return self._phrase(_ORDINALS[text], base=base)
        if text and set(text) <= set("′″‴⁗'"):
            symbols = self._words.symbols
            return f"{base} {symbols.get(text) or ' '.join(symbols['′'] for _ in text)}"
        if text in ("T", "⊤"):
            return self._phrase("transpose", base=base)
        if text in ("∗", "*"):
            return self._phrase("star", base=base)
        return self._phrase("power" if _simple(exponent) else "long-power", base=base, exponent=self._say(exponent))

    def _index(self, base: str, index: etree._Element) -> str:
        return self._phrase("index" if _simple(index) else "long-index", base=base, index=self._say(index))

    def _limits(self, base: etree._Element, low: etree._Element | None, high: etree._Element | None) -> str:
        reaching = _text(base) in _LIMITS
        before, self._in_limit = self._in_limit, reaching
        where = "" if low is None else self._say(low)
        self._in_limit = before
        if low is None:
            name = "up-to"
        elif reaching:
            name = "as" if high is None else "as-to"
        else:
            name = "over-all" if high is None else "from-to"
        return self._phrase(name, name=self._say(base), low=where, high="" if high is None else self._say(high))

    def _attached(self, element: etree._Element) -> str:
        children, name = children_of(element), name_of(element)
        low = children[1] if name in ("msub", "msubsup", "munder", "munderover") and len(children) > 1 else None
        position = 2 if name in ("msubsup", "munderover") else 1
        has_high = name in ("msup", "msubsup", "mover", "munderover") and len(children) > position
        high = children[position] if has_high else None
        if not children:
            return ""
        if _is_large(children[0]):
            return self._limits(children[0], low, high)
        base = self._say(children[0])
        if name in ("mover", "munder") and len(children) == 2:
            mark = _text(children[1])
            mark = _SAME_ACCENTS.get(mark, mark)
            if mark in self._words.accents:
                return f"{base} {self._words.accents[mark]}"
            return self._phrase("above" if name == "mover" else "below", base=base, mark=self._say(children[1]))
        if name == "munderover":
            below, above = (self._say(p) if p is not None else self._phrase("absent") for p in (low, high))
            return self._phrase("both", base=base, below=below, above=above)
        if low is not None:
            base = self._index(base, low)
        return self._power(base, high) if high is not None else base

    def _cells(self, table: etree._Element) -> list[list[str]]:
        rows = (row for row in children_of(table) if name_of(row) in ("mtr", "mlabeledtr"))
        return [[self._sequence(children_of(c)) for c in children_of(row) if name_of(c) == "mtd"] for row in rows]

    def _rows(self, name: str, rows: Iterable[str]) -> str:
        between = self._phrase("between-rows")
        return between.join(self._phrase(name, number=number, row=row) for number, row in enumerate(rows, 1))

    def _cases(self, table: etree._Element) -> str:
        said = self._cells(table)
        between = self._phrase("between-cells")
        rows = self._rows("case", (between.join(cell for cell in row if cell) for row in said))
        return self._phrase("cases", count=len(said), rows=rows)

    def _table(self, element: etree._Element) -> str:
        said = self._cells(element)
        if _is_display(element):
            lines = [" ".join(cell for cell in row if cell) for row in said]
            return lines[0] if len(lines) == 1 else self._rows("line", lines)
        columns = max((len(row) for row in said), default=0)
        blank, between = self._phrase("blank"), self._phrase("between-cells")
        rows = self._rows("row", (between.join(cell or blank for cell in row) for row in said))
        return self._phrase("matrix", count=len(said), columns=columns, rows=rows)

    def _enclosed(self, element: etree._Element) -> str:
        notation = element.get("notation") or ""
        inner = self._sequence(children_of(element))
        name = "crossed" if "strike" in notation else "boxed" if "box" in notation else None
        return inner if name is None else self._phrase(name, inner=inner)

    _SAYERS: ClassVar[dict[str, Callable[[_Speaker, etree._Element], str]]] = {
        "mi": _identifier, "mn": _plain, "mo": _operator, "mtext": _plain, "ms": _plain, "mfrac": _fraction,
        "msqrt": _square_root, "mroot": _root, "msub": _attached, "msup": _attached, "msubsup": _attached,
        "mover": _attached, "munder": _attached, "munderover": _attached, "mtable": _table, "menclose": _enclosed,
        "mrow": _row, "mstyle": _row,
    }  # fmt: skip
