"""Do the links of an artefact lead somewhere: internal references and anchors of a site, an EPUB or a PDF.

Pure functions from paths to a report; nothing here asks the network. External URLs are collected for a later check.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.checks.links.epub import check_epub
    from octavo.checks.links.pdf import check_pdf
    from octavo.checks.links.report import Counts, ExternalReference, LinkReport
    from octavo.checks.links.site import check_site

__all__ = ["Counts", "ExternalReference", "LinkReport", "check_epub", "check_pdf", "check_site"]

_MODULES = {
    "Counts": "report",
    "ExternalReference": "report",
    "LinkReport": "report",
    "check_epub": "epub",
    "check_pdf": "pdf",
    "check_site": "site",
}


def __getattr__(name: str) -> object:
    """Load what is asked for, and nothing else: each part costs every run of the command its start."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
