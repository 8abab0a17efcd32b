"""The site: Sphinx's own builders and the project's own theme, faster.

Nothing is changed in what they write: a site from `octavo build` is the site of `sphinx-build -b html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BUILDER = "html"


def register(app: Sphinx) -> None:
    """Put the faster builders in the place of Sphinx's."""
    from octavo.writers.html.builder import register as register_builders

    register_builders(app)
