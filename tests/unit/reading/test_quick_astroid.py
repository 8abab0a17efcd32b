"""Transforms of modules, asked in fewer steps, beside a visitor that asks all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.reading import quick_astroid
from octavo.reading.patches import PATCHES

NAMES = ("array", "dict", "type", "zeros", "other")


class Tree:
    """A node as astroid has them: its fields are nodes, lists of nodes, texts or nothing."""

    _astroid_fields: ClassVar[tuple[str, ...]] = ("func", "args")

    def __init__(self, func: Any = None, args: Any = None, name: str = "") -> None:
        self.func, self.args, self.name, self.attrname = func, args, name, name
        self.done: list[str] = []


def described(tree: Any) -> object:
    """All that there is of a tree, to be compared."""
    if isinstance(tree, list | tuple):
        return type(tree)(map(described, tree))
    if not isinstance(tree, Tree):
        return tree
    return type(tree).__name__, tree.name, tree.done, described(tree.func), described(tree.args)


class Name(Tree): ...


class Attribute(Tree): ...


class Call(Tree): ...


class Const(Tree): ...


class Visitor:
    """Asks every transform of a node's class in turn, until one gives no node of that class back."""

    def __init__(self) -> None:
        self.transforms: defaultdict[type, list[tuple[Any, Any]]] = defaultdict(list)
        self.asked = 0

    def _transform(self, node: Any) -> Any:
        kind = type(node)
        for change, asks in self.transforms[kind]:
            self.asked += 1
            if asks is not None and not asks(node):
                continue
            made = change(node)
            node = node if made is None else made
            if type(made) is not kind:
                return node
        return node

    def _visit(self, node: Any) -> Any:
        for field in node._astroid_fields:
            before = getattr(node, field)
            after = self._visit_generic(before)
            if after != before:
                setattr(node, field, after)
        return self._transform(node)

    def _visit_generic(self, node: Any) -> Any:
        if isinstance(node, list | tuple):
            return type(node)(map(self._visit_generic, node))
        return self._visit(node) if isinstance(node, Tree) else node


class Quick(Visitor):
    """The same with ours in place."""

    _visit = quick_astroid.visit
    _transform = quick_astroid.transform


def name_looks_like_numpy_member(member_name: str, node: Any) -> bool:
    return bool(node.name == member_name)


def attribute_looks_like_numpy_member(member_name: str, node: Any) -> bool:
    return bool(node.attrname == member_name and isinstance(node.func, Name))


def _builtin_filter_predicate(node: Any, builtin_name: str) -> bool:
    if isinstance(node.func, Name) and node.func.name == builtin_name:
        return len(node.args or ()) < 3
    return isinstance(node.func, Attribute) and node.func.attrname == "fromkeys"


@pytest.fixture(autouse=True)
def _as_of_astroid(monkeypatch: pytest.MonkeyPatch) -> None:
    for function in (name_looks_like_numpy_member, attribute_looks_like_numpy_member):
        monkeypatch.setattr(function, "__module__", "astroid.brain.brain_numpy_utils")
    monkeypatch.setattr(_builtin_filter_predicate, "__module__", "astroid.brain.brain_builtin_inference")
    monkeypatch.setitem(quick_astroid.originals, "_transform", Visitor._transform)


def _noting(what: str) -> Callable[[Any], Any]:
    def change(node: Any) -> Any:
        node.done.append(what)
        return node

    return change


def _renaming(node: Any) -> Any:
    """Another node of the class, which others may be interested in."""
    made = type(node)(node.func, node.args, name="array")
    made.done = [*node.done, "renamed"]
    return made


def _set_up(visitor: Visitor) -> Visitor:
    for name in NAMES[:-1]:
        visitor.transforms[Name].append((_noting(name), partial(name_looks_like_numpy_member, name)))
        visitor.transforms[Attribute].append((_noting(name), partial(attribute_looks_like_numpy_member, name)))
        visitor.transforms[Call].append((_noting(name), partial(_builtin_filter_predicate, builtin_name=name)))
    visitor.transforms[Name].insert(0, (_renaming, lambda node: node.name == "zeros"))
    visitor.transforms[Name].append((lambda _node: None, lambda node: node.name == "dict"))
    visitor.transforms[Call].insert(1, (lambda node: Const(name=node.func and "x"), lambda node: node.args == []))
    visitor.transforms[Call].append((_noting("any"), None))
    visitor.transforms[Const].append((_noting("const"), lambda node: node.name != "other"))
    return visitor


def _trees(depth: int = 3) -> st.SearchStrategy[Any]:
    name = st.sampled_from((*NAMES, "fromkeys"))
    if depth == 0:
        return st.builds(Const, name=name) | st.builds(Name, name=name)
    below = _trees(depth - 1)
    args = st.none() | st.lists(below | st.none() | st.tuples(below, below), max_size=3)
    return st.one_of(
        st.builds(kind, func=st.none() | st.just("text") | below, args=args, name=name)
        for kind in (Name, Attribute, Call, Const)
    )


def _twins(tree: Any) -> Any:
    if isinstance(tree, list | tuple):
        return type(tree)(map(_twins, tree))
    return type(tree)(_twins(tree.func), _twins(tree.args), tree.name) if isinstance(tree, Tree) else tree


@given(_trees())
def test_the_same_transforms_change_the_same_nodes(tree: Any) -> None:
    twin = _twins(tree)
    assert described(_set_up(Quick())._visit(tree)) == described(_set_up(Visitor())._visit(twin))


def test_nodes_of_other_names_are_asked_by_nobody() -> None:
    asked = _counted(Name(name="other"))
    assert asked == (0, 6)
    assert _counted(Call(func=Name(name="other"), args=[Name(name="other")]))[0] < 8


def _counted(tree: Tree) -> tuple[int, int]:
    """How many transforms were offered a node one after the other: with ours in place, and without."""
    quick, plain = _set_up(Quick()), _set_up(Visitor())
    quick._visit(_twins(tree))
    plain._visit(tree)
    return quick.asked, plain.asked


def test_transforms_that_come_later_are_asked_as_well() -> None:
    visitor = _set_up(Quick())
    visitor._visit(Name(name="other"))
    visitor.transforms[Name].append((_noting("later"), partial(name_looks_like_numpy_member, "other")))
    assert visitor._visit(Name(name="other")).done == ["later"]


def test_it_is_for_tested_versions_of_astroid() -> None:
    ours = [patch for patch in _patches() if patch.package == "astroid"]
    assert {patch.ours for patch in ours} == {quick_astroid.visit, quick_astroid.transform}
    assert all(patch.versions == ((3, 3),) for patch in ours)


def _patches() -> Iterator[Any]:
    return iter(PATCHES)
