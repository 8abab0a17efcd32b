"""A navigation tree as HTML, made once and then given to every page with what is the page's own put in.

Between two pages of a site the tree differs in three things alone: the marks on the way from the root to the page,
where links lead from the page's folder, and the page's link to itself. So the tree is made twice, once with no page
marked and once with every element marked, both with placeholders for links. Where the two differ is what a mark does,
whatever writer or theme made it; a page takes the marked form of its own elements and the plain form of all others.
What can't be told apart in this way is refused, never guessed.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

Relative = Callable[[str, str], str]

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*)>")
PLACEHOLDER = re.compile("\x01(\\d+)\x02(#?)")
_PLAIN_URI = re.compile(r"[\w./~%+,=-]*", re.ASCII)  # written the same by every serialiser
_ELEMENTS = {"ul", "li", "a"}
_FOLDERS_KEPT = 8


class NotUniformError(Exception):
    """The tree can't be told apart into what is a page's own and what is common to all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A link in the tree.

    - target: URI of its page from the site's root.
    - page: name of the page that the link stands for; None for a link to a place inside of a page.
    - parent: number of the entry above; None at the top.
    """

    target: str
    page: str | None
    parent: int | None


def placeholder(number: int) -> str:
    """What stands for the address of an entry in the HTML that a `Tree` is made from."""
    return f"\x01{number}\x02"


@dataclass(slots=True)
class _Element:
    """An open `ul`, `li` or `a`. switches: pieces that change when it is marked."""

    parent: int | None
    switches: list[int] = field(default_factory=list)


class _List(NamedTuple):
    """A list inside of an item. start: its piece, None when it has none of its own; end: the piece after its end."""

    start: int | None
    end: int
    item: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """The plain tree for the pages of one folder. offsets: where each piece begins, and the end."""

    text: str
    offsets: list[int]


class Tree:
    """One tree for all pages.

    - plain, marked: the tree's HTML with no element marked and with all of them marked; links are placeholders.
    - last: what a theme does to the innermost marked `li` besides; given its tag, gives the tag to write.
    - collapsible: whether pages may ask for it `collapsed`.

    Raises: NotUniformError when they differ in more than tags, or link to addresses that need escaping.
    """

    def __init__(
        self,
        plain: str,
        marked: str,
        entries: Sequence[Entry],
        relative: Relative,
        last: Callable[[str], str] | None = None,
        *,
        collapsible: bool = False,
    ) -> None:
        self._relative = relative
        self._last = last
        self._entries = entries
        self._folders: OrderedDict[str, _Folder] = OrderedDict()
        self._elements: list[_Element] = []
        self._links: dict[int, list[int]] = {}  # entry -> its `a` elements
        self._items: dict[int, int] = {}  # piece -> its `li` element
        self._lists: list[_List] = []  # those inside of an `li`
        self._plain: list[str] = []
        self._marked: list[str] = []
        self._cut(plain, marked)
        self._slots: list[tuple[int, str, list[str]]] = []  # pieces with a link: target, and what is around its address
        self._of_target: dict[str, list[int]] = {}
        for piece, text in enumerate(self._plain):
            if match := PLACEHOLDER.search(text):
                target = entries[int(match[1])].target
                self._slots.append((piece, target, text.split(placeholder(int(match[1])))))
                self._of_target.setdefault(target, []).append(piece)
        self._chains: dict[str, list[int]] = {}
        for number, entry in enumerate(entries):
            if entry.page is not None:
                self._chains.setdefault(entry.page, []).extend(self._chain(number))
        self._leading: dict[str, list[tuple[int, list[int]]]] = {}  # target -> entries, with what is around
        if collapsible:
            if any(each.start is None for each in self._lists):
                raise NotUniformError
            self._lists.sort(key=lambda each: each.start or 0)
            for number, entry in enumerate(entries):
                self._leading.setdefault(entry.target, []).append((number, self._chain(number)))
        if not all(_PLAIN_URI.fullmatch(entry.target) for entry in entries):
            raise NotUniformError

    def html(self, page: str, uri: str, collapsed: Set[str] | None = None) -> str:
        """The tree on a page.

        - uri: the page's, from the site's root.
        - collapsed: URIs of the pages on the way from the root to this one, and its own; given them, the tree has only
          the lists on that way, and those below the page.
        """
        folder = self._folder(uri)
        changed: dict[int, str] = {}
        elements: Sequence[int] = self._chains.get(page, ())
        hidden: dict[int, int] = {}
        if collapsed is not None:
            elements, hidden = self._collapsed(page, uri, collapsed)
        for number in elements:
            for piece in self._elements[number].switches:
                changed[piece] = self._linked(self._marked[piece], uri)
        for piece in self._of_target.get(uri, ()):
            if piece not in changed:
                changed[piece] = self._linked(self._plain[piece], uri)
        if not changed and not hidden:
            return folder.text
        order = sorted({*changed, *hidden})
        if self._last is not None:
            innermost = [piece for piece in order if piece in self._items and self._items[piece] in elements]
            if innermost:
                changed[innermost[-1]] = self._last(changed[innermost[-1]])
        parts, done = [], 0
        for piece in order:
            if folder.offsets[piece] < done:  # in a list that is hidden
                continue
            parts.append(folder.text[done : folder.offsets[piece]])
            if piece in hidden:
                done = folder.offsets[hidden[piece]]
            else:
                parts.append(changed[piece])
                done = folder.offsets[piece + 1]
        parts.append(folder.text[done:])
        return "".join(parts)

    def _collapsed(self, page: str, uri: str, way: Set[str]) -> tuple[list[int], dict[int, int]]:
        """The elements to mark on a page, and the lists to hide: from which piece up to which one.

        Sphinx shows a list when its item is on the way to an entry of the page, or to one of its headings; below a
        document that isn't on the way, as Sphinx sees it, it doesn't look for entries.
        """
        marked: list[int] = []
        shown: set[int] = set()
        for number, chain in self._leading.get(uri, ()):
            if all(self._entries[above].target in way for above in self._above(number)):
                shown.update(chain)
                if self._entries[number].page == page:
                    marked += chain
        hidden: dict[int, int] = {}
        done = -1
        for each in self._lists:
            if each.start is not None and each.start >= done and each.item not in shown:
                hidden[each.start] = done = each.end
        return marked, hidden

    def _above(self, number: int) -> list[int]:
        """The entries above an entry."""
        found = []
        above = self._entries[number].parent
        while above is not None:
            found.append(above)
            above = self._entries[above].parent
        return found

    def _cut(self, plain: str, marked: str) -> None:
        """Cut both forms into the same pieces, and say which of them change with which element."""
        open_elements: list[tuple[str, int]] = []
        starts: dict[int, int] = {}  # element -> the piece with its tag
        plain_at = marked_at = kept_from = 0
        pairs = zip(_tags(plain), _tags(marked), strict=True)
        try:
            for one, other in pairs:
                if plain[plain_at : one.start()] != marked[marked_at : other.start()] or one[2] != other[2]:
                    raise NotUniformError
                plain_at, marked_at = one.end(), other.end()
                name = one[2]
                if one[1]:
                    if name in _ELEMENTS:
                        closed, element = open_elements.pop() if open_elements else ("", 0)
                        if closed != name:
                            raise NotUniformError
                        if name == "ul" and open_elements:
                            end = one.end() + plain.startswith("\n", one.end())
                            self._plain.append(plain[kept_from:end])
                            self._marked.append("")
                            kept_from = end
                            item = self._elements[element].parent
                            self._lists.append(_List(starts.get(element), len(self._plain), item))
                    continue
                if name in _ELEMENTS:
                    self._elements.append(_Element(parent=open_elements[-1][1] if open_elements else None))
                    open_elements.append((name, len(self._elements) - 1))
                link = PLACEHOLDER.search(one[0])
                if one[0] != other[0] or link:
                    self._plain += [plain[kept_from : one.start()], one[0]]
                    self._marked += ["", other[0]]
                    kept_from = one.end()
                    if name == "ul":
                        starts[len(self._elements) - 1] = len(self._plain) - 1
                    self._own(name, one[0] != other[0], link, open_elements)
        except ValueError:  # not as many tags in one as in the other
            raise NotUniformError from None
        if plain[plain_at:] != marked[marked_at:] or open_elements:
            raise NotUniformError
        self._plain.append(plain[kept_from:])
        self._marked.append("")

    def _own(self, name: str, switches: bool, link: re.Match[str] | None, open_elements: list[tuple[str, int]]) -> None:
        """Note whose the piece is that was cut last: its own element's, or for any other tag the `li`'s around it."""
        piece = len(self._plain) - 1
        owner = next((number for kind, number in reversed(open_elements) if kind in {"li", name}), None)
        if owner is None or (link is not None and name != "a"):
            raise NotUniformError
        if switches:
            self._elements[owner].switches.append(piece)
        if name == "li":
            self._items[piece] = owner
        if link is not None:
            self._links.setdefault(int(link[1]), []).append(owner)

    def _chain(self, number: int) -> list[int]:
        """The elements to mark for a page: its link, or without one its nearest entry above, and all around it."""
        wanted: int | None = number
        while wanted is not None and wanted not in self._links:
            wanted = self._entries[wanted].parent
        if wanted is None:
            return []
        if len(self._links[wanted]) > 1:
            raise NotUniformError
        element: int | None = self._links[wanted][0]
        if wanted != number:
            assert element is not None  # noqa: S101 -- it was just taken from a list of numbers
            element = self._elements[element].parent
        chain = []
        while element is not None:
            chain.append(element)
            element = self._elements[element].parent
        return chain

    def _linked(self, piece: str, uri: str) -> str:
        """A piece with its placeholder replaced, as seen from the page with this URI."""

        def address(match: re.Match[str]) -> str:
            found = self._relative(uri, self._entries[int(match[1])].target)
            return (found or "#") if not match[2] else f"{found}#"

        return PLACEHOLDER.sub(address, piece)

    def _folder(self, uri: str) -> _Folder:
        """The plain tree for all pages in the folder of this URI, but for their links to themselves."""
        name = uri.rpartition("/")[0]
        if name in self._folders:
            self._folders.move_to_end(name)
            return self._folders[name]
        base = f"{name}/\uffff" if name else "\uffff"  # a page that no entry leads to
        pieces = list(self._plain)
        addresses: dict[str, str] = {}
        for piece, target, around in self._slots:
            if target not in addresses:
                addresses[target] = self._relative(base, target)
            pieces[piece] = addresses[target].join(around)
        text = "".join(pieces)
        made = _Folder(text=text, offsets=[*accumulate(map(len, pieces), initial=0)])
        self._folders[name] = made
        if len(self._folders) > _FOLDERS_KEPT:
            self._folders.popitem(last=False)
        return made


def _tags(html: str) -> list[re.Match[str]]:
    return list(_TAG.finditer(html))
