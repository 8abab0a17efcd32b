"""The documents of a book in reading order, each with its rank: what the toctrees say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineEntry:
    """A document in the book.

    - depth: 0 for what opens a chapter, 1 for a document inside of one, and so on.
    - part: title of the part that the document belongs to, or None outside of parts.
    - opens_part: number of the part (1-based) that begins with this document, or None.
    """

    docname: str
    depth: int
    part: str | None = None
    opens_part: int | None = None


def spine(env: BuildEnvironment, root: str, root_tree: nodes.document) -> tuple[SpineEntry, ...]:
    """The root document and all that its toctrees include, each document once, where it comes first.

    Captions make parts when there are two or more of them; a book with one captioned toctree has a list, not a part.
    """
    groups = _groups(root_tree)
    captions = [caption for caption, docs in groups if caption and docs]
    with_parts = len(captions) >= 2
    entries = [SpineEntry(docname=root, depth=0)]
    seen = {root}
    number = 0
    for caption, docnames in groups:
        part = caption if with_parts else None
        fresh = [d for d in docnames if d not in seen and d in env.all_docs]
        if part and fresh:
            number += 1
        for position, docname in enumerate(fresh):
            found = list(_below(env, docname, 0, part, seen))
            if found and part and position == 0:
                found[0] = SpineEntry(docname=docname, depth=0, part=part, opens_part=number)
            entries += found
    # what only an `only` or another condition keeps out of the resolved root still belongs to the book
    for docname in env.toctree_includes.get(root, ()):
        entries += _below(env, docname, 0, None, seen)
    return tuple(entries)


def _groups(root_tree: nodes.document) -> list[tuple[str | None, list[str]]]:
    return [
        (toctree.get("caption"), [docname for _, docname in toctree["entries"] if docname])
        for toctree in root_tree.findall(addnodes.toctree)
    ]


def _below(env: BuildEnvironment, docname: str, depth: int, part: str | None, seen: set[str]) -> Iterable[SpineEntry]:
    if docname in seen or docname not in env.all_docs:
        return
    seen.add(docname)
    yield SpineEntry(docname=docname, depth=depth, part=part)
    for child in env.toctree_includes.get(docname, ()):
        yield from _below(env, child, depth + 1, part, seen)


def linked_orphans(
    env: BuildEnvironment, trees: dict[str, nodes.document], resolve: Callable[[str], nodes.document]
) -> tuple[str, ...]:
    """Documents in no toctree that the book's text leads to, in order of their first reference; added to `trees`.

    A page that HTML has and that the book refers to belongs to the book; one that nothing leads to does not.
    """
    found: list[str] = []
    queue = list(trees)
    while queue:
        for reference in trees[queue.pop(0)].findall(nodes.reference):
            uri = str(reference.get("refuri", ""))
            docname = uri[1:].partition("#")[0] if uri.startswith("%") else ""
            if docname in env.all_docs and docname not in trees:
                trees[docname] = resolve(docname)
                found.append(docname)
                queue.append(docname)
    return tuple(found)
