"""Text as Typst's string literals, and expressions as its arrays: what formulas need, and all else that is set."""

from __future__ import annotations

import re
from collections.abc import Iterable

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ufeff\ud800-\udfff]")
"""What Typst can't print: controls, noncharacters, lone surrogates, the byte order mark."""

LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def printable(text: str) -> str:
    """The text without characters that have no printed form."""
    return _INVISIBLE.sub("", text)


def string(text: str) -> str:
    """The text as a Typst string literal, line ends kept as they are."""
    text = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + LINE_ENDS.sub("\n", text).replace("\n", "\\n").replace("\t", "\\t") + '"'


def array(items: Iterable[str]) -> str:
    """Typst expressions as an array (a trailing comma: one item in parentheses would not be an array)."""
    return "(" + "".join(f"{item}, " for item in items) + ")"
