"""What a picture's first bytes say: format, size, colours, whether it moves or has an alpha channel.

By the formats' own specifications (PNG 1.2 sections 4.1 and 4.2, JPEG T.81 annex B, GIF89a, RIFF WebP); pixels are
not decoded.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import imagesize  # type: ignore[import-untyped]  # it has no types of its own

BEGINNING = 512 * 1024  # bytes: more than the largest colour profile and thumbnail that precede a JPEG's frame header
_FORMATS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture.

    - format: "PNG", "JPEG", "GIF", "WebP", "AVIF", "TIFF", "SVG", ...; None when nothing known.
    - width, height: in pixels; None when they can't be told.
    """

    format: str | None
    width: int | None
    height: int | None
    is_cmyk: bool = False
    is_animated: bool = False
    has_alpha: bool = False

    @property
    def pixels(self) -> int:
        """How many; 0 when unknown."""
        return (self.width or 0) * (self.height or 0)


def picture(data: bytes) -> Picture:
    """What the beginning of a picture's file says."""
    kind = next((name for magic, name in _FORMATS if data.startswith(magic)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "WebP"
    elif data[4:12] in (b"ftypavif", b"ftypavis"):
        kind = "AVIF"
    elif kind is None and b"<svg" in data[:4096]:
        kind = "SVG"
    width, height = _size(data)
    return Picture(
        format=kind,
        width=width,
        height=height,
        is_cmyk=kind == "JPEG" and _jpeg_components(data) == 4,
        is_animated=_moves(data, kind),
        has_alpha=_has_alpha(data, kind),
    )


def _size(data: bytes) -> tuple[int | None, int | None]:
    try:
        width, height = imagesize.get(io.BytesIO(data))
    except (ValueError, struct.error, OSError, TypeError):
        return None, None
    return (int(width), int(height)) if width > 0 and height > 0 else (None, None)


def _jpeg_components(data: bytes) -> int | None:
    """Colour components of the frame header: 1 grey, 3 RGB (as YCbCr), 4 CMYK."""
    at = 2
    while at + 10 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 9]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _moves(data: bytes, kind: str | None) -> bool:
    if kind == "GIF":
        # an image descriptor follows each graphic control extension
        return data.count(b"\x21\xf9\x04") > 1
    if kind == "PNG":
        return b"acTL" in data[:4096]
    if kind == "WebP":
        return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x02)
    return False


def _has_alpha(data: bytes, kind: str | None) -> bool:
    if kind == "PNG" and len(data) > 26:
        return data[25] in (4, 6) or b"tRNS" in data[: data.find(b"IDAT")]
    if kind == "WebP":
        return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x10)
    return False
