"""Claims held against the finished EPUB: what it does not bear out is taken back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from octavo.checks.epub.accessibility import accessibility
from octavo.checks.epub.facts import Facts
from octavo.checks.epub.opened import open_epub
from octavo.checks.links.places import Finding, diagnose
from octavo.diagnostics import Diagnostic, Severity, WriterError, rule_of
from octavo.staging import AccessibilityStatement

_CLAIM = "accessibility/claim-false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A finished EPUB as our rules see it.

    - findings: of accessibility, warnings and errors, false claims left out.
    - untrue: (claim, why not) of what its metadata claim and its content does not bear out.
    - pages: entries of the page-list.
    """

    facts: Facts
    findings: tuple[Diagnostic, ...]
    untrue: tuple[tuple[str, str], ...]
    pages: int


def examined(path: Path) -> Examined:
    """Look at an EPUB that was just made.

    Raises: WriterError when it can't be read, which would be our own fault.
    """
    book, found = open_epub(path)
    if book is None:
        raise WriterError(f"{path}: the EPUB that was made can't be read: {'; '.join(f.value for f in found)}")
    try:
        own, facts, nav = accessibility(book)
    finally:
        book.container.close()
    weighty = [f for f in own if f.rule != _CLAIM and _is_weighty(f)]
    return Examined(
        facts=facts,
        findings=diagnose(weighty, artefact=path.name, format="epub", trace=None),
        untrue=tuple((f.context or "", f.value) for f in own if f.rule == _CLAIM),
        pages=len(nav.pages),
    )


def honest(statement: AccessibilityStatement, seen: Examined) -> AccessibilityStatement:
    """The statement with nothing in it that the EPUB does not bear out; the same one when it bears out all."""
    false = {claim for claim, _ in seen.untrue}
    features = tuple(f for f in statement.features if f not in false)
    if seen.facts.long_descriptions and "longDescription" not in features:
        features = (*features, "longDescription")
    sufficient = tuple(s for s in statement.sufficient if s != "textual" or "text is sufficient" not in false)
    modes = statement.access_modes
    if "no visual access mode" in false and "visual" not in modes:
        modes = (*modes, "visual")
    changed = dataclasses.replace(
        statement,
        access_modes=modes,
        features=features or ("unknown",),
        sufficient=sufficient or ("textual,visual",),
        # what a person confirms is not claimed where our own rules find the contrary
        conforms_to=None if seen.findings or false - {statement.conforms_to or ""} else statement.conforms_to,
    )
    return statement if changed == statement else changed


def _is_weighty(finding: Finding) -> bool:
    return rule_of(finding.rule).severity is not Severity.INFO
