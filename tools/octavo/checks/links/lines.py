"""The lines of the references of a page of HTML, found without a parser that builds a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from octavo.checks.links.encoding import as_utf8
from octavo.checks.links.markup import Reference, Use, references_of, style_references
from octavo.checks.links.plain import is_whole, places_of
from octavo.checks.links.tokens import LineCounter, start_tags

_FAR = 2000  # characters; no two tags of one place are further apart
_TAGS = re.compile(r"<[^<>]*+>")


class Placed(NamedTuple):
    """A reference or an anchor with its line, 1-based (None when it can't be told)."""

    reference: Reference
    line: int | None


def html_lines(data: bytes) -> list[Placed]:
    """The references of a page of HTML with their lines, in document order."""
    return _placed(text_of(as_utf8(data)))


def html_lines_with(data: bytes, words: Iterable[bytes]) -> list[Placed]:
    """Of `html_lines` at least those whose tag has one of these words (of letters and digits of ASCII) as written.

    What is escaped or broken over lines may stand for anything.
    """
    utf8 = as_utf8(data)
    wanted = re.compile(rb"[&\\\n\r\t]|" + b"|".join(map(re.escape, words)))
    lines = LineCounter(utf8)
    placed: list[Placed] = []
    for tag, offset in () if b"\0" in utf8 else places_of(utf8):
        if offset + 1 + len(tag) == len(utf8) and not is_whole(tag):
            break  # it is the rest of the page, which only a tokenizer understands
        if wanted.search(tag):
            line = lines.line_at(offset)
            placed += [Placed(reference, line + further - 1) for reference, further in tag_lines(tag)]
    else:
        if b"\0" not in utf8:
            return placed
    return _placed(text_of(utf8))


def tag_lines(tag: bytes) -> list[tuple[Reference, int]]:
    """The references of one start tag without its "<", in UTF-8, with lines counted from its own."""
    return [(reference, line or 1) for reference, line in _placed(f"<{text_of(tag)}")]


def _placed(text: str) -> list[Placed]:
    lines = LineCounter(text)
    placed: list[Placed] = []
    for tag in start_tags(text):
        for reference in references_of(tag.name, tag.attributes):
            placed.append(Placed(reference, lines.line_at(tag.offsets[reference.attribute])))
        if tag.name == "base" and "href" in tag.attributes:
            base = base_reference(tag.attributes["href"] or "")
            placed.append(Placed(base, lines.line_at(tag.offsets["href"])))
        placed.extend(
            Placed(reference, lines.line_at(tag.text_offset + offset))
            for reference, offset in style_references(tag.text)
        )
    return placed


def repeated_ids(data: bytes) -> dict[str, int]:
    """The ids that stand at two places of a page, with the line of the second.

    Two elements with no text between them (a heading and an empty anchor before it) are one place: whichever a
    browser takes, the reader comes to the same words. Nor does an id count that only the repaired tree repeats.
    """
    text = text_of(as_utf8(data))
    lines = LineCounter(text)
    ends: dict[str, int] = {}
    repeated: dict[str, int] = {}
    for tag in start_tags(text):
        identifier = tag.attributes.get("id")
        if not identifier or identifier in repeated:
            continue
        end = ends.get(identifier)
        if end is not None and (tag.offset - end > _FAR or _TAGS.sub("", text[end : tag.offset]).strip()):
            repeated[identifier] = lines.line_at(tag.offsets["id"])
        ends.setdefault(identifier, text.find(">", tag.offset) + 1)
    return repeated


def base_reference(value: str) -> Reference:
    """`<base href>` as a reference of its own: it may name what can't be a base, but need not lead to a file."""
    return Reference(Use.PAGE, "base", value)


def text_of(utf8: bytes) -> str:
    """A page as a tokenizer takes it."""
    return utf8.decode("utf-8", "replace").replace("\0", "\ufffd")
