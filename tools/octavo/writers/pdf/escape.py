"""Text into Typst source: the only place where a character of the book becomes markup.

`markup` is for content (`[...]`), `string` for string literals (`"..."`). Both make any text come out as itself,
but for what no page can show: control characters go, and line ends become spaces, as in every paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ufeff\ud800-\udfff]")
"""What Typst can't print: controls, noncharacters, lone surrogates, the byte order mark."""

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")

_SPECIAL = re.compile(r"([\\#$*_`<>@=\-+/~\[\]{}\"'():;!?.,])")
"""Every ASCII mark of Typst's markup. Few need it always, but which ones do depends on the neighbours: `-` in `--`
and at a line's start, `.` in `...` and after a number, `/` in comments, `:` in URLs and term lists, brackets and
`;`, `(`, `.` after an expression. Escaping all of them asks no question of the context."""


def printable(text: str) -> str:
    """The text without characters that have no printed form."""
    return _INVISIBLE.sub("", text)


def markup(text: str) -> str:
    """The text as Typst markup; line ends become spaces."""
    return _SPECIAL.sub(r"\\\1", _LINE_ENDS.sub(" ", printable(text)))


def preserved(text: str) -> str:
    """The text as Typst markup that keeps its spaces and its lines."""
    lines = _LINE_ENDS.sub("\n", printable(text)).split("\n")
    return "#linebreak();".join(markup(line.expandtabs()).replace(" ", "~") for line in lines)


def string(text: str) -> str:
    """The text as a Typst string literal, line ends kept as they are."""
    text = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _LINE_ENDS.sub("\n", text).replace("\n", "\\n").replace("\t", "\\t") + '"'


def optional(text: str | None) -> str:
    """A string literal, or Typst's `none`."""
    return "none" if text is None else string(text)


def array(items: Iterable[str]) -> str:
    """Typst expressions as an array (a trailing comma: one item in parentheses would not be an array)."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


_BREAKS = re.compile(r"(?<=[._/\\:\-,=&?#@|~])(?=\w)|(?<=[a-z0-9])(?=[A-Z])|(?<=[)\]}])(?=\w)|(?<=\w)(?=[(\[{])")


def pieces(text: str, at_most: int = 24) -> tuple[str, ...]:
    """An identifier, path or URL in parts between which a line may be broken; no part is longer than `at_most`."""
    found: list[str] = []
    for part in _BREAKS.split(text):
        found += [part[i : i + at_most] for i in range(0, len(part), at_most)] or [part]
    return tuple(p for p in found if p)
