"""The book's toctrees, resolved once for all pages with Sphinx's own code.

`whole` asks Sphinx for the tree as a page sees it that stands in no toctree, deeper than any page will show it, with
placeholders for links. What Sphinx does for a certain page beyond that is a mark ("current") on every element from the
root to the entries of that page, and in one case more: see `irregular_pages`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.writers.html.navigation import PLACEHOLDER, Entry, placeholder

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.tags import Tags

NO_PAGE = "\uffffno page"  # a name that no document has
_WITHOUT_END = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a template asks of `toctree()`, without `collapse`. maxdepth: 0 for what each toctree says itself."""

    maxdepth: int = 0
    titles_only: bool = False
    includehidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeTree:
    """plain, marked: nodes to render, the same but for the marks; entries: in the order of their placeholders."""

    plain: nodes.Element
    marked: nodes.Element
    entries: tuple[Entry, ...]


class _Placeholders:
    """Stands for the builder while a toctree is resolved: Sphinx asks it for addresses (and 8.2 for the tags)."""

    def __init__(self, tags: Tags) -> None:
        self.tags = tags
        self.targets: list[str] = []

    def get_relative_uri(self, _from: str, to: str, _typ: str | None = None) -> str:
        """A placeholder for the address."""
        self.targets.append(to)
        return placeholder(len(self.targets) - 1)


def whole(builder: Builder, toctrees: Iterable[addnodes.toctree], options: Options) -> WholeTree | None:
    """The tree of several toctree nodes one after the other, as Sphinx joins them; None when there is nothing in it."""
    placeholders = _Placeholders(builder.tags)
    resolved: nodes.Element | None = None
    entries: dict[int, Entry] = {}
    for toctree in toctrees:
        made = builder.env.resolve_toctree(
            NO_PAGE,
            placeholders,  # type: ignore[arg-type]
            toctree,
            prune=True,
            maxdepth=_WITHOUT_END,
            titles_only=options.titles_only,
            collapse=False,
            includehidden=options.includehidden,
        )
        if not isinstance(made, nodes.Element):
            continue
        depth = options.maxdepth or toctree.get("maxdepth", -1)
        _collect(made, builder, placeholders, entries, None)
        _prune(made, 0, depth)
        if resolved is None:
            resolved = made
        else:
            resolved.extend(made.children)
    if resolved is None:
        return None
    marked = resolved.deepcopy()
    for node in marked.findall(nodes.Element):
        link = isinstance(node, nodes.reference) and not node.get("anchorname") and _number(node) is not None
        if link or isinstance(node, nodes.bullet_list | nodes.list_item | addnodes.compact_paragraph):
            node["classes"].append("current")
    return WholeTree(plain=resolved, marked=marked, entries=tuple(entries[n] for n in sorted(entries)))


def irregular_pages(env: BuildEnvironment) -> frozenset[str]:
    """Documents with `only` around sections: Sphinx prunes them otherwise for pages below them than for all others."""
    return frozenset(name for name, toc in env.tocs.items() if next(iter(toc.findall(addnodes.only)), None) is not None)


def _collect(
    node: nodes.Element,
    builder: Builder,
    placeholders: _Placeholders,
    entries: dict[int, Entry],
    parent: int | None,
) -> None:
    """Make an entry of each link."""
    own = parent
    for child in node.children:
        if isinstance(child, addnodes.compact_paragraph | nodes.list_item):
            _collect(child, builder, placeholders, entries, parent)
            if isinstance(child, addnodes.compact_paragraph):
                own = next((n for n in map(_number, child.findall(nodes.reference)) if n is not None), own)
        elif isinstance(child, nodes.bullet_list):
            _collect(child, builder, placeholders, entries, own)
        elif isinstance(child, nodes.reference) and (number := _number(child)) is not None:
            target = placeholders.targets[number]
            page = target if not child.get("anchorname") else None
            entries[number] = Entry(target=builder.get_target_uri(target), page=page, parent=parent)


def _number(link: nodes.reference) -> int | None:
    """The number in a link's placeholder; None when it leads out of the book."""
    match = PLACEHOLDER.match(link["refuri"])
    return int(match[1]) if match else None


def _prune(node: nodes.Element, depth: int, maxdepth: int) -> None:
    """Take away lists that are deeper than allowed, as Sphinx does. depth: of the list that `node` is in."""
    for child in list(node.children):
        if isinstance(child, nodes.bullet_list):
            if depth >= 1 and 0 < maxdepth < depth + 1:
                node.remove(child)
            else:
                _prune(child, depth + 1, maxdepth)
        elif isinstance(child, nodes.list_item | addnodes.compact_paragraph):
            _prune(child, depth, maxdepth)
