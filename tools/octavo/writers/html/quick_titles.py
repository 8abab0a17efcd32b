"""Titles of plain text as HTML, after one that was rendered: only their text and their number are others.

Sphinx makes a document, applies transforms and makes a translator for the title of each page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

Parts = dict[str, str]
_STAND_IN, _NUMBER_STAND_IN = "octavo's stand in", "octavo's number"
_NUMBER = "secnumber"
_WRITTEN_AS_IT_IS = re.compile(r'[^\x00-\x1f\x7f&<>"@]*')
_WRITERS = ("visit_title", "depart_title", "visit_Text", "depart_Text", "encode", "add_secnumber")
_OF_SPHINX = ("sphinx.", "docutils.")


class QuickTitles:
    """Titles of one builder. theirs: `render_partial`."""

    def __init__(self, app: Sphinx, builder: StandaloneHTMLBuilder, theirs: Callable[[nodes.Node], Parts]) -> None:
        self._app = app
        self._builder = builder
        self._theirs = theirs
        self._made: dict[tuple[str, str], Parts] = {}
        self._patterns: dict[str, Parts | None] = {}  # by all else; None where titles have to be rendered

    def clear(self) -> None:
        """Forget all of them."""
        self._made.clear()
        self._patterns.clear()

    def rendered(self, title: nodes.title) -> Parts:
        """What Sphinx makes of a title that has nothing but a text in it."""
        text, attributes = title.astext(), repr(sorted(title.attributes.items()))
        key = (text, attributes)
        if key not in self._made:
            self._made[key] = self._like_another(title, text) or dict(self._theirs(title))
        return dict(self._made[key])

    def _like_another(self, title: nodes.title, text: str) -> Parts | None:
        if not _WRITTEN_AS_IT_IS.fullmatch(text):
            return None
        number = ".".join(map(str, title.get(_NUMBER) or ()))
        kind = repr([(name, value if name != _NUMBER else bool(number)) for name, value in title.attributes.items()])
        if kind not in self._patterns:
            self._patterns[kind] = self._pattern(title, text, number)
        pattern = self._patterns[kind]
        return None if pattern is None else _with_text(pattern, text, number)

    def _pattern(self, title: nodes.title, text: str, number: str) -> Parts | None:
        """What is rendered of another text and number, if that of these is the same but for them."""
        if not self._written_by_sphinx():
            return None
        other = title.copy()
        other += nodes.Text(_STAND_IN)
        if number:
            other[_NUMBER] = [_NUMBER_STAND_IN]
        pattern = dict(self._theirs(other))
        return pattern if _with_text(pattern, text, number) == dict(self._theirs(title)) else None

    def _written_by_sphinx(self) -> bool:
        """Whether no extension has a hand in titles and texts."""
        registry, builder = self._app.registry, self._builder
        handlers = registry.translation_handlers
        if {"title", "Text"} & {name for kind in (builder.name, builder.format) for name in handlers.get(kind, ())}:
            return False
        classes = registry.get_translator_class(builder).__mro__
        hands = [cls.__module__ for cls in classes if any(name in vars(cls) for name in _WRITERS)]
        return all(f"{module}.".startswith(_OF_SPHINX) for module in hands)


def _with_text(pattern: Parts, text: str, number: str) -> Parts:
    return {name: part.replace(_NUMBER_STAND_IN, number).replace(_STAND_IN, text) for name, part in pattern.items()}
