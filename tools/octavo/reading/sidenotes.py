"""Footnotes that a theme sets beside the text of its site: in a book they are footnotes.

sphinx-book-theme moves the text of each note to its reference, into a margin that a book has not, and asks by the
builder's format alone. A note that begins with `{-}` has no number on its site; a footnote needs one, and no sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_MODULE = "sphinx_book_theme._transforms"
_WITHOUT_NUMBER = "{-}"


def leave_footnotes(app: Sphinx, builder: str) -> None:
    """Put in the place of the theme's transform one that lets this builder's documents alone."""
    transforms = app.registry.post_transforms
    transforms[:] = [
        _sparing(found, app, builder)
        if found.__module__ == _MODULE and issubclass(found, SphinxPostTransform)
        else found
        for found in transforms
    ]


def _sparing(transform: type[SphinxPostTransform], app: Sphinx, builder: str) -> type[SphinxPostTransform]:
    def is_supported(self: SphinxPostTransform) -> bool:
        return app.builder.name != builder and super(made, self).is_supported()

    made: type[SphinxPostTransform] = type(transform.__name__, (transform,), {"is_supported": is_supported})
    return made


def number_all_notes(document: nodes.document) -> None:
    """Take the sign for a note without number away."""
    for note in document.findall(nodes.footnote):
        text = next((t for t in note.findall(nodes.Text) if not isinstance(t.parent, nodes.label)), None)
        if text is not None and text.startswith(_WITHOUT_NUMBER):
            text.parent.replace(text, nodes.Text(text.removeprefix(_WITHOUT_NUMBER).lstrip()))
