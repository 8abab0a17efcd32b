"""What a screen shows of a PDF, page by page: what is drawn, the pictures, and where links lead."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pikepdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A page. pictures: digests of their pixels; links: rectangle, and URI or (page, height of the place)."""

    drawn: bytes
    size: tuple[float, ...]
    pictures: tuple[str, ...]
    links: tuple[tuple[tuple[float, ...], str | tuple[int, float]], ...]
    label: str


def sight_of_pages(path: Path) -> list[Sight]:
    """The pages of a file, in order."""
    with pikepdf.open(path) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        named = dict(pikepdf.NameTree(pdf.Root.Names.Dests)) if "/Names" in pdf.Root else {}
        return [
            Sight(
                drawn=page.Contents.read_bytes(),
                size=tuple(map(float, page.mediabox)),
                pictures=tuple(_digest(image) for image in page.get_images().values()),
                links=tuple(_link(link, numbers, named) for link in page.obj.get("/Annots", ())),
                label=str(page.label),
            )
            for page in pdf.pages
        ]


def _digest(image: pikepdf.Object) -> str:
    alpha = image.SMask.read_bytes() if "/SMask" in image else b""
    return hashlib.sha256(pikepdf.PdfImage(image).as_pil_image().tobytes() + alpha).hexdigest()


def _link(
    link: pikepdf.Object, numbers: dict[tuple[int, int], int], named: dict[str, pikepdf.Object]
) -> tuple[tuple[float, ...], str | tuple[int, float]]:
    rectangle = tuple(map(float, link.Rect))
    if "/A" in link:
        return rectangle, str(link.A.URI)
    place = link.Dest if isinstance(link.Dest, pikepdf.Array) else named[str(link.Dest)]
    place = place.D if isinstance(place, pikepdf.Dictionary) else place
    return rectangle, (numbers[place[0].objgen], round(float(place[3]) / 10))
