"""The account behind the statement, as JSON: each claim with its evidence, and why what is missing is not claimed.

Its form is `docs/reference/accessibility.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from octavo.diagnostics import Diagnostic
from octavo.metadata import Metadata
from octavo.staging import AccessibilityStatement
from octavo.statement.honesty import Examined

FORMAT_VERSION = 1

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that is known of one EPUB.

    - file: its name. pages_of: what the page-list has the pages of, None without one.
    - said: what the writer reported of pictures without descriptions and of formulas that stayed LaTeX, with places.
    """

    metadata: Metadata
    statement: AccessibilityStatement
    seen: Examined
    file: str
    pages_of: str | None
    said: tuple[Diagnostic, ...]

    @property
    def undescribed(self) -> tuple[Diagnostic, ...]:
        """Pictures without a description: in the EPUB they stand as decorative."""
        return tuple(d for d in self.said if d.rule == "epub/alternative-text-missing")

    @property
    def unconverted(self) -> tuple[Diagnostic, ...]:
        """Formulas that are not MathML."""
        return tuple(d for d in self.said if d.rule == "math/not-converted")

    @property
    def decorative(self) -> int:
        """Pictures that are decorative because their author says so."""
        return max(0, self.seen.facts.decorative - len(self.undescribed))

    def reasons(self) -> Iterator[str]:
        """Why conformance is not claimed, each as a clause; nothing when it is."""
        if self.statement.conforms_to is not None:
            return
        if self.metadata.accessibility.certified_by is None:
            yield "nobody has confirmed it: no certified-by in book.toml"
        if self.undescribed:
            yield f"{len(self.undescribed)} pictures have no description"
        if self.unconverted:
            yield f"{len(self.unconverted)} formulas are not MathML"
        if self.seen.findings:
            yield f"{len(self.seen.findings)} findings of accessibility"

    def as_json(self) -> Json:
        """The account as a JSON object."""
        facts, stated = self.seen.facts, self.statement
        return {
            "version": FORMAT_VERSION,
            "file": self.file,
            "title": self.metadata.full_title,
            "language": self.metadata.language,
            "conformance": {
                "claimed": stated.conforms_to,
                "certifiedBy": stated.certified_by if stated.conforms_to else None,
                "credentials": list(stated.credentials) if stated.conforms_to else [],
                "report": stated.report if stated.conforms_to else None,
                "reasons": list(self.reasons()),
                "findings": [d.as_json() for d in self.seen.findings],
            },
            "exemptions": list(stated.exemptions),
            "claims": [*self._claims()],
            "notClaimed": [*self._not_claimed()],
            "evidence": {
                "documents": facts.documents,
                "headings": facts.headings,
                "pictures": {
                    "described": facts.pictures - facts.without_alternative,
                    "decorative": self.decorative,
                    "undescribed": len(self.undescribed) + facts.without_alternative,
                    "longDescriptions": facts.long_descriptions,
                    "places": [_place(d) for d in self.undescribed],
                },
                "formulas": {
                    "mathML": facts.formulas,
                    "withWords": facts.formulas - facts.without_words,
                    "otherwise": max(facts.formulas_otherwise, len(self.unconverted)),
                    "places": [_place(d) for d in self.unconverted],
                },
                "tables": {
                    "withHeaders": facts.tables - facts.tables_without_headers,
                    "withoutHeaders": facts.tables_without_headers,
                },
                "pages": {"listed": self.seen.pages, "marked": len(facts.page_breaks), "source": self.pages_of},
                "audio": facts.audio,
                "video": facts.video,
                "scripts": facts.scripts,
            },
            "summary": stated.summary,
        }

    def _claims(self) -> Iterator[Json]:
        stated = self.statement
        for name, values in (
            ("schema:accessMode", stated.access_modes),
            ("schema:accessModeSufficient", stated.sufficient),
            ("schema:accessibilityFeature", stated.features),
            ("schema:accessibilityHazard", stated.hazards),
            ("a11y:exemption", stated.exemptions),
        ):
            for value in values:
                yield {"property": name, "value": value, "evidence": self._evidence(name, value)}

    def _evidence(self, name: str, value: str) -> str:
        """What a claim rests on."""
        facts = self.seen.facts
        described = facts.pictures - facts.without_alternative
        if name == "schema:accessibilityHazard":
            given = bool(self.metadata.accessibility.hazards)
            return "stated in book.toml" if given else "no script, sound or film; no picture with several frames"
        if name == "a11y:exemption":
            return "stated in book.toml"
        if name == "schema:accessMode":
            return f"{described} pictures convey something" if value == "visual" else "the text"
        if name == "schema:accessModeSufficient":
            return "everything has words" if value == "textual" else "text and pictures together"
        return {
            "alternativeText": f"{described} pictures described, {self.decorative} decorative, none without",
            "MathML": f"{facts.formulas} formulas, all of them MathML",
            "describedMath": f"{facts.formulas} formulas, all of them with words",
            "longDescription": f"{facts.long_descriptions} pictures lead to one",
            "pageNavigation": f"{self.seen.pages} pages in the page-list",
            "pageBreakMarkers": f"{len(facts.page_breaks)} page breaks marked",
            "structuralNavigation": f"{facts.headings} headings, none leaves a rank out",
            "index": "an index whose entries are links",
            "tableOfContents": "the navigation document",
            "readingOrder": "the order of the spine and of the markup",
            "displayTransformability": "reflowable text; the styles set no sizes and colours that can't be overridden",
            "unlocked": "nothing is encrypted",
        }.get(value, "counted while the book was written")

    def _not_claimed(self) -> Iterator[Json]:
        facts, features = self.seen.facts, self.statement.features
        if "alternativeText" not in features:
            missing = len(self.undescribed) + facts.without_alternative
            reason = f"{missing} pictures have no description" if missing else "there is no picture"
            yield {"value": "alternativeText", "reason": reason}
        if "MathML" not in features:
            otherwise = max(facts.formulas_otherwise, len(self.unconverted))
            reason = f"{otherwise} formulas are not MathML" if otherwise else "there is no formula"
            yield {"value": "MathML", "reason": reason}
        if "describedMath" not in features and facts.formulas:
            reason = f"{facts.without_words} formulas have no words" if facts.without_words else "not all are MathML"
            yield {"value": "describedMath", "reason": reason}
        if "longDescription" not in features:
            yield {"value": "longDescription", "reason": "no picture leads to one"}
        if "pageNavigation" not in features:
            yield {"value": "pageNavigation", "reason": "there is no printed edition with pages of the same build"}
        if "index" not in features:
            yield {"value": "index", "reason": "there is no index"}
        for claim, reason in self.seen.untrue:
            if claim in features or any(claim == known for known in ("alternativeText", "MathML", "index")):
                continue
            yield {"value": claim, "reason": reason}


def _place(diagnostic: Diagnostic) -> Json:
    return {
        "value": diagnostic.value,
        "source": diagnostic.location.source,
        "line": diagnostic.location.line,
    }
