"""The table of contents of a page as pydata-sphinx-theme shows it, without parsing each page's anew.

The theme adds classes to the tags of Sphinx's HTML by how deep they stand. What it makes of each tag at each depth is
learnt from its own result for a page, and done to other pages whose tags are all known. Whatever else is in there is
left to the theme, and learnt from; of versions that are known, Sphinx's usual tags need not be learnt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

_PIECE = re.compile(r'<(/?)(\w+)((?: [\w-]+="[^"<>&]*")*)>|([^<>]+)')
_HREF = re.compile(r' href="([\w#./%~+-]*)"', re.ASCII)
_PLAIN_TEXT = re.compile(r"(?:[^&<>]|&(?:amp|lt|gt);)*")
_KEPT = frozenset({"ul", "li", "a", "code", "span", "em", "strong", "cite", "i", "b", "sub", "sup"})
_LINK = '<a class="reference internal" href="\x01">'
_END_TAGS = frozenset({"</ul>", "</li>", "</a>"})
_UNCHANGED = re.compile(r'</?(?:code|span|em|strong|cite|i|b|sub|sup)(?: class="[\w-]+(?: [\w-]+)*")?>', re.ASCII)

Piece = tuple[str, str, str | None]
"""A tag with a mark in the place of its address, or a text; what it is known by; and the address."""


class PageTocs:
    """What is known of the theme so far."""

    def __init__(self) -> None:
        self._known: dict[object, dict[str, str]] = {}

    def shown(self, toc: str, options: object, theirs: Callable[[], object], shown_class: str | None = None) -> object:
        """The part of a page's table of contents that the theme shows.

        - toc: Sphinx's HTML of it.
        - options: all else that the theme goes by.
        - theirs: the theme's own answer, an object of BeautifulSoup or "".
        - shown_class: what a known version of the theme marks lists with that are shown at once; then Sphinx's usual
          tags need not be learnt.
        """
        pieces = _below_title(_pieces(toc))
        if pieces is None:
            return theirs()
        known = self._known.setdefault(options, {})
        if shown_class is not None and type(options) is int and not _are_known(pieces, known):
            _foretell(known, pieces, options, shown_class)
        if not _are_known(pieces, known):
            made = theirs()
            _learn(known, pieces, str(made))
            return made
        html = "".join(_with(known[key], address) for _, key, address in pieces)
        return _Shown(html, _children(pieces), theirs)


class _Shown:
    """Stands for BeautifulSoup's tag: its text is at hand, and all else is asked of the tag itself."""

    def __init__(self, html: str, children: int, theirs: Callable[[], object]) -> None:
        self._html = html
        self._children = children
        self._theirs = theirs

    def __str__(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._html

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return self._children

    def __iter__(self) -> Any:
        return iter(self._theirs())  # type: ignore[call-overload]

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._theirs()(*arguments, **options)  # type: ignore[operator]

    def __getitem__(self, key: Any) -> Any:
        return self._theirs()[key]  # type: ignore[index]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._theirs(), name)


def _pieces(html: str) -> list[Piece] | None:
    """Tags and texts; None when there is anything that a parser may write otherwise than it stands."""
    found: list[Piece] = []
    depth = at = 0
    open_tags: list[str] = []
    for match in _PIECE.finditer(html):
        if match.start() != at:
            return None
        at = match.end()
        end, name, attributes, text = match.groups()
        if text is not None:
            if not _PLAIN_TEXT.fullmatch(text) or (text.isspace() and text not in {"\n", " "}):
                return None
            found.append((text, "text", text))
            continue
        if name not in _KEPT or (end and (not open_tags or open_tags.pop() != name)):
            return None
        if not end:
            open_tags.append(name)
        depth += (name == "ul") and not end
        address = _HREF.search(attributes)
        if ' href="' in attributes and (address is None or attributes.count(' href="') != 1):
            return None
        tag = match[0] if address is None else match[0].replace(address[0], ' href="\x01"')
        found.append((tag, f"{depth} {tag}", None if address is None else address[1]))
        depth -= bool(end) and name == "ul"
    return found if at == len(html) and not open_tags else None


def _below_title(pieces: list[Piece] | None) -> list[Piece] | None:
    """The list below the one entry for the whole page; None when there isn't one, and just one."""
    if not pieces:
        return None
    depth = entries = below = 0
    start = end = None
    for number, (tag, _, _) in enumerate(pieces):
        if tag.startswith("<ul"):
            depth += 1
            start = number if depth == 2 and start is None else start
        elif tag == "</ul>":
            end = number + 1 if depth == 2 and end is None else end
            depth -= 1
        elif tag.startswith("<li"):
            entries += depth == 1
            below += depth == 2 and end is None
        if depth == 0 and number < len(pieces) - 1 and tag != "\n":
            if any(later.strip() for later, _, _ in pieces[number + 1 :]):
                return None
            break
    return pieces[start:end] if entries == 1 and below and start is not None and end is not None else None


def _children(pieces: list[Piece]) -> int:
    """How many texts and elements are right below the first element."""
    depth = found = 0
    for piece, key, _ in pieces:
        if key == "text":
            found += depth == 1
        elif piece.startswith("</"):
            depth -= 1
        else:
            found += depth == 1
            depth += 1
    return found


def _are_known(pieces: list[Piece], known: dict[str, str]) -> bool:
    return all(key in known for _, key, _ in pieces)


def _foretell(known: dict[str, str], pieces: list[Piece], levels: int, shown_class: str) -> None:
    """Note what the theme makes of the tags that Sphinx writes, where each entry is a link and then at most one list.

    - levels: how many of them are shown at once.
    """
    tags = [tag for tag, key, _ in pieces if key != "text"]
    for before, tag in pairwise(tags):
        if (tag[:2] == "<a") != (before[:3] == "<li") or (tag[:3] == "<ul" and before != "</a>"):
            return
    for tag, key, _ in pieces:
        if key in known:
            continue
        if key == "text":
            known[key] = "\x01"
            continue
        depth = int(key.partition(" ")[0])
        if tag == "<ul>":
            shown = f"{shown_class} " if depth <= levels + 1 else ""
            known[key] = f'<ul class="{shown}nav section-nav flex-column">'
        elif tag == "<li>":
            known[key] = f'<li class="toc-h{depth} nav-item toc-entry">'
        elif tag == _LINK:
            known[key] = tag.replace("internal", "internal nav-link")
        elif tag in _END_TAGS or _UNCHANGED.fullmatch(tag):
            known[key] = tag


def _learn(known: dict[str, str], pieces: list[Piece], made: str) -> None:
    """Note what became of each piece, if the theme changed tags alone and the same tag always in the same way."""
    theirs = _pieces(made)
    if theirs is None or len(theirs) != len(pieces):
        return
    learnt = {"text": "\x01"}
    for (tag, key, address), (other, other_key, other_address) in zip(pieces, theirs, strict=True):
        same = address == other_address and (key == "text") == (other_key == "text")
        if not same or (key != "text" and learnt.setdefault(key, other) != other):
            return
        if key != "text" and (tag.split(">")[0].split(" ")[0] != other.split(">")[0].split(" ")[0]):
            return
    if all(known.get(key, other) == other for key, other in learnt.items()):
        known.update(learnt)


def _with(tag: str, address: str | None) -> str:
    return tag if address is None else tag.replace("\x01", address)
