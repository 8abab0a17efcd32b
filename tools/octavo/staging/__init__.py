"""What is handed over between stages: staged files to the packager, and the PDF's pages to the EPUB.

The types stand between two sides so that neither knows the other.
"""

from octavo.staging.accessibility import AccessibilityStatement
from octavo.staging.printed_pages import PageKind, PageOfTarget, PrintedPage, PrintedPages
from octavo.staging.publication import NavigationPoint, PageBreak, Publication, Resource, SpineItem

__all__ = [
    "AccessibilityStatement",
    "NavigationPoint",
    "PageBreak",
    "PageKind",
    "PageOfTarget",
    "PrintedPage",
    "PrintedPages",
    "Publication",
    "Resource",
    "SpineItem",
]
