"""A staged publication to one EPUB file: the same bytes each time, on every machine."""

from octavo.packaging.package import package

__all__ = ["package"]
