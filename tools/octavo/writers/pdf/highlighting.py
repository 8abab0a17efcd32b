"""Code in colours: the same Pygments lexer as in the other formats, in a palette made for paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes
from pygments import lex
from pygments.filters import ErrorToken
from pygments.token import (
    Comment,
    Error,
    Escape,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Token,
    _TokenType,
)
from sphinx.highlighting import PygmentsBridge

from octavo.writers.pdf.escape import array, printable, string

PygmentsToken = tuple[_TokenType, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """colour: `#rrggbb`, or None for the text's own."""

    colour: str | None = None
    bold: bool = False
    italic: bool = False


# Each colour has a contrast of at least 4.5:1 on the paper of code blocks (#f7f7f7), and none is the only bearer of
# a meaning: in grey, keywords are still bold and comments still slanted.
STYLES: tuple[tuple[_TokenType, _Style], ...] = (
    (Token, _Style()),
    (Comment, _Style(colour="#5c6470", italic=True)),
    (Keyword, _Style(colour="#1f4a6b", bold=True)),
    (Name.Function, _Style(colour="#1f4a6b")),
    (Name.Class, _Style(colour="#1f4a6b", bold=True)),
    (Name.Namespace, _Style(colour="#1f4a6b")),
    (Name.Decorator, _Style(colour="#6b3e75")),
    (Name.Builtin, _Style(colour="#6b3e75")),
    (Name.Tag, _Style(colour="#1f4a6b", bold=True)),
    (Name.Attribute, _Style(colour="#6b3e75")),
    (Name.Exception, _Style(colour="#8f2d2d")),
    (String, _Style(colour="#3b6227")),
    (String.Doc, _Style(colour="#5c6470", italic=True)),
    (String.Escape, _Style(colour="#8a4b00")),
    (String.Interpol, _Style(colour="#8a4b00")),
    (Number, _Style(colour="#8a4b00")),
    (Literal, _Style(colour="#8a4b00")),
    (Operator.Word, _Style(colour="#1f4a6b", bold=True)),
    (Generic.Prompt, _Style(colour="#5c6470", bold=True)),
    (Generic.Output, _Style(colour="#4a4a4a")),
    (Generic.Heading, _Style(bold=True)),
    (Generic.Subheading, _Style(bold=True)),
    (Generic.Deleted, _Style(colour="#8f2d2d")),
    (Generic.Inserted, _Style(colour="#3b6227")),
    (Generic.Error, _Style(colour="#8f2d2d")),
    (Generic.Traceback, _Style(colour="#8f2d2d")),
    (Generic.Emph, _Style(italic=True)),
    (Generic.Strong, _Style(bold=True)),
    (Escape, _Style()),
    (Error, _Style()),
    (Punctuation, _Style()),
    (Operator, _Style()),
)
_NUMBERS = {token: number for number, (token, _) in enumerate(STYLES)}
_PLAIN = {n for n, (_, style) in enumerate(STYLES) if style == _Style()}


def styles_source() -> str:
    """The palette as a Typst dictionary."""
    rows = []
    for number, (_, style) in enumerate(STYLES):
        if number in _PLAIN:
            continue
        colour = string(style.colour) if style.colour else "none"
        weight, slant = ("bold" if style.bold else "regular"), ("italic" if style.italic else "normal")
        rows.append(f'"{number}": ({colour}, "{weight}", "{slant}"), ')
    return "(" + "".join(rows) + ")"


def _number(token: _TokenType) -> int:
    while token not in _NUMBERS:
        parent = token.parent
        if parent is None:
            return 0
        token = parent
    number = _NUMBERS[token]
    return 0 if number in _PLAIN else number


def columns_of(line: str) -> int:
    """Columns that a line takes in a fixed-width font; wide East Asian characters count two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line if not unicodedata.combining(c))


def columns_argument(lines: Iterable[str]) -> str:
    """An argument of the template: the columns of each line."""
    return f"lines: {array(str(columns_of(line)) for line in lines)}"


def code_lines(tokens: Iterable[tuple[_TokenType, str]]) -> Iterator[list[tuple[int, str]]]:
    """Lines of (style, text), neighbours of one style joined."""
    line: list[tuple[int, str]] = []
    for token, text in tokens:
        style = _number(token)
        for position, part in enumerate(text.split("\n")):
            if position:
                yield line
                line = []
            if not part:
                continue
            if line and (line[-1][0] == style or not part.strip()):
                line[-1] = (line[-1][0], line[-1][1] + part)
            else:
                line.append((style, part))
    yield line


def tokens(source: str, language: str, options: dict[str, object], node: nodes.Element) -> list[PygmentsToken]:
    """What Sphinx's highlighter would colour, as tokens: same lexer, same fallbacks, same warnings."""
    bridge = PygmentsBridge("html")
    force = bool(node.get("force", False))

    def read(language: str, *, force: bool) -> list[PygmentsToken]:
        return list(lex(source, bridge.get_lexer(source, language, dict(options), force, location=node)))

    try:
        return read(language, force=force)
    except ErrorToken:
        # As Sphinx does: what was guessed to be Python is not; what was said to be of a language is read gently.
        return read("none", force=force) if language == "default" else read(language, force=True)


def normal_source(text: str) -> str:
    """Code as it is printed: tabs expanded, line ends as newlines, no blank line at the end, no terminal colours."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
    return printable(text.replace("\r\n", "\n").replace("\r", "\n")).expandtabs(8).rstrip("\n")


def rows_source(lines: Iterable[list[tuple[int, str]]]) -> str:
    """Arguments of the template's `code`: for each line its columns and its pieces."""
    rows = []
    for line in lines:
        columns = columns_of("".join(text for _, text in line))
        pieces = array(f"({style}, {string(text)})" for style, text in line)
        rows.append(f"({columns}, {pieces})")
    return ", ".join(rows)
