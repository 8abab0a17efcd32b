"""Pictures that Typst never sees: a stand-in of a few pixels takes the place of each until the PDF is finished.

Typst decodes every bitmap and keeps it decoded to the end of the run: a book with many photographs takes gigabytes.
A stand-in has the proportions of its picture and the same kind of colours, so everything but the pixels is as it will
be; its own pixels (of a JPEG, a comment) hold its number, by which it is known again in the PDF.

Only pictures of which nothing can be lost are stood in for: PNG and JPEG with 8 bits, in grey or RGB, and upright.
All others are Typst's.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

if TYPE_CHECKING:
    import pikepdf

_MARK = b"OCTAVO"
_JPEG = b"\xff\xd8\xff"
_CHANNELS = {"L": 1, "LA": 1, "RGB": 3, "RGBA": 3}
_LEAST_PIXELS = 40_000
"""What is smaller takes less memory than the way around it takes time."""
_FINEST = 64
"""The shorter side of a stand-in at most, in pixels; its proportions are then right to a ten-thousandth."""
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A picture that waits.

    - colours, alpha: files with what its streams will hold; alpha is None for a picture without.
    - profile: the ICC profile, which the stand-in bears, or None.
    - filter: how `colours` is encoded; predicted: with PNG's filters (ISO 32000-1, 7.4.4.4).
    """

    width: int
    height: int
    channels: int
    colours: Path
    alpha: Path | None
    profile: bytes | None
    filter: Literal["/FlateDecode", "/DCTDecode"]
    predicted: bool


def stand_in_for_all(folder: Path, waiting: Path) -> tuple[StandIn, ...]:
    """Put stand-ins in the place of the pictures in `folder`; what they stand for goes to `waiting`, a folder."""
    if not folder.is_dir():
        return ()
    waiting.mkdir(exist_ok=True)
    made: list[StandIn] = []
    for path in sorted(folder.iterdir()):
        found = _prepared(path, waiting)
        if found is not None:
            _draw(found, len(made), path)
            made.append(found)
    return tuple(made)


def _prepared(path: Path, waiting: Path) -> StandIn | None:
    if path.suffix not in (".png", ".jpg"):
        return None
    try:
        with Image.open(path) as picture:
            if not _is_plain(picture):
                return None
            if picture.format == "JPEG":
                picture.load()  # a file that is cut off is Typst's to refuse
                return _as_it_is(picture, path.read_bytes(), waiting / path.name, "/DCTDecode")
            if "A" not in picture.mode and not picture.info.get("interlace"):
                picture.load()
                return _as_it_is(picture, b"".join(_image_data(path.read_bytes())), waiting / path.name, "/FlateDecode")
            return _split(picture, waiting / path.name)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # SyntaxError is Pillow's for broken PNGs
        return None


def _is_plain(picture: Image.Image) -> bool:
    if picture.mode not in _CHANNELS or picture.width * picture.height < _LEAST_PIXELS:
        return False
    if picture.format == "PNG":
        # what is not 8 bits deep has a raw mode of its own ("I;16B", "RGB;16B", "1")
        tile = getattr(picture, "tile", None)  # of files alone, and not in the types
        raw = tile[0].args if tile else None
        depth = raw[0] if isinstance(raw, tuple) else raw
        return depth == picture.mode and "transparency" not in picture.info
    return picture.format == "JPEG" and picture.getexif().get(_ORIENTATION, 1) == 1


def _as_it_is(
    picture: Image.Image, data: bytes, beside: Path, encoding: Literal["/FlateDecode", "/DCTDecode"]
) -> StandIn:
    colours = beside.with_suffix(".colours")
    colours.write_bytes(data)
    return StandIn(
        width=picture.width,
        height=picture.height,
        channels=_CHANNELS[picture.mode],
        colours=colours,
        alpha=None,
        profile=picture.info.get("icc_profile"),
        filter=encoding,
        predicted=encoding == "/FlateDecode",
    )


