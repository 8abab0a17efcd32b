"""The one place where Octavo changes code of Sphinx itself, where Sphinx has no place for an own answer.

Each patch is for the versions that it was tested with, gives the same result as the code that it stands for, and is
left out for any other version: then Sphinx's own code runs. `octavo info` says which are in use.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from operator import is_

import sphinx
from sphinx.environment.adapters import toctree

SPHINX_VERSIONS = ((8, 2), (9, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """name: what is patched; apply: puts it in place; why: what it saves."""

    name: str
    why: str
    apply: Callable[[], None]


def tested() -> bool:
    """Whether the patches were tested with this Sphinx."""
    return sphinx.version_info[:2] in SPHINX_VERSIONS


def apply() -> None:
    """Put all patches in place, once, if they were tested with this Sphinx."""
    if tested():
        for patch in PATCHES:
            patch.apply()


def described() -> dict[str, str]:
    """The patches by name, with why they are in use, or why not."""
    versions = " and ".join(".".join(map(str, version)) for version in SPHINX_VERSIONS)
    untested = f"not in use: tested with Sphinx {versions}, this is {sphinx.__display_version__}"
    return {patch.name: patch.why if tested() else untested for patch in PATCHES}


def _quick_ancestors() -> None:
    toctree._get_toctree_ancestors = _toctree_ancestors


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


PATCHES = (
    Patch(
        name="sphinx.environment.adapters.toctree._get_toctree_ancestors",
        why="makes the map from child to parent once, not once for each question",
        apply=_quick_ancestors,
    ),
)
