"""A cover for a book that has none: set with Typst from the metadata, the same bytes each time."""

from octavo.covers.cover import HEIGHT, WIDTH, cover_png, letters_lacking

__all__ = ["HEIGHT", "WIDTH", "cover_png", "letters_lacking"]
