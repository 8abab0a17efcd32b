"""The part of a navigation tree that leads to one page: what a sidebar holds when the whole tree is in a shared file.

Its size depends on the page's place and not on the book: the way from the root, the page's nearest siblings and its
children, which all pages together have as often as there are pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from octavo.writers.html.navigation import PLACEHOLDER, Entry

Address = Callable[[str], str]

SIBLINGS = 12  # at most so many before a page, and behind it
_TAG = re.compile(r"<(/?)(ul|li)\b[^>]*>")
_HREF = re.compile('href="\x01(\\d+)\x02')


@dataclass(slots=True)
class _Item:
    """A `li`. opening: its tag; head: what is in it before its list; inside: the list that it is in."""

    opening: str
    inside: _List
    head: str = ""
    children: list[_List] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    """A `ul`. before: the caption over it, at the top; parent: the item that it is in."""

    opening: str
    before: str
    parent: _Item | None
    items: list[_Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What a page has of the tree.

    - html: as Sphinx would write it, with the marks of the page and links as seen from it.
    - current: address from the site's root of the entry that is marked; None when the page isn't in the tree.
    - own: whether that entry is the page's, and not the nearest one above it.
    """

    html: str
    current: str | None
    own: bool


class Branches:
    """One tree, cut up.

    - html: of the tree as Sphinx writes it, nothing marked, with placeholders for addresses.
    - owner: the document whose toctrees make the tree: it has all of the first level.
    """

    def __init__(self, html: str, entries: Sequence[Entry], owner: str) -> None:
        self._entries = entries
        self._owner = owner
        self._tops: list[_List] = []
        self._items: dict[int, _Item] = {}
        self._cut(html)
        self._of_page: dict[str, int] = {}
        for number, entry in enumerate(entries):
            if entry.page is not None:
                self._of_page.setdefault(entry.page, number)

    def branch(self, page: str, address: Address, more: str) -> Branch:
        """The branch of a page.

        - address: of what has this URI from the site's root, as seen from the page; empty for the page itself.
        - more: HTML of the link that stands for siblings that are left out.
        """
        number: int | None = self._of_page.get(page)
        own = number is not None and number in self._items
        while number is not None and number not in self._items:
            number = self._entries[number].parent
        current = None if number is None else self._items[number]
        if current is None or page == self._owner:
            html = "".join(self._top(top, current, more, whole=page == self._owner) for top in self._tops)
        else:
            html = self._way(current, more, own=own)
        return Branch(
            html=self._linked(html, address), current=None if number is None else self._entries[number].target, own=own
        )

    def _cut(self, html: str) -> None:
        lists: list[_List] = []
        items: list[_Item] = []
        done = 0
        for tag in _TAG.finditer(html):
            closing, name = tag.groups()
            if name == "ul" and not closing:
                parent = items[-1] if len(items) == len(lists) and items else None
                if parent is not None and not parent.children:
                    parent.head = html[done : tag.start()]
                made = _List(opening=tag[0], before="" if parent else html[done : tag.start()], parent=parent)
                (self._tops if parent is None else parent.children).append(made)
                lists.append(made)
            elif name == "ul":
                lists.pop()
            elif not closing:
                items.append(_Item(opening=tag[0], inside=lists[-1]))
                lists[-1].items.append(items[-1])
            else:
                item = items.pop()
                if not item.children:
                    item.head = html[done : tag.start()]
                if link := _HREF.search(item.head):
                    self._items.setdefault(int(link[1]), item)
            done = tag.end()

    def _top(self, top: _List, current: _Item | None, more: str, *, whole: bool) -> str:
        """A list of the first level for a page that is not below it. current: the page's own entry."""
        shown = top.items if whole else top.items[: 2 * SIBLINGS]
        inner = "".join(_shown(item, _marked_link(item.head) if item is current else item.head) for item in shown)
        if len(shown) < len(top.items):
            inner += _more(top.items[0], more)
        return f"{top.before}{top.opening}{inner}</ul>"

    def _way(self, current: _Item, more: str, *, own: bool) -> str:
        """The lists from the first level to an entry's children."""
        around = current.inside.items
        at = next(number for number, item in enumerate(around) if item is current)
        first, end = max(0, at - SIBLINGS), at + SIBLINGS + 1
        below = "".join(
            f"{each.opening}{''.join(_shown(item, item.head) for item in each.items)}</ul>" for each in current.children
        )
        inner = _more(current, more) if first else ""
        for item in around[first:end]:
            if item is current:
                inner += _marked(current.opening) + (_marked_link(item.head) if own else item.head) + below + "</li>"
            else:
                inner += _shown(item, item.head)
        if end < len(around):
            inner += _more(current, more)
        each = current.inside
        html = f"{_marked(each.opening)}{inner}</ul>"
        while each.parent is not None:
            above = each.parent
            each = above.inside
            html = f"{_marked(each.opening)}{_marked(above.opening)}{above.head}{html}</li></ul>"
        return each.before + html

    def _linked(self, html: str, address: Address) -> str:
        def found(match: re.Match[str]) -> str:
            href = address(self._entries[int(match[1])].target)
            return f"{href}#" if match[2] else href or "#"

        return PLACEHOLDER.sub(found, html)


def _shown(item: _Item, head: str) -> str:
    return f"{item.opening}{head}</li>"


def _more(like: _Item, more: str) -> str:
    return f"{like.opening}{more}</li>"


def _marked(tag: str) -> str:
    """A list's or an item's tag with Sphinx's class for what is on the way to the page."""
    return tag[:-2] + ' current">' if tag.endswith('">') else tag[:-1] + ' class="current">'


def _marked_link(head: str) -> str:
    return head.replace('<a class="', '<a aria-current="page" class="current ', 1)
