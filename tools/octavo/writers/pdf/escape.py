"""Text into Typst source: the only place where a character of the book becomes markup.

`markup` is for content (`[...]`), `string` for string literals (`"..."`). Both make any text come out as itself,
but for what no page can show: control characters go, and line ends become spaces, as in every paragraph.
"""

from __future__ import annotations

import re

from octavo.mathematics.typst_text import LINE_ENDS, array, printable, string

__all__ = ["array", "held", "markup", "optional", "pieces", "preserved", "printable", "string"]

_SPECIAL = re.compile(r"([\\#$*_`<>@=\-+/~\[\]{}\"'():;!?.,])")
"""Every ASCII mark of Typst's markup. Few need it always, but which ones do depends on the neighbours: `-` in `--`
and at a line's start, `.` in `...` and after a number, `/` in comments, `:` in URLs and term lists, brackets and
`;`, `(`, `.` after an expression. Escaping all of them asks no question of the context."""


def markup(text: str) -> str:
    """The text as Typst markup; line ends become spaces."""
    return _SPECIAL.sub(r"\\\1", LINE_ENDS.sub(" ", printable(text)))


def preserved(text: str, *, begins: bool = True) -> str:
    """The text as Typst markup that keeps its spaces and its lines; a line may be broken after spaces in it.

    begins: whether the text stands at the beginning of a line.
    """
    lines = LINE_ENDS.sub("\n", printable(text)).split("\n")
    return "#linebreak();".join(
        _with_spaces(line.expandtabs(), begins=begins or number > 0) for number, line in enumerate(lines)
    )


def _with_spaces(line: str, *, begins: bool) -> str:
    indent = len(line) - len(line.lstrip(" ")) if begins else 0
    return "~" * indent + re.sub("  +", lambda m: "~" * (len(m[0]) - 1) + " ", markup(line[indent:]))


def optional(text: str | None) -> str:
    """A string literal, or Typst's `none`."""
    return "none" if text is None else string(text)


_BREAKS = re.compile(
    r"(?<=[/\\])(?=\w)|(?<=[\w)\]}\"'][.:,=&?#@|~])(?=\w)|(?<=\w-)(?=\w)"
    r"|(?<=[^\W_]_)(?=[^\W_])|(?<=[^\W_]__)(?=[^\W_])|(?<=[)\]}])(?=\w)|(?<=\w)(?=[(\[{](?![)\]}]))"
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def pieces(text: str, at_most: int = 24) -> tuple[str, ...]:
    """An identifier, path or URL in parts between which a line may be broken; no part is longer than `at_most`.

    A mark that something begins with stays with it. A name is parted before its capitals only where it is too long.
    """
    found: list[str] = []
    for part in _BREAKS.split(text):
        for name in [part] if len(part) <= at_most else humps(part):
            found += [name[i : i + at_most] for i in range(0, len(name), at_most)]
    return tuple(p for p in found if p)


def humps(name: str) -> list[str]:
    """The words of a name that are told apart by their capitals."""
    return _HUMPS.split(name)


_HELD = re.compile(
    r"[<>!=~|+*/&%$#@^?]{0,4}(?<![\w-])-+[^\w\s()\[\]{}]*\w{0,24}"  # -x, --option, ->, =-1
    r"|(?<=\w)-+[^\w\s,;.:)\]}\"'-]+|(?<=\w)--+"  # a->b, a-=b, a--
)


def held(text: str) -> tuple[str, ...]:
    """Code in parts, of which every second may not be broken: a line would else end after any hyphen in it.

    Those are operators with a hyphen and options with what they begin with; a hyphen between words is none of them.
    """
    found: list[str] = []
    end = 0
    for match in _HELD.finditer(text):
        if len(match[0]) > 1:
            found += [text[end : match.start()], match[0]]
            end = match.end()
    return (*found, text[end:])
