r"""Chemical formulas and equations: `\ce` of mhchem, as MathML.

Knows what its manual shows: formulas, charges, isotopes, amounts, states, bonds, precipitate and gas, arrows with
conditions, additions, and mathematics between dollars. Works on the tokens of the argument, from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lxml import etree

from octavo.mathematics.tokens import after_blanks, argument, group_end, is_word, option, split, trimmed
from octavo.mathematics.tree import Elements, make, name_of, operator, row, scripted, space, upright

Convert = Callable[[Sequence[str]], Elements]

# longest first: one is the beginning of another
_ARROWS = {
    "<=>>": "⇌", "<<=>": "⇌", "<-->": "⇄", "<=>": "⇌", "<->": "↔", "->": "→", "<-": "←",
}  # fmt: skip
_BONDS = {
    "-": "−", "1": "−", "=": "=", "2": "=", "#": "≡", "3": "≡", "~": "⋯", "~-": "−", "~=": "=", "~--": "=", "-~-": "≡",
    "...": "⋯", "....": "⋯", "->": "→", "<-": "←",
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:/\d+)?")
_CLOSING = {"(": ")", "[": "]"}
_ENDS = frozenset({" ", ")", "]", ",", ""})


def chemistry(tokens: Sequence[str], convert: Convert) -> Elements:
    """The elements of an argument of `\\ce`. convert: what mathematics in it becomes.

    Raises: UnexpandedError when a group in it has no end.
    """
    return _Formula(tokens, convert).elements()


class _Formula:
    """One formula while it is read; `made` is what there is so far."""

    def __init__(self, tokens: Sequence[str], convert: Convert) -> None:
        self.tokens = trimmed(tokens)
        self.convert = convert
        self.at = 0
        self.made: Elements = []
        # whether a number that comes now says how many there are
        self.at_start = True

    def elements(self) -> Elements:
        while self.at < len(self.tokens):
            self._step()
        return self.made

    def _peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else ""

    def _step(self) -> None:
        piece = self._peek()
        if piece == " ":
            self._blank()
        elif self._arrow() or self._sign():
            pass
        elif piece in ("^", "_"):
            self._scripts()
        elif piece.isdecimal():
            self._number()
        elif piece in _CLOSING:
            self._bracketed(piece)
        elif piece == "$":
            self._mathematics()
        elif piece == "{":
            end = group_end(self.tokens, self.at)
            self._add(row(chemistry(self.tokens[self.at + 1 : end], self.convert)))
            self.at = end + 1
        elif piece == r"\bond":
            kind, self.at = argument(self.tokens, self.at + 1)
            self._add(operator(_BONDS.get("".join(kind), "−")), starts=True)
        elif piece.startswith("\\"):
            self._command(piece)
        elif piece.isalpha():
            self._letters()
        else:
            self._add(operator(piece))
            self.at += 1

    def _add(self, element: etree._Element, *, starts: bool = False) -> None:
        self.made.append(element)
        self.at_start = starts

    def _blank(self) -> None:
        self.at = after_blanks(self.tokens, self.at)
        self.at_start = True
        previous = self.made[-1] if self.made else None
        if previous is not None and name_of(previous) != "mo" and self._peek().isalnum():
            self.made.append(space("0.222em"))

    def _arrow(self) -> bool:
        ahead = "".join(self.tokens[self.at : self.at + 4])
        arrow = next((a for a in _ARROWS if ahead.startswith(a)), None)
        if arrow is None:
            return False
        self.at += len(arrow)
        above, self.at = option(self.tokens, self.at)
        below, self.at = option(self.tokens, self.at) if above is not None else (None, self.at)
        sign: etree._Element = make("mo", _ARROWS[arrow], stretchy="true", minsize="1.5em")
        if above is None:
            self._add(make("mo", _ARROWS[arrow], stretchy="false", lspace="0.278em", rspace="0.278em"), starts=True)
            return True
        over, under = (_condition(c, self.convert) if c else None for c in (above, below))
        del sign.attrib["minsize"]
        if under is not None and over is not None:
            sign = make("munderover", (sign, under, over))
        elif over is not None:
            sign = make("mover", (sign, over))
        elif under is not None:
            sign = make("munder", (sign, under))
        self.made += [space("0.278em"), sign, space("0.278em")]
        self.at_start = True
        return True

    def _sign(self) -> bool:
        """Signs between substances, charges behind them, bonds within them, and what goes up or down."""
        piece, before, after = self._peek(), self._peek(-1), self._peek(1)
        alone = before in (" ", "") and after in (" ", "")
        if piece == "v" and alone and self.made:
            self._add(make("mo", "↓", stretchy="false"), starts=True)
        elif piece == "^" and alone and self.made:
            self._add(make("mo", "↑", stretchy="false"), starts=True)
        elif piece in ("+", "-", "−"):
            shown = "+" if piece == "+" else "−"
            if self.made and before not in (" ", "", "(", "[") and (after in _ENDS or after in ("^", "_")):
                self._attach(None, operator(shown))
            elif before in (" ", "") and (alone or piece == "+" or not after.isalpha()):
                self._add(operator(shown), starts=True)
            else:
                self._add(_bond(shown), starts=True)
        elif piece == "=":
            self._add(operator("=") if alone else _bond("="), starts=True)
        elif piece == "#":
            self._add(_bond("≡"), starts=True)
        elif piece in ("*", ".", "·") and not (piece == "." and alone):
            self._add(operator("⋅"), starts=True)
        else:
            return False
        self.at += 1
        return True

    def _number(self) -> None:
        text = _NUMBER.match("".join(t if len(t) == 1 else "\\" for t in self.tokens[self.at :]))
        number = text[0] if text else self._peek()
        if not self.at_start:
            number = re.match(r"\d+", number)[0] if re.match(r"\d+", number) else number  # type: ignore[index]
        self.at += len(number)
        if not self.at_start:
            self._attach(make("mn", number), None)
            return
        over, mark, under = number.partition("/")
        amount = make("mfrac", (make("mn", over), make("mn", under))) if mark else make("mn", number)
        self._add(make("mstyle", (amount,), displaystyle="false", scriptlevel="0") if mark else amount, starts=True)
        # the amount and what it is of are one, and a little apart
        if self._peek() not in ("", " ", ")", "]", "-", "/"):
            self.made.append(space("0.167em"))

    def _bracketed(self, opening: str) -> None:
        closing, depth = _CLOSING[opening], 0
        for end in range(self.at, len(self.tokens)):
            depth += {opening: 1, closing: -1}.get(self.tokens[end], 0)
            if depth == 0:
                break
        else:
            self._add(operator(opening))
            self.at += 1
            return
        inside = self.tokens[self.at + 1 : end]
        state = "".join(inside)
        if state in ("s", "l", "g", "aq", "cr", "am", "vit", "ads"):
            content: Elements = [upright(state)]
        else:
            content = chemistry(inside, self.convert)
        self.at = end + 1
        group = make("mrow", (operator(opening), *content, operator(closing)))
        self._add(group, starts=re.fullmatch(r"\d+/\d+", state) is not None)

    def _mathematics(self) -> None:
        end = next((n for n in range(self.at + 1, len(self.tokens)) if self.tokens[n] == "$"), len(self.tokens))
        self._add(row(self.convert(self.tokens[self.at + 1 : end])), starts=True)
        self.at = end + 1

    def _command(self, piece: str) -> None:
        """A command of mathematics; the groups behind it hold formulas."""
        position = self.at + 1
        while position < len(self.tokens) and self.tokens[position] == "{":
            position = group_end(self.tokens, position) + 1
        if piece in (r"\frac", r"\dfrac", r"\tfrac") and position > self.at + 1:
            over, middle = argument(self.tokens, self.at + 1)
            under, position = argument(self.tokens, middle)
            parts = (row(chemistry(part, self.convert)) for part in (over, under))
            self._add(make("mfrac", parts), starts=True)
        else:
            self._add(row(self.convert(self.tokens[self.at : position])))
        self.at = position
        if is_word(piece):
            self.at = after_blanks(self.tokens, self.at) if self._peek() == " " and self.at_start else self.at

    def _letters(self) -> None:
        piece, after = self._peek(), self._peek(1)
        if self.at_start and piece.isascii() and piece.islower() and after in (" ", ""):
            # how many there are, as a letter
            self._add(make("mi", piece), starts=True)
            self.at += 1
            return
        name = piece
        while self._peek(len(name)).isalpha() and self._peek(len(name)).islower():
            name += self._peek(len(name))
        self.at += len(name)
        self._add(upright(name))

    def _scripts(self) -> None:
        """`^` and `_` with what belongs to them: behind a substance, or before one where none is."""
        before = not self.made or self.at_start
        low: etree._Element | None = None
        high: etree._Element | None = None
        while self._peek() in ("^", "_"):
            is_high = self._peek() == "^"
            content = self._script()
            if is_high:
                high = content
            else:
                low = content
        if not before:
            self._attach(low, high)
            return
        base = self._next_base()
        none = [make("mrow") if part is None else part for part in (low, high)]
        self._add(make("mmultiscripts", (base, make("mprescripts"), *none)))

    def _script(self) -> etree._Element:
        self.at += 1
        if self._peek() == "{":
            inner, self.at = argument(self.tokens, self.at)
            return _script_content(inner, self.convert)
        start = self.at
        while self._peek().isdecimal():
            self.at += 1
        if self._peek() in ("+", "-", ".", "*") and (self.at > start or self.at == start):
            self.at += 1
        if self.at == start and self._peek():
            self.at += 1
        return _script_content(self.tokens[start : self.at], self.convert)

    def _next_base(self) -> etree._Element:
        """What follows a pair of scripts that stands before it."""
        if not self._peek().isalpha():
            return make("mrow")
        start = len(self.made)
        self.at_start = False
        self._letters()
        base = row(self.made[start:])
        del self.made[start:]
        return base

    def _attach(self, low: etree._Element | None, high: etree._Element | None) -> None:
        """Put scripts on what came last, beside those that it has."""
        self.at_start = False
        if not self.made:
            self.made.append(scripted(make("mrow"), low, high))
            return
        last = self.made.pop()
        name, parts = name_of(last), list(last)
        if name == "msub" and low is None:
            last, low = parts[0], parts[1]
        elif name == "msup" and high is None:
            last, high = parts[0], parts[1]
        self.made.append(scripted(last, low, high))


def _bond(sign: str) -> etree._Element:
    return make("mo", sign, lspace="0", rspace="0")


def _condition(tokens: Sequence[str], convert: Convert) -> etree._Element:
    return row(chemistry(tokens, convert)) if trimmed(tokens) else make("mrow")


def _script_content(tokens: Sequence[str], convert: Convert) -> etree._Element:
    """A charge, a number, a letter or a state."""
    made: Elements = []
    for part in split(tokens, "$")[:1] if "$" not in tokens else ():
        text = "".join(part)
        if re.fullmatch(r"[0-9.,+\-−*• ]*", text):
            for piece in re.findall(r"\d+(?:[.,]\d+)?|[^\d ]", text):
                made.append(
                    make("mn", piece) if piece[0].isdecimal() else operator({"-": "−", ".": "•"}.get(piece, piece))
                )
            return row(made)
        if re.fullmatch(r"[IVXLCDM]+|\(?[a-z]{2,}\)?", text):
            return make("mtext", text)
        if re.fullmatch(r"[a-z]", text):
            return make("mi", text)
        if not any(t.startswith("\\") for t in part):
            return row(chemistry(part, convert))
    if "$" in tokens:
        return row(chemistry(tokens, convert))
    return row(convert(tokens))
