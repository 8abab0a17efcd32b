"""What can be wrong with a book, as values; and what can be wrong with a run, as exceptions.

A problem in the *book* is a `Diagnostic`: data (a rule, a place, a value), whose text and severity are functions of
it. A problem in the *run* (a missing tool, an unreadable configuration) is an `OctavoError`. Anything else is a bug
of ours and keeps its traceback.

This package knows nothing of Sphinx, of formats or of terminals.
"""

from octavo.diagnostics.diagnostic import Diagnostic, by_place, with_formats
from octavo.diagnostics.errors import ConfigurationError, MissingToolError, OctavoError, WriterError
from octavo.diagnostics.location import Location
from octavo.diagnostics.rules import RULES, Rule, rule_of
from octavo.diagnostics.severity import Severity

__all__ = [
    "RULES",
    "ConfigurationError",
    "Diagnostic",
    "Location",
    "MissingToolError",
    "OctavoError",
    "Rule",
    "Severity",
    "WriterError",
    "by_place",
    "rule_of",
    "with_formats",
]
