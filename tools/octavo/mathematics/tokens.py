"""TeX's tokens, as far as a formula needs them: commands, groups, arguments, options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|%[^\n]*\n?|[{}]|\s+|[^\\%{}\s]", re.DOTALL)
# commands that have a form with a star; behind any other, the star is a character
_STARRED = frozenset({
    r"\operatorname*", r"\hspace*", r"\vspace*", r"\tag*", r"\DeclareMathOperator*", r"\newcommand*", r"\renewcommand*",
    r"\providecommand*", r"\dv*", r"\pdv*", r"\mathllap*", r"\ref*",
})  # fmt: skip
_WORD = re.compile(r"\\[A-Za-z]+\*?")


class UnexpandedError(Exception):
    """The source can't be made ready; the message says why, as a clause without the formula."""


def tokenize(latex: str) -> list[str]:
    """Commands, braces, single characters; comments dropped, white space as one blank."""
    found = []
    for piece in _TOKEN.findall(latex):
        if piece.startswith("%"):
            continue
        if piece.endswith("*") and piece not in _STARRED and piece != r"\*":
            found += [piece[:-1], "*"]
        else:
            found.append(" " if piece.isspace() else piece)
    return found


def joined(tokens: Iterable[str]) -> str:
    """Tokens as a source in which each is itself again."""
    parts: list[str] = []
    for piece in tokens:
        if parts and piece[:1].isascii() and piece[:1].isalpha() and _WORD.fullmatch(parts[-1]):
            parts.append(" ")
        parts.append(piece)
    return "".join(parts)


def is_word(piece: str) -> bool:
    """Whether a piece is a command of letters."""
    return _WORD.fullmatch(piece) is not None


def after_blanks(tokens: Sequence[str], start: int) -> int:
    """The index of the first piece from `start` that is not blank."""
    while start < len(tokens) and tokens[start] == " ":
        start += 1
    return start


def argument(tokens: Sequence[str], start: int) -> tuple[list[str], int]:
    """The argument that begins at `start` (a group without its braces, or one piece), and the index after it.

    Raises: UnexpandedError when there is none, or it has no end.
    """
    start = after_blanks(tokens, start)
    if start >= len(tokens) or tokens[start] == "}":
        raise UnexpandedError("an argument is missing")
    if tokens[start] != "{":
        return [tokens[start]], start + 1
    end = group_end(tokens, start)
    return list(tokens[start + 1 : end]), end + 1


def group_end(tokens: Sequence[str], start: int) -> int:
    """The index of the brace that closes the one at `start`.

    Raises: UnexpandedError when there is none.
    """
    depth = 0
    for index in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[index], 0)
        if depth == 0:
            return index
    raise UnexpandedError("a brace is not closed")


def option(tokens: Sequence[str], start: int) -> tuple[list[str] | None, int]:
    """What stands in square brackets at `start` and the index after them; None and `start` where nothing does."""
    first = after_blanks(tokens, start)
    if first >= len(tokens) or tokens[first] != "[":
        return None, start
    depth = 0
    for index in range(first + 1, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[index], 0)
        if depth < 0:
            break
        if depth == 0 and tokens[index] == "]":
            return list(tokens[first + 1 : index]), index + 1
    return None, start


def trimmed(tokens: Sequence[str]) -> list[str]:
    """Without blanks at either end."""
    start, end = after_blanks(tokens, 0), len(tokens)
    while end > start and tokens[end - 1] == " ":
        end -= 1
    return list(tokens[start:end])


def split(tokens: Sequence[str], *marks: str) -> list[list[str]]:
    """Cut at the marks that stand in no group and in no environment."""
    parts: list[list[str]] = [[]]
    depth = 0
    for piece in tokens:
        depth += {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}.get(piece, 0)
        if depth == 0 and piece in marks:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts
