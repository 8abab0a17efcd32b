r"""From the tokens of a formula to what latex2mathml converts, and to elements of our own for what it does not.

What is made here stands in the source of the rest as a character of a private use area, and is put back into the
tree afterwards: so each construct is converted by itself, whatever stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from octavo.mathematics import colours, environments, quantities
from octavo.mathematics.chemistry import chemistry
from octavo.mathematics.rewriting import REWRITTEN
from octavo.mathematics.symbols import (
    ARROWS,
    BIG,
    DELIMITERS,
    FIRST_PART,
    NEGATED,
    SAME,
    SILENT,
    UPRIGHT,
)
from octavo.mathematics.tokens import (
    UnexpandedError,
    after_blanks,
    argument,
    group_end,
    joined,
    option,
    tokenize,
    trimmed,
)
from octavo.mathematics.tree import Elements, make, row, space, upright
from octavo.mathematics.words import STYLES, settle_spaces, words

Engine = Callable[[str, bool], Elements]
Reference = Callable[[str], str | None]
MAX_DEPTH = 40


@dataclass(slots=True)
class Conversion:
    """One formula while it is converted.

    - engine: what converts a source without constructs of ours; the second argument is whether it is displayed.
    - reference: the number of an equation by its label, or None when there is none.
    """

    engine: Engine
    display: bool
    reference: Reference | None = None
    parts: Elements = field(default_factory=list)
    _depth: int = 0

    def elements(self, tokens: Sequence[str], *, display: bool | None = None) -> Elements:
        """What a row of tokens becomes.

        Raises: UnexpandedError when a construct in it is not whole; what the engine raises.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnexpandedError("it is nested too deeply")
        outer, self.display = self.display, self.display if display is None else display
        try:
            if _has_rows(tokens):
                return [environments.rows_of_display(tokens, self._displayed, self._text)]
            source = joined(self._simplified(tokens)).strip()
            return self.engine(source, self.display) if source else []
        finally:
            self.display = outer
            self._depth -= 1

    def command(self, tokens: Sequence[str], start: int) -> tuple[Elements, int]:
        """What one command in a text becomes, and the index after it and its arguments."""
        made = _MADE.get(tokens[start])
        if made is not None:
            return made(self, tokens, start + 1)
        position = start + 1
        while position < len(tokens) and tokens[position] == "{":
            position = group_end(tokens, position) + 1
        return self.elements(tokens[start:position], display=False), position

    def part(self, elements: Elements) -> str:
        """The character that stands for what was made here."""
        self.parts.append(row(elements))
        return chr(FIRST_PART + len(self.parts) - 1)

    def _inline(self, tokens: Sequence[str]) -> Elements:
        return self.elements(tokens, display=False)

    def _displayed(self, tokens: Sequence[str]) -> Elements:
        return self.elements(tokens, display=True)

    def _text(self, tokens: Sequence[str]) -> Elements:
        return settle_spaces(words(tokens, self))

    # ---- rewriting

    def _simplified(self, tokens: Sequence[str]) -> list[str]:
        """Environments and commands replaced by those that latex2mathml sets rightly, or by parts."""
        done: list[str] = []
        index = 0
        while index < len(tokens):
            piece = tokens[index]
            index += 1
            if piece == r"\begin":
                made, index = self._environment(tokens, index)
                done += made
            elif piece == r"\end":
                raise UnexpandedError("an environment ends that has not begun")
            elif piece == r"\color":
                made, index = self._colour_switch(tokens, index)
                done += made
            elif piece in _MADE:
                found, index = _MADE[piece](self, tokens, index)
                done.append(self.part(found))
            elif piece in REWRITTEN:
                made, index = REWRITTEN[piece](tokens, index)
                done += self._simplified(made)
            elif piece == r"\mathrm":
                made, index = self._upright(tokens, index)
                done += made
            elif piece in BIG or piece in (r"\left", r"\right", r"\middle"):
                index = after_blanks(tokens, index)
                if index < len(tokens):
                    done += [piece, DELIMITERS.get(tokens[index], tokens[index])]
                    index += 1
            elif piece == r"\not":
                made, index = self._negated(tokens, index)
                done += made
            elif piece in SILENT:
                for _ in range(SILENT[piece]):
                    _, index = argument(tokens, index)
                if piece == r"\bbox":
                    _, index = option(tokens, index)
            elif piece in (r"\tag", r"\tag*"):
                text, index = argument(tokens, index)
                shown = text if piece.endswith("*") else ["(", *text, ")"]
                done += [r"\qquad", self.part(self._text(shown))]
            elif piece in SAME:
                done += self._same(piece)
            else:
                done.append(piece)
        return done

    def _same(self, piece: str) -> list[str]:
        found = tokenize(SAME[piece])
        return found if found == [piece] else self._simplified(found)

    def _environment(self, tokens: Sequence[str], index: int) -> tuple[list[str], int]:
        name_tokens, index = argument(tokens, index)
        name = "".join(name_tokens).strip()
        end, after = _end_of(tokens, index, name)
        inside = tokens[index:end]
        if name in environments.UNWRAPPED:
            if name in ("empheq", "minipage"):
                _, skip = option(inside, 0)
                _, skip = argument(inside, skip)
                inside = inside[skip:]
            return [self.part(self.elements(inside))], after
        if not environments.is_known(name):
            raise UnexpandedError(f"the environment {name} is not known")
        return [self.part([environments.environment(name, inside, self._cells_of(name), self._text)])], after

    def _cells_of(self, name: str) -> Callable[[Sequence[str]], Elements]:
        is_inline = "matrix" in name or name.rstrip("*") in (
            "cases",
            "rcases",
            "array",
            "subarray",
            "tabular",
            "numcases",
        )
        return self._inline if is_inline else self._displayed

    def _colour_switch(self, tokens: Sequence[str], index: int) -> tuple[list[str], int]:
        r"""`\color{red}`: all that follows in its group; with a group of its own behind it, that (MathJax 2's)."""
        shade, index = _colour(tokens, index)
        depth, end = 0, index
        while end < len(tokens):
            depth += {"{": 1, "}": -1, r"\begin": 1, r"\end": -1, r"\left": 1, r"\right": -1}.get(tokens[end], 0)
            if depth < 0:
                break
            end += 1
        inside = self.elements(tokens[index:end])
        return [self.part([_coloured(inside, shade)])], end

    def _upright(self, tokens: Sequence[str], index: int) -> tuple[list[str], int]:
        letter, index = argument(tokens, index)
        if len(letter) == 1 and letter[0].isalpha():
            # latex2mathml loses the upright shape of one letter
            return ["{", UPRIGHT, *letter, "}"], index
        return [r"\mathrm", "{", *self._simplified(letter), "}"], index

    def _negated(self, tokens: Sequence[str], index: int) -> tuple[list[str], int]:
        negated, index = argument(tokens, index)
        inner = trimmed(negated)
        if len(inner) == 1 and inner[0] in NEGATED:
            return [self.part([make("mo", NEGATED[inner[0]])])], index
        if len(inner) == 1 and inner[0].startswith("\\"):
            made = self.elements(inner)
            text = "".join(made[0].itertext()) if len(made) == 1 else ""
            if len(text) == 1:
                # U+0338, which combines with what stands before it
                return [self.part([make("mo", NEGATED.get(text, text + "\u0338"))])], index
        made = self.elements(inner)
        return [self.part([make("menclose", made, notation="updiagonalstrike")])], index


