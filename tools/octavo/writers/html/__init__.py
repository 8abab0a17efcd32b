"""The site: Sphinx's own builders and the project's own theme, faster.

Nothing is changed in what they write: a site from `octavo build` is the site of `sphinx-build -b html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from octavo.writers.html.earlier_pages import EarlierPages

BUILDER = "html"


def register(app: Sphinx) -> None:
    """Have Sphinx's builders answer faster."""
    from octavo.writers.html.quick_pages import register as register_pages

    register_pages(app)


def carry_over(builder: object, earlier: EarlierPages) -> None:
    """Have the builder carry over pages of an earlier site, and note what it writes; other builders write it all."""
    from octavo.writers.html.quick_pages import QuickPages

    beside = getattr(getattr(builder, "prepare_writing", None), "__self__", None)
    if isinstance(beside, QuickPages):
        beside.earlier = earlier
