"""Diagrams: drawn where their program is, described where it is not, and never their source alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx.ext.graphviz import graphviz
from sphinx.ext.inheritance_diagram import inheritance_diagram

from octavo.reading import diagrams

DOT = """\
#!{python}
import sys
source = sys.stdin.read()
if "refused" in source:
    sys.exit("syntax error")
open(sys.argv[sys.argv.index("-o") + 1], "w").write('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
"""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(diagrams, "report", lambda d, _node: found.append((d.rule, d.value)))
    return found


def builder(tmp_path: Path, dot: str, language: str = "en") -> SimpleNamespace:
    config = SimpleNamespace(graphviz_dot=dot, graphviz_dot_args=[], language=language)
    return SimpleNamespace(config=config, outdir=tmp_path / "out", srcdir=tmp_path, images={})


def document(code: str, **attributes: object) -> nodes.document:
    tree = nodes.document(SimpleNamespace(), SimpleNamespace())  # type: ignore[arg-type]
    node = graphviz("", code=code, **attributes)
    node.source, node.line = "index.rst", 3
    tree += node
    return tree


def dot(tmp_path: Path) -> str:
    path = tmp_path / "dot"
    path.write_text(DOT.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o755)
    return os.fspath(path)


def test_a_diagram_is_drawn_to_svg_once(tmp_path, said):
    made = builder(tmp_path, dot(tmp_path))
    tree = document("digraph { a -> b }", alt="A to B")
    tree += graphviz("", code="digraph { a -> b }")
    diagrams.settle_diagrams(tree, made, diagrams.RULES["epub"])
    pictures = list(tree.findall(nodes.image))
    assert [p.get("alt") for p in pictures] == ["A to B", None]
    assert len({p["uri"] for p in pictures}) == 1
    assert Path(pictures[0]["uri"]).read_text(encoding="utf-8").startswith("<svg")
    assert list(made.images) == [pictures[0]["uri"]]
    assert said == []


@pytest.mark.parametrize(("writer", "found"), [
    ("epub", ("epub/content-replaced", "digraph { refused }")),
    ("pdf", ("pdf/diagram-not-drawn", "Graphviz")),
])  # fmt: skip
@pytest.mark.parametrize("is_there", [True, False], ids=["refused", "absent"])
def test_a_diagram_that_is_not_drawn_is_described(tmp_path, said, writer, found, is_there):
    made = builder(tmp_path, dot(tmp_path) if is_there else "no-such-program", "de_DE")
    tree = document("digraph { refused }", alt="A to B")
    diagrams.settle_diagrams(tree, made, diagrams.RULES[writer])
    assert said == [found]
    shown = [n.astext() for n in tree.findall() if isinstance(n, (nodes.paragraph, nodes.caption, nodes.literal_block))]
    assert shown == ["A to B", "Quelltext des Diagramms", "digraph { refused }"]
    assert {(n.source, n.line) for n in tree.findall(nodes.literal_block)} == {("index.rst", 3)}


def test_other_nodes_are_left_alone(tmp_path, said):
    tree = nodes.document(SimpleNamespace(), SimpleNamespace())
    tree += nodes.literal_block("graph", "graph")
    diagrams.settle_diagrams(tree, builder(tmp_path, "dot"), diagrams.RULES["epub"])
    assert [type(n) for n in tree.children] == [nodes.literal_block]
    assert said == []


class Graph:
    """What Sphinx keeps of an inheritance diagram: name, full name, bases and tooltip of each class."""

    def __init__(self, *classes: tuple[str, str, tuple[str, ...], None]) -> None:
        self.class_info = classes

    def generate_dot(self, *_: object, **__: object) -> str:
        return "digraph { C -> B }"


@pytest.mark.parametrize(
    ("language", "classes", "words"),
    [
        ("en", [("B", "m.B", (), None), ("C", "m.C", ("B", "x.A"), None)], "Inheritance diagram of m.C: C(B, x.A)"),
        ("de_DE", [("C", "m.C", (), None)], "Vererbungsdiagramm von m.C"),
        ("xx", [(f"C{n}", "", ("B",), None) for n in range(13)], "Inheritance diagram of m.C"),
    ],
)
def test_a_diagram_of_classes_says_which_derives_from_which(tmp_path, said, language, classes, words):
    made = builder(tmp_path, dot(tmp_path), language)
    made.env = None
    tree = nodes.document(SimpleNamespace(), SimpleNamespace())  # type: ignore[arg-type]
    tree += inheritance_diagram("", graph=Graph(*classes), content="m.C", parts=0)
    diagrams.settle_diagrams(tree, made, diagrams.RULES["epub"])
    assert [picture.get("alt") for picture in tree.findall(nodes.image)] == [words]
