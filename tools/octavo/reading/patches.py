"""The one place where Octavo changes code of Sphinx, and of docutils, where they have no place for an own answer.

Each patch is for the versions that it was tested with, gives the same result as the code that it stands for, and is
left out for any other version: then Sphinx's own code runs. `octavo info` says which are in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Any

import docutils
import sphinx
from docutils import frontend, nodes
from sphinx.environment.adapters import toctree

if TYPE_CHECKING:
    from docutils import SettingsSpec

SPHINX_VERSIONS = ((8, 2), (9, 0))
DOCUTILS_VERSIONS = ((0, 21), (0, 22))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """name: what is patched; why: what it saves; place: class or module; attribute, ours: what is set in it."""

    name: str
    why: str
    place: object
    attribute: str
    ours: Callable[..., object]


def tested() -> bool:
    """Whether the patches were tested with this Sphinx and this docutils."""
    return sphinx.version_info[:2] in SPHINX_VERSIONS and docutils.__version_info__[:2] in DOCUTILS_VERSIONS


def apply() -> None:
    """Put all patches in place, once, if they were tested with this Sphinx and this docutils."""
    if tested():
        for patch in PATCHES:
            setattr(patch.place, patch.attribute, patch.ours)


def described() -> dict[str, str]:
    """The patches by name, with why they are in use, or why not."""
    untested = (
        f"not in use: tested with Sphinx {_listed(SPHINX_VERSIONS)} and docutils {_listed(DOCUTILS_VERSIONS)}, "
        f"these are {sphinx.__display_version__} and {docutils.__version__}"
    )
    return {patch.name: patch.why if tested() else untested for patch in PATCHES}


def _listed(versions: Iterable[tuple[int, int]]) -> str:
    return " or ".join(".".join(map(str, version)) for version in versions)


class _Parents:
    """Child to parent, of the toctrees that were asked for last. lists: the very lists that it was made from."""

    lists: list[list[str]] = []  # noqa: RUF012 -- replaced, never changed
    entries: int = -1
    parents: dict[str, str] = {}  # noqa: RUF012 -- replaced, never changed


def _toctree_ancestors(toctree_includes: dict[str, list[str]], docname: str) -> Set[str]:
    """Documents from this one up to one that no toctree names; the last toctree that names a document counts."""
    lists = list(toctree_includes.values())
    entries = sum(map(len, lists))
    same = entries == _Parents.entries and len(lists) == len(_Parents.lists) and all(map(is_, lists, _Parents.lists))
    if not same:  # a document that is read again has a new list
        _Parents.parents = {child: parent for parent, children in toctree_includes.items() for child in children}
        _Parents.lists, _Parents.entries = lists, entries
    found: dict[str, None] = {}
    name = docname
    while name in _Parents.parents and name not in found:
        found[name] = None
        name = _Parents.parents[name]
    return found.keys()


def _all_nodes(self: nodes.Node, cls: type) -> Iterator[nodes.Node]:
    """The node and all below it that are of a class, in document order; lists may grow while they are looked through.

    A stack of iterators, where docutils has a generator for each node, each handing every find up to its parent's.
    """
    if isinstance(self, cls):
        yield self
    iterators = [iter(self.children)]
    while iterators:
        for child in iterators[-1]:
            if isinstance(child, cls):
                yield child
            children = child.children
            if children:
                iterators.append(iter(children))
                break
        else:
            iterators.pop()


_findall = nodes.Node.findall


def _found(self: nodes.Node, condition: Any = None, *options: Any, **named: Any) -> Iterator[nodes.Node]:
    """Nodes that meet a condition; without further options from one generator, as in `_all_nodes`."""
    if options or named or condition is None:
        return _findall(self, condition, *options, **named)  # type: ignore[no-any-return]
    if isinstance(condition, type):
        return self._fast_findall(condition)  # type: ignore[no-any-return]
    return filter(condition, _all_nodes(self, nodes.Node))


_walkabout = nodes.Node.walkabout
_dispatch_visit = nodes.NodeVisitor.dispatch_visit
_dispatch_departure = nodes.NodeVisitor.dispatch_departure


def _walk_about(self: nodes.Node, visitor: nodes.NodeVisitor) -> bool:
    """Visit the node, all below it, and leave it; True to stop. docutils' own makes two messages that nobody sees."""
    if visitor.document.reporter.debug_flag:
        return bool(_walkabout(self, visitor))
    leave, stop = True, False
    try:
        try:
            visitor.dispatch_visit(self)
        except nodes.SkipNode:
            return False
        except nodes.SkipDeparture:
            leave = False
        try:
            for child in self.children[:]:
                if child.walkabout(visitor):
                    stop = True
                    break
        except nodes.SkipSiblings:
            pass
    except nodes.SkipChildren:
        pass
    except nodes.StopTraversal:
        stop = True
    if leave:
        visitor.dispatch_departure(self)
    return stop


