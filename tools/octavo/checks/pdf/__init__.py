"""Whether a PDF is what its readers need, apart from its links."""

from octavo.checks.pdf.structure import structure

__all__ = ["structure"]