def _has_rows(tokens: Sequence[str]) -> bool:
    r"""Whether a `&` or `\\` stands outside of all environments (Sphinx sets such a formula in rows, and so do we)."""
    depth = 0
    for piece in tokens:
        depth += {r"\begin": 1, "{": 1, r"\end": -1, "}": -1}.get(piece, 0)
        if depth == 0 and piece in ("&", r"\\"):
            return True
    return False


def _end_of(tokens: Sequence[str], start: int, name: str) -> tuple[int, int]:
    """Where an environment ends that began before `start`, and the index after its end."""
    depth = 1
    for index in range(start, len(tokens)):
        if tokens[index] == r"\begin":
            depth += 1
        elif tokens[index] == r"\end":
            depth -= 1
            if depth == 0:
                ended, after = argument(tokens, index + 1)
                if "".join(ended).strip() != name:
                    raise UnexpandedError(f"{name} ends as {''.join(ended).strip()}")
                return index, after
    raise UnexpandedError(f"the environment {name} has no end")


# ---- constructs that become elements of our own

Made = tuple[Elements, int]


def _words(variant: str | None) -> Callable[[Conversion, Sequence[str], int], Made]:
    def made(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        _, index = option(tokens, index)
        inner, index = argument(tokens, index)
        return settle_spaces(words(inner, conversion, variant)), index

    return made


def _chemistry(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    inner, index = argument(tokens, index)
    return chemistry(inner, lambda part: conversion.elements(part, display=False)), index


def _physical(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    inner, index = argument(tokens, index)
    return quantities.physical(joined(inner)), index


def _number(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    _, index = option(tokens, index)
    value, index = argument(tokens, index)
    return quantities.number(joined(value)), index


def _unit(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    options, index = option(tokens, index)
    inner, index = argument(tokens, index)
    return quantities.unit(inner, "".join(options or ())), index


def _quantity(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    options, index = option(tokens, index)
    value, index = argument(tokens, index)
    _, index = option(tokens, index)
    inner, index = argument(tokens, index)
    return quantities.quantity(joined(value), inner, "".join(options or ())), index


def _angle(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    _, index = option(tokens, index)
    value, index = argument(tokens, index)
    return quantities.angle(joined(value)), index


def _several(*, dash: bool, unit: bool) -> Callable[[Conversion, Sequence[str], int], Made]:
    r"""`\SIrange` and `\SIlist`, with a unit behind them or without."""

    def made(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        options, index = option(tokens, index)
        first, index = argument(tokens, index)
        values = [joined(first)]
        if dash:
            second, index = argument(tokens, index)
            values.append(joined(second))
        else:
            values = values[0].split(";")
        found = quantities.listed([quantities.number(v) for v in values], "–" if dash else ",\xa0")
        if unit:
            inner, index = argument(tokens, index)
            found += [space(quantities.THIN), *quantities.unit(inner, "".join(options or ()))]
        return found, index

    return made


def _reference(*, brackets: bool) -> Callable[[Conversion, Sequence[str], int], Made]:
    def made(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        inner, index = argument(tokens, index)
        label = "".join(inner).strip()
        number = conversion.reference(label) if conversion.reference is not None else None
        shown = number if number is not None else "?"
        text = make("mtext", f"({shown})" if brackets else shown)
        if number is not None:
            text.set("href", f"#{label}")
        return [text], index

    return made


def _substack(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    inner, index = argument(tokens, index)
    return [environments.stack(inner, lambda part: conversion.elements(part, display=False))], index


def _colour(tokens: Sequence[str], index: int) -> tuple[str | None, int]:
    model, index = option(tokens, index)
    name, index = argument(tokens, index)
    return colours.colour("".join(name), None if model is None else "".join(model).strip()), index


def _coloured(elements: Elements, shade: str | None) -> etree._Element:
    if shade is None:
        return row(elements)
    return make("mstyle", elements, mathcolor=colours.readable(shade))


def _text_colour(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    shade, index = _colour(tokens, index)
    inner, index = argument(tokens, index)
    return [_coloured(conversion.elements(inner), shade)], index


def _colour_box(*, framed: bool) -> Callable[[Conversion, Sequence[str], int], Made]:
    def made(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        if framed:
            _, index = _colour(tokens, index)
        shade, index = _colour(tokens, index)
        inner, index = argument(tokens, index)
        style = make("mstyle", settle_spaces(words(inner, conversion)))
        if shade is not None:
            style.set("mathbackground", shade)
            style.set("mathcolor", "#ffffff" if colours.is_dark(shade) else "#000000")
        return [make("menclose", (style,), notation="box") if framed else style], index

    return made


def _enclosed(notation: str) -> Callable[[Conversion, Sequence[str], int], Made]:
    def made(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        _, index = option(tokens, index)
        inner, index = argument(tokens, index)
        return [make("menclose", conversion.elements(inner), notation=notation)], index

    return made


def _framed_text(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    _, index = option(tokens, index)
    inner, index = argument(tokens, index)
    return [make("menclose", settle_spaces(words(inner, conversion)), notation="box")], index


def _cancelled_to(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    value, index = argument(tokens, index)
    inner, index = argument(tokens, index)
    struck = make("menclose", conversion.elements(inner), notation="updiagonalstrike")
    return [make("msup", (struck, row(conversion.elements(value, display=False))))], index


def _named_operator(*, limits: bool) -> Callable[[Conversion, Sequence[str], int], Made]:
    def made(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        inner, index = argument(tokens, index)
        spaces = {" ": "", r"\,": "\u2009", r"\ ": "\xa0", "~": "\xa0", r"\;": "\u2009", r"\:": "\u2009", r"\!": ""}
        plain = [spaces.get(t, t) for t in inner]
        while plain and plain[-1].isspace():
            plain.pop()
        name = "".join(plain)
        if not name or "\\" in name or "{" in name or "$" in name or "_" in name or "^" in name:
            return [row(conversion.elements([r"\mathrm", "{", *inner, "}"], display=False))], index
        if limits:
            return [make("mo", name, movablelimits="true", lspace="0", rspace="0.167em")], index
        identifier = upright(name)
        identifier.set("class", "octavo-function")
        return [identifier], index

    return made


def _generalised_fraction(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    given = []
    for _ in range(6):
        inner, index = argument(tokens, index)
        given.append(inner)
    opening, closing, thickness, style, over, under = given
    fraction = make("mfrac", (row(conversion.elements(part, display=False)) for part in (over, under)))
    width = "".join(thickness).strip()
    if re.fullmatch(r"[\d.]+[a-z]{2}", width):
        fraction.set("linethickness", width)
    made: etree._Element = fraction
    marks = ["".join(DELIMITERS.get(t, t) for t in trimmed(part)).translate(_LITERAL) for part in (opening, closing)]
    if any(m not in ("", ".") for m in marks):
        fences = [make("mo", m, fence="true", stretchy="true") for m in marks]
        made = make("mrow", [e for e in (fences[0], fraction, fences[1]) if e.text not in ("", ".")])
    level = "".join(style).strip()
    if level in ("0", "1", "2", "3"):
        shown = {"0": ("true", "0"), "1": ("false", "0"), "2": ("false", "1"), "3": ("false", "2")}[level]
        made = make("mstyle", (made,), displaystyle=shown[0], scriptlevel=shown[1])
    return [made], index


_LITERAL = str.maketrans({"\ue004": "{", "\ue005": "}", "\ue002": "\\"})


def _before(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    r"""`\prescript{14}{6}{C}`."""
    high, index = argument(tokens, index)
    low, index = argument(tokens, index)
    base, index = argument(tokens, index)
    parts = [row(conversion.elements(part, display=False)) for part in (base, low, high)]
    return [make("mmultiscripts", (parts[0], make("mprescripts"), parts[1], parts[2]))], index


def _at_sides(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    r"""`\sideset{_1^2}{_3^4}\prod`."""
    left, index = argument(tokens, index)
    right, index = argument(tokens, index)
    base, index = argument(tokens, index)
    scripts = [_scripts_of(conversion, part) for part in (right, left)]
    return [
        make("mmultiscripts", (row(conversion.elements(base)), *scripts[0], make("mprescripts"), *scripts[1]))
    ], index


def _scripts_of(conversion: Conversion, tokens: Sequence[str]) -> Elements:
    found: dict[str, etree._Element] = {}
    index = after_blanks(tokens, 0)
    while index < len(tokens):
        mark = tokens[index]
        if mark == "'":
            found["^"] = make("mo", "′")
            index += 1
            continue
        if mark not in ("_", "^"):
            raise UnexpandedError("what stands beside an operator is no script")
        inner, index = argument(tokens, index + 1)
        found[mark] = row(conversion.elements(inner, display=False))
        index = after_blanks(tokens, index)
    return [found.get("_", make("mrow")), found.get("^", make("mrow"))]


def _arrow(sign: str) -> Callable[[Conversion, Sequence[str], int], Made]:
    def made(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
        below, index = option(tokens, index)
        above, index = argument(tokens, index)
        over, under = (
            make("mrow", (space("0.4em"), *conversion.elements(part, display=False), space("0.4em")))
            if part and trimmed(part)
            else None
            for part in (above, below)
        )
        mark = (
            make("mo", sign, stretchy="true", minsize="1.5em")
            if over is None and under is None
            else make("mo", sign, stretchy="true")
        )
        if over is not None and under is not None:
            return [make("munderover", (mark, under, over))], index
        if over is not None:
            return [make("mover", (mark, over))], index
        return [mark if under is None else make("munder", (mark, under))], index

    return made


def _character(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    r"""`\unicode{x263A}`, `\char"41`, `\symbol{65}`."""
    _, index = option(tokens, index)
    index = after_blanks(tokens, index)
    if index < len(tokens) and tokens[index] == "{":
        inner, index = argument(tokens, index)
        code = "".join(inner).strip()
    else:
        start = index
        while index < len(tokens) and re.fullmatch(r'[0-9A-Fa-fx"]', tokens[index]):
            index += 1
        code = "".join(tokens[start:index])
    found = re.fullmatch(r"(?:[xX]|U\+|\")([0-9A-Fa-f]{1,6})|(\d{1,7})", code)
    number = int(found[1], 16) if found and found[1] else int(found[2]) if found else 0
    if not 0x20 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise UnexpandedError("there is no such character")
    return [make("mtext", chr(number))], index


def _raised(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    _, index = argument(tokens, index)
    inner, index = argument(tokens, index)
    return settle_spaces(words(inner, conversion)), index


def _linked(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    r"""`\href{...}{x}`: its text alone, for no one would check where it leads."""
    _, index = argument(tokens, index)
    inner, index = argument(tokens, index)
    return conversion.elements(inner), index


def _address(_conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    inner, index = argument(tokens, index)
    return [make("mtext", "".join(t.removeprefix("\\") for t in inner))], index


def _underlined(conversion: Conversion, tokens: Sequence[str], index: int) -> Made:
    inner, index = argument(tokens, index)
    return [make("munder", (row(conversion.elements(inner)), make("mo", "_", stretchy="true")))], index


_MADE: Mapping[str, Callable[[Conversion, Sequence[str], int], Made]] = {
    **{command: _words(variant) for command, variant in STYLES.items() if command != r"\underline"},
    **{command: _arrow(sign) for command, sign in ARROWS.items()},
    r"\ce": _chemistry, r"\cee": _chemistry, r"\cf": _chemistry, r"\pu": _physical, r"\num": _number,
    r"\si": _unit, r"\unit": _unit, r"\SI": _quantity, r"\ang": _angle,
    r"\SIrange": _several(dash=True, unit=True), r"\qtyrange": _several(dash=True, unit=True),
    r"\numrange": _several(dash=True, unit=False), r"\SIlist": _several(dash=False, unit=True),
    r"\qtylist": _several(dash=False, unit=True), r"\numlist": _several(dash=False, unit=False),
    r"\octavoquantity": _quantity, r"\eqref": _reference(brackets=True), r"\ref": _reference(brackets=False),
    r"\ref*": _reference(brackets=False), r"\autoref": _reference(brackets=False),
    r"\cref": _reference(brackets=True), r"\Cref": _reference(brackets=True), r"\substack": _substack,
    r"\textcolor": _text_colour, r"\colorbox": _colour_box(framed=False), r"\fcolorbox": _colour_box(framed=True),
    r"\cancel": _enclosed("updiagonalstrike"), r"\bcancel": _enclosed("downdiagonalstrike"),
    r"\xcancel": _enclosed("updiagonalstrike downdiagonalstrike"), r"\sout": _enclosed("horizontalstrike"),
    r"\cancelto": _cancelled_to, r"\boxed": _enclosed("box"), r"\fbox": _framed_text, r"\framebox": _framed_text,
    r"\operatorname": _named_operator(limits=False), r"\operatorname*": _named_operator(limits=True),
    r"\operatornamewithlimits": _named_operator(limits=True), r"\genfrac": _generalised_fraction,
    r"\prescript": _before, r"\sideset": _at_sides, r"\unicode": _character, r"\char": _character,
    r"\symbol": _character, r"\raisebox": _raised, r"\href": _linked, r"\url": _address,
    r"\hyperref": _linked,
}  # fmt: skip
