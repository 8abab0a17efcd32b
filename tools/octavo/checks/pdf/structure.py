"""What a reader with a screen reader needs of any PDF: tags, a title, a language (ISO 14289-1, 7.1 and 7.2)."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from lxml import etree
from pikepdf import Dictionary, Stream

from octavo.diagnostics import Diagnostic, Location

_DC = "{http://purl.org/dc/elements/1.1/}"

# qpdf's own complaints about a page tree are a RuntimeError; names are UTF-8 (ISO 32000-2, 7.3.5)
_BROKEN = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, UnicodeDecodeError, OSError)


def structure(path: Path, *, artefact: str | None = None) -> tuple[Diagnostic, ...]:
    """What is missing in the PDF at `path`. artefact: its name for the user, the path itself when None."""
    place = Location(artefact=artefact or path.as_posix())
    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            missing = _missing(pdf)
    except _BROKEN as error:
        reason = str(error).replace(str(path), "").strip(" :") or type(error).__name__
        return (
            Diagnostic(
                rule="artefact/unreadable", value=reason, context=place.artefact, location=place, formats=("pdf",)
            ),
        )
    return tuple(
        Diagnostic(rule="pdf/not-accessible", value=what, location=place, formats=("pdf",)) for what in missing
    )


def _missing(pdf: pikepdf.Pdf) -> list[str]:
    root = pdf.Root
    marks = root.get("/MarkInfo")
    is_marked = isinstance(marks, Dictionary) and bool(marks.get("/Marked", False))
    missing = []
    if not is_marked or not isinstance(root.get("/StructTreeRoot"), Dictionary):
        missing.append("it has no tags")
    if not _title(pdf):
        missing.append("it has no title")
    if not str(root.get("/Lang", "")).strip():
        missing.append("it names no language")
    return missing


def _title(pdf: pikepdf.Pdf) -> str:
    """The title in the document information, or else in XMP (`dc:title`, ISO 16684-1)."""
    title = str(pdf.docinfo.get("/Title", "")).strip()
    metadata = pdf.Root.get("/Metadata")
    if title or not isinstance(metadata, Stream):
        return title
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        xmp = etree.fromstring(metadata.read_bytes(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    found = None if xmp is None else xmp.find(f".//{_DC}title")
    return "" if found is None else "".join(found.itertext()).strip()
