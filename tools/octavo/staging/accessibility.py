"""What a staged publication can say about its own accessibility: computed from its content, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

# the files beside an EPUB: what is said of its accessibility, for readers and for machines
STATEMENT_PAGE = "accessibility.html"
STATEMENT_REPORT = "accessibility.json"
COMPANIONS = (STATEMENT_PAGE, STATEMENT_REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityStatement:
    """The values of EPUB Accessibility 1.1, section 2, in schema.org's vocabulary.

    - access_modes: senses that the content as it stands asks for ("textual", "visual").
    - sufficient: sets of senses each of which is enough to read all of it, joined by commas ("textual,visual").
    - features, hazards: schema.org values; hazards is never empty ("unknown" is a value).
    - conforms_to: name of the standard that a named person confirms ("EPUB Accessibility 1.1 - WCAG 2.2 Level AA"), or
      None when nobody does or something stands in the way.
    - summary_language: of a summary that is not in the book's own language, None for one that is.
    - credentials, report: of the certifier, words or addresses; exemptions: values of `a11y:exemption`.
    """

    access_modes: tuple[str, ...] = ("textual",)
    sufficient: tuple[str, ...] = ("textual",)
    features: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ("unknown",)
    summary: str | None = None
    summary_language: str | None = None
    conforms_to: str | None = None
    certified_by: str | None = None
    credentials: tuple[str, ...] = ()
    report: str | None = None
    exemptions: tuple[str, ...] = ()
