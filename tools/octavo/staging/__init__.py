"""What the EPUB writer hands to the packager: files on disk, and what they are.

The types stand between writer and packager so that neither knows the other.
"""

from octavo.staging.accessibility import AccessibilityStatement
from octavo.staging.publication import NavigationPoint, PageBreak, Publication, Resource, SpineItem

__all__ = ["AccessibilityStatement", "NavigationPoint", "PageBreak", "Publication", "Resource", "SpineItem"]
