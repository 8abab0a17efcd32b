"""Walking, copying and adopting nodes gives what docutils and Sphinx give."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from docutils import frontend, nodes
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from sphinx.util.nodes import NodeMatcher, _copy_except__document

from octavo.reading import quick_nodes

Find = Callable[..., Iterator[nodes.Node]]
CONDITIONS: list[Any] = [
    None,
    nodes.Node,
    nodes.Element,
    nodes.paragraph,
    nodes.Text,
    NodeMatcher(),
    NodeMatcher(nodes.paragraph, nodes.emphasis),
    NodeMatcher(nodes.Element, mark=Any),
    NodeMatcher(nodes.section, mark=2),
    NodeMatcher(mark=1),
    lambda node: len(node.children) > 1,
]


def docutils_own(self: nodes.Node, condition: Any = None) -> Iterator[nodes.Node]:
    """What docutils does for the simplest question, said as it says it."""
    if condition is None or isinstance(condition, type):
        if condition is None or isinstance(self, condition):
            yield self
        for child in self.children:
            yield from docutils_own(child, condition)
        return
    if condition(self):
        yield self
    if len(self.children):
        for child in self:
            yield from docutils_own(child, condition)


def some_tree(chance: random.Random, depth: int = 4) -> nodes.Element:
    made = chance.choice([nodes.paragraph, nodes.section, nodes.emphasis])()
    if chance.random() < 0.3:
        made["mark"] = chance.randrange(3)
    for _ in range(chance.randrange(4)):
        made.append(some_tree(chance, depth - 1) if depth and chance.random() < 0.7 else nodes.Text("text"))
    return made


@given(st.integers(0, 10_000), st.sampled_from(CONDITIONS))
def test_all_nodes(seed: int, condition: Any) -> None:
    tree = some_tree(random.Random(seed))
    assert list(map(id, quick_nodes.find_all(tree, condition))) == list(map(id, docutils_own(tree, condition)))


@given(st.integers(0, 10_000), st.sampled_from(CONDITIONS), st.tuples(*[st.booleans()] * 4))
def test_all_nodes_elsewhere(seed: int, condition: Any, where: tuple[bool, bool, bool, bool]) -> None:
    root = some_tree(random.Random(seed))
    node = random.Random(seed).choice(list(docutils_own(root, nodes.Element)))
    theirs = list(map(id, quick_nodes._findall(node, condition, *where)))
    assert list(map(id, quick_nodes.find_all(node, condition, *where))) == theirs


@given(st.integers(0, 10_000), st.sampled_from(CONDITIONS))
def test_all_nodes_while_the_tree_changes(seed: int, condition: Any) -> None:
    """Sphinx's transforms append, replace and empty what they are just looking at."""

    def changed(find: Find) -> list[str]:
        chance, found = random.Random(seed), []
        tree = nodes.section("", some_tree(chance), some_tree(chance))
        for node in find(tree, condition):
            found.append(type(node).__name__)
            match chance.randrange(6):
                case 0 if len(found) < 100 and isinstance(node, nodes.Element):
                    node.append(nodes.strong("", "new"))
                case 1 if node.parent is not None and node in node.parent.children:
                    node.parent.replace(node, nodes.inline())
                case 2 if isinstance(node, nodes.Element):
                    node.clear()
                case 3 if node.parent is not None and len(found) < 100:
                    node.parent.append(nodes.emphasis())
                case 4 if node.parent is not None:
                    node.parent.clear()
        return [*found, tree.pformat()]

    assert changed(quick_nodes.find_all) == changed(docutils_own)


def test_nothing_is_looked_for_before_it_is_asked_for() -> None:
    """As of a generator: what is appended after the call is found."""
    for condition in CONDITIONS[:6]:
        tree = nodes.section()
        found = quick_nodes.find_all(tree, condition)
        tree.append(nodes.paragraph("", "late"))
        assert [node.astext() for node in found][-1:] == ["late"] * (condition is not CONDITIONS[3] or 1)


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

    theirs = walked(quick_nodes._walkabout, quick_nodes._dispatch_visit, quick_nodes._dispatch_departure)
    assert walked(quick_nodes.walk_about, quick_nodes.visit, quick_nodes.depart) == theirs


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.integers(0, 10_000), st.booleans())
def test_adopted_and_copied_nodes(seed: int, of_a_document: bool) -> None:
    """Parents, documents, sources and lines of new nodes."""

    def made(adopt: Callable[..., None], copy: Callable[..., nodes.Element], document_of: Any) -> list[object]:
        chance = random.Random(seed)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(nodes.Node, "setup_child", adopt)
            patch.setattr(nodes.Node, "document", property(document_of, nodes.Node.document.fset))
            patch.setattr(nodes.Element, "deepcopy", copy)
            root = new_document("a.rst", frontend.get_default_settings()) if of_a_document else nodes.section()
            if of_a_document:
                root.current_source, root.current_line = "b.rst", chance.randrange(9)
            for _ in range(3):
                root += some_tree(chance)
            for node in list(docutils_own(root, nodes.Element)):
                if chance.random() < 0.3:
                    node._document = None
                    node.line = chance.choice([None, 3])
            copies = [root.children[0].deepcopy(), root.children[1].deepcopy()]
            root.children[2] += copies[0]
            return [
                (str(n), n.source, n.line, n.parent is None, n.document is root, n._document is root)
                for tree in (root, *copies)
                for n in docutils_own(tree)
            ]

    theirs = made(docutils_setup_child, sphinx_deepcopy, docutils_document)
    assert made(quick_nodes.set_up_child, quick_nodes.deep_copy, quick_nodes.document_of) == theirs


