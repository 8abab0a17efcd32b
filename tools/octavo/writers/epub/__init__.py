"""The EPUB writer: XHTML from the document tree, sanitised at one place, staged for the packager."""

from octavo.writers.epub.builder import EpubBuilder, register_config

__all__ = ["EpubBuilder", "register_config"]
