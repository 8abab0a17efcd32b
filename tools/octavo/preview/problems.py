"""Findings as a browser shows them."""

from __future__ import annotations

from collections.abc import Iterable

from octavo.diagnostics import Diagnostic, OctavoError, Severity
from octavo.preview.messages import Failed

Problem = dict[str, str]
"""severity, place, text, rule; hint and details where there are any."""


def problems_of(found: Iterable[Diagnostic]) -> list[Problem]:
    """In the order given, errors first."""
    shown = [_problem(diagnostic) for diagnostic in found if diagnostic.severity is not Severity.INFO]
    return sorted(shown, key=lambda problem: problem["severity"] != "error")


def problem_of_failure(who: str, failed: Failed) -> Problem:
    """A child that gave up. who: "the reader", "the builder of the books"."""
    if failed.error is not None:
        return _of_error(failed.error)
    crash = (failed.crash or "it ended without a word").strip()
    return {
        "severity": "error",
        "place": "",
        "rule": "",
        "text": f"{who} stopped: {crash.rpartition(chr(10))[2]}",
        "hint": "It starts again when a file changes.",
        "details": crash,
    }


def _of_error(error: OctavoError) -> Problem:
    shown = {"severity": "error", "place": "", "rule": "", "text": error.what}
    if error.remedy:
        shown["hint"] = error.remedy
    return shown


def _problem(diagnostic: Diagnostic) -> Problem:
    shown = {
        "severity": str(diagnostic.severity),
        "place": str(diagnostic.location) if diagnostic.location.sort_key() != ("", 0, 0, "", "", 0, 0) else "",
        "rule": diagnostic.rule,
        "text": diagnostic.message,
    }
    if diagnostic.hint:
        shown["hint"] = diagnostic.hint
    if diagnostic.formats:
        shown["formats"] = ", ".join(diagnostic.formats)
    return shown
