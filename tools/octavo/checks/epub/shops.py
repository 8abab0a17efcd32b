"""What the shops have published about the EPUBs that they take, as numbers and lists; each with its page.

Only what stands in a shop's own published guidelines is here. What is often repeated and could not be confirmed there
(Amazon's limit of the whole file, Apple's smallest cover) is left out on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One shop. None: its guidelines say nothing of it. Sizes of files in bytes, of pictures in pixels.

    - refused_bytes: the whole EPUB must be smaller; advised_bytes: and had better be.
    - cover_least: (short side, long side) below which a cover is refused; cover_good: below which it is shown poorly.
    - cover_ratio: long side to short side of the cover that it asks for.
    - formats: of pictures; None for all of EPUB's core media types. cover_formats likewise.
    - wants_rgb: whether pictures in other colours are shown wrongly.
    - contents_depth: levels of the table of contents that its readers show.
    """

    name: str
    guidelines: str
    refused_bytes: int | None = None
    advised_bytes: int | None = None
    needs_cover: bool = False
    cover_least: tuple[int, int] | None = None
    cover_most: int | None = None
    cover_good: tuple[int, int] | None = None
    cover_ratio: float | None = None
    cover_bytes: int | None = None
    cover_formats: frozenset[str] | None = None
    picture_formats: frozenset[str] | None = None
    picture_pixels: int | None = None
    picture_bytes: int | None = None
    svg_side: int | None = None
    wants_rgb: bool = False
    wants_still: bool = False
    wants_opaque: bool = False
    alternative_length: int | None = None
    document_bytes: int | None = None
    contents_depth: int | None = None
    wants_plain_names: bool = False
    wants_isbn: bool = False
    wants_cover_meta: bool = False
    plays_little: bool = False


SHOPS: dict[str, Shop] = {
    # itunespartner.apple.com/books/support/9-prepare-book: up to 2 GB, better below 1 GB; pictures inside of at most
    # 4 million pixels; the EPUB must pass EPUBCheck
    "apple": Shop(
        name="Apple Books",
        guidelines="itunespartner.apple.com/books/support/9-prepare-book",
        refused_bytes=2 * GIGABYTE,
        advised_bytes=GIGABYTE,
        picture_pixels=4_000_000,
    ),
    # github.com/kobolabs/epub-spec, "Image Formatting", "Cover Images", "OPF", "Limitations and Maximums"
    "kobo": Shop(
        name="Kobo",
        guidelines="github.com/kobolabs/epub-spec",
        advised_bytes=GIGABYTE,
        cover_ratio=4 / 3,
        cover_bytes=3 * MEGABYTE,
        cover_formats=frozenset({"JPEG", "PNG", "SVG", "WebP"}),
        picture_bytes=5 * MEGABYTE,
        wants_rgb=True,
        document_bytes=10 * MEGABYTE,
        contents_depth=3,
        wants_plain_names=True,
        wants_isbn=True,
        wants_cover_meta=True,
        plays_little=True,
    ),
    # support.google.com/books/partner/answer/3424254 (files) and 3316879 (EPUB files)
    "google": Shop(
        name="Google Play Books",
        guidelines="support.google.com/books/partner/answer/3424254",
        refused_bytes=2 * GIGABYTE,
        needs_cover=True,
        cover_least=(640, 640),
        cover_most=7200,
        picture_formats=frozenset({"GIF", "JPEG", "PNG", "SVG"}),
        svg_side=3200,
        wants_still=True,
    ),
    # kdp.amazon.com/help/topic/G6GTK3T3NUHKLEFX (cover), G75V4YX5X8GRGXWV (pictures), GY3AD8C6C6GAG42N (contents; the
    # Kindle Publishing Guidelines name two levels)
    "kdp": Shop(
        name="Kindle (KDP)",
        guidelines="kdp.amazon.com/help/topic/G6GTK3T3NUHKLEFX",
        needs_cover=True,
        cover_least=(625, 1000),
        cover_most=10_000,
        cover_good=(1600, 2500),
        cover_ratio=1.6,
        cover_bytes=50 * MEGABYTE,
        picture_formats=frozenset({"BMP", "GIF", "JPEG", "PNG", "SVG"}),
        wants_rgb=True,
        wants_still=True,
        wants_opaque=True,
        alternative_length=140,
        contents_depth=2,
    ),
}
