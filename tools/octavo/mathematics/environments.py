"""Environments as tables: aligned and gathered rows, cases, matrices, arrays, stacks, commutative diagrams.

Each cell is converted by itself, so that what an environment can't hold is told from what a formula can't. Where the
words of MathML Core have no alignment and no rules, style says them too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from octavo.mathematics.tokens import UnexpandedError, after_blanks, argument, joined, option, split, trimmed
from octavo.mathematics.tree import Elements, make, name_of, operator, row, space

Convert = Callable[[Sequence[str]], Elements]

# rows that meet at their relations; "rcl" is eqnarray's
_ALIGNED = frozenset({
    "align", "align*", "aligned", "alignat", "alignat*", "alignedat", "flalign", "flalign*", "split", "xalignat",
    "xalignat*", "xxalignat",
})  # fmt: skip
_GATHERED = frozenset({"gather", "gather*", "gathered", "multline", "multline*", "multlined"})
_EQNARRAY = frozenset({"eqnarray", "eqnarray*"})
_CASES = {
    "cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}"), "drcases": ("", "}"), "dcases*": ("{", ""),
    "cases*": ("{", ""), "numcases": ("{", ""), "subnumcases": ("{", ""),
}  # fmt: skip
_MATRICES = {
    "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"), "smallmatrix": ("", ""), "psmallmatrix": ("(", ")"), "bsmallmatrix": ("[", "]"),
    "Bsmallmatrix": ("{", "}"), "vsmallmatrix": ("|", "|"), "Vsmallmatrix": ("‖", "‖"), "displaymatrix": ("", ""),
}  # fmt: skip
_ARRAYS = frozenset({"array", "tabular", "subarray", "darray"})
# what sets a formula apart and has no rows of its own
UNWRAPPED = frozenset({
    "equation", "equation*", "math", "displaymath", "subequations", "empheq", "dmath", "dmath*", "center", "minipage",
})  # fmt: skip
_WITH_COUNT = frozenset({"alignat", "alignat*", "alignedat", "xalignat", "xalignat*", "xxalignat"})
_PREFIXED = frozenset({"numcases", "subnumcases"})
_ROW_ENDS = (r"\\", r"\cr", r"\newline", r"\tabularnewline")
_RULES = frozenset({r"\hline", r"\hdashline", r"\toprule", r"\midrule", r"\bottomrule"})
_SIDES = {"l": "left", "c": "center", "r": "right"}


@dataclass(slots=True, kw_only=True)
class _Row:
    cells: list[list[str]]
    # a rule above it
    ruled: bool = False
    # text between rows, over their whole width
    between: list[str] | None = None


def is_known(name: str) -> bool:
    """Whether there is a table for an environment of this name."""
    plain = name.removesuffix("*")
    return name in _ALIGNED | _GATHERED | _EQNARRAY | _ARRAYS or name in _CASES or plain in _MATRICES or name == "CD"


def environment(name: str, tokens: Sequence[str], convert: Convert, text: Convert) -> etree._Element:
    """The table of what stands between `\\begin` and `\\end`. text: what words in it become.

    Raises: UnexpandedError when an argument of it is missing.
    """
    start = 0
    given, start = option(tokens, start) if name not in ("CD",) else (None, 0)
    if name == "CD":
        return _diagram(tokens, convert)
    if name in _WITH_COUNT:
        _, start = argument(tokens, start)
    if name in _PREFIXED:
        prefix, start = argument(tokens, start)
        inside = _cases(name, tokens[start:], convert, text)
        return make("mrow", (*convert(prefix), inside))
    if name in _CASES:
        return _cases(name, tokens[start:], convert, text)
    if name in _ARRAYS:
        specification, start = argument(tokens, start)
        return _array(name, specification, _rows(tokens[start:]), text if name == "tabular" else convert, text)
    rows = _rows(tokens[start:])
    if name in _GATHERED:
        return _display(rows, _multline_sides(name, rows), convert, text)
    if name in _EQNARRAY:
        return _display(rows, ["right", "center", "left"], convert, text)
    if name in _ALIGNED:
        return _display(rows, ["right", "left"], convert, text)
    side = _SIDES.get("".join(given or ["c"]).strip(), "center")
    return _matrix(name.removesuffix("*"), rows, side, convert)


def rows_of_display(tokens: Sequence[str], convert: Convert, text: Convert) -> etree._Element:
    """A formula with rows and no environment around them, as Sphinx sets it."""
    return _display(_rows(tokens), ["right", "left"], convert, text)


def stack(tokens: Sequence[str], convert: Convert) -> etree._Element:
    """Rows in a subscript, as `\\substack` has them."""
    table = _table(_rows(tokens), ["center"], convert)
    return make("mstyle", (table,), scriptlevel="1", displaystyle="false")


def _rows(tokens: Sequence[str]) -> list[_Row]:
    made: list[_Row] = []
    for number, line in enumerate(split(tokens, *_ROW_ENDS)):
        rest = _without_skip(line) if number else list(line)
        ruled, between = False, None
        while rest and (
            rest[0] == " "
            or rest[0] in _RULES
            or rest[0] in (r"\cline", r"\intertext", r"\shortintertext", r"\noalign")
        ):
            word = rest.pop(0)
            ruled = ruled or word in _RULES
            if word in (r"\cline", r"\noalign"):
                _, end = argument(rest, 0)
                rest = rest[end:]
            elif word.endswith("intertext"):
                between, end = argument(rest, 0)
                rest = rest[end:]
        made.append(_Row(cells=split(rest, "&"), ruled=ruled, between=between))
    if made and all(not trimmed(cell) for cell in made[-1].cells) and not made[-1].between and len(made) > 1:
        last = made.pop()
        if last.ruled:
            made[-1].cells[-1].append(r"\hline")
    return made


def _without_skip(line: Sequence[str]) -> list[str]:
    """Without the star and the length that may stand behind `\\\\`."""
    rest = list(line)
    if rest[:1] == ["*"]:
        rest = rest[1:]
    length, end = option(rest, 0)
    if length is not None and re.fullmatch(r"\s*-?[\d.]+\s*[a-z]{2}\s*|\s*-?[\d.]*\\[a-z]+\s*", joined(length)):
        rest = rest[end:]
    return rest


def _cell(tokens: Sequence[str], side: str, convert: Convert, *, style: Sequence[str] = ()) -> etree._Element:
    below = r"\hline" in tokens
    content = trimmed([t for t in tokens if t not in _RULES])
    cell = make("mtd", convert(content) if content else (), columnalign=side)
    styles = [f"text-align: {side}", *style, *(["border-bottom: 0.06em solid"] if below else [])]
    cell.set("style", "; ".join(styles))
    return cell


def _spanning(tokens: Sequence[str]) -> tuple[int, str | None, list[str]]:
    """How many columns a cell takes, its side, and what is in it."""
    start = after_blanks(tokens, 0)
    if tokens[start : start + 1] != [r"\multicolumn"]:
        return 1, None, list(tokens)
    count, start = argument(tokens, start + 1)
    side, start = argument(tokens, start)
    content, _ = argument(tokens, start)
    number = "".join(count).strip()
    found = next((c for c in side if c in _SIDES), "c")
    return int(number) if number.isdecimal() else 1, _SIDES[found], content


def _table(rows: Sequence[_Row], sides: Sequence[str], convert: Convert) -> etree._Element:
    made = [
        make("mtr", [_cell(cell, sides[n % len(sides)], convert) for n, cell in enumerate(line.cells)]) for line in rows
    ]
    return make("mtable", made, columnalign=" ".join(sides))


def _display(rows: Sequence[_Row], sides: Sequence[str], convert: Convert, text: Convert) -> etree._Element:
    """Rows of one display; a sign at which two of them meet has no space beside it but its own."""
    columns = max(len(line.cells) for line in rows)
    made = []
    for place, line in enumerate(rows):
        if line.between:
            cell = make("mtd", text(line.between), columnalign="left", columnspan=str(columns))
            cell.set("style", "text-align: left")
            made.append(make("mtr", (cell,)))
        cells = []
        for n, tokens in enumerate(line.cells):
            alone = len(sides) > 3 or sides == ["center"]
            side = sides[place] if len(sides) > 3 else sides[n % len(sides)]
            near = "" if alone else "padding-right: 0" if side == "right" else "padding-left: 0"
            apart = ["padding-left: 2em"] if side == "right" and n else []
            cell = _cell(tokens, side, convert, style=[*([near] if near else []), *apart])
            if not alone and n % 2 == 1 and len(sides) == 2:
                # the relation that a cell begins with stands behind something
                cell.insert(0, make("mi"))
            cells.append(cell)
        made.append(make("mtr", cells))
    return make("mtable", made, displaystyle="true", columnalign=" ".join(sides[:3]))


def _multline_sides(name: str, rows: Sequence[_Row]) -> list[str]:
    if not name.startswith("multline") or len(rows) < 4:
        return ["center"]
    return ["left", *["center"] * (len(rows) - 2), "right"]


def _cases(name: str, tokens: Sequence[str], convert: Convert, text: Convert) -> etree._Element:
    opening, closing = _CASES[name]

    def cell(inside: Sequence[str]) -> Elements:
        return convert(inside)

    rows = _rows(tokens)
    made = []
    for line in rows:
        cells = [_cell(part, "left", text if name.endswith("*") and n else cell) for n, part in enumerate(line.cells)]
        made.append(make("mtr", cells))
    table = make("mtable", made, columnalign="left")
    inside: etree._Element = table
    if name.lstrip("sub").startswith("d") and not name.startswith("sub"):
        inside = make("mstyle", (table,), displaystyle="true", scriptlevel="0")
    return _fenced(opening, inside, closing)


def _matrix(name: str, rows: Sequence[_Row], side: str, convert: Convert) -> etree._Element:
    opening, closing = _MATRICES[name]
    table = _table(rows, [side], convert)
    inside = make("mstyle", (table,), scriptlevel="1", displaystyle="false") if "small" in name else table
    return _fenced(opening, inside, closing) if opening else inside


def _fenced(opening: str, inside: etree._Element, closing: str) -> etree._Element:
    marks = [
        make("mo", sign, fence="true", stretchy="true", form=form) if sign else None
        for sign, form in ((opening, "prefix"), (closing, "postfix"))
    ]
    return make("mrow", [part for part in (marks[0], inside, marks[1]) if part is not None])


def _array(
    name: str, specification: Sequence[str], rows: Sequence[_Row], convert: Convert, text: Convert
) -> etree._Element:
    sides, lines = _columns(specification)
    made = []
    for line in rows:
        if line.between:
            made.append(make("mtr", (_cell(line.between, "left", text),)))
        cells, column = [], 0
        for tokens in line.cells:
            count, side, content = _spanning(tokens)
            style = ["border-top: 0.06em solid"] if line.ruled else []
            style += ["border-right: 0.06em solid"] if column + count in lines else []
            style += ["border-left: 0.06em solid"] if not column and 0 in lines else []
            own = side or (sides[column] if column < len(sides) else "center")
            cell = _cell(content, own, convert, style=style)
            if count > 1:
                cell.set("columnspan", str(count))
            cells.append(cell)
            column += count
        made.append(make("mtr", cells))
    table = make("mtable", made, columnalign=" ".join(sides) or "center")
    if lines:
        table.set("columnlines", " ".join("solid" if n in lines else "none" for n in range(1, max(len(sides), 2))))
    if any(line.ruled for line in rows[1:]):
        table.set("rowlines", " ".join("solid" if line.ruled else "none" for line in rows[1:]))
    return make("mstyle", (table,), scriptlevel="1", displaystyle="false") if name == "subarray" else table


def _columns(specification: Sequence[str]) -> tuple[list[str], set[int]]:
    """The sides of the columns, and after which of them (0: before the first) a rule stands."""
    sides: list[str] = []
    lines: set[int] = set()
    index = 0
    tokens = [t for t in specification if t != " "]
    while index < len(tokens):
        piece = tokens[index]
        index += 1
        if piece == "*":
            count, index = argument(tokens, index)
            repeated, index = argument(tokens, index)
            number = "".join(count)
            for _ in range(min(int(number), 100) if number.isdecimal() else 1):
                more, inner = _columns(repeated)
                lines |= {len(sides) + n for n in inner}
                sides += more
        elif piece in _SIDES:
            sides.append(_SIDES[piece])
        elif piece in ("p", "m", "b", "X"):
            if piece != "X":
                _, index = argument(tokens, index)
            sides.append("left")
        elif piece in ("|", ":"):
            lines.add(len(sides))
        elif piece in ("@", "!", ">", "<"):
            _, index = argument(tokens, index)
    return sides, lines


_CD = {">": "→", "<": "←", "V": "↓", "A": "↑", "=": "=", "|": "‖", ".": ""}


def _diagram(tokens: Sequence[str], convert: Convert) -> etree._Element:
    """A commutative diagram of amscd: objects and arrows in a grid."""
    made = []
    for line in split(tokens, *_ROW_ENDS):
        cells: list[list[str]] = [[]]
        arrows: list[tuple[str, list[str], list[str]]] = []
        rest, index = list(line), 0
        while index < len(rest):
            if rest[index] == "@" and index + 1 < len(rest) and rest[index + 1] in _CD:
                kind, before, after, index = _arrow(rest, index + 1)
                arrows.append((kind, before, after))
                cells.append([])
            else:
                cells[-1].append(rest[index])
                index += 1
        made.append(make("mtr", _grid_row(cells, arrows, convert)))
    return make("mtable", [line for line in made if len(line)], columnalign="center")


def _arrow(rest: Sequence[str], at: int) -> tuple[str, list[str], list[str], int]:
    kind = rest[at]
    if kind in ("=", "|", "."):
        return kind, [], [], at + 1
    parts: list[list[str]] = [[]]
    depth = 0
    for index in range(at + 1, len(rest)):
        depth += {"{": 1, "}": -1}.get(rest[index], 0)
        if depth == 0 and rest[index] == kind:
            if len(parts) == 2:
                return kind, parts[0], parts[1], index + 1
            parts.append([])
        else:
            parts[-1].append(rest[index])
    raise UnexpandedError("an arrow of a diagram has no end")


def _grid_row(
    cells: Sequence[Sequence[str]], arrows: Sequence[tuple[str, list[str], list[str]]], convert: Convert
) -> Elements:
    upright_ = arrows and not trimmed(cells[0]) and arrows[0][0] in ("V", "A", "|", "=", ".")
    made: Elements = []
    for place, tokens in enumerate(cells):
        content = trimmed(tokens)
        if content or not upright_:
            if content:
                made.append(make("mtd", convert(content)))
            elif place in (0, len(cells) - 1) and not arrows:
                continue
            else:
                made.append(make("mtd"))
        if place < len(arrows):
            kind, before, after = arrows[place]
            made.append(make("mtd", _labelled(kind, before, after, convert)))
            if upright_ and place < len(arrows) - 1:
                made.append(make("mtd"))
    return made


def _labelled(kind: str, before: Sequence[str], after: Sequence[str], convert: Convert) -> Elements:
    if kind == ".":
        return []
    first, second = (row(convert(trimmed(part))) if trimmed(part) else None for part in (before, after))
    if kind in ("V", "A"):
        return [*([first] if first is not None else []), operator(_CD[kind]), *([second] if second is not None else [])]
    sign = make("mo", _CD[kind], stretchy="true") if kind in "<>" else operator("‖" if kind == "|" else _CD[kind])
    if kind == "=":
        return [operator("=")]
    if first is not None and second is not None:
        return [make("munderover", (sign, second, first))]
    if first is not None:
        return [make("mover", (sign, first))]
    return [make("munder", (sign, second))] if second is not None else [space("0.5em"), sign, space("0.5em")]


def is_table(element: etree._Element) -> bool:
    """Whether an element is a table, in a style or not."""
    return name_of(element) == "mtable" or (len(element) == 1 and name_of(element[0]) == "mtable")
