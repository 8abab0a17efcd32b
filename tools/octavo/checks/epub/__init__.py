"""What EPUBCheck says of an EPUB, as diagnostics."""

from octavo.checks.epub.epubcheck import EpubCheckTool, epubcheck, find_epubcheck

__all__ = ["EpubCheckTool", "epubcheck", "find_epubcheck"]
