"""Program text for a book: the classes of Pygments, for which our own style sheet has colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.highlighting import PygmentsBridge

if TYPE_CHECKING:
    from pygments.formatter import Formatter


class BookHighlighter(PygmentsBridge):
    """Line numbers stand in the text: a table of two columns falls apart where lines wrap."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._formatters: dict[str, Formatter[str]] = {}

    def get_formatter(self, **kwargs: Any) -> Formatter[str]:
        """As the parent, each made once: a formatter looks through all styles, and keeps nothing of a text."""
        key = repr(sorted(kwargs.items()))
        if key not in self._formatters:
            self._formatters[key] = super().get_formatter(**kwargs)
        return self._formatters[key]

    def highlight_block(self, source: str, lang: str, *args: Any, **kwargs: Any) -> str:
        """As the parent, with line numbers of one kind only."""
        if kwargs.get("linenos"):
            kwargs["linenos"] = "inline"
        return super().highlight_block(source, lang, *args, **kwargs)
