"""One parser for all documents, and one pass over the tokens, give what MyST-Parser and markdown-it-py give."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser

from octavo.reading import patches, quick_markdown

patches.apply()


def some_tokens(chance: random.Random, depth: int = 3, *, broken: bool) -> list[Token]:
    made = []
    for _ in range(chance.randrange(4)):
        kind = chance.choice(["paragraph", "list", "list_open"])
        match chance.randrange(3):
            case 0 if depth:
                inner = some_tokens(chance, depth - 1, broken=broken)
                made += [Token(f"{kind}_open", "p", 1), *inner, Token(f"{kind}_close", "p", -1)]
            case 1 if depth:
                made.append(Token("inline", "", 0, children=some_tokens(chance, depth - 1, broken=broken)))
            case _:
                made.append(Token(kind, "", 0))
        if broken and chance.random() < 0.1:
            made.append(Token("loose", "", chance.choice([-1, 1, 2])))
    return made


def told(node: SyntaxTreeNode) -> Any:
    nested = node.nester_tokens
    return (
        node.type,
        id(node.token),
        nested and (type(nested), id(nested.opening), id(nested.closing)),
        [(told(child), child.parent is node) for child in node.children],
    )


def of_library(self: SyntaxTreeNode) -> str:
    """What markdown-it-py's `type` says."""
    if self.is_root:
        return "root"
    return self.token.type if self.token else self.nester_tokens.opening.type.removesuffix("_open")


@given(st.integers(0, 100_000), st.booleans())
def test_trees(seed: int, broken: bool) -> None:
    tokens = some_tokens(random.Random(seed), broken=broken)
    originals = quick_markdown.originals

    def tree(set_children: Any, type_of: Any) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SyntaxTreeNode, "_set_children_from_tokens", set_children)
            patch.setattr(SyntaxTreeNode, "type", property(type_of))
            try:
                return told(SyntaxTreeNode(tokens))
            except ValueError as error:
                return str(error)

    theirs = tree(originals["_set_children_from_tokens"], of_library)
    assert tree(quick_markdown.set_children, quick_markdown.type_of) == theirs


def test_a_tree_of_another_class_is_its_own() -> None:
    class Mine(SyntaxTreeNode):
        pass

    tokens = MarkdownIt().parse("# a\n\n- *b*\n")
    assert {type(node) for node in Mine(tokens).walk()} == {Mine}
    assert [node.type for node in Mine(tokens).walk()] == [node.type for node in SyntaxTreeNode(tokens).walk()]


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(quick_markdown, "originals", {"create_md_parser": create_md_parser})
    monkeypatch.setattr(quick_markdown, "_Kept", type("Kept", (quick_markdown._Kept,), {}))
    return quick_markdown.parser_once


def used(parser: MarkdownIt, *, done: bool) -> MarkdownIt:
    parser.options["document"] = SimpleNamespace(reporter=None if done else object())
    return parser


def test_one_parser_for_a_configuration(once: Any) -> None:
    config = MdParserConfig(enable_extensions={"dollarmath"}, substitutions={"a": [1]})
    first = used(once(config, SphinxRenderer), done=True)
    first.renderer._inventories = {"left": "behind"}
    equal = MdParserConfig(enable_extensions={"dollarmath"}, substitutions={"a": [1]})
    assert once(equal, SphinxRenderer) is first
    assert first.renderer._inventories is None
    assert first.options["myst_config"] is equal


def test_another_parser_for_another_configuration(once: Any) -> None:
    config = MdParserConfig(substitutions={"a": [1]})
    first = used(once(config, SphinxRenderer), done=True)
    config.substitutions["a"].append(2)  # in place, as an extension may
    second = used(once(config, SphinxRenderer), done=True)
    assert second is not first
    config.enable_extensions.add("amsmath")
    third = used(once(config, SphinxRenderer), done=True)
    assert third is not second
    assert third.get_active_rules() == create_md_parser(config, SphinxRenderer).get_active_rules()

    class Renderer(SphinxRenderer):
        pass

    assert type(once(config, Renderer).renderer) is Renderer


def test_a_parser_that_is_at_work_is_left_alone(once: Any) -> None:
    """A document may be read while another is, and a parser may not have begun yet."""
    config = MdParserConfig()
    first = once(config, SphinxRenderer)
    second = used(once(config, SphinxRenderer), done=False)
    assert second is not first
    assert once(config, SphinxRenderer) is not second
