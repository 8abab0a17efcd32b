"""The documents of a book in reading order, each with its rank: what the toctrees say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.writers.pdf import roles

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineEntry:
    """A document in the book.

    - depth: 0 for what opens a chapter, 1 for a document inside of one, and so on.
    - matter: "front" for what stands before the body, with roman folios; "body"; "appendix" and "back" behind it.
    - role: what page it is of those that stand before the contents (`octavo.writers.pdf.roles`), or None.
    - part: title of the part that the document belongs to, or None outside of parts.
    - opens_part: number of the part (1-based) that begins with this document, or None.
    - eyebrow: caption of a toctree with no other document, set over the chapter's title; a part of one chapter needs
      no page of its own.
    - recto: whether it opens on a right-hand page.
    """

    docname: str
    depth: int
    matter: str = "body"
    role: str | None = None
    part: str | None = None
    opens_part: int | None = None
    eyebrow: str | None = None
    recto: bool = False


def spine(
    env: BuildEnvironment, root: str, root_tree: nodes.document, *, appendices: Iterable[str] = ()
) -> tuple[SpineEntry, ...]:
    """The root document and all that its toctrees include, each document once, where it comes first.

    appendices: documents that follow on all others, if they are not among them.

    Captions make parts when there are two or more of them; a book with one captioned toctree has a list, not a part.
    Captions such as "Front matter" and "Appendices" say where their documents stand, and make no part.
    """
    groups = _groups(root_tree)
    matters = [roles.matter_of(caption) for caption, _docs in groups]
    captions = [c for (c, docs), matter in zip(groups, matters, strict=True) if c and docs and matter == "body"]
    has_front = "front" in matters
    entries = [SpineEntry(docname=root, depth=0, matter="front" if has_front else "body")]
    seen = {root}
    number = 0
    # what is called front matter comes first, wherever its toctree stands
    for position in sorted(range(len(groups)), key=lambda n: (matters[n] != "front", n)):
        caption, docnames = groups[position]
        matter = matters[position]
        part = caption if caption in captions and len(captions) >= 2 else None
        tops = (SpineEntry(docname=docname, depth=0, matter=matter, part=part) for docname in docnames)
        found = [entry for top in tops for entry in _below(env, top, seen)]
        if len(found) == 1 and part:
            found = [replace(found[0], part=None, eyebrow=part)]
        elif found and part:
            number += 1
            found[0] = replace(found[0], opens_part=number)
        entries += found
    # what only an `only` or another condition keeps out of the resolved root still belongs to the book
    for docname in env.toctree_includes.get(root, ()):
        entries += _below(env, SpineEntry(docname=docname, depth=0), seen)
    for docname in appendices:
        entries += _below(env, SpineEntry(docname=docname, depth=0, matter="appendix"), seen)
    return tuple(_placed(env, entry, entries) for entry in entries)


def _placed(env: BuildEnvironment, entry: SpineEntry, entries: list[SpineEntry]) -> SpineEntry:
    """The entry with its role and its side: numbered chapters open on a recto, and so does the first appendix."""
    title = env.titles[entry.docname].astext() if entry.docname in env.titles else ""
    given = env.metadata.get(entry.docname, {}).get("epub_type")
    role = roles.role_of(entry.docname, title, given, in_front=entry.matter == "front") if entry.depth == 0 else None
    numbered = bool(env.toc_secnumbers.get(entry.docname, {}).get(""))
    first = next((e for e in entries if e.matter == "appendix"), None)
    return replace(entry, role=role, recto=entry.depth == 0 and (numbered or entry is first))


def _groups(root_tree: nodes.document) -> list[tuple[str | None, list[str]]]:
    return [
        (toctree.get("caption"), [docname for _, docname in toctree["entries"] if docname])
        for toctree in root_tree.findall(addnodes.toctree)
    ]


def _below(env: BuildEnvironment, top: SpineEntry, seen: set[str]) -> Iterable[SpineEntry]:
    """A document and all that is below it, but for what was `seen` before."""
    if top.docname in seen or top.docname not in env.all_docs:
        return
    seen.add(top.docname)
    yield top
    for child in env.toctree_includes.get(top.docname, ()):
        yield from _below(env, replace(top, docname=child, depth=top.depth + 1), seen)


def linked_orphans(
    env: BuildEnvironment, trees: dict[str, nodes.document], resolve: Callable[[str], nodes.document]
) -> tuple[str, ...]:
    """Documents in no toctree that the book's text leads to, in order of their first reference; added to `trees`.

    They stand before those that nothing leads to, which come last, as they do in the EPUB.
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
