r"""A formula that can't be converted, as near to what was meant as can be: for a picture of it, never for reading.

Missing braces are added, commands that nobody knows stand as their names in upright letters, and where even that is
not enough, the words and signs of the source stand in a row, without the commands around them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from octavo.mathematics.mathml import NO_MACROS, NotConvertedError, to_mathml
from octavo.mathematics.tokens import joined, tokenize
from octavo.mathematics.tree import make

if TYPE_CHECKING:
    from lxml import etree

_NOT_KNOWN = re.compile(r"'?(?:the unit )?(\\[A-Za-z]+\*?)'? is not known|the environment ([^ ]+) is not known")
_MOST_NAMES = 40


def approximate(latex: str, *, display: bool, macros: Mapping[str, str] = NO_MACROS) -> etree._Element:
    """A `math` element that shows something of every formula; never fails."""
    tokens = _balanced(tokenize(latex[:20_000]))
    for _ in range(_MOST_NAMES):
        try:
            return to_mathml(joined(tokens), display=display, macros=macros)
        except NotConvertedError as error:
            found = _NOT_KNOWN.search(error.reason)
            replaced = tokens if found is None else _replaced(tokens, found[1], found[2])
            if replaced == tokens:
                break
            tokens = replaced
    return _words(latex, display=display)


def _balanced(tokens: Sequence[str]) -> list[str]:
    """With every group and every environment closed, and none closed that was not open."""
    made: list[str] = []
    depth = 0
    for piece in tokens:
        if piece == "}" and depth == 0:
            continue
        depth += {"{": 1, "}": -1}.get(piece, 0)
        made.append(piece)
    made += ["}"] * depth
    opened = re.findall(r"\\(begin|end)\{([^{}]*)\}", joined(made))
    waiting: list[str] = []
    for word, name in opened:
        if word == "begin":
            waiting.append(name)
        elif waiting and waiting[-1] == name:
            waiting.pop()
    for name in reversed(waiting):
        made += tokenize(rf"\end{{{name}}}")
    return made


def _replaced(tokens: Sequence[str], command: str | None, environment: str | None) -> list[str]:
    made: list[str] = []
    for piece in tokens:
        made += tokenize(rf"\text{{{command[1:].rstrip('*')}}}") if command and piece == command else [piece]
    if environment:
        text = joined(made)
        for word in ("begin", "end"):
            text = text.replace(rf"\{word}{{{environment}}}", rf"\{word}{{matrix}}")
        return tokenize(text)
    return made


def _words(latex: str, *, display: bool) -> etree._Element:
    text = re.sub(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+\*?|[\\{}$&~]", " ", latex)
    shown = re.sub(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ud800-\udfff\ufffe\uffff\U000f0000-\U0010ffff]", " ", text)
    math = make("math", [make("mrow", [make("mtext", " ".join(shown.split())[:500] or "…")])])
    if display:
        math.set("display", "block")
    return math
