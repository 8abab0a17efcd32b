"""MyST's tokens, made into nodes with fewer steps for each.

`octavo.reading.patches` puts these functions in the place of MyST-Parser's.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docutils import nodes
    from markdown_it.tree import SyntaxTreeNode
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer


originals: dict[str, Any] = {}
"""What the functions here stand for, by name, since it is in use."""


class CurrentNode:
    """`DocutilsRenderer.current_node_context`, without a generator; after an exception the node stays, as there."""

    __slots__ = ("_append", "_before", "_node", "_renderer")

    def __init__(self, renderer: DocutilsRenderer, node: nodes.Element, append: bool) -> None:
        self._renderer = renderer
        self._node = node
        self._append = append

    def __enter__(self) -> None:
        renderer = self._renderer
        if self._append:
            renderer.current_node.append(self._node)
        self._before = renderer.current_node
        renderer.current_node = self._node

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._renderer.current_node = self._before


def current_node_context(self: DocutilsRenderer, node: nodes.Element, append: bool = False) -> CurrentNode:
    """`DocutilsRenderer.current_node_context`."""
    return CurrentNode(self, node, append)


def render_children(self: DocutilsRenderer, token: SyntaxTreeNode) -> None:
    """`DocutilsRenderer.render_children`, which asks for the type of each child twice."""
    rules = self.rules
    for child in token.children or ():
        rule = rules.get("render_" + child.type)
        if rule is None:
            originals["render_children"](self, SimpleNamespace(children=[child]))  # says that there is no way to do it
        else:
            rule(child)


def add_line_and_source_path(self: DocutilsRenderer, node: nodes.Node, token: SyntaxTreeNode) -> None:
    """`DocutilsRenderer.add_line_and_source_path`, which makes an exception of what has no line."""
    try:
        nested = token.nester_tokens
    except AttributeError:  # no piece of a tree, which an extension may give
        originals["add_line_and_source_path"](self, node, token)
        return
    inner = token.token if nested is None else nested.opening
    document = self.document
    if inner is not None and inner.map:
        node.line = document.current_line = inner.map[0]
    node.source = document["source"]


def copy_attributes(
    self: DocutilsRenderer,
    token: SyntaxTreeNode,
    node: nodes.Element,
    keys: Sequence[str] = ("class",),
    **others: Any,
) -> None:
    """`DocutilsRenderer.copy_attributes`; most tokens have none."""
    if token.attrs:
        originals["copy_attributes"](self, token, node, keys, **others)
