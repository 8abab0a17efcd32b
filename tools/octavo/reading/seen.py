"""What other pages can see of a document: its titles, its place in the toctrees, its targets and its numbered figures.

An edit that leaves all of it alone changes one page of the site. What is compared here decides only how soon the other
pages are looked at; an answer of "changed" where nothing did costs time and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment

Figures = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Of each node that is counted, in document order: its type, its id, and the ids of the sections around it."""

_NUMBER = re.compile(r' secnumber="[^"]*"')
_OF_THE_PAGE = ("wordcount",)  # MyST-Parser's count, which each edit changes
_SLUGS = "myst_slugs"  # MyST-Parser's, each with the line, the id and the text of its heading
_LINES = {"citation": 2}  # of these domains, the entry's item that is a line number: nobody else sees it


def seen_by_others(env: BuildEnvironment, docname: str) -> tuple[str, ...]:
    """Comparable text of all that another page, or a list of the whole book, may show of a document."""
    nodes_seen = [found[docname] for found in (env.titles, env.longtitles, env.tocs) if docname in found]
    return (
        *(_NUMBER.sub("", node.pformat()) for node in nodes_seen),
        repr(metadata_seen(env, docname)),
        repr(env.toctree_includes.get(docname)),
        repr((docname in env.numbered_toctrees, docname in env.glob_toctrees)),
        *sorted(text for domain in env.domains.sorted() for text in _entries(domain, docname)),
    )


def metadata_seen(env: BuildEnvironment, docname: str) -> dict[str, object]:
    """What is said of a document, without what each edit changes."""
    found = {key: value for key, value in env.metadata.get(docname, {}).items() if key not in _OF_THE_PAGE}
    slugs = found.get(_SLUGS)
    if isinstance(slugs, dict):
        found[_SLUGS] = {slug: entry[1:] if isinstance(entry, tuple) else entry for slug, entry in slugs.items()}
    return found


def without_lines(domain: Domain, entry: object) -> str:
    """An entry that a domain keeps, in words that are the same in each run, without what is the line of anything."""
    if domain.name in _LINES and isinstance(entry, tuple) and len(entry) > _LINES[domain.name]:
        entry = (*entry[: _LINES[domain.name]], *entry[_LINES[domain.name] + 1 :])
    return repr(sorted(entry, key=repr)) if isinstance(entry, set | frozenset) else repr(entry)


def figures_of(doctree: nodes.document, env: BuildEnvironment) -> Figures:
    """The nodes that Sphinx numbers over the whole book, and the toctrees among them, where it goes on elsewhere."""
    found = []
    for node in doctree.findall(nodes.Element):
        if isinstance(node, addnodes.toctree):
            found.append(("toctree", "", tuple(_sections_around(node))))
        elif node["ids"] and (kind := _counted_as(node, env)):
            found.append((kind, str(node["ids"][0]), tuple(_sections_around(node))))
    return tuple(found)


def _counted_as(node: nodes.Element, env: BuildEnvironment) -> str | None:
    for domain in env.domains.sorted():
        kind = domain.get_enumerable_node_type(node)
        if kind and (domain.name != "std" or env.domains.standard_domain.get_numfig_title(node)):
            return str(kind)
    return None


def _sections_around(node: nodes.Node) -> Iterator[str]:
    current = node.parent
    while current is not None:
        if isinstance(current, nodes.section) and current["ids"]:
            yield str(current["ids"][0])
        current = current.parent


def _entries(domain: Domain, docname: str) -> Iterator[str]:
    """The domain's entries that name the document, whatever the domain keeps in them."""
    everything_is_a_dict = True
    for name, kept in domain.data.items():
        if not isinstance(kept, dict):
            everything_is_a_dict = everything_is_a_dict and isinstance(kept, int)
            continue
        if docname in kept:
            yield f"{domain.name} {name} {kept[docname]!r}"
        for key, entry in kept.items():
            if isinstance(entry, tuple):
                if docname in entry:
                    shown = list(entry)
                    if domain.name in _LINES:
                        del shown[_LINES[domain.name]]
                    yield f"{domain.name} {name} {key!r} {shown!r}"
            elif getattr(entry, "docname", None) == docname:
                yield f"{domain.name} {name} {key!r} {entry!r}"
    if not everything_is_a_dict:  # C and C++ keep trees
        for entry in domain.get_objects():
            if entry[3] == docname:
                yield f"{domain.name} {entry!r}"
