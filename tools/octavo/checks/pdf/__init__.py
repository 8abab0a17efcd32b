"""Whether a PDF is what its readers need, apart from its links."""

from octavo.checks.pdf.layout import layout
from octavo.checks.pdf.standards import Validator, ValidatorError, find_validators, validated
from octavo.checks.pdf.structure import structure

__all__ = ["Validator", "ValidatorError", "find_validators", "layout", "structure", "validated"]
