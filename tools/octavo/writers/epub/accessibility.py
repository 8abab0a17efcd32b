"""What the book may say of its accessibility: counted while it was written, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.metadata import Metadata
from octavo.staging import AccessibilityStatement
from octavo.writers.epub.statement_words import Words, words_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the writer has seen. pictures: those that convey something, whether they say so in words or not."""

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
    words = words_for(metadata.language)
    hazards = given.hazards or (
        # Ace 1.4 takes no "unknownMotionSimulationHazard": its list has the word misspelt
        ("unknown",) if counts.animated else ("none",)
    )
    return AccessibilityStatement(
        access_modes=("textual", "visual") if counts.pictures else ("textual",),
        sufficient=tuple(sufficient) or ("textual",),
        features=tuple(features),
        hazards=hazards,
        summary=given.summary or _summary(words, counts),
        summary_language=None if given.summary or words.language == metadata.language else words.language,
        # no machine can confirm the whole standard; a named person does, and nothing that we count may contradict
        conforms_to=given.conforms_to if given.certified_by and described else None,
        certified_by=given.certified_by,
        credentials=given.credentials,
        report=given.report,
        exemptions=given.exemptions,
    )


def _summary(words: Words, counts: Counts) -> str:
    """A few sentences for readers, in the book's language where we have them in it."""
    parts = [words.say("adjustable"), words.say("headings"), words.say("toc")]
    if counts.pictures:
        missing, described = counts.without_alternative, counts.pictures
        parts.append(
            words.say("pictures", count=described)
            if missing == 0
            else words.say("pictures_part", count=missing, total=described)
        )
    if counts.formulas:
        parts.append(
            words.say("formulas", count=counts.formulas)
            if counts.unconverted == 0
            else words.say("formulas_part", count=counts.unconverted, total=counts.formulas)
        )
    return " ".join(parts)
