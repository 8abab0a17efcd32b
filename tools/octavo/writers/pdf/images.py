"""Pictures: found, checked, measured and copied beside the Typst sources under names that say nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import imagesize  # type: ignore[import-untyped]  # it has no types of its own

MIME_TYPES = ["image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"]
_POINTS_PER_PIXEL = 0.75
_SIZE = re.compile(r"([\d.]+)\s*(px|pt|em|ex|rem|cm|mm|in|pc|%|vw|)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A staged picture. path: as the Typst sources name it; size: natural (width, height) in points, or None."""

    path: str
    size: tuple[float, float] | None


class Pictures:
    """The pictures of one book; each file is copied once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staged: dict[Path, Picture] = {}

    def stage(self, path: Path) -> Picture:
        """Copy a picture.

        Raises: OSError when it can't be read; ValueError when its format can't be printed (the message says why).
        """
        if path not in self._staged:
            kind = _kind(path)
            self._folder.mkdir(parents=True, exist_ok=True)
            name = f"{len(self._staged) + 1:04}.{kind}"
            shutil.copyfile(path, self._folder / name)
            self._staged[path] = Picture(path=f"{self._folder.name}/{name}", size=_size(path))
        return self._staged[path]


def _kind(path: Path) -> str:
    """The format by content, since names lie: a `.png` that is a JPEG stops Typst.

    Raises: ValueError when it is none that can be printed; OSError.
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
    raise ValueError(path.suffix.lstrip(".").upper() or "unknown format")


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
