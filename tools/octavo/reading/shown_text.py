"""The text of a title or a caption as a reader sees it, where nothing but text can stand."""

from __future__ import annotations

import html
import re

from docutils import nodes

_UNSEEN = re.compile(r"<(script|style|svg|template)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


def shown_text(node: nodes.Node) -> str:
    """In one line, without the markup of raw HTML and without marks of footnotes."""
    return " ".join("".join(_parts(node)).split())


def _parts(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.raw):
        is_html = "html" in node.get("format", "").split()
        return [html.unescape(_TAG.sub("", _UNSEEN.sub("", node.astext())))] if is_html else []
    if isinstance(node, nodes.footnote_reference):
        return []
    if isinstance(node, nodes.Text) or not node.children:
        return [node.astext()]
    return [part for child in node.children for part in _parts(child)]
