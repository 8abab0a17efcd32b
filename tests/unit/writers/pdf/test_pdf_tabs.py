"""Tabs of sphinx-inline-tabs: on paper each stands open under its label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# nodes as that extension makes them: a label, then what the tab holds
TABS = """
from docutils import nodes
from sphinx.util.docutils import SphinxDirective
class TabContainer(nodes.container): pass
class Tab(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    def run(self):
        tab = TabContainer("", type="tab", new_set=False)
        if self.arguments[0] != "none":
            tab += nodes.label("", "", *self.state.inline_text(self.arguments[0], self.lineno)[0])
        content = nodes.container("", is_div=True, classes=["tab-content"])
        self.state.nested_parse(self.content, self.content_offset, content)
        tab += content
        return [tab]
def setup(app):
    app.add_directive("tab", Tab)
"""
CONF = 'import sys, os; sys.path.insert(0, os.path.dirname(__file__)); extensions = ["inline_tabs_of_a_test"]'


def built(build: Callable[..., Any], tabs: str) -> Any:
    return build({"index.rst": f"Book\n====\n\nBefore.\n\n{tabs}", "inline_tabs_of_a_test.py": TABS}, CONF)


def test_each_tab_has_its_label_over_it(build: Callable[..., Any]) -> None:
    book = built(build, ".. tab:: Unix/*macOS*\n\n   Type this.\n\n.. tab:: Windows\n\n   Type that.\n")
    assert book.warnings == ()
    parts = ("Unix\\/#emph[macOS]", "Type this", "Windows", "Type that")
    places = [book.typst.index(part) for part in parts]
    assert places == sorted(places)
    assert book.typst.count("panel") >= 2


def test_a_container_without_a_label_keeps_its_text(build: Callable[..., Any]) -> None:
    book = built(build, ".. tab:: none\n\n   Kept words.\n")
    assert book.warnings == ()
    assert "Kept words" in book.typst
