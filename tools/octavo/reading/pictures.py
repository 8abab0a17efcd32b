"""Pictures of formats that no reader must show, as ones that every reader shows: for all writers alike.

What a bitmap needs is Pillow, which is not everywhere; a page of a PDF is drawn by Typst, which is.
"""

from __future__ import annotations

import io
import tempfile
import warnings
import zlib
from pathlib import Path

# points; a picture of more is a poster, or an accident
_LARGEST = 20_000


def as_png(content: bytes) -> bytes | None:
    """A bitmap (TIFF, BMP, ...) as PNG; None when it can't be read here."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        return None
    try:
        # what Pillow doubts (broken EXIF data) is no finding about the book
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as picture:
            made = io.BytesIO()
            picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB").save(
                made, "PNG"
            )
            return made.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def pdf_as_svg(content: bytes) -> bytes | None:
    """The first page of a PDF as an SVG picture; None when it is broken, or too large to be one."""
    import typst

    with tempfile.TemporaryDirectory(prefix="octavo-") as folder:
        (Path(folder) / "picture.pdf").write_bytes(content)
        page = b'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("picture.pdf")\n'
        try:
            made = typst.Compiler(root=folder, ignore_system_fonts=True).compile(page, format="svg")
        except typst.TypstError:
            return None
    return made if isinstance(made, bytes) and len(made) < _LARGEST * 1000 else None


def is_damaged_png(content: bytes) -> bool:
    """Whether a chunk of a PNG file is cut off or does not sum up (PNG 3, section 5.3)."""
    place = 8
    while place < len(content):
        size, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        end = place + 8 + size
        checksum = zlib.crc32(content[place + 4 : end])
        if end + 4 > len(content) or int.from_bytes(content[end : end + 4], "big") != checksum:
            return True
        if kind == b"IEND":
            return False
        place = end + 4
    return True
