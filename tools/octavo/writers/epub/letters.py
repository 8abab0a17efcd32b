"""The text of the book as one line of letters, with the way back from each letter to its place in the documents.

Letters and digits alone are kept, without case, accents and the hyphens of a line's end, so that words can be compared
with those of another edition, however its lines fall. What no other edition has in the same place is left out: notes,
lists of contents, line numbers.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from octavo.staging.printed_pages import OBJECT
from octavo.writers.epub.content_model import BLOCKS, EPUB_TYPE, MATHML, PARTS, SVG, XHTML

_NO_LETTER = re.compile(r"[^\w\ufffc]|_")
_DIGITS = re.compile(r"\d+")
_SKIPPED_CLASSES = frozenset({"toctree-wrapper", "linenos", "lineno", "footnote", "footnote-list", "eqno"})
_SKIPPED_TYPES = frozenset({"footnote", "footnotes", "endnote", "endnotes", "noteref"})


def letters(text: str) -> str:
    """Letters, digits and `OBJECT`; a function of each character alone."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()))


def without_digits(text: str) -> str:
    """Letters alone: numbers of notes, pages and lists differ between editions."""
    return _DIGITS.sub("", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text of one node, or a picture or formula.

    - document: number of its document; element: whose text it is.
    - tail: it stands behind the element. whole: the element itself is meant, and no text.
    """

    document: int
    element: etree._Element
    tail: bool = False
    whole: bool = False

    @property
    def text(self) -> str:
        """As it stands in the document."""
        if self.whole:
            return OBJECT
        return (self.element.tail if self.tail else self.element.text) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a piece: before the character at `offset` of its text."""

    piece: Piece
    offset: int


class BookText:
    """Documents in one order, letter by letter. A position is the number of letters before it.

    - full: letters and digits. plain: letters alone; `plain_of` and `full_of` lead from one to the other.
    - documents: position of each document's first letter.
    - blocks: positions where a block begins, ascending.
    - targets: position of each id, document by document.
    """

    def __init__(self, bodies: Iterable[etree._Element]) -> None:
        self.documents: list[int] = []
        self.blocks: list[int] = []
        self.targets: list[dict[str, int]] = []
        self._begin: dict[etree._Element, int] = {}
        self._pieces: list[Piece] = []
        self._full_starts: list[int] = []
        self._plain_starts: list[int] = []
        self._full: list[str] = []
        self._plain: list[str] = []
        self._length = self._plain_length = 0
        for number, body in enumerate(bodies):
            self.documents.append(self._length)
            self.targets.append({})
            self._take(body, number)
        self.full = "".join(self._full)
        self.plain = "".join(self._plain)

    def plain_of(self, position: int) -> int:
        """The position among letters alone."""
        if not self._pieces:
            return 0
        at = max(0, bisect_right(self._full_starts, position) - 1)
        within = self.full[self._full_starts[at] : position]
        return self._plain_starts[at] + len(without_digits(within))

    def full_of(self, position: int) -> int:
        """The position of a letter alone among letters and digits."""
        if position >= len(self.plain):
            return len(self.full)
        at = max(0, bisect_right(self._plain_starts, position) - 1)
        start, left = self._full_starts[at], position - self._plain_starts[at]
        while left > 0 or _DIGITS.fullmatch(self.full[start]):
            left -= not _DIGITS.fullmatch(self.full[start])
            start += 1
        return start

    def place(self, position: int) -> Place:
        """Where the letter at `position` stands; at the end of the text, behind the last one.

        Raises: IndexError when there is no text.
        """
        if position >= len(self.full):
            last = self._pieces[-1]
            return Place(piece=last, offset=len(last.text))
        at = bisect_right(self._full_starts, position) - 1
        piece, left = self._pieces[at], position - self._full_starts[at]
        if piece.whole:
            return Place(piece=piece, offset=0)
        text = piece.text
        for offset, character in enumerate(text):
            own = len(letters(character))
            if own > left:
                return Place(piece=piece, offset=offset)
            left -= own
        return Place(piece=piece, offset=len(text))

    def block_begun_by(self, place: Place, position: int) -> Place | None:
        """The beginning of the innermost block around a place, if the letter at `position` is its first one."""
        element = place.piece.element
        if place.piece.tail or place.piece.whole:
            element = element.getparent()
        while element not in self._begin:
            element = element.getparent()
            if element is None:
                return None
        if self._begin[element] != position:
            return None
        return Place(piece=Piece(document=place.piece.document, element=element), offset=0)

    def _take(self, body: etree._Element, document: int) -> None:
        """Walk through one document without recursion: nesting is the author's."""
        targets = self.targets[document]
        leaving = False
        element = body
        while True:
            if not leaving:
                leaving = self._enter(element, document, targets)
                if not leaving and len(element):
                    element = element[0]
                    continue
            if element is body:
                return
            if element.tail:
                self._add(Piece(document=document, element=element, tail=True), element.tail)
            following = element.getnext()
            leaving = following is None
            element = element.getparent() if following is None else following

    def _enter(self, element: etree._Element, document: int, targets: dict[str, int]) -> bool:
        """Take an element's own text; whether what is in it is left out."""
        if not isinstance(element.tag, str):
            return True
        space, _, tag = element.tag[1:].partition("}")
        if space == XHTML and _is_elsewhere(element):
            return True
        whole = space != XHTML or tag == "img"
        for named in element.iter(etree.Element) if whole else (element,):
            name = named.get("id")
            if name is not None:
                targets[name] = self._length
        if whole:
            # a picture without words for it is an ornament, which the printed edition doesn't count either
            if space in (MATHML, SVG) or element.get("alt"):
                self._add(Piece(document=document, element=element, whole=True), OBJECT)
            return True
        if tag in BLOCKS or tag in PARTS:
            self._begin[element] = self._length
            if not self.blocks or self.blocks[-1] != self._length:
                self.blocks.append(self._length)
        if element.text:
            self._add(Piece(document=document, element=element), element.text)
        return False

    def _add(self, piece: Piece, text: str) -> None:
        full = letters(text)
        if not full:
            return
        plain = without_digits(full)
        self._pieces.append(piece)
        self._full_starts.append(self._length)
        self._plain_starts.append(self._plain_length)
        self._full.append(full)
        self._plain.append(plain)
        self._length += len(full)
        self._plain_length += len(plain)


def _is_elsewhere(element: etree._Element) -> bool:
    return not _SKIPPED_CLASSES.isdisjoint(element.get("class", "").split()) or not _SKIPPED_TYPES.isdisjoint(
        element.get(EPUB_TYPE, "").split()
    )
