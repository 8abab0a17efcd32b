"""The macros of formulas, by the name under which this writer has always had them."""

from octavo.reading.macros import macros_of

__all__ = ["macros_of"]
