"""The reports of a link check for machines and pages: one format a module, each a pure function to text."""

from __future__ import annotations

from collections.abc import Callable

from octavo.checks.links.web.outcome import Outcome
from octavo.checks.links.web.reports.github import github_text
from octavo.checks.links.web.reports.json_report import json_text
from octavo.checks.links.web.reports.junit import junit_text
from octavo.checks.links.web.reports.markdown import markdown_text
from octavo.checks.links.web.reports.sarif import sarif_text

FORMATS: dict[str, Callable[[Outcome, frozenset[str]], str]] = {
    "json": json_text,
    "junit": junit_text,
    "sarif": sarif_text,
    "github": github_text,
    "markdown": markdown_text,
}

__all__ = ["FORMATS"]