def docutils_document(self: nodes.Node) -> nodes.document | None:
    try:
        return self._document or docutils_document(self.parent)
    except AttributeError:
        return None


def docutils_setup_child(self: nodes.Node, child: nodes.Node) -> None:
    child.parent = self
    if docutils_document(self):
        child.document = docutils_document(self)
        if child.source is None:
            child.source = docutils_document(self).current_source
        if child.line is None:
            child.line = docutils_document(self).current_line


def sphinx_deepcopy(element: nodes.Element) -> nodes.Element:
    made = element.copy()
    made.children = [child.deepcopy() for child in element.children]
    for child in made.children:
        child.parent = made
        if element.document:
            child.document = element.document
            if child.source is None:
                child.source = element.document.current_source
            if child.line is None:
                child.line = element.document.current_line
    return made


class Named(nodes.Element):
    tagname = "of-its-own"
    list_attributes = (*nodes.Element.list_attributes, "more")


@pytest.mark.parametrize("cls", [nodes.section, nodes.Element, Named])
@given(st.dictionaries(st.sampled_from(["ids", "IDS", "Classes", "more", "refid", "b"]), st.lists(st.integers())))
def test_new_elements(cls: type[nodes.Element], attributes: dict[str, list[int]]) -> None:
    """As docutils' own, which isn't to be had once it is patched: attributes in order, lists as copies."""
    made = cls.__new__(cls)
    children = [nodes.Text("a"), nodes.paragraph()]
    quick_nodes.set_up_element(made, "raw", *children, **attributes)
    expected: dict[str, list[int]] = {name: [] for name in cls.list_attributes}
    expected.update({name.lower(): value for name, value in attributes.items()})
    assert list(made.attributes.items()) == list(expected.items())
    for name, value in attributes.items():
        if name.lower() in cls.list_attributes:
            assert made[name.lower()] is not value
    assert made.children == children
    assert {id(child.parent) for child in children} == {id(made)}
    assert made.rawsource == "raw"
    assert made.tagname == getattr(cls, "tagname", None) or cls.__name__


@given(
    st.dictionaries(st.sampled_from(["ids", "backrefs", "more", "b"]), st.lists(st.integers())),
    st.lists(st.sampled_from(["ids", "classes", "names", "dupnames"])),
)
def test_copied_elements(attributes: dict[str, list[int]], missing: list[str]) -> None:
    original = Named("raw", nodes.paragraph(), **attributes)
    original.source, original.line = "a.rst", 3
    for name in missing:
        original.attributes.pop(name, None)
    made, theirs = quick_nodes.copy(original), _copy_except__document(original)
    assert (type(made), vars(made)) == (type(theirs), vars(theirs))
    assert list(made.attributes) == list(theirs.attributes)
    shared = [name for name, value in original.attributes.items() if made.attributes[name] is value]
    assert shared == [name for name, value in original.attributes.items() if theirs.attributes[name] is value]


def test_an_element_is_no_raw_source() -> None:
    with pytest.raises(TypeError, match="must be a string"):
        quick_nodes.set_up_element(nodes.section(), nodes.section())  # type: ignore[arg-type]


class Shouted(nodes.Text):
    """A text that is made in a way of its own."""

    def __new__(cls, data: str) -> Self:
        return super().__new__(cls, data.upper())


@given(st.text(st.sampled_from("ab \n\0\\<"), max_size=12), st.sampled_from([nodes.Text, Shouted]))
def test_texts(text: str, cls: type[nodes.Text]) -> None:
    node = cls(text)
    assert quick_nodes.text_of(node) == str(nodes.unescape(node))
    assert type(quick_nodes.text_of(node)) is str
    for copied in (quick_nodes.copy_text(node), quick_nodes.deep_copy_text(node)):
        assert (type(copied), str(copied), vars(copied)) == (cls, str(node), {})
