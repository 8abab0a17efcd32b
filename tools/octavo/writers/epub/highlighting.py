"""Program text for a book: the classes of Pygments, for which our own style sheet has colours."""

from __future__ import annotations

from typing import Any

from sphinx.highlighting import PygmentsBridge


class BookHighlighter(PygmentsBridge):
    """Line numbers stand in the text: a table of two columns falls apart where lines wrap."""

    def highlight_block(self, source: str, lang: str, *args: Any, **kwargs: Any) -> str:
        """As the parent, with line numbers of one kind only."""
        if kwargs.get("linenos"):
            kwargs["linenos"] = "inline"
        return super().highlight_block(source, lang, *args, **kwargs)
