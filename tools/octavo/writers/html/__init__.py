"""The site: Sphinx's own builders and the project's own theme, faster.

Nothing is changed in what they write: a site from `octavo build` is the site of `sphinx-build -b html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BUILDER = "html"


def register(app: Sphinx) -> None:
    """Have Sphinx's builders answer faster."""
    from octavo.writers.html.quick_pages import register as register_pages

    register_pages(app)
