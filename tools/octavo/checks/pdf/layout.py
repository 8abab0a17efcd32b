"""What a printer would send back: fonts that are not inside, coarse pictures, text in the margin or off the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from octavo.checks.pdf.drawn import Drawn, PageReader, Run, Shown
from octavo.diagnostics import Diagnostic, Location

COARSEST, FINEST = 150, 600
"""Pixels an inch: below, a print shows them; above, nothing shows but the size of the file."""
_LEAST_SHOWN = 36.0
"""Points; what is smaller on the page is an icon."""
_PAGES_WITHOUT_BOOKMARKS = 20
_HANGING = 8.0
"""Points that a line may go over the edge of the type area: punctuation hangs there on purpose."""
_LINES_OF_AN_EDGE = 12
"""Lines that must end at one place for it to be the edge of the type area."""
_BROKEN = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, UnicodeDecodeError, OSError, ValueError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A page: its number (1-based), its box in points (left, bottom, right, top), and what is drawn on it."""

    number: int
    box: tuple[float, float, float, float]
    drawn: Drawn

    @property
    def kind(self) -> tuple[bool, int]:
        """Left or right, and how wide: pages of one kind share their type area."""
        return self.number % 2 == 0, round(self.box[2] - self.box[0])


def layout(
    path: Path, *, artefact: str | None = None, sources: Mapping[str, str] | None = None
) -> tuple[Diagnostic, ...]:
    """What is wrong with the pages of the PDF at `path`; nothing for one that can't be read, which others say.

    sources: docname -> path of its source file, of a PDF whose destinations are named after documents as ours are.
    """
    name = artefact or path.as_posix()
    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            reader = PageReader()
            sheets = [
                _Sheet(number=number, box=_box(page), drawn=reader.read(page))
                for number, page in enumerate(pdf.pages, 1)
            ]
            found = [*_fonts(pdf), *_bookmarks(pdf), *_pictures(sheets), *_text(sheets)]
            files = _files_of_pages(pdf, sources or {})
    except _BROKEN:
        return ()
    return tuple(
        Diagnostic(
            rule=f"pdf/{rule}",
            value=value,
            location=Location(source=files.get(page or 0), artefact=name, page=page),
            formats=("pdf",),
        )
        for rule, value, page in found
    )


_Finding = tuple[str, str, int | None]


def _files_of_pages(pdf: pikepdf.Pdf, sources: Mapping[str, str]) -> dict[int, str]:
    """Physical page -> the source file whose text begins on it, or else goes on there."""
    names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    if names is None or not sources:
        return {}
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    starts: dict[int, str] = {}
    for name, destination in pikepdf.NameTree(names).items():
        docname = str(name).partition("#")[0]
        if docname in sources and isinstance(destination, pikepdf.Array):
            starts.setdefault(numbers.get(destination[0].objgen, 0), sources[docname])
    files, current = {}, None
    for number in range(1, len(numbers) + 1):
        current = starts.get(number, current)
        if current is not None:
            files[number] = current
    return files


def _box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(n) for n in page.cropbox)
    return left, bottom, right, top


def _fonts(pdf: pikepdf.Pdf) -> Iterator[_Finding]:
    names = set()
    for font in pdf.objects:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
            continue
        if font.get("/Subtype") in ("/Type0", "/Type3"):  # the one has its letters in another, the other in itself
            continue
        descriptor = font.get("/FontDescriptor")
        if descriptor is None or not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            names.add(str(font.get("/BaseFont", "/?")).lstrip("/"))
    yield from (("font-not-embedded", name, None) for name in sorted(names))


def _bookmarks(pdf: pikepdf.Pdf) -> Iterator[_Finding]:
    with pdf.open_outline() as outline:
        if len(pdf.pages) >= _PAGES_WITHOUT_BOOKMARKS and not outline.root:
            yield "no-bookmarks", f"{len(pdf.pages)} pages", None


def _pictures(sheets: Iterable[_Sheet]) -> Iterator[_Finding]:
    worst: dict[tuple[tuple[int, int], str], tuple[int, Shown, int]] = {}
    for sheet in sheets:
        for shown in sheet.drawn.pictures:
            if min(shown.width, shown.height) < _LEAST_SHOWN or min(shown.pixels) < 1:
                continue
            # as it is said: 149.7 and a demand for 150 would read as a contradiction
            density = round(min(shown.pixels[0] / shown.width, shown.pixels[1] / shown.height) * 72)
            # what is black and white alone needs twice as many as what has greys
            finest = FINEST * 2 if shown.bits == 1 else FINEST
            rule = "image-coarse" if density < COARSEST else "image-fine" if density > finest else None
            if rule is None:
                continue
            known = worst.get((shown.key, rule))
            if known is None or (density < known[0] if rule == "image-coarse" else density > known[0]):
                worst[shown.key, rule] = (density, shown, sheet.number)
    for (_, rule), (density, shown, page) in worst.items():
        yield rule, f"{shown.pixels[0]} × {shown.pixels[1]} pixels are {density} an inch", page


def _text(sheets: list[_Sheet]) -> Iterator[_Finding]:
    areas = _type_areas(sheets)
    for sheet in sheets:
        runs = sheet.drawn.runs
        off = [r for r in runs if r.x1 > r.x0 and _outside(r, sheet.box)]
        if off:
            yield "text-off-page", f"{len(off)} pieces of text", sheet.number
            continue
        area = areas.get(sheet.kind)
        if area is None:
            continue
        over = max((r.x1 - area[1] for r in runs if r.level), default=0.0)
        under = max((area[0] - r.x0 for r in runs if r.level and r.x1 > r.x0), default=0.0)
        if max(over, under) > _HANGING:
            side = "right" if over >= under else "left"
            yield "text-in-margin", f"{max(over, under):.0f} pt over the {side} edge of the text", sheet.number


def _outside(run: Run, box: tuple[float, float, float, float]) -> bool:
    return run.x0 < box[0] - 1 or run.x1 > box[2] + 1 or run.y < box[1] - 1 or run.y > box[3] + 1


def _type_areas(sheets: Iterable[_Sheet]) -> dict[tuple[bool, int], tuple[float, float]]:
    """By kind of page, where lines begin and end: where most of them do, if enough do."""
    begins: dict[tuple[bool, int], Counter[int]] = {}
    ends: dict[tuple[bool, int], Counter[int]] = {}
    for sheet in sheets:
        lines: dict[int, tuple[float, float]] = {}
        for run in sheet.drawn.runs:
            if run.level and run.x1 > run.x0:
                left, right = lines.get(round(run.y), (run.x0, run.x1))
                lines[round(run.y)] = min(left, run.x0), max(right, run.x1)
        for left, right in lines.values():
            begins.setdefault(sheet.kind, Counter())[round(left)] += 1
            ends.setdefault(sheet.kind, Counter())[round(right)] += 1
    areas = {}
    for kind, lefts in begins.items():
        # the outermost place where many begin or end: lists and quotations stand further in
        begin = min((x for x, n in lefts.items() if n >= _LINES_OF_AN_EDGE), default=None)
        end = max((x for x, n in ends[kind].items() if n >= _LINES_OF_AN_EDGE), default=None)
        if begin is not None and end is not None and begin < end:
            areas[kind] = (float(begin), float(end))
    return areas
