"""Where the pages of the printed edition begin in the EPUB's text.

The PDF's targets bracket each page: it begins after the last target on an earlier page, and not after the first one
on it or a later one. In that bracket the last words before the page and the first words on it are looked for. What
the two editions say differently (numbers of pages and notes, labels) is stepped over; where no word is the same, the
page begins with the next block.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from octavo.staging.printed_pages import PageKind, PrintedPage, PrintedPages, heaviest_ascent
from octavo.writers.epub.anchors import xml_id
from octavo.writers.epub.letters import BookText, Place, letters, without_digits

_KEPT = 96
"""Letters looked at on each side of a break."""
_GRAM = 12
_SHORT = 600
# in scripts without spaces each letter may begin a line; elsewhere a word that is divided belongs to one page
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of the EPUB that has text of the book. order: its number in reading order."""

    docname: str
    order: int
    body: etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a page begins. order: number of the document in reading order; number: of the page, 1-based."""

    order: int
    number: int
    label: str
    place: Place


def breaks(printed: PrintedPages, documents: Iterable[Document]) -> list[Break]:
    """The beginnings of all pages with text, in order of the pages. What has no place in the EPUB is not among them."""
    first_pages: dict[str, int] = {}
    for target in printed.targets:
        first_pages[target.docname] = min(first_pages.get(target.docname, target.page), target.page)
    ordered = sorted(
        (d for d in documents if d.docname in first_pages), key=lambda d: (first_pages[d.docname], d.order)
    )
    text = BookText(d.body for d in ordered)
    if not text.full:
        return []
    search = _Search(text, _Brackets(printed, ordered, text))
    found = []
    for number, page in enumerate(printed.pages, start=1):
        if page.kind is not PageKind.TEXT:
            continue
        position = search.position(number, page)
        if position is not None:
            place = _settled(text, position, page)
            order = ordered[place.piece.document].order
            found.append(Break(order=order, number=number, label=page.label, place=place))
    return found


class _Brackets:
    """Between which positions a page begins, by what is known of the targets."""

    def __init__(self, printed: PrintedPages, documents: Sequence[Document], text: BookText) -> None:
        numbers = {d.docname: n for n, d in enumerate(documents)}
        known: set[tuple[int, int]] = set()
        for target in printed.targets:
            number = numbers.get(target.docname)
            if number is None:
                continue
            if not target.anchor:
                known.add((text.documents[number], target.page))
            elif (position := text.targets[number].get(xml_id(target.anchor))) is not None:
                known.add((position, target.page))
        ordered = sorted(known)
        # what floats is printed on a later page than the text around it
        kept = heaviest_ascent([page for _, page in ordered], [1] * len(ordered))
        self._positions = [ordered[n][0] for n in kept]
        self._pages = [ordered[n][1] for n in kept]
        self._end = len(text.full)

    def of(self, page: int) -> tuple[int | None, int]:
        """The earliest position, or None before everything that is known; and the last one."""
        at = bisect_left(self._pages, page)
        after = self._positions[at - 1] if at else None
        return after, self._positions[at] if at < len(self._positions) else self._end


class _Search:
    """Looks for one page after another; a page never begins before the one that was found last."""

    def __init__(self, text: BookText, brackets: _Brackets) -> None:
        self._text = text
        self._brackets = brackets
        self._floor = -1

    def position(self, number: int, page: PrintedPage) -> int | None:
        """The position of the page's first letter, or None when the EPUB has nothing of it."""
        known, last = self._brackets.of(number)
        last = max(last, self._floor, 0)
        # a page has something on it, unless the next one begins where it does: both are before a page without text
        first = min(max(known or 0, self._floor + 1), last)
        position = self._by_words(page, first, last)
        if position is None and known is None:
            # before all that the EPUB has: a half title, or what a template adds
            return None
        if position is None:
            position = self._next_block(first, last)
        self._floor = position
        return position

    def _by_words(self, page: PrintedPage, first: int, last: int) -> int | None:
        text = self._text
        full = _Window(text.full, letters(page.before), letters(page.after), first, last)
        plain = _Window(
            text.plain,
            without_digits(letters(page.before)),
            without_digits(letters(page.after)),
            text.plain_of(first),
            text.plain_of(last),
        )
        wide = _Window(text.full, letters(page.before), letters(page.after), self._floor + 1, len(text.full))
        for window, way in (
            (full, _Window.across),
            (plain, _Window.across),
            (full, _Window.on_one_side),
            (plain, _Window.on_one_side),
            (wide, _Window.surely),
            (wide, _Window.only_place),
            (plain, _Window.by_grams),
        ):
            found = way(window)
            if found is None:
                continue
            if window is not plain:
                return found
            position = text.full_of(found)
            # a number that the page begins with
            number = re.match(r"\d*", letters(page.after))
            digits = number.group() if number else ""
            return position - len(digits) if text.full.endswith(digits, 0, position) else position
        return None

    def _next_block(self, first: int, last: int) -> int:
        blocks = self._text.blocks
        at = bisect_left(blocks, first)
        return min(blocks[at], last) if at < len(blocks) else last


