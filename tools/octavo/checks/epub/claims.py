"""What the package document says of the book's accessibility, held against what is in the book.

EPUB Accessibility 1.1 sections 2 and 3; the values are those of the Schema.org Accessibility Properties for
Discoverability Vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from octavo.checks.epub.facts import Facts
from octavo.checks.epub.navigation import Navigation
from octavo.checks.epub.opened import Entry, Opened
from octavo.checks.links.places import Finding
from octavo.metadata.vocabularies import ACCESS_MODES, ACCESSIBILITY_FEATURES, EXEMPTIONS, HAZARDS, SUFFICIENT_MODES

_REQUIRED = ("schema:accessMode", "schema:accessibilityFeature", "schema:accessibilityHazard")
_RECOMMENDED = ("schema:accessModeSufficient", "schema:accessibilitySummary")
_VALUES = {
    "schema:accessMode": ACCESS_MODES,
    "schema:accessibilityFeature": ACCESSIBILITY_FEATURES,
    "schema:accessibilityHazard": HAZARDS,
    "a11y:exemption": EXEMPTIONS,
}
_CONFORMANCE = re.compile(
    r"EPUB Accessibility 1\.\d+ - WCAG 2\.[012] Level A{1,3}"
    r"|http://www\.idpf\.org/epub/a11y/accessibility-20170105\.html#wcag-a{1,3}"
    r"|https?://www\.w3\.org/TR/epub-a11y-1\d.*"
)
_EITHER = (
    ("flashing", "noFlashingHazard", "unknownFlashingHazard"),
    ("motionSimulation", "noMotionSimulationHazard", "unknownMotionSimulationHazard"),
    ("sound", "noSoundHazard", "unknownSoundHazard"),
)


class Claims:
    """The claims of one book."""

    def __init__(self, book: Opened, facts: Facts, navigation: Navigation) -> None:
        self._book = book
        self._facts = facts
        self._navigation = navigation
        self._features = frozenset(book.values("schema:accessibilityFeature"))

    def findings(self, so_far: int) -> Iterator[Finding]:
        """What is missing, misspelt or untrue. so_far: how many findings of accessibility there are already."""
        yield from self._missing()
        for entry in self._book.entries:
            yield from self._value(entry)
        yield from self._hazards()
        for feature, reason in self._untrue():
            yield self._false(feature, reason)
        yield from self._modes()
        yield from self._conformance(so_far)
        yield from self._unclaimed()

    def _missing(self) -> Iterator[Finding]:
        if self._book.version.startswith("2"):
            return
        if not (self._book.language or "").strip():
            yield self._say("accessibility/language-missing", "package")
        for name in _REQUIRED:
            if not self._book.values(name):
                yield self._say("accessibility/metadata-missing", name, context="EPUB Accessibility 1.1 requires it")
        for name in _RECOMMENDED:
            if not self._book.values(name):
                yield self._say("accessibility/metadata-missing", name, context="EPUB Accessibility 1.1 recommends it")

    def _value(self, entry: Entry) -> Iterator[Finding]:
        known = _VALUES.get(entry.name)
        wrong = known is not None and entry.value not in known
        if entry.name == "schema:accessModeSufficient":
            modes = [part.strip() for part in entry.value.split(",")]
            wrong = any(mode not in SUFFICIENT_MODES for mode in modes)
        elif entry.name == "dcterms:conformsTo" and entry.value.startswith(
            ("EPUB Acc", "http://www.idpf.org/epub/a11y")
        ):
            wrong = not _CONFORMANCE.fullmatch(entry.value)
        if wrong:
            yield self._at(entry, "accessibility/metadata-value", entry.value, entry.name)

    def _hazards(self) -> Iterator[Finding]:
        hazards = self._book.values("schema:accessibilityHazard")
        given = set(hazards)
        entry = self._book.entry("schema:accessibilityHazard")
        alone = given & {"none", "unknown"}
        clash = [given & set(three) for three in _EITHER]
        for pair in ([given] if alone and len(given) > 1 else []) + [c for c in clash if len(c) > 1]:
            yield self._at(
                entry, "accessibility/metadata-value", " and ".join(sorted(pair)), "schema:accessibilityHazard"
            )
        if "none" in given and (self._facts.scripts or self._facts.video):
            what = f"{self._facts.scripts} scripts" if self._facts.scripts else f"{self._facts.video} videos"
            yield self._false("no hazard", f"the book has {what}, and what they show is not known", entry)

    def _untrue(self) -> Iterator[tuple[str, str]]:
        facts, features = self._facts, self._features
        if "alternativeText" in features and facts.without_alternative:
            yield "alternativeText", f"{facts.without_alternative} of {facts.pictures} pictures have none"
        if features & {"MathML", "describedMath"}:
            if not facts.formulas and not facts.formulas_otherwise:
                yield "MathML" if "MathML" in features else "describedMath", "there is no formula"
            elif "MathML" in features and facts.formulas_otherwise:
                yield "MathML", f"{facts.formulas_otherwise} formulas are pictures or LaTeX"
            if "describedMath" in features and facts.without_words:
                yield "describedMath", f"{facts.without_words} of {facts.formulas} formulas have no words"
        if "longDescription" in features and not facts.long_descriptions:
            yield "longDescription", "no picture leads to one"
        if "tableOfContents" in features and not self._navigation.toc:
            yield "tableOfContents", "the navigation document has none"
        if "pageNavigation" in features and not self._navigation.pages:
            yield "pageNavigation", "there is no page-list"
        for marker in ("pageBreakMarkers", "printPageNumbers"):
            if marker in features and not facts.page_breaks:
                yield marker, "no page break is marked"
        if "index" in features and not facts.has_index:
            yield "index", "no index is marked as one"
        if "structuralNavigation" in features and facts.skipped_ranks:
            yield "structuralNavigation", f"{facts.skipped_ranks} headings leave a rank out"
        elif "structuralNavigation" in features and not facts.headings:
            yield "structuralNavigation", "there is no heading"
        if "synchronizedAudioText" in features and not self._has_overlays():
            yield "synchronizedAudioText", "there is no media overlay"
        if features & {"closedCaptions", "openCaptions", "captions"} and not facts.video:
            yield "captions", "there is no video"
        if "unlocked" in features and self._book.encrypted:
            yield "unlocked", f"{len(self._book.encrypted)} files are encrypted"
        if features & {"none", "unknown"} and len(features) > 1:
            yield sorted(features & {"none", "unknown"})[0], "other features are claimed as well"

    def _modes(self) -> Iterator[Finding]:
        modes = set(self._book.values("schema:accessMode"))
        sufficient = [
            frozenset(p.strip() for p in v.split(",")) for v in self._book.values("schema:accessModeSufficient")
        ]
        if modes and "visual" not in modes and self._facts.pictures:
            entry = self._book.entry("schema:accessMode")
            yield self._false("no visual access mode", f"{self._facts.pictures} pictures convey something", entry)
        if modes and "auditory" not in modes and self._facts.audio:
            yield self._false("no auditory access mode", f"there are {self._facts.audio} recordings")
        if frozenset({"textual"}) in sufficient and self._facts.without_alternative:
            entry = self._book.entry("schema:accessModeSufficient")
            reason = f"{self._facts.without_alternative} pictures have no alternative text"
            yield self._false("text is sufficient", reason, entry)

    def _conformance(self, so_far: int) -> Iterator[Finding]:
        entry = self._book.entry("dcterms:conformsTo")
        claims = [e for e in self._book.entries if e.name == "dcterms:conformsTo" and _CONFORMANCE.fullmatch(e.value)]
        certified = [e for e in self._book.entries if e.name == "a11y:certifiedBy" and e.value]
        if claims and not certified:
            yield self._at(claims[0], "accessibility/certifier-missing", claims[0].value, None)
        if claims and so_far:
            reason = "one finding stands against it" if so_far == 1 else f"{so_far} findings stand against it"
            yield self._false(claims[0].value, reason, entry)

    def _unclaimed(self) -> Iterator[Finding]:
        """What a reader could have found the book by."""
        if not self._features or self._book.version.startswith("2"):
            return
        facts = self._facts
        for feature, is_there in (
            ("pageNavigation", bool(self._navigation.pages)),
            ("alternativeText", facts.pictures > 0 and not facts.without_alternative and not facts.decorative),
            ("MathML", facts.formulas > 0 and not facts.formulas_otherwise),
            ("tableOfContents", bool(self._navigation.toc)),
        ):
            if is_there and feature not in self._features:
                yield self._say("accessibility/feature-unclaimed", feature)

    def _has_overlays(self) -> bool:
        return any(item.media_type == "application/smil+xml" for item in self._book.items)

    def _false(self, claim: str, reason: str, entry: Entry | None = None) -> Finding:
        stated = entry or next(
            (e for e in self._book.entries if e.value == claim and e.name.startswith("schema:")), None
        )
        return self._at(stated, "accessibility/claim-false", reason, claim)

    def _at(self, entry: Entry | None, rule: str, value: str, context: str | None) -> Finding:
        line = entry.line if entry is not None else None
        return Finding(rule=rule, value=value, member=self._book.package, line=line, context=context)

    def _say(self, rule: str, value: str, context: str | None = None) -> Finding:
        return Finding(rule=rule, value=value, member=self._book.package, context=context)
