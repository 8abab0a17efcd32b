"""Which form of a notebook's output stands in the book: what shows without a script, a picture first.

MyST-NB asks by the name of the builder, knows only Sphinx's own, and drops the output for any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.config import Config

FORMS = (
    "image/svg+xml", "image/png", "image/jpeg", "image/gif", "text/html", "text/markdown", "text/latex", "text/plain",
)  # fmt: skip
OVERRIDES = "nb_mime_priority_overrides"


def choose_outputs(config: Config, builder: str, *, like: str) -> None:
    """Tell MyST-NB, where it is loaded; what conf.py says for Sphinx's builder `like` holds here as well."""
    if OVERRIDES not in config.values:
        return
    given = [tuple(entry) for entry in getattr(config, OVERRIDES)]
    ours = [(builder, form, 10 * place) for place, form in enumerate(FORMS, start=1)]
    theirs = [(builder, *rest) for name, *rest in given if name in ("*", like)]
    setattr(config, OVERRIDES, [*ours, *theirs, *given])
