"""Octavo reads a Sphinx project once and makes its site, its tagged PDF and its EPUB 3.3, with checked links.

This module is what Sphinx imports when a project names `octavo` among its extensions; it stays small, since every
command pays for its import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the builders `octavo-epub` and `octavo-pdf` (Sphinx's extension interface)."""
    from octavo.extension import register

    return register(app)
