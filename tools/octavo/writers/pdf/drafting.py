"""A PDF to be looked at and thrown away: as Typst made it, but for its links and its pictures.

What a screen shows is the same as in the finished file, tags included. Left out is what takes longer than all pages
that didn't change: names for destinations from outside, compressed objects, an identifier that follows from the bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.writers.pdf.finishing import URI
from octavo.writers.pdf.stand_ins import StandIn, number_in

if TYPE_CHECKING:
    from octavo.writers.pdf.compiling import Compiled, Target
    from octavo.writers.pdf.settings import Paper

_PAGES = re.compile(rb"/Type/Pages/Count (\d+)/Kids\[([^\]]*)\]")
_PAGE = re.compile(rb"(\d+) 0 R")
_ACTION = re.compile(rb"/A<</Type/Action/S/URI/URI\(" + URI.encode() + rb"(\d+)\)>>")
_WORDS = re.compile(rb"/Contents\(" + URI.encode() + rb"\d+\)")
_LEFT = b"/URI(" + URI.encode()
_IMAGE = re.compile(rb"\n(\d+) 0 obj\n<<(/Length (\d+)/Type/XObject/Subtype/Image[^<>]*)>>\nstream\n")
_CHANGED = re.compile(rb"/(?:Length|Width|Height) \d+|/Filter/\w+")
_MASK = re.compile(rb"/SMask (\d+) 0 R")
_END = re.compile(rb"\ntrailer\n<<(.*)>>\nstartxref\n(\d+)\n%%EOF\s*$", re.DOTALL)
_LARGEST = 200_000  # bytes, which no stand-in has
_BEGINNING = 64  # bytes of a picture that tell whether it is a stand-in
_MILLIMETRE = 72 / 25.4
_ABOVE = 12  # points that stay in sight above what a link leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class _Image:
    """An image in Typst's PDF. number: of its object; described: its dictionary, without the brackets; data: what it
    begins with."""

    number: int
    described: bytes
    data: bytes


def write_draft(
    compiled: Compiled, destinations: Sequence[str], stand_ins: Sequence[StandIn], path: Path, *, paper: Paper
) -> bool:
    """Write the book to `path`, whole or not at all; False, and nothing is written, where the PDF isn't as expected.

    destinations: labels that links lead to, by their position.
    """
    targets = {target.label: target for target in compiled.targets}
    made = lead_in_place(compiled.pdf, targets, destinations, paper.height * _MILLIMETRE)
    if made is not None and stand_ins:
        made = with_pictures(made, stand_ins)
    if made is None:
        return False
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(made)
    beside.replace(path)
    return True


def lead_in_place(
    pdf: bytes, targets: Mapping[str, Target], destinations: Sequence[str], height: float
) -> bytes | None:
    """The PDF with links where Typst has put URIs (see `finishing.URI`), each in its place: no byte moves.

    None where there is one that can't be put so: Typst may write its objects otherwise one day. height: of a page, in
    points.
    """
    tree = _PAGES.findall(pdf)
    if len(tree) != 1:
        return None
    pages = _PAGE.findall(tree[0][1])
    if len(pages) != int(tree[0][0]):
        return None
    fits = True

    def destination(found: re.Match[bytes]) -> bytes:
        nonlocal fits
        target = targets[destinations[int(found[1])]]
        top = max(height - target.y + _ABOVE, 0)
        made = b"/Dest[%s 0 R/XYZ 0 %.0f 0]" % (pages[target.page - 1], top)
        fits = fits and len(made) <= len(found[0])
        return made.ljust(len(found[0]))

    made = _WORDS.sub(lambda found: b" " * len(found[0]), _ACTION.sub(destination, pdf))
    return made if fits and _LEFT not in made else None


def with_pictures(pdf: bytes, stand_ins: Sequence[StandIn]) -> bytes | None:
    """The PDF with the pixels of the pictures in an update at its end (ISO 32000-1, 7.5.6).

    None where its objects aren't as Typst has written them so far.
    """
    end = _END.search(pdf)
    images = {image.number: image for image in _images(pdf)}
    if end is None or len(images) != pdf.count(b"/Subtype/Image"):
        return None
    objects: dict[int, bytes] = {}
    for image in images.values():
        number = number_in(image.data)
        if number is None or number >= len(stand_ins):
            continue
        picture = stand_ins[number]
        objects[image.number] = _filled(image, picture, picture.colours.read_bytes(), picture.filter)
        if picture.alpha is not None:
            mask = _MASK.search(image.described)
            if mask is None or int(mask[1]) not in images:
                return None
            alpha = images[int(mask[1])]
            objects[alpha.number] = _filled(alpha, picture, picture.alpha.read_bytes(), "/FlateDecode", is_alpha=True)
    if not objects:
        return pdf
    made, table, length = [pdf, b"\n"], [b"xref\n"], len(pdf) + 1
    for number, content in sorted(objects.items()):
        table.append(b"%d 1\n%010d 00000 n\r\n" % (number, length))
        made.append(content)
        length += len(content)
    trailer = b"trailer\n<<%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (end[1], end[2], length)
    return b"".join([*made, *table, trailer])


def _images(pdf: bytes) -> Iterator[_Image]:
    for found in _IMAGE.finditer(pdf):
        data = pdf[found.end() : found.end() + min(int(found[3]), _LARGEST)]
        if b"/Filter/FlateDecode" in found[2]:
            data = zlib.decompressobj().decompress(data, _BEGINNING)
        yield _Image(number=int(found[1]), described=found[2], data=data)


def _filled(image: _Image, picture: StandIn, data: bytes, encoding: str, *, is_alpha: bool = False) -> bytes:
    described = _CHANGED.sub(b"", image.described)
    described += b"/Length %d/Width %d/Height %d" % (len(data), picture.width, picture.height)
    described += b"/Filter" + encoding.encode()
    if picture.predicted and not is_alpha:
        described += b"/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent 8/Columns %d>>" % (
            picture.channels,
            picture.width,
        )
    return b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (image.number, described, data)
