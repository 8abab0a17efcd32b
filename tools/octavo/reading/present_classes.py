"""Which classes of nodes a document can hold: it need not be walked for those that it has none of.

Some eighty times each document is asked for its nodes of a class, mostly in vain. While its transforms are applied,
the classes that it holds are known: those found in it at the start, and those of all nodes that were made or put into
another since. Too many are known rather than too few: what was taken out still counts, and what is elsewhere as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter

from docutils import nodes
from docutils.transforms import Transformer
from sphinx.environment import BuildEnvironment

_apply_transforms = Transformer.apply_transforms
_apply_post_transforms = BuildEnvironment.apply_post_transforms
_children_of = attrgetter("children")
_met: set[type] = set()
_none_among: dict[type | tuple[type, ...], int] = {}  # how many classes there were when none was of the asked ones
_SOME = -1


class _Watched:
    """The document whose classes are known, if there is one now."""

    document: nodes.Node | None = None


meet = _met.add
"""To be called with the class of each node that is made."""


def meet_below(node: nodes.Node) -> None:
    """To be called with a node that is put into another, and has children: they may be older than the watch."""
    if _Watched.document is not None:
        _met.update(classes_in(node))


def classes_in(node: nodes.Node) -> set[type]:
    """The classes of the node and of all below it."""
    found = {node.__class__}
    level = node.children
    while level:
        found.update(map(type, level))
        level = list(chain.from_iterable(map(_children_of, level)))
    return found


def holds_none(node: nodes.Node, cls: type | tuple[type, ...]) -> bool:
    """Whether it is known that neither the node nor any below it is of a class."""
    if node is not _Watched.document:
        return False
    asked_among = _none_among.get(cls)
    if asked_among == len(_met):
        return True
    if asked_among == _SOME:
        return False
    for met in _met:
        if issubclass(met, cls):
            _none_among[cls] = _SOME
            return False
    _none_among[cls] = len(_met)
    return True


@contextmanager
def watched(document: nodes.Node) -> Iterator[None]:
    """Know the classes of a document; of one within another, while it lasts, of that alone."""
    outer = _Watched.document
    if outer is document:
        yield
        return
    before = set(_met)
    _met.clear()
    _none_among.clear()
    _met.add(nodes.Text)  # texts are made without notice
    _met.update(classes_in(document))
    _Watched.document = document
    try:
        yield
    finally:
        _Watched.document = outer
        _met.update(before)
        _none_among.clear()


def apply_transforms(self: Transformer) -> None:
    """`Transformer.apply_transforms`."""
    with watched(self.document):
        _apply_transforms(self)


def apply_post_transforms(self: BuildEnvironment, doctree: nodes.document, docname: str) -> None:
    """`BuildEnvironment.apply_post_transforms`, at whose end extensions look at what is resolved."""
    with watched(doctree):
        _apply_post_transforms(self, doctree, docname)
