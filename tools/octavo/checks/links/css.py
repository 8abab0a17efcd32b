"""The references of a style sheet: `url()` and `@import` (CSS Syntax 3, CSS Cascade 5)."""

from __future__ import annotations

import re
from typing import NamedTuple

# strings and comments are matched to be stepped over: what looks like a reference in them is none
_TOKEN = re.compile(
    r"""
    /\*.*?(?:\*/|\Z)
    | @namespace\b[^;{}]*+
    | @import\s++(?:url\(\s*+)?(?:"(?P<import1>(?:\\.|[^"\\\n])*+)"|'(?P<import2>(?:\\.|[^'\\\n])*+)')
    | @import\s++url\(\s*+(?P<import3>(?:\\.|[^"'()\\\s])*+)\s*+\)
    | \burl\(\s*+(?:"(?P<url1>(?:\\.|[^"\\\n])*+)"|'(?P<url2>(?:\\.|[^'\\\n])*+)'
                  |(?P<url3>(?:\\.|[^"'()\\\s])*+))\s*+\)
    | \bimage-set\((?P<set>(?:[^()"']++|\([^()]*+\)|"(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+')*)\)
    | "(?:\\.|[^"\\\n])*+"
    | '(?:\\.|[^'\\\n])*+'
    """,
    re.X | re.S | re.I,
)
# strings in `image-set()` are URLs (CSS Images 4, 2.4), but for those that name a type
_IN_SET = re.compile(
    r"""
    \btype\([^()]*+\)
    | \burl\(\s*+(?P<bare>(?:\\.|[^"'()\\\s])++)\s*+\)
    | "(?P<double>(?:\\.|[^"\\\n])*+)"
    | '(?P<single>(?:\\.|[^'\\\n])*+)'
    """,
    re.X | re.S | re.I,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|\r?\n|(.))", re.S)
_MAXIMUM_CODE_POINT = 0x10FFFF


class CssReference(NamedTuple):
    """offset: of the value in the text. imported: whether it is a style sheet (`@import`)."""

    value: str
    offset: int
    imported: bool


def css_references(text: str) -> list[CssReference]:
    """All references of a style sheet or of a style attribute, in order."""
    lowered = text if "url" in text else text.lower()
    if "url" not in lowered and "import" not in lowered and "image-set" not in lowered:
        return []
    found = []
    for token in _TOKEN.finditer(text):
        name = token.lastgroup
        if name == "set":
            for item in _IN_SET.finditer(token["set"]):
                if item.lastgroup is not None:
                    offset = token.start("set") + item.start(item.lastgroup)
                    found.append(CssReference(_unescape(item[item.lastgroup]), offset, False))
        elif name is not None:
            found.append(CssReference(_unescape(token[name]), token.start(name), name.startswith("import")))
    return found


def _unescape(value: str) -> str:
    return _ESCAPE.sub(_character, value) if "\\" in value else value


def _character(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[2] or ""
    number = int(escape[1], 16)
    surrogate = 0xD800 <= number <= 0xDFFF
    return "\ufffd" if number == 0 or surrogate or number > _MAXIMUM_CODE_POINT else chr(number)
