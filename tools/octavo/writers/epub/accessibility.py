"""What the book may say of its accessibility: counted while it was written, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.metadata import Metadata
from octavo.staging import AccessibilityStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the writer has seen."""

    pictures: int
    without_alternative: int
    formulas: int
    unconverted: int
    animated: bool
    has_index: bool
    has_pages: bool


def statement(metadata: Metadata, counts: Counts) -> AccessibilityStatement:
    """The statement. A book of ours holds no sound, no video and no script, so that only moving pictures can harm."""
    described = counts.without_alternative == 0 and counts.unconverted == 0
    features = ["tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability", "unlocked"]
    if counts.pictures and counts.without_alternative == 0:
        features.append("alternativeText")
    if counts.formulas and counts.unconverted == 0:
        features += ["MathML", "describedMath"]
    if counts.has_index:
        features.append("index")
    if counts.has_pages:
        features += ["pageNavigation", "pageBreakMarkers"]
    sufficient = ["textual"] if described else []
    if counts.pictures:
        sufficient.append("textual,visual")
    given = metadata.accessibility
    hazards = given.hazards or (
        # Ace 1.4 takes no "unknownMotionSimulationHazard": its list has the word misspelt
        ("unknown",) if counts.animated else ("none",)
    )
    return AccessibilityStatement(
        access_modes=("textual", "visual") if counts.pictures else ("textual",),
        sufficient=tuple(sufficient) or ("textual",),
        features=tuple(features),
        hazards=hazards,
        summary=given.summary or _summary(counts),
        summary_language=None if given.summary or metadata.language.partition("-")[0] == "en" else "en",
        # no machine can confirm the whole standard; a named person does, and nothing that we count may contradict
        conforms_to=given.conforms_to if given.certified_by and described else None,
        certified_by=given.certified_by,
        credentials=given.credentials,
        report=given.report,
        exemptions=given.exemptions,
    )


def _summary(counts: Counts) -> str:
    parts = [
        "The text can be resized, recoloured and read aloud; headings, lists, tables and links are marked as such, and "
        "the table of contents leads to every section."
    ]
    if counts.pictures:
        missing = counts.without_alternative
        parts.append(
            "All pictures have alternative texts."
            if missing == 0
            else f"{missing} of {counts.pictures} pictures have no alternative text."
        )
    if counts.formulas:
        parts.append(
            "Formulas are MathML with words for them."
            if counts.unconverted == 0
            else f"{counts.unconverted} of {counts.formulas} formulas are given as LaTeX source; the others are MathML."
        )
    return " ".join(parts)
