"""The start tags of an HTML text with their places: slower than the real parser, linear on any input.

Used where lines are wanted (a page with findings) and where a page nests so deeply that the tree builder would
take forever. Follows HTML 13.2.5 (tokenization); it builds no tree, so it steps over templates and raw text itself.
"""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from typing import NamedTuple

_OPEN = re.compile(r"<(?:(!--)|([a-zA-Z][^\s/>]*+)|/([a-zA-Z][^\s/>]*+)|[!?/])")
# Runs of tags that say nothing here (end tags, start tags with a class at most) are stepped over in one go: they are
# most of a page. What opens raw text or a template, and what closes one, is not among them.
_SILENT = re.compile(
    r"""(?:[^<]*+(?:
        </(?!template)[a-zA-Z][a-zA-Z0-9]*+>
        | <(?!(?:script|style|xmp|iframe|noembed|noframes|textarea|title|plaintext|template)\b)
          [a-zA-Z][a-zA-Z0-9]*+(?:\s++class="[^"]*+")?+\s*+>
    ))*+""",
    re.X | re.I,
)
_ATTRIBUTE_NAME = re.compile(r"[\s/]*+(?:(>)|([^\s/>][^\s/>=]*+)(\s*+=\s*+)?)")
_UNQUOTED = re.compile(r"[^\s>]*+")
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"})
_REFERENCE = re.compile(r"&(#[xX][0-9a-fA-F]+;?|#[0-9]+;?|[a-zA-Z][a-zA-Z0-9]*;?)(?=(.?))", re.S)


class StartTag(NamedTuple):
    """A start tag outside of templates.

    - attributes: the first of each name, in lower case, values decoded ("" where there is none).
    - offsets: of each attribute's name. text, text_offset: the raw text of a `style` element, else "" and 0.
    """

    name: str
    offset: int
    attributes: dict[str, str | None]
    offsets: dict[str, int]
    text: str = ""
    text_offset: int = 0


def start_tags(text: str) -> Iterator[StartTag]:
    """Every start tag that makes an element and has an attribute other than a class, or is a style, in order."""
    position, templates = 0, 0
    while opened := _OPEN.search(text, _after_silence(text, position)):
        position = opened.end()
        if opened[1]:
            position = _end_of_comment(text, position)
        elif opened[2]:
            name = opened[2].lower()
            attributes, offsets, end = _attributes(text, position)
            if end < 0:
                return
            content, position = _raw_text(text, name, end)
            if name == "template":
                templates += 1
            elif not templates:
                style = content if name == "style" else ""
                yield StartTag(name, opened.start(), attributes, offsets, style, end)
            if name == "plaintext":
                return
        else:
            if opened[3] and opened[3].lower() == "template":
                templates = max(0, templates - 1)
            position = _attributes(text, position)[2] if opened[3] else text.find(">", position) + 1
        if position <= 0:
            return


def _after_silence(text: str, position: int) -> int:
    silence = _SILENT.match(text, position)
    return silence.end() if silence else position


class LineCounter:
    """Lines of offsets that are asked for in ascending order: one walk through the text."""

    def __init__(self, text: str | bytes) -> None:
        self._text, self._offset, self._line = text, 0, 1

    def line_at(self, offset: int) -> int:
        """1-based; an offset before an earlier one gives the earlier one's line."""
        if offset > self._offset:
            text = self._text
            self._line += (
                text.count("\n", self._offset, offset)
                if isinstance(text, str)
                else text.count(b"\n", self._offset, offset)
            )
            self._offset = offset
        return self._line


def _end_of_comment(text: str, position: int) -> int:
    """The offset behind a comment that opened before `position`, or -1 when it never ends."""
    if text.startswith(">", position):
        return position + 1
    if text.startswith("->", position):
        return position + 2
    plain, odd = text.find("-->", position), text.find("--!>", position)
    if plain < 0 or 0 <= odd < plain:
        return odd + 4 if odd >= 0 else -1
    return plain + 3


def _raw_text(text: str, name: str, position: int) -> tuple[str, int]:
    if name not in _RAW:
        return "", position
    closing = re.compile(rf"</{name}(?=[\s/>])", re.I).search(text, position)
    end = closing.start() if closing else len(text)
    return text[position:end], end


def _attributes(text: str, position: int) -> tuple[dict[str, str | None], dict[str, int], int]:
    """The attributes of a tag, their offsets, and the offset behind the tag, -1 when the text ends inside of it."""
    attributes: dict[str, str | None] = {}
    offsets: dict[str, int] = {}
    while matched := _ATTRIBUTE_NAME.match(text, position):
        position = matched.end()
        if matched[1]:
            return attributes, offsets, position
        value: str | None = None
        if matched[3]:
            quote = text[position : position + 1]
            if quote in ('"', "'") and quote:
                end = text.find(quote, position + 1)
                if end < 0:
                    break
                value, position = text[position + 1 : end], end + 1
            else:
                unquoted = _UNQUOTED.match(text, position)
                value = unquoted[0] if unquoted else ""
                position += len(value)
        name = matched[2].lower()
        if name not in attributes:
            attributes[name] = unescape_attribute(value) if value is not None else None
            offsets[name] = matched.start(2)
    return attributes, offsets, -1


def unescape_attribute(value: str) -> str:
    """Decode character references as in an attribute (HTML 13.2.5.73: `&copy=` stays as it is)."""
    return _REFERENCE.sub(_decoded, value) if "&" in value else value


def _decoded(reference: re.Match[str]) -> str:
    name, following = reference[1], reference[2]
    if name[0] == "#" or name.endswith(";"):
        decoded = html.unescape(reference[0])
        # "&notit;" is decoded by its longest known start outside of attributes only
        known = name[0] == "#" or name in html.entities.html5
        return decoded if known else reference[0]
    if following == "=" or name not in html.entities.html5:
        return reference[0]
    return html.unescape(reference[0])
