"""Pictures of more pixels than the author wants in the book, made smaller; of the same type, upright, in their colours.

Only what is asked for (`octavo_epub_max_image_pixels`): a book has its pictures as they are. What moves would lose its
timing, and what can't be read its content: such a picture stays as it is, and the reason is given back.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from octavo.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from PIL import Image
    from sphinx.config import Config

VALUE = "octavo_epub_max_image_pixels"
# what photographs are commonly kept at; below 80 the blocks begin to show
_JPEG_QUALITY = 88
_WEBP_QUALITY = 85
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A picture as it goes into the book. left: why it is larger than asked for; None where it is not."""

    content: bytes
    left: str | None = None


def most_pixels(config: Config) -> int | None:
    """How many pixels, width by height, a picture may have; None for any number.

    Raises: ConfigurationError for what is no such number.
    """
    value = getattr(config, VALUE, None)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(
            f"{VALUE} = {value!r} is not a number of pixels", "Give width by height, such as 4_000_000, or None."
        )
    return value


def fitted(content: bytes, media_type: str, most: int) -> Fitted:
    """The picture with at most so many pixels. What is no bitmap has none, and is given back."""
    if media_type not in _FORMATS:
        return Fitted(content=content)
    try:
        from PIL import Image
    except ImportError:
        return Fitted(content=content, left="Pillow is not installed")
    try:
        # what Pillow doubts (broken EXIF data, great size) is no finding about the book
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height <= most:
                return Fitted(content=content)
            # the further pictures of a JPEG are previews of the first one
            if media_type != "image/jpeg" and getattr(picture, "is_animated", False):
                return Fitted(content=content, left="it is animated")
            return Fitted(content=_smaller(picture, media_type, content, most))
    except Image.DecompressionBombError:
        return Fitted(content=content, left="it is too large to be opened")
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error) as error:
        return Fitted(content=content, left=f"Pillow can't scale it: {error}")


def _smaller(picture: Image.Image, media_type: str, content: bytes, most: int) -> bytes:
    from PIL import Image

    size = _within(picture.width, picture.height, most)
    options = _options(picture, media_type, content)
    has_palette = picture.mode in ("P", "PA")
    # a JPEG is decoded at a half or a quarter of its size where that is still enough
    picture.draft(None, size)
    resized = _mixable(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if has_palette and media_type == "image/png":
        resized = _with_palette(resized)
    made = io.BytesIO()
    resized.save(made, _FORMATS[media_type], **options)
    return made.getvalue()


def _within(width: int, height: int, most: int) -> tuple[int, int]:
    """The largest size of the same shape, or next to it, that has no more pixels."""
    factor = math.sqrt(most / (width * height))
    # of a line, the short side can't shrink
    return min(most, max(1, math.floor(width * factor))), min(most, max(1, math.floor(height * factor)))


def _mixable(picture: Image.Image) -> Image.Image:
    """In a mode whose pixels can be averaged: neither numbers of a palette, nor black or white alone."""
    transparent = "transparency" in picture.info or picture.mode == "PA"
    if picture.mode in ("P", "PA") or (picture.mode == "RGB" and transparent):
        return picture.convert("RGBA" if transparent else "RGB")
    if picture.mode == "1" or (picture.mode == "L" and transparent):
        return picture.convert("LA" if transparent else "L")
    return picture


def _with_palette(picture: Image.Image) -> Image.Image:
    """A picture of 256 colours at most, its shades between two colours among them."""
    from PIL import Image

    # the first is the one method that knows transparency; the other keeps white white
    return picture.quantize(256, Image.Quantize.FASTOCTREE if picture.mode == "RGBA" else Image.Quantize.MEDIANCUT)


def _options(picture: Image.Image, media_type: str, content: bytes) -> dict[str, Any]:
    """How to save: what Pillow does not take over by itself. EXIF stays as it is, the way that is up with it."""
    kept = {name: picture.info[name] for name in ("exif", "icc_profile") if picture.info.get(name)}
    if media_type == "image/jpeg":
        from PIL import JpegImagePlugin

        sampling = JpegImagePlugin.get_sampling(picture)
        progressive = bool(picture.info.get("progressive"))
        return {**kept, "quality": _JPEG_QUALITY, "subsampling": sampling, "progressive": progressive, "optimize": True}
    if media_type == "image/webp":
        return {**kept, "quality": _WEBP_QUALITY, "lossless": b"VP8L" in _chunks(content)}
    return kept if media_type == "image/png" else {}


def _chunks(content: bytes) -> Iterator[bytes]:
    """The names of a WebP file's chunks (WebP container specification, "RIFF File Format")."""
    place = 12
    while place + 8 <= len(content):
        yield content[place : place + 4]
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
