"""furo's navigation with its boxes to fold it, made without an HTML parser.

Themes that are built on furo give `get_navigation_tree` a text of their own for each page: a tree of the whole book.
What furo puts in is learnt from its answer to one entry. Text that a parser would not write as it stands is furo's own
to answer.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from octavo.reading.parsed_html import TOKEN, drawing_as_parsed, tag_as_parsed, tag_with, text_as_parsed

originals: dict[str, Any] = {}

_TAGS = re.compile(r"<[^>]*>")
# Entries without a list or a mark, as Sphinx writes them: furo puts nothing in, and a parser writes them as they stand
_LEAVES = re.compile(
    r'(?:<li class="(?!current")[\w-]+"><a class="reference (?:in|ex)ternal" href="[^"<>&]*">'
    r"[^&<>\s][^&<>]*(?:&(?:amp|lt|gt);[^&<>]*)*</a></li>\n?(?=<))+"
)
_NAME, _OTHER_NAME = "octavo &amp; furo", "octavo &amp; furo, again"
_NUMBER = "toctree-checkbox-1"


@dataclass(slots=True)
class _Item:
    """An `li`.

    - tag: its piece; after: the piece at the end of its first child, None until that ends.
    - link: where its first link begins, and later its text.
    """

    tag: int
    classes: list[str]
    after: int | None = None
    has_list: bool = False
    link: int | str | None = None


def get_navigation_tree(html: str) -> str:
    """As furo's."""
    theirs: Callable[[str], str] = originals["get_navigation_tree"]
    boxes = _boxes(theirs)
    made = None if boxes is None or not html else _with_boxes(html, *boxes)
    return theirs(html) if made is None else made


@functools.cache
def _boxes(theirs: Callable[[str], str]) -> tuple[str, str] | None:
    """What furo puts after the first child of an entry with a list: closed, and open; None when it is otherwise."""

    def learnt(classes: str, name: str) -> str | None:
        start, end = f'<a href="#">{name}</a>', "<ul></ul></li></ul>"
        made = theirs(f'<ul><li class="{classes}">{start}{end}')
        current = " current-page" if classes == "current" else ""
        head = f'<ul><li class="{classes} has-children{current}">{start}'
        box = made[len(head) : len(made) - len(end)]
        usual = made == f"{head}{box}{end}" and box.count(_NUMBER) == 3 and box.count(name) == 1
        return box.replace(name, "\x01").replace(_NUMBER, "\x02") if usual else None

    boxes = [learnt(classes, _NAME) for classes in ("other", "current")]
    again = [learnt(classes, _OTHER_NAME) for classes in ("other", "current")]
    if boxes != again or boxes[0] is None or boxes[1] is None:
        return None
    return boxes[0], boxes[1]


def _with_boxes(html: str, closed: str, opened: str) -> str | None:
    """None when there is anything in it that a parser may write in another way."""
    pieces: list[str] = []
    open_tags: list[str] = []
    open_items: list[tuple[int, _Item]] = []  # with how many elements are open around its children
    items: list[_Item] = []
    at = 0
    while at < len(html):
        if open_tags and open_tags[-1] == "ul" and all(type(item.link) is str for _, item in open_items):
            leaves = _LEAVES.match(html, at)
            if leaves is not None:
                pieces.append(leaves[0])
                at = leaves.end()
                continue
        token = TOKEN.match(html, at)
        if token is None:
            return None
        at = token.end()
        drawing, end, name, attributes, text = token.groups()
        if drawing is not None or text is not None:
            piece = drawing_as_parsed(drawing) if text is None else text_as_parsed(text)
            if piece is None:
                return None
            pieces.append(piece)
        elif end:
            if attributes or not open_tags or open_tags.pop() != name:
                return None
            pieces.append(token[0])
            if name == "a":
                for _, item in open_items:
                    if type(item.link) is int:
                        item.link = "".join(pieces[item.link + 1 : -1])
            elif name == "li":
                open_items.pop()
        else:
            tag = tag_as_parsed(token[0])
            if tag is None:
                return None
            if name == "a":
                for _, item in open_items:
                    item.link = len(pieces) if item.link is None else item.link
            elif name == "ul":
                for _, item in open_items:
                    item.has_list = True
            pieces.append(tag[0])
            open_tags.append(name)
            if name == "li":
                items.append(_Item(tag=len(pieces) - 1, classes=list(tag[1])))
                open_items.append((len(open_tags), items[-1]))
                continue
        if open_items and open_items[-1][1].after is None and open_items[-1][0] == len(open_tags):
            open_items[-1][1].after = len(pieces) - 1
    if open_tags:
        return None
    return _finished(pieces, items, closed, opened)


def _finished(pieces: list[str], items: list[_Item], closed: str, opened: str) -> str | None:
    """The pieces with boxes in the entries that have a list, and the mark of the page."""
    number = 0
    current = next((item for item in reversed(items) if "current" in item.classes), None)
    for item in items:
        added = []
        if item.has_list:
            number += 1
            if type(item.link) is not str or item.after is None:  # furo fails without a link
                return None
            text = _TAGS.sub("", item.link)
            if '"' in text or "\x01" in text or "\x02" in text:
                return None
            box = opened if "current" in item.classes else closed
            pieces[item.after] += box.replace("\x02", f"{_NUMBER[:-1]}{number}").replace("\x01", text)
            added.append("has-children")
        if item is current:
            added.append("current-page")
        if added:
            tag = tag_with(pieces[item.tag], " ".join((*item.classes, *added)))
            pieces[item.tag] = tag
    return "".join(pieces)