class _Window:
    """A stretch of letters in which a page begins: not before `first`, not after `last`."""

    def __init__(self, text: str, before: str, after: str, first: int, last: int) -> None:
        self._text = text
        self._before = before[-_KEPT:]
        self._after = after[:_KEPT]
        self._first = first
        self._last = last

    def across(self, lengths: Sequence[int] = (32, 16, 8)) -> int | None:
        """Both the last words before the page and the first on it."""
        for length in lengths:
            before, after = self._before[-length:], self._after[:length]
            if len(before) < min(length, 8) or len(after) < min(length, 8):
                continue
            found = self._find(before + after, len(before))
            if found is not None:
                return found
        return None

    def surely(self) -> int | None:
        """As `across`, with so many letters that no bracket is needed."""
        return self.across((48, 32, 20))

    def only_place(self, length: int = 48) -> int | None:
        """The first words on the page, where they stand once: what floats is printed behind text that follows it."""
        needle = self._after[:length]
        found = self._find(needle, 0) if len(needle) == length else None
        return None if found is None or self._text.find(needle, found + 1, self._last) >= 0 else found

    def on_one_side(self) -> int | None:
        """The first words on the page, or the last before it."""
        for length in (40, 20):
            if len(self._after) >= length:
                found = self._find(self._after[:length], 0)
                if found is not None:
                    return found
            if len(self._before) >= length:
                found = self._find(self._before[-length:], length)
                if found is not None:
                    return found
        return None

    def by_grams(self) -> int | None:
        """A few letters that stand near the break in both editions and only once here."""
        for length in (_GRAM, 8, 5):
            if length == 5 and self._last - self._first > _SHORT:
                break  # in a long stretch so few letters may stand together by chance
            after = self._gram((self._after[n : n + length], n) for n in range(len(self._after) - length + 1))
            ends = range(len(self._before), length - 1, -1)
            before = self._gram((self._before[n - length : n], len(self._before) - n) for n in ends)
            if after is not None and after[1] == 0:
                return after[0]
            if before is not None and (after is None or before[0] + length <= after[0]):
                # what is in one edition alone may be before the break or after it: the page keeps all of it
                return min(self._last, before[0] + length + before[1]) if after is None else before[0] + length
            if after is not None:
                return max(self._first, after[0] - after[1]) if before is None else after[0]
        return None

    def _gram(self, grams: Iterator[tuple[str, int]]) -> tuple[int, int] | None:
        """Position of the gram nearest to the break that stands once in this stretch, and its distance from it."""
        low, high = max(0, self._first - _KEPT), self._last + _KEPT
        for gram, distance in grams:
            found = self._text.find(gram, low, high)
            if found >= 0 and self._text.find(gram, found + 1, high) < 0:
                return found, distance
        return None

    def _find(self, needle: str, offset: int) -> int | None:
        """The first place where `needle` stands so that its letter at `offset` is in this stretch."""
        low = max(0, self._first - offset)
        found = self._text.find(needle, low, self._last - offset + len(needle))
        return found + offset if found >= 0 else None


def _settled(text: BookText, position: int, page: PrintedPage) -> Place:
    """The place before the page's first word: with what opens it, and never inside a word."""
    place = text.place(position)
    block = text.block_begun_by(place, position)
    if block is not None:
        return block
    if place.piece.whole:
        return place
    own, at = place.piece.text, place.offset
    start = at
    while start > 0 and not letters(own[start - 1]):
        start -= 1
    gap = own[start:at]
    if not gap and start > 0 and at < len(own) and not _WITHOUT_SPACES.match(own[at]):
        return Place(piece=place.piece, offset=_after_word(own, at))
    opening = re.match(r"[^\w\ufffc]*", page.after.lstrip())
    wanted = "".join(opening.group().split()) if opening else ""
    if start == 0 and "".join(gap.split()) == wanted:
        return Place(piece=place.piece, offset=0)
    for n in range(len(gap), -1, -1):
        if "".join(gap[n:].split()) == wanted and (n == 0 or gap[n - 1].isspace() or wanted):
            return Place(piece=place.piece, offset=start + n)
    spaces = [n for n, character in enumerate(gap, start=1) if character.isspace()]
    return Place(piece=place.piece, offset=start + spaces[-1] if spaces else at)


def _after_word(text: str, at: int) -> int:
    """Behind the word at `at`, what closes it, and the space."""
    word = re.compile(r"[\w\u00ad\u2019']*[^\w\s]*\s*").match(text, at)
    return word.end() if word else at


def by_reading_order(found: Iterable[Break]) -> list[Break]:
    """As a reader of the EPUB comes to them."""
    return sorted(found, key=lambda b: (b.order, b.number))
