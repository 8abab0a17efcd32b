"""Taking a response's body: as little of it as the verdict needs, and never more than a cap."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

SMALL = 64 * 1024  # bytes: cheaper to read to the end than to open the connection anew
_MARKUP = ("text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml")
_FIRST_LOOK = 32 * 1024  # bytes; later looks come when the body has doubled


class Ending(Enum):
    """Why a body ended where it did."""

    WHOLE = "whole"
    DECIDED = "decided"  # cut off by us: more of it would change nothing
    CAPPED = "capped"  # cut off by us: larger than we read


def media_type(content_type: str) -> str:
    """`text/html` of `Text/HTML; charset=utf-8`."""
    return content_type.partition(";")[0].strip().lower()


class PageBody:
    """The body of one response while it comes in.

    fragments: those that the page must answer; empty where its status alone decides. cap: bytes, decoded.
    """

    __slots__ = ("_cap", "_chunks", "_content_type", "_fragments", "_limit", "_look_at", "_needles", "ending", "size")

    def __init__(self, fragments: Iterable[str], cap: int) -> None:
        self._fragments = tuple(fragments)
        self._cap = cap
        self._needles: tuple[bytes, ...] = ()
        if self._fragments:
            from octavo.checks.links.web.anchors import needles_of

            self._needles = needles_of(self._fragments)
        self._content_type = ""
        self.restart()

    def restart(self) -> None:
        """Forget what came: another response follows."""
        self._chunks: list[bytes] = []
        self.size = 0
        self.ending = Ending.WHOLE
        self._limit = SMALL
        self._look_at = _FIRST_LOOK

    def begin(self, status: int, content_type: str, length: int | None) -> bool:
        """The headers are there. False when the body is not wanted at all. length: bytes on the wire, if known."""
        self._content_type = content_type
        if self.is_wanted(status):
            self._limit = self._cap
            return True
        if length is not None and length > SMALL:
            self.ending = Ending.DECIDED
            return False
        return True

    def is_wanted(self, status: int) -> bool:
        """Whether anchors are to be looked for in this body."""
        return bool(self._fragments) and 200 <= status < 300 and is_markup(self._content_type)

    @property
    def fragments(self) -> tuple[str, ...]:
        """Those that the page must answer."""
        return self._fragments

    @property
    def content_type(self) -> str:
        """The header's value, "" where there was none."""
        return self._content_type

    def write(self, chunk: bytes) -> bool:
        """Take a chunk. False when no more is wanted."""
        self._chunks.append(chunk)
        self.size += len(chunk)
        if self.size > self._limit:
            self.ending = Ending.CAPPED if self._limit == self._cap and self._fragments else Ending.DECIDED
            return False
        if self._limit == self._cap and self._fragments and self.size >= self._look_at:
            self._look_at = self.size * 2
            if self.has_all():
                self.ending = Ending.DECIDED
                return False
        return True

    def has_all(self) -> bool:
        """Whether every fragment is answered by what was taken so far."""
        from octavo.checks.links.web.anchors import element_part, is_found, read_anchors

        data = self.data()
        if not all(needle in data for needle in self._needles):
            return False
        ids = read_anchors(data, self._content_type).ids
        return all(is_found(element_part(f), ids) for f in self._fragments)

    def data(self) -> bytes:
        """What was taken."""
        if len(self._chunks) > 1:
            self._chunks = [b"".join(self._chunks)]
        return self._chunks[0] if self._chunks else b""


def is_markup(content_type: str) -> bool:
    """Whether ids can be looked for in a body; one without a type is sniffed by browsers and mostly HTML."""
    kind = media_type(content_type)
    return not kind or kind in _MARKUP or kind.endswith("+xml")
