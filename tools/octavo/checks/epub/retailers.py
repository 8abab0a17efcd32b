"""What the shops would refuse in an EPUB, or warn of, by the guidelines that they have published (`shops`)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from octavo.checks.epub.facts import Facts
from octavo.checks.epub.navigation import Navigation
from octavo.checks.epub.opened import Item, Opened
from octavo.checks.epub.pictures import BEGINNING, Picture, picture
from octavo.checks.epub.shops import MEGABYTE, SHOPS, Shop
from octavo.checks.links.places import Finding
from octavo.metadata.checking import identifier_fault

# how far a cover's ratio may be from what is asked for: a pixel or two of rounding, and what nobody sees
_RATIO_TOLERANCE = 0.1
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._/-]+")
_ISBN = re.compile(r"(?:urn:)?(?:isbn[:\s]*)?((?:97[89][\s-]?)?\d[\d\s-]{7,14}[\dXx])", re.IGNORECASE)
# the names that every shop lists books by
_WANTED = (
    ("dc:title", "title"),
    ("dc:creator", "author"),
    ("dc:language", "language"),
    ("dc:identifier", "identifier"),
    ("dc:publisher", "publisher"),
    ("dc:date", "date of publication"),
    ("dc:description", "description"),
)


class ShopRules:
    """The rules of one shop for one book."""

    def __init__(self, shop: Shop, path: Path, book: Opened, facts: Facts, nav: Navigation) -> None:
        self._shop = shop
        self._path = path
        self._book = book
        self._facts = facts
        self._nav = nav

    def findings(self, pictures: dict[str, Picture]) -> Iterator[Finding]:
        """Everything that the shop would object to. pictures: of the manifest, by member."""
        yield from self._file()
        yield from self._cover(pictures)
        for item in self._book.items:
            if item.member in pictures:
                yield from self._picture(item, pictures[item.member])
        yield from self._documents()
        yield from self._package()

    def _say(self, rule: str, value: str, item: Item | None = None, hint: str | None = None) -> Finding:
        member = item.member if item is not None else None
        advice = f"{hint} ({self._shop.guidelines})" if hint else self._shop.guidelines
        return Finding(rule=f"retailer/{rule}", value=value, member=member, context=self._shop.name, hint=advice)

    def _file(self) -> Iterator[Finding]:
        size = self._path.stat().st_size
        if self._shop.refused_bytes is not None and size >= self._shop.refused_bytes:
            yield self._say("file-refused", _megabytes(size), hint=f"it takes {_megabytes(self._shop.refused_bytes)}")
        elif self._shop.advised_bytes is not None and size > self._shop.advised_bytes:
            yield self._say("file-large", _megabytes(size), hint=f"better below {_megabytes(self._shop.advised_bytes)}")

    def _cover(self, pictures: dict[str, Picture]) -> Iterator[Finding]:
        item = self._book.cover
        shop = self._shop
        if item is None or item.member is None:
            if shop.needs_cover:
                yield self._say("cover-missing", "no cover", hint="give one the property cover-image")
            return
        if shop.wants_cover_meta and self._book.entry("cover") is None:
            hint = 'write <meta name="cover" content="ID of the picture"/> as well'
            yield self._say("cover-unnamed", posixpath.basename(item.member), item, hint)
        seen = pictures.get(item.member)
        if seen is None:
            return
        if shop.cover_formats is not None and seen.format is not None and seen.format not in shop.cover_formats:
            yield self._say("cover-format", seen.format, item, f"it takes {_listed(shop.cover_formats)}")
        size = self._book.container.size(item.member)
        if shop.cover_bytes is not None and size > shop.cover_bytes:
            yield self._say("cover-heavy", _megabytes(size), item, f"at most {_megabytes(shop.cover_bytes)}")
        if seen.width is None or seen.height is None or seen.format == "SVG":
            return
        yield from self._cover_size(item, seen.width, seen.height)

    def _cover_size(self, item: Item, width: int, height: int) -> Iterator[Finding]:
        shop = self._shop
        short, long = sorted((width, height))
        shown = f"{width} x {height} pixels"
        if shop.cover_least is not None and (short < shop.cover_least[0] or long < shop.cover_least[1]):
            yield self._say("cover-refused", shown, item, "at least {} x {}".format(*shop.cover_least))
        elif shop.cover_most is not None and long > shop.cover_most:
            yield self._say("cover-refused", shown, item, f"at most {shop.cover_most} on either side")
        elif shop.cover_good is not None and (short < shop.cover_good[0] or long < shop.cover_good[1]):
            yield self._say("cover-small", shown, item, "at least {} x {}".format(*shop.cover_good))
        if shop.cover_ratio is not None and abs(height / width - shop.cover_ratio) > _RATIO_TOLERANCE:
            hint = f"it suggests {shop.cover_ratio:.2f}"
            yield self._say("cover-ratio", f"{height / width:.2f} times as high as wide", item, hint)

    def _picture(self, item: Item, seen: Picture) -> Iterator[Finding]:
        shop = self._shop
        assert item.member is not None  # noqa: S101 -- only members have been looked at
        name = posixpath.basename(item.member)
        if shop.picture_formats is not None and seen.format is not None and seen.format not in shop.picture_formats:
            yield self._say(
                "image-format", f"{name} is {seen.format}", item, f"it takes {_listed(shop.picture_formats)}"
            )
        if shop.picture_pixels is not None and seen.format != "SVG" and seen.pixels > shop.picture_pixels:
            what = f"{name} has {seen.pixels / 1e6:.1f} million pixels"
            yield self._say("image-pixels", what, item, f"at most {shop.picture_pixels / 1e6:g} million")
        size = self._book.container.size(item.member)
        if shop.picture_bytes is not None and size > shop.picture_bytes:
            yield self._say("image-heavy", f"{name} has {_megabytes(size)}", item, f"{_megabytes(shop.picture_bytes)}")
        if (
            shop.svg_side is not None
            and seen.format == "SVG"
            and max(seen.width or 0, seen.height or 0) > shop.svg_side
        ):
            what = f"{name} is {seen.width} x {seen.height}"
            yield self._say("image-svg-large", what, item, f"at most {shop.svg_side} on either side")
        if shop.wants_rgb and seen.is_cmyk:
            yield self._say("image-colours", f"{name} is CMYK", item, "save it as RGB")
        if shop.wants_still and seen.is_animated:
            yield self._say("image-animated", f"{name} has several frames", item, "keep one")
        if shop.wants_opaque and seen.has_alpha:
            yield self._say("image-alpha", f"{name} has an alpha channel", item, "save it without one")

    def _documents(self) -> Iterator[Finding]:
        limit = self._shop.document_bytes
        if limit is None:
            return
        container = self._book.container
        for item in self._book.items:
            if item.media_type != "application/xhtml+xml" or item.member is None:
                continue
            shown = self._facts.embedded.get(item.member, set()) & container.names
            size = container.size(item.member) + sum(container.size(m) for m in shown)
            if size > limit:
                what = f"{posixpath.basename(item.member)} has {_megabytes(size)} with its pictures"
                yield self._say("document-heavy", what, item, f"at most {_megabytes(limit)}")

    def _package(self) -> Iterator[Finding]:
        shop = self._shop
        for name, words in _WANTED:
            if not self._book.values(name):
                yield Finding(
                    rule="metadata/incomplete", value=words, member=self._book.package, context="the package document"
                )
        if shop.wants_isbn and not any(_is_isbn(v) for v in (*self._book.values("dc:identifier"), self._path.stem)):
            yield self._say("isbn-missing", "no ISBN", hint="among the identifiers or in the name of the file")
        if shop.contents_depth is not None and self._nav.depth > shop.contents_depth:
            what = f"{self._nav.depth} levels"
            yield self._say("contents-deep", what, hint=f"{shop.contents_depth} are shown")
        if shop.wants_plain_names:
            for item in self._book.items:
                if item.member is not None and not _PLAIN_NAME.fullmatch(item.member):
                    yield self._say("file-name", item.member, item, "letters, digits, dots and hyphens")
        most = shop.alternative_length
        for member, line, source, length in self._facts.alternatives if most is not None else ():
            if most is not None and length >= most:
                yield Finding(
                    rule="retailer/alternative-text-long",
                    value=f"{posixpath.basename(source)} has {length} characters",
                    member=member,
                    line=line,
                    target=source,
                    context=shop.name,
                    hint=f"below {most}",
                )
        if shop.plays_little:
            for count, noun in (
                (self._facts.scripts, "scripts"),
                (self._facts.audio, "recordings"),
                (self._facts.video, "videos"),
            ):
                if count:
                    yield self._say("interactive", f"{count} {noun}", hint="not on its e-ink readers: give a fallback")


def retailers(path: Path, book: Opened, facts: Facts, nav: Navigation, profiles: Iterable[str]) -> tuple[Finding, ...]:
    """What the shops of these profiles (keys of `SHOPS`) would object to, each finding once."""
    chosen = list(dict.fromkeys(profiles))
    if not chosen:
        return ()
    pictures = {
        item.member: picture(book.container.beginning(item.member, BEGINNING))
        for item in book.items
        if item.member is not None and item.media_type.startswith("image/") and item.member not in book.encrypted
    }
    found: dict[Finding, None] = {}
    for profile in chosen:
        for finding in ShopRules(SHOPS[profile], path, book, facts, nav).findings(pictures):
            found[finding] = None
    return tuple(found)


def _is_isbn(value: str) -> bool:
    match = _ISBN.fullmatch(value.strip())
    if match is None:
        return False
    return any(identifier_fault(kind, match.group(1)) is None for kind in ("isbn-13", "isbn-10"))


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size < 1024 * MEGABYTE else f"{size / MEGABYTE / 1024:.1f} GB"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
