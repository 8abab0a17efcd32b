"""The sheet around a trimmed page: boxes for the printer, bleed, and crop marks.

The marks are drawn in the finished file, outside of the trimmed page: nothing that stands on a page moves, and no
destination changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

_MILLIMETRE = 72 / 25.4
_LENGTH = 5 * _MILLIMETRE
_GAP = 2 * _MILLIMETRE
"""From the bleed to a mark: a mark that reaches it would show at the edge of a page cut a little wide."""


def add_marks(pdf: pikepdf.Pdf, bleed: float) -> None:
    """Enlarge the sheets by bleed and marks. bleed: millimetres around the trimmed page (ISO 32000-1, 14.11.2)."""
    import pikepdf

    out = bleed * _MILLIMETRE
    around = out + _GAP + _LENGTH
    for page in pdf.pages:
        left, bottom, right, top = (float(n) for n in page.mediabox)
        trim = (left, bottom, right, top)
        sheet = (left - around, bottom - around, right + around, top + around)
        page.obj.MediaBox = _rectangle(sheet)
        page.obj.CropBox = _rectangle(sheet)
        page.obj.TrimBox = _rectangle(trim)
        page.obj.BleedBox = _rectangle((left - out, bottom - out, right + out, top + out))
        if "/ArtBox" in page.obj:
            del page.obj.ArtBox  # a page has a trim box or an art box, not both
        page.contents_add(pikepdf.Stream(pdf, b"q"), prepend=True)
        page.contents_add(pikepdf.Stream(pdf, b"Q\n" + _lines(trim, out)))


def _rectangle(box: tuple[float, float, float, float]) -> pikepdf.Array:
    import pikepdf

    return pikepdf.Array([round(n, 4) for n in box])


def _lines(trim: tuple[float, float, float, float], out: float) -> bytes:
    """Two lines at each corner, which no reader reads (ISO 32000-1, 14.8.2.2)."""
    left, bottom, right, top = trim
    near, far = out + _GAP, out + _GAP + _LENGTH
    drawn = []
    for x, across in ((left, -1), (right, 1)):
        for y, up in ((bottom, -1), (top, 1)):
            drawn.append((x + across * near, y, x + across * far, y))
            drawn.append((x, y + up * near, x, y + up * far))
    paths = "\n".join(f"{x0:.3f} {y0:.3f} m {x1:.3f} {y1:.3f} l S" for x0, y0, x1, y1 in drawn)
    return f"/Artifact BMC\nq 0.25 w 0 G\n{paths}\nQ\nEMC".encode()
