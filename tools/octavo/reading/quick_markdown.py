"""MyST's parser, made once for a book, and markdown-it's tree of tokens, made in one pass.

`octavo.reading.patches` puts these functions in the place of MyST-Parser's and markdown-it-py's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode


originals: dict[str, Any] = {}
"""What the functions here stand for, by name, since it is in use."""


class _Kept:
    """The parser that was made last, and what it was made from: a copy, since a configuration can change."""

    config: dict[str, Any] = {}  # noqa: RUF012 -- replaced, never changed
    renderer: Any = None
    parser: Any = None


def parser_once(config: Any, renderer: Any) -> MarkdownIt:
    """`create_md_parser`; for the same configuration the same parser, when its last document is done."""
    parser: MarkdownIt
    if renderer is _Kept.renderer and vars(config) == _Kept.config and _is_done(_Kept.parser):
        parser = _Kept.parser
        parser.options["myst_config"] = config
        parser.renderer._inventories = None  # type: ignore[attr-defined]  # of MyST's, read for each document
        return parser
    parser = originals["create_md_parser"](config, renderer)
    _Kept.config, _Kept.renderer, _Kept.parser = _copied(vars(config)), renderer, parser
    return parser


def _copied(value: Any) -> Any:
    """A copy of containers; a configuration holds functions and values besides."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return type(value)(map(_copied, value)) if type(value) in {list, set, tuple} else value


def _is_done(parser: MarkdownIt) -> bool:
    """Whether the document that was parsed last has been written down, which takes its reporter away."""
    document: Any = parser.options.get("document")
    return document is not None and document.reporter is None


def type_of(self: SyntaxTreeNode) -> str:
    """`SyntaxTreeNode.type`."""
    if self.token is not None:
        return self.token.type
    if self.nester_tokens is not None:
        return self.nester_tokens.opening.type.removesuffix("_open")
    return "root"


def set_children(self: SyntaxTreeNode, tokens: Sequence[Token]) -> None:
    """`SyntaxTreeNode._set_children_from_tokens`, which copies the tokens of a list for each list that it stands in."""
    tree: Any = sys.modules["markdown_it.tree"]
    cls = type(self)
    if cls is not tree.SyntaxTreeNode or not _is_nested_well(tokens):
        originals["_set_children_from_tokens"](self, tokens)  # says what is wrong with the tokens
        return
    node: Any = self
    openings: list[Token] = []
    for token in tokens:
        if token.nesting == -1:
            node.nester_tokens = tree._NesterTokens(openings.pop(), token)
            node = node._parent
            continue
        child: Any = cls.__new__(cls)
        child.token = child.nester_tokens = None
        child._parent = node
        child._children = []
        node._children.append(child)
        if token.nesting:
            openings.append(token)
            node = child
        else:
            child.token = token
            if token.children:
                set_children(child, token.children)


def _is_nested_well(tokens: Sequence[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += token.nesting
        if depth < 0 or token.nesting > 1:
            return False
    return depth == 0
