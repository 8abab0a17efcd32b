"""Pictures: found, checked, measured and copied beside the Typst sources under names that say nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import imagesize  # type: ignore[import-untyped]  # it has no types of its own

from octavo.reading.pictures import as_png, is_damaged_png, pdf_as_svg
from octavo.writers.pdf.escape import string

MIME_TYPES = ["image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"]
_POINTS_PER_PIXEL = 0.75
_SIZE = re.compile(r"([\d.]+)\s*(px|pt|em|ex|rem|cm|mm|in|pc|%|vw|)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A staged picture. path: as the Typst sources name it; size: natural (width, height) in points, or None."""

    path: str
    size: tuple[float, float] | None


class Pictures:
    """The pictures of one book; each file is copied once.

    asked: each call of `stage`: the path, and the picture or None where there is none to be had.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[tuple[Path, Picture | None]] = []
        self._staged: dict[Path, Picture] = {}

    def stage(self, path: Path) -> Picture:
        """Copy a picture.

        Raises: OSError when it can't be read; ValueError when its format can't be printed (the message says why).
        """
        self.asked.append((path, None))
        if path not in self._staged:
            self._staged[path] = self._stage(path)
        self.asked[-1] = (path, self._staged[path])
        return self._staged[path]

    def _stage(self, path: Path) -> Picture:
        """A copy of one picture, converted where Typst does not read it."""
        kind = _kind(path)
        converted = as_png(path.read_bytes()) if kind is None else None
        if kind == "pdf":
            # Typst takes no PDF into one that is tagged
            converted, kind = pdf_as_svg(path.read_bytes()), "svg"
            if converted is None:
                raise ValueError("damaged PDF")
        if kind is None and converted is None:
            raise ValueError(path.suffix.lstrip(".").upper() or "unknown format")
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{len(self._staged) + 1:04}.{kind or 'png'}"
        if converted is not None:
            (self._folder / name).write_bytes(converted)
        else:
            shutil.copyfile(path, self._folder / name)
        try:
            _verify(self._folder / name, kind or "png")
        except ValueError:
            cleaned = _without_the_web(path) if kind == "svg" else None
            if cleaned is None:
                raise
            (self._folder / name).write_bytes(cleaned)
            _verify(self._folder / name, kind or "png")
        return Picture(path=f"{self._folder.name}/{name}", size=_size(self._folder / name))


def _kind(path: Path) -> str | None:
    """The format by content, since names lie: a `.png` that is a JPEG stops Typst. None: none that Typst reads.

    Raises: ValueError when there is nothing in the file; OSError.
    """
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if b"<svg" in head or (path.suffix.lower() == ".svg" and head.lstrip()[:1] == b"<"):
        return "svg"
    if not head:
        raise ValueError("the file is empty")
    return None


def _verify(path: Path, kind: str) -> None:
    """Whether Typst can show the file: one that it can't stops the book, and it does not say which.

    Raises: ValueError; OSError.
    """
    if kind == "png":
        if is_damaged_png(path.read_bytes()):
            raise ValueError("damaged PNG")
    elif kind != "jpg":
        import typst

        page = f"#set page(width: auto, height: auto)\n#image({string(path.name)}, width: 1pt)\n".encode()
        try:
            typst.Compiler(root=str(path.parent), ignore_system_fonts=True).compile(page, format="svg")
        except typst.TypstError as error:
            raise ValueError(str(error).splitlines()[0][:200]) from error


def _without_the_web(path: Path) -> bytes | None:
    """An SVG file without what it would fetch or run; None when it is not XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, remove_pis=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError:
        return None
    for element in list(root.iter(etree.Element)):
        name = etree.QName(element).localname
        address = element.get("href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
        fetches = name in ("image", "use", "feImage") and not address.startswith(("#", "data:"))
        parent = element.getparent()
        if parent is not None and (fetches or name in ("script", "foreignObject", "iframe")):
            parent.remove(element)
    cleaned: bytes = etree.tostring(root)
    return cleaned


def _size(path: Path) -> tuple[float, float] | None:
    try:
        width, height = imagesize.get(str(path))
    except (OSError, ValueError, SyntaxError):
        return None
    if width <= 0 or height <= 0:
        return None
    return width * _POINTS_PER_PIXEL, height * _POINTS_PER_PIXEL


def length(value: str | None, *, scale: float = 1.0) -> str | None:
    """A length of docutils as one of Typst, or None when there is none to take."""
    match = _SIZE.match((value or "").strip())
    if not match or float(match[1]) <= 0:
        return None
    number, unit = float(match[1]) * scale, match[2] or "px"
    match unit:
        case "px":
            return f"{number * _POINTS_PER_PIXEL:g}pt"
        case "pc":
            return f"{number * 12:g}pt"
        case "ex":
            return f"{number * 0.45:g}em"
        case "rem":
            return f"{number:g}em"
        case "vw":
            return f"{number:g}%"
        case _:
            return f"{number:g}{unit}"
