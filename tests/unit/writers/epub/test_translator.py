"""The translator goes through a document as docutils' own walk does, whatever a visitor raises."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from docutils import nodes

from octavo.writers.epub.translator import EpubTranslator, Visitors


class Writer(EpubTranslator):
    """Notes what is visited and left; an `emphasis` raises what it is told to."""

    def __init__(self, raised: Exception | None) -> None:
        # none of the parent's: a walk asks for no builder
        self.raised = raised
        self.steps: list[str] = []
        self.marks: list[nodes.Node] = []
        self.body: list[str] = []
        self._ways = {}
        self.document = SimpleNamespace(reporter=SimpleNamespace(debug_flag=False, debug=lambda *_: None))
        visitors: dict[type[nodes.Node], Visitors] = {}
        self.book = cast("object", SimpleNamespace(visitors=visitors))  # type: ignore[assignment]

    def unknown_visit(self, node: nodes.Node) -> None:
        self.steps.append(f"visit {node.astext()}")
        if isinstance(node, nodes.emphasis) and self.raised is not None:
            raise self.raised

    def unknown_departure(self, node: nodes.Node) -> None:
        self.steps.append(f"leave {node.astext()}")

    visit_Text = visit_paragraph = visit_emphasis = visit_strong = unknown_visit
    depart_Text = depart_paragraph = depart_emphasis = depart_strong = unknown_departure


@pytest.mark.parametrize(
    "raised",
    [None, nodes.SkipNode(), nodes.SkipDeparture(), nodes.SkipSiblings(), nodes.SkipChildren(), nodes.StopTraversal()],
    ids=lambda raised: type(raised).__name__,
)
def test_a_document_is_gone_through_as_docutils_does(raised: Exception | None) -> None:
    def paragraph() -> nodes.paragraph:
        return nodes.paragraph("", "", nodes.emphasis("", "a"), nodes.Text("b"), nodes.strong("", "c"))

    ours, theirs = Writer(raised), Writer(raised)
    tree = paragraph()
    assert ours.write(tree) == nodes.Node.walkabout(tree, theirs)
    assert ours.steps == theirs.steps
    assert ours.marks == theirs.marks == []
