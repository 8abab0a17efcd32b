"""The compiled PDF made whole: a named destination for each target, compressed, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.diagnostics import WriterError
from octavo.writers.pdf.marks import add_marks
from octavo.writers.pdf.stand_ins import StandIn, put_back

if TYPE_CHECKING:
    import pikepdf

    from octavo.writers.pdf.compiling import Compiled, Target


URI = "octavo:"
"""What the URI of a link inside the book begins with in Typst's PDF; the rest is a position in the destinations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How what can be pointed at is called.

    - names: every target of the book -> the label that stands for it.
    - destinations: labels that links lead to, by their position.
    - titles: label of a heading -> the heading.
    - page_word: the word for "page" in the language of the book.
    """

    names: Mapping[str, str]
    destinations: Sequence[str]
    titles: Mapping[str, str]
    page_word: str


def finish(
    compiled: Compiled, naming: Naming, stand_ins: Sequence[StandIn], path: Path, *, bleed: float | None = None
) -> tuple[str, ...]:
    """Write the book to `path`, whole or not at all; the labels of its pages, in order ("xii", "37").

    bleed: millimetres around the trimmed page, with crop marks; None for neither.

    Raises: WriterError when the PDF can't be read back.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(compiled.pdf)) as pdf:
            targets = {t.label: t for t in compiled.targets}
            labels = tuple(str(page.label) for page in pdf.pages)
            _name_destinations(pdf, targets, naming.names)
            _lead_inside(pdf, targets, naming, labels)
            put_back(pdf, stand_ins)
            if bleed is not None:
                add_marks(pdf, bleed)
            _call_pictures_that_lead(pdf)
            _show_title(pdf)
            _identify(pdf, compiled.pdf, stand_ins)
            beside = path.with_name(f".{path.name}.part")
            pdf.save(
                beside,
                deterministic_id=True,
                compress_streams=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                fix_metadata_version=False,
            )
    except pikepdf.PdfError as error:
        raise WriterError(f"the PDF that Typst made can't be read: {error}", None) from error
    beside.replace(path)
    return labels


def _call_pictures_that_lead(pdf: pikepdf.Pdf) -> None:
    """Give a link that is a picture and nothing else the picture's alternative text.

    Some readers look for it at the link alone (ISO 32000-1, 14.9.3: for the element and what is in it).
    """
    import pikepdf

    if "/StructTreeRoot" not in pdf.Root or "/ParentTree" not in pdf.Root.StructTreeRoot:
        return
    elements = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            link = elements.get(int(annotation.get("/StructParent", -1)))
            if not isinstance(link, pikepdf.Dictionary) or link.get("/S") != "/Link" or "/Alt" in link:
                continue
            inside = link.get("/K")
            parts = list(inside) if isinstance(inside, pikepdf.Array) else [inside]
            shown = [part for part in parts if not (isinstance(part, pikepdf.Dictionary) and "/Obj" in part)]
            pictures = [part for part in shown if isinstance(part, pikepdf.Dictionary) and part.get("/S") == "/Figure"]
            if len(shown) == len(pictures) == 1 and "/Alt" in pictures[0]:
                link.Alt = pictures[0].Alt


def _show_title(pdf: pikepdf.Pdf) -> None:
    """A viewer's window is named by the title (ISO 14289-1, 7.1), of a book too that reaches no standard."""
    import pikepdf

    if "/ViewerPreferences" not in pdf.Root:
        pdf.Root.ViewerPreferences = pikepdf.Dictionary()
    pdf.Root.ViewerPreferences.DisplayDocTitle = True
    marks = pdf.Root.get("/MarkInfo")
    # false is what it is where nothing is said; poppler warns where it is said
    if isinstance(marks, pikepdf.Dictionary) and "/Suspects" in marks and not bool(marks["/Suspects"]):
        del marks["/Suspects"]


def _name_destinations(pdf: pikepdf.Pdf, targets: Mapping[str, Target], names: Mapping[str, str]) -> None:
    """Typst names what headings are called; a link from outside (`book.pdf#nameddest=...`) needs all names."""
    import pikepdf

    pages = [page.obj for page in pdf.pages]
    heights = [float(page.mediabox[3]) for page in pdf.pages]
    destinations: dict[str, pikepdf.Object] = {}
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        destinations = {str(k): v for k, v in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
    for name, label in names.items():
        target = targets.get(label)
        if target is None or name in destinations or target.page > len(pages):
            continue
        top = max(heights[target.page - 1] - target.y + 12, 0)
        destinations[name] = pikepdf.Array([pages[target.page - 1], pikepdf.Name.XYZ, 0, round(top, 2), 0])
    if not destinations:
        return
    # written at once: a tree of one level, its names in the order of their bytes (ISO 32000-1, 7.9.6)
    ordered = sorted(((pikepdf.String(name), name) for name in destinations), key=lambda pair: bytes(pair[0]))
    flat: list[pikepdf.Object] = []
    for key, name in ordered:
        flat += [key, destinations[name]]
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pikepdf.Dictionary()
    pdf.Root.Names.Dests = pdf.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array(flat)))


def _lead_inside(pdf: pikepdf.Pdf, targets: Mapping[str, Target], naming: Naming, labels: Sequence[str]) -> None:
    """Make links of what Typst took for URIs, and say where each leads (ISO 14289-1, 7.18.5)."""
    import pikepdf

    def told(label: str) -> pikepdf.String:
        page = f"{naming.page_word} {labels[targets[label].page - 1]}"
        title = naming.titles.get(label)
        return pikepdf.String(f"{title}, {page}" if title else page)

    descriptions: dict[str, pikepdf.String] = {}
    for page in pdf.pages:
        for link in page.obj.get("/Annots", ()):
            uri = str(link.A.get("/URI", "")) if "/A" in link else ""
            if uri.startswith(URI):
                label = naming.destinations[int(uri.removeprefix(URI))]
                del link["/A"]
                link.Dest = pikepdf.String(label)
            elif isinstance(link.get("/Dest"), pikepdf.String) and str(link.Dest) in targets:
                label = str(link.Dest)
            else:
                continue
            if label not in descriptions:
                descriptions[label] = told(label)
            link.Contents = descriptions[label]


def _identify(pdf: pikepdf.Pdf, source: bytes, stand_ins: Sequence[StandIn]) -> None:
    """The file's identifiers follow from its content (ISO 32000-1, 14.4), and from nothing else."""
    import pikepdf

    content = hashlib.sha256(source)
    for picture in stand_ins:
        content.update(picture.colours.read_bytes())
    digest = content.digest()[:16]
    pdf.trailer.ID = pikepdf.Array([pikepdf.String(digest), pikepdf.String(digest)])
