"""Nodes of MyST's documents are what MyST-Parser makes of them, lines and messages among it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import example, given
from hypothesis import strategies as st
from myst_parser.docutils_ import Parser
from myst_parser.mdit_to_docutils.base import DocutilsRenderer

from octavo.reading import patches, quick_myst

patches.apply()

FUNCTIONS = ("current_node_context", "render_children", "add_line_and_source_path", "copy_attributes")
PIECES = (
    *("a", "b ", "\n", "\n\n", "# a\n\n", "- a\n", "1. a\n", "> a\n", "*a*", "**a**", "`a`", "$a$"),
    *("[a](b)", "![a](b)", "{ref}`a`", "[^a]", "\n[^a]: b\n", "\n(a)=\n", "a\n: b\n", "<b>", "~~a~~"),
    *("```{note}\na\n```\n", "```{figure} a.png\na *b*\n```\n", "```{no}\n```\n"),
    *("{.a #b}\n", "[a]{.b}", "|a|\n|-|\n|b|\n", "```{list-table}\n* - a\n  - b\n```\n"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
EXTENSIONS = "dollarmath,deflist,attrs_inline,attrs_block,colon_fence,strikethrough"


def document_of(text: str) -> tuple[list[Any], str]:
    said = StringIO()
    settings = {"myst_enable_extensions": EXTENSIONS, "warning_stream": said, "report_level": 1, "halt_level": 5}
    document = publish_doctree(text, parser=Parser(), settings_overrides=settings)
    return list(told(document)), said.getvalue()


def told(document: nodes.document) -> Iterator[Any]:
    for node in document.findall():
        yield type(node), node.source, node.line, str(node) if isinstance(node, nodes.Text) else str(node.attributes)


@given(TEXTS)
@example("".join(PIECES))
def test_documents(text: str) -> None:
    ours = document_of(text)
    with pytest.MonkeyPatch.context() as patch:
        for name in FUNCTIONS:
            patch.setattr(DocutilsRenderer, name, quick_myst.originals[name])
        assert ours == document_of(text)


def test_they_are_in_use() -> None:
    assert [getattr(DocutilsRenderer, name) for name in FUNCTIONS] == [getattr(quick_myst, name) for name in FUNCTIONS]


def test_a_token_that_nothing_renders_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    renderer: Any = SimpleNamespace(rules={}, current_node=None)
    renderer.create_warning = lambda message, *_, **__: said.append(message)
    child = SimpleNamespace(type="odd", map=(3, 4))
    quick_myst.render_children(renderer, SimpleNamespace(children=[child]))  # type: ignore[arg-type]
    assert said == ["No render method for: odd"]


def test_the_current_node_stays_after_an_exception_as_it_does_in_theirs() -> None:
    def left_by(context: Any) -> tuple[bool, list[nodes.Node]]:
        outer, inner = nodes.section(), nodes.paragraph()
        renderer = SimpleNamespace(current_node=outer)
        with context(renderer, inner, append=True):
            assert renderer.current_node is inner
        assert renderer.current_node is outer
        with pytest.raises(ValueError, match="a"), context(renderer, inner):
            raise ValueError("a")
        return renderer.current_node is inner, [type(child) for child in outer.children]  # type: ignore[misc]

    assert left_by(quick_myst.current_node_context) == left_by(quick_myst.originals["current_node_context"])


def test_a_token_that_is_in_no_tree_gives_its_line() -> None:
    renderer: Any = SimpleNamespace(document=nodes.document(None, None, source="a.md"))  # type: ignore[arg-type]
    node = nodes.paragraph()
    quick_myst.add_line_and_source_path(renderer, node, SimpleNamespace(map=(3, 4)))  # type: ignore[arg-type]
    assert (node.line, node.source) == (3, "a.md")
