"""Each patch gives what Sphinx's own code gives, and stays out of a Sphinx that it wasn't tested with."""

from __future__ import annotations

import importlib.util
import io
import random
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
import sphinx
from docutils import frontend, nodes
from docutils.parsers.rst import Parser
from docutils.readers.standalone import Reader
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from sphinx.environment.adapters import toctree

from octavo.reading import patches

NAMES = st.sampled_from(["a", "b", "c", "d", "e", "index"])
INCLUDES = st.dictionaries(NAMES, st.lists(NAMES, max_size=4))


def unpatched() -> ModuleType:
    """Sphinx's module as it is on disk."""
    spec = importlib.util.find_spec("sphinx.environment.adapters.toctree")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


THEIRS = unpatched()


@given(INCLUDES, NAMES)
def test_ancestors(includes: dict[str, list[str]], docname: str) -> None:
    assert list(patches._toctree_ancestors(includes, docname)) == list(THEIRS._get_toctree_ancestors(includes, docname))


def test_a_document_that_was_read_again_has_other_children() -> None:
    includes = {"index": ["a"]}
    assert list(patches._toctree_ancestors(includes, "a")) == ["a"]
    includes["index"] = ["b"]
    assert list(patches._toctree_ancestors(includes, "a")) == []
    assert list(patches._toctree_ancestors(includes, "b")) == ["b"]


def test_another_sphinx_keeps_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toctree, "_get_toctree_ancestors", THEIRS._get_toctree_ancestors)
    monkeypatch.setattr(sphinx, "version_info", (99, 1, 0, "final", 0))
    patches.apply()
    assert toctree._get_toctree_ancestors is THEIRS._get_toctree_ancestors
    assert all(said.startswith("not in use: tested with Sphinx 8.2 or 9.0") for said in patches.described().values())


def test_the_sphinx_at_hand_was_tested() -> None:
    patches.apply()
    assert toctree._get_toctree_ancestors is patches._toctree_ancestors
    assert not any("not in use" in said for said in patches.described().values())


def docutils_own(self: nodes.Node, cls: type) -> Iterator[nodes.Node]:
    """What docutils does, said as it says it."""
    if isinstance(self, cls):
        yield self
    for child in self.children:
        yield from docutils_own(child, cls)


def some_tree(chance: random.Random, depth: int = 4) -> nodes.Element:
    made = chance.choice([nodes.paragraph, nodes.section, nodes.emphasis])()
    for _ in range(chance.randrange(4)):
        made.append(some_tree(chance, depth - 1) if depth and chance.random() < 0.7 else nodes.Text("text"))
    return made


@given(st.integers(0, 10_000), st.sampled_from([nodes.Node, nodes.Element, nodes.paragraph, nodes.Text]))
def test_all_nodes_of_a_class(seed: int, cls: type) -> None:
    tree = some_tree(random.Random(seed))
    assert list(map(id, patches._all_nodes(tree, cls))) == list(map(id, docutils_own(tree, cls)))


@given(st.integers(0, 10_000))
def test_all_nodes_while_the_tree_changes(seed: int) -> None:
    """Sphinx's transforms append, replace and empty what they are just looking at."""

    def changed(find: Callable[..., Iterator[nodes.Node]]) -> list[str]:
        chance, found = random.Random(seed), []
        tree = nodes.section("", some_tree(chance), some_tree(chance))
        for node in find(tree, nodes.Element):
            found.append(type(node).__name__)
            match chance.randrange(5):
                case 0 if len(found) < 100:
                    node.append(nodes.strong("", "new"))
                case 1 if node.parent is not None:
                    node.parent.replace(node, nodes.inline())
                case 2:
                    node.clear()
                case 3 if node.parent is not None and len(found) < 100:
                    node.parent.append(nodes.emphasis())
        return [*found, tree.pformat()]

    assert changed(patches._all_nodes) == changed(docutils_own)


def is_deep(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Text) or len(node.children) > 1


@given(st.integers(0, 10_000))
def test_nodes_that_meet_a_condition(seed: int) -> None:
    tree = some_tree(random.Random(seed))
    for options in ({}, {"include_self": False}, {"siblings": True}, {"descend": False}):
        for condition in (None, nodes.paragraph, is_deep):
            found = [id(node) for node in patches._found(tree, condition, **options)]
            assert found == [id(node) for node in patches._findall(tree, condition, **options)]


class Notes(nodes.NodeVisitor):
    """Writes down where it comes, and stops, skips or changes the tree by chance."""

    def __init__(self, document: nodes.document, seed: int) -> None:
        super().__init__(document)
        self.chance = random.Random(seed)
        self.seen: list[str] = []

    def visit_paragraph(self, node: nodes.Node) -> None:
        self._note("paragraph", node)

    def visit_emphasis(self, node: nodes.Node) -> None:
        self._note("emphasis", node)

    def depart_paragraph(self, _: nodes.Node) -> None:
        self.seen.append("end of paragraph")

    def unknown_visit(self, node: nodes.Node) -> None:
        self._note("unknown", node)

    def unknown_departure(self, _: nodes.Node) -> None:
        self.seen.append("end of unknown")

    def _note(self, what: str, node: nodes.Node) -> None:
        self.seen.append(what)
        match self.chance.randrange(24):
            case 0:
                raise nodes.SkipNode
            case 1:
                raise nodes.SkipChildren
            case 2:
                raise nodes.SkipDeparture
            case 3:
                raise nodes.SkipSiblings
            case 4:
                raise nodes.StopTraversal
            case 5 if isinstance(node, nodes.Element) and len(self.seen) < 100:
                node.append(nodes.emphasis())


@given(st.integers(0, 10_000), st.booleans())
def test_walking_about(seed: int, debug: bool) -> None:
    def walked(*methods: Callable[..., object]) -> list[str]:
        document = new_document("")
        document.reporter.debug_flag = debug
        document.reporter.stream.destination = io.StringIO()
        messages: list[str] = []
        document.reporter.attach_observer(lambda message: messages.append(message.astext()))
        document.append(some_tree(random.Random(seed)))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(nodes.Node, "walkabout", methods[0])
            patch.setattr(nodes.NodeVisitor, "dispatch_visit", methods[1])
            patch.setattr(nodes.NodeVisitor, "dispatch_departure", methods[2])
            notes = Notes(document, seed)
            try:
                stopped = str(document.walkabout(notes))
            except nodes.TreePruningException as raised:
                stopped = repr(raised)
        return [*notes.seen, stopped, document.pformat(), *messages]

    theirs = walked(patches._walkabout, patches._dispatch_visit, patches._dispatch_departure)
    assert walked(patches._walk_about, patches._visit, patches._depart) == theirs


def settings(populate: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    made = []
    with monkeypatch.context() as patch:
        patch.setattr(frontend.OptionParser, "populate_from_components", populate)
        for components in ((Reader, Parser()), (Parser,), (Parser, None)) * 2:
            with pytest.warns(DeprecationWarning, match="OptionParser"):
                parser = frontend.OptionParser(components=components, defaults={"traceback": True})
            values = vars(parser.get_default_values())
            values.pop("record_dependencies")
            made.append({**values, "of the parser": parser.format_help(), "lists": parser.lists})
            values["strip_classes"] = ["changed"]
            parser.defaults["halt_level"] = 1
    return made


@pytest.mark.filterwarnings("ignore:The frontend.Option class:DeprecationWarning")
def test_settings_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = settings(patches._populate, monkeypatch)
    assert settings(patches._populate_once, monkeypatch) == theirs
