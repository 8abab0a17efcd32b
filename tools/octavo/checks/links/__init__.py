"""Do the links of an artefact lead somewhere: internal references and anchors of a site, an EPUB or a PDF.

Pure functions from paths to a report; nothing here asks the network. External URLs are collected for a later check.
"""

from octavo.checks.links.epub import check_epub
from octavo.checks.links.pdf import check_pdf
from octavo.checks.links.report import Counts, ExternalReference, LinkReport
from octavo.checks.links.site import check_site

__all__ = ["Counts", "ExternalReference", "LinkReport", "check_epub", "check_pdf", "check_site"]
