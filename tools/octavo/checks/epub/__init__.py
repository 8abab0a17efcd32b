"""Whether an EPUB is what its readers and the shops need, as diagnostics: EPUBCheck, and rules of our own."""

from octavo.checks.epub.epubcheck import EpubCheckTool, epubcheck, find_epubcheck
from octavo.checks.epub.judge import Judged, judge
from octavo.checks.epub.shops import SHOPS

__all__ = ["SHOPS", "EpubCheckTool", "Judged", "epubcheck", "find_epubcheck", "judge"]