def _split(picture: Image.Image, beside: Path) -> StandIn:
    """Colours and alpha apart, as PDF has them."""
    mode = picture.mode.removesuffix("A")
    bands = picture.split()[: len(mode)]
    alpha = picture.getchannel("A") if mode != picture.mode else None
    opaque = alpha is None or alpha.getextrema() == (255, 255)
    colours = beside.with_suffix(".colours")
    colours.write_bytes(zlib.compress(Image.merge(mode, bands).tobytes(), 6))
    shade = None
    if alpha is not None and not opaque:
        shade = beside.with_suffix(".alpha")
        shade.write_bytes(zlib.compress(alpha.tobytes(), 6))
    return StandIn(
        width=picture.width,
        height=picture.height,
        channels=_CHANNELS[mode],
        colours=colours,
        alpha=shade,
        profile=picture.info.get("icc_profile"),
        filter="/FlateDecode",
        predicted=False,
    )


def _image_data(png: bytes) -> Iterator[bytes]:
    """The data of a PNG file's IDAT chunks (PNG 3, 11.2.3), which is a zlib stream."""
    place = 8
    while place < len(png):
        size, kind = int.from_bytes(png[place : place + 4], "big"), png[place + 4 : place + 8]
        if kind == b"IDAT":
            yield png[place + 8 : place + 8 + size]
        place += size + 12


def _draw(picture: StandIn, number: int, path: Path) -> None:
    """The stand-in, in the picture's own format: a JPEG's pixels may change, so its number is in a comment."""
    longer, shorter = max(picture.width, picture.height), min(picture.width, picture.height)
    # of a banner the shorter side has fewer pixels still, for the whole to be small
    finest = max(1, min(_FINEST, math.isqrt(_LEAST_PIXELS * shorter // (2 * longer))))
    small = Fraction(longer, shorter).limit_denominator(finest)
    width, height = small.numerator, small.denominator
    if picture.width < picture.height:
        width, height = height, width
    while width * height * picture.channels < len(_MARK) + 3:
        width, height = width * 2, height * 2
    size = width * height * picture.channels
    pixels = (_MARK + number.to_bytes(3, "big")).ljust(size, b"\x7f")
    made = Image.frombytes("RGB" if picture.channels == 3 else "L", (width, height), pixels)
    if picture.alpha is not None:
        made.putalpha(128)
    if picture.filter == "/DCTDecode":
        comment = _MARK + number.to_bytes(3, "big")
        made.save(path, "JPEG", icc_profile=picture.profile, comment=comment)
    else:
        made.save(path, "PNG", icc_profile=picture.profile)


def put_back(pdf: pikepdf.Pdf, stand_ins: Sequence[StandIn]) -> None:
    """Give every stand-in in the PDF the pixels of its picture."""
    import pikepdf

    if not stand_ins:
        return
    for image in pdf.objects:
        if not isinstance(image, pikepdf.Stream) or image.get("/Subtype") != pikepdf.Name.Image:
            continue
        number = _number(image)
        if number is None or number >= len(stand_ins):
            continue
        picture = stand_ins[number]
        _fill(image, picture, picture.colours.read_bytes())
        shade = image.get("/SMask")
        if picture.alpha is not None and isinstance(shade, pikepdf.Stream):
            _fill(shade, picture, picture.alpha.read_bytes(), is_alpha=True)


def _number(image: pikepdf.Stream) -> int | None:
    """The number that a stand-in's pixels hold; None for any other picture."""
    if int(image.Width) * int(image.Height) >= _LEAST_PIXELS:
        return None
    match str(image.get("/Filter")):
        case "/FlateDecode":
            return number_in(image.read_bytes())
        case "/DCTDecode":
            return number_in(image.read_raw_bytes())
        case _:
            return None


def number_in(data: bytes) -> int | None:
    """The number in a stand-in's pixels, or in the file of one that is a JPEG; None where none is."""
    place = 0 if data.startswith(_MARK) else data.find(_MARK) if data.startswith(_JPEG) else -1
    return None if place < 0 else int.from_bytes(data[place + len(_MARK) : place + len(_MARK) + 3], "big")


def _fill(image: pikepdf.Stream, picture: StandIn, data: bytes, *, is_alpha: bool = False) -> None:
    import pikepdf

    encoding = "/FlateDecode" if is_alpha else picture.filter
    parameters = None
    if picture.predicted:
        parameters = pikepdf.Dictionary(
            Predictor=15, Colors=picture.channels, BitsPerComponent=8, Columns=picture.width
        )
    image.write(data, filter=pikepdf.Name(encoding), decode_parms=parameters)
    image.Width, image.Height = picture.width, picture.height
