"""The reports of a link check for machines and pages: one format a module, each a pure function to pieces of text.

A report is written as its links are read: there may be more of them than memory holds.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from octavo.checks.links.web.outcome import Outcome

FORMATS = ("json", "junit", "sarif", "github", "markdown")
_MODULES = {"json": "json_report"}


def report(name: str, outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The report of that format (one of FORMATS), in pieces. fail_on: verdicts that fail the run."""
    module = importlib.import_module(f"{__name__}.{_MODULES.get(name, name)}")
    pieces: Callable[[Outcome, frozenset[str]], Iterator[str]] = getattr(module, f"{name}_text")
    return pieces(outcome, fail_on)
