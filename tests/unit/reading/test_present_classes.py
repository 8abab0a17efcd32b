"""A document that is known to hold no node of a class holds none, whatever its transforms do to it."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from docutils import nodes
from docutils.transforms import Transform, Transformer
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from sphinx import addnodes
from sphinx.util.nodes import NodeMatcher

from octavo.reading import patches, present_classes, quick_nodes

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
KINDS = (nodes.paragraph, nodes.section, nodes.emphasis, nodes.image, addnodes.index, addnodes.toctree)
ASKED: list[Any] = [
    nodes.Node,
    nodes.Element,
    nodes.Text,
    nodes.TextElement,
    nodes.Inline,
    *KINDS,
    nodes.footnote,
    NodeMatcher(nodes.image, addnodes.index),
    NodeMatcher(nodes.footnote),
]


@pytest.fixture(autouse=True, scope="module")
def in_place() -> None:
    patches.apply()


def some_tree(chance: random.Random, depth: int = 3) -> nodes.Element:
    made = chance.choice(KINDS)()
    for _ in range(chance.randrange(3)):
        made.append(some_tree(chance, depth - 1) if depth and chance.random() < 0.7 else nodes.Text("text"))
    return made


def documents_own(document: nodes.Node, condition: Any) -> list[nodes.Node]:
    """Every node is asked."""
    matches = (lambda node: isinstance(node, condition)) if isinstance(condition, type) else condition
    return [node for node in quick_nodes.every_node(document) if matches(node)]


def changed(document: nodes.document, old: list[nodes.Element], chance: random.Random) -> None:
    """Change the document as transforms do. old: trees from elsewhere, which it gets some of."""
    everywhere = list(document.findall(nodes.Element))
    node = chance.choice(everywhere)
    match chance.randrange(9):
        case 0:
            node.append(some_tree(chance))
        case 1 if old:
            node.insert(0, old.pop())
        case 2 if old:
            node.extend([old.pop()])
        case 3 if node.parent is not None and old:
            node.replace_self(old.pop())
        case 4 if node.parent is not None:
            node.parent.remove(node)
            old.append(node)
        case 5:
            node.children = [some_tree(chance)]  # past all methods
        case 6 if old:
            node.children.append(old[-1].deepcopy())
        case 7 if old:
            node += pickle.loads(pickle.dumps(old[-1]))
        case 8 if node.children and old:
            node[0:1] = [old.pop()]


@given(st.integers(0, 10_000))
def test_nodes_are_found_while_transforms_change_the_document(seed: int) -> None:
    chance = random.Random(seed)
    old = [some_tree(chance) for _ in range(5)]
    document = new_document("")
    document.extend([some_tree(chance, 2), some_tree(chance, 2)])

    class Change(Transform):  # type: ignore[misc]
        default_priority = 1

        def apply(self, **_: Any) -> None:
            for _ in range(12):
                changed(self.document, old, chance)
                for condition in ASKED:
                    found = list(map(id, self.document.findall(condition)))
                    assert found == list(map(id, documents_own(self.document, condition)))

    transformer = Transformer(document)
    transformer.add_transforms([Change, Change])
    transformer.apply_transforms()
    assert len(transformer.applied) == 2


class Seen(list[Any]):
    """Children that know whether they were looked at."""

    looked = 0

    def __iter__(self) -> Iterator[Any]:
        self.looked += 1
        return super().__iter__()

    def __getitem__(self, key: Any) -> Any:
        self.looked += 1
        return super().__getitem__(key)


def asks(condition: Any, found: list[nodes.Node]) -> type[Transform]:
    class Asks(Transform):  # type: ignore[misc]
        default_priority = 1

        def apply(self, **_: Any) -> None:
            found.extend(self.document.findall(condition))

    return Asks


@pytest.mark.parametrize("condition", [nodes.footnote, NodeMatcher(nodes.footnote, nodes.citation)])
def test_a_document_is_not_walked_for_what_it_has_none_of(condition: Any) -> None:
    document = new_document("")
    document.append(nodes.paragraph("", "text"))
    document.children = seen = Seen(document.children)
    found: list[nodes.Node] = []
    transformer = Transformer(document)
    transformer.add_transform(asks(condition, found))
    with present_classes.watched(document):
        seen.looked = 0
        transformer.apply_transforms()
        assert (found, seen.looked) == ([], 0)
    assert (list(document.findall(condition)), seen.looked) == ([], 1)  # when nothing is known


def test_a_document_within_another_is_known_by_itself() -> None:
    """As messages that are translated: what is made for one may end in the other."""
    outer, inner = new_document(""), new_document("")
    outer.append(nodes.paragraph())
    inner.append(nodes.section())
    with present_classes.watched(outer):
        assert present_classes.holds_none(outer, nodes.section)
        with present_classes.watched(inner):
            assert present_classes.holds_none(inner, nodes.paragraph)
            assert not present_classes.holds_none(inner, nodes.section)
            assert not present_classes.holds_none(outer, nodes.footnote)  # nothing is known of it now
            image = nodes.image()
        outer.children[0].children.append(image)
        assert next(iter(outer.findall(nodes.image))) is image
        assert present_classes.holds_none(outer, nodes.footnote)
    assert not present_classes.holds_none(outer, nodes.footnote)


def test_nothing_is_known_when_a_transform_has_failed() -> None:
    def failed(_: Any) -> None:
        raise ZeroDivisionError

    document = new_document("")
    transformer = Transformer(document)
    transformer.add_transform(type("Fails", (Transform,), {"default_priority": 1, "apply": failed}))
    with pytest.raises(ZeroDivisionError):
        transformer.apply_transforms()
    assert not present_classes.holds_none(document, nodes.footnote)


def test_nothing_is_looked_up_before_it_is_asked_for() -> None:
    document = new_document("")
    with present_classes.watched(document):
        found: Callable[[], nodes.Node] = iter(document.findall(nodes.paragraph)).__next__
        document.append(nodes.paragraph())
        assert found() is document.children[0]