def _visit(self: nodes.NodeVisitor, node: nodes.Node) -> None:
    """Call the method for the node's class; what it returns is docutils' to pass on, and nobody's to use."""
    method = getattr(self, "visit_" + node.__class__.__name__, None)
    if method is None or self.document.reporter.debug_flag:
        return _dispatch_visit(self, node)  # type: ignore[no-any-return]
    return method(node)  # type: ignore[no-any-return]


def _depart(self: nodes.NodeVisitor, node: nodes.Node) -> None:
    """See `_visit`."""
    method = getattr(self, "depart_" + node.__class__.__name__, None)
    if method is None or self.document.reporter.debug_flag:
        return _dispatch_departure(self, node)  # type: ignore[no-any-return]
    return method(node)  # type: ignore[no-any-return]


_populate = frontend.OptionParser.populate_from_components
_COMPONENT_PARTS = ("settings_spec", "settings_defaults", "settings_default_overrides", "relative_path_settings")
_POPULATED = ("option_groups", "option_list", "_short_opt", "_long_opt", "defaults", "lists", "relative_path_settings")
_populated: dict[tuple[object, ...], dict[str, Any]] = {}


def _populate_once(self: Any, components: Iterable[SettingsSpec]) -> None:
    """Collect the options of a reader, a parser and a writer; of the same ones again from memory."""
    components = tuple(components)
    plain = type(self) is frontend.OptionParser and not any(
        part in vars(c)
        for c in components
        if c is not self and c is not None and not isinstance(c, type)  # docutils has None for what was not given
        for part in _COMPONENT_PARTS
    )
    if not plain:
        _populate(self, components)
        return
    key = tuple(c if isinstance(c, type) else type(c) for c in components)
    if key not in _populated:
        _populate(self, components)
        _populated[key] = {name: _copied(getattr(self, name)) for name in _POPULATED}
    else:
        vars(self).update({name: _copied(value) for name, value in _populated[key].items()})


def _copied(value: Any) -> Any:
    return value if isinstance(value, tuple) else value.copy()


PATCHES = (
    Patch(
        name="sphinx.environment.adapters.toctree._get_toctree_ancestors",
        why="makes the map from child to parent once, not once for each question",
        place=toctree,
        attribute="_get_toctree_ancestors",
        ours=_toctree_ancestors,
    ),
    Patch(
        name="docutils.nodes.Node._fast_findall",
        why="walks a document with one generator, not with one for each node",
        place=nodes.Node,
        attribute="_fast_findall",
        ours=_all_nodes,
    ),
    Patch(
        name="docutils.nodes.Node.findall",
        why="as _fast_findall, for what is looked for by more than its class",
        place=nodes.Node,
        attribute="findall",
        ours=_found,
    ),
    Patch(
        name="docutils.nodes.Node.walkabout",
        why="visits nodes without a message about each, unless those are asked for",
        place=nodes.Node,
        attribute="walkabout",
        ours=_walk_about,
    ),
    Patch(
        name="docutils.nodes.NodeVisitor.dispatch_visit",
        why="as walkabout",
        place=nodes.NodeVisitor,
        attribute="dispatch_visit",
        ours=_visit,
    ),
    Patch(
        name="docutils.nodes.NodeVisitor.dispatch_departure",
        why="as walkabout",
        place=nodes.NodeVisitor,
        attribute="dispatch_departure",
        ours=_depart,
    ),
    Patch(
        name="docutils.frontend.OptionParser.populate_from_components",
        why="makes a hundred command line options once, not for each document",
        place=frontend.OptionParser,
        attribute="populate_from_components",
        ours=_populate_once,
    ),
)
