"""What pages can see of each other, cut up so that after an edit it can be told which pages it may have changed.

A page shows other documents in four ways: by references, which name what they lead to; by its neighbours; by toctrees
in its text; by the theme's navigation. A change of anything that cannot be ascribed to a document counts for all pages.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.reading.seen import metadata_seen, without_lines

if TYPE_CHECKING:
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment

_SEEN_IN_INDICES = frozenset({"index", "changeset"})  # domains whose entries no page shows
_FOR_THE_PAGE = frozenset({"has_equations"})
_SPACE = re.compile(r"\s+")


class Navigation(IntEnum):
    """What a page's navigation shows of documents that the page does not name; each is more than the one before."""

    NOTHING = 0
    TITLES = 1
    HEADINGS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What may be seen of one document.

    - digest: of all of it; headings, title: of what a navigation shows, if it has headings, or titles only.
    - names: what it can be referred to by, as `name_of` has it.
    """

    digest: str
    headings: str
    title: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a page was made from, besides its own document.

    - documents: those that it leads to; neighbours: those whose titles it shows.
    - names: what its references look for, as `name_of` has it, found or not.
    """

    documents: frozenset[str]
    neighbours: frozenset[str]
    names: frozenset[str]
    navigation: Navigation


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanning:
    """All that spans pages. book: a digest of what may show on any page."""

    book: str
    documents: dict[str, Seen]

    def changes(self, earlier: Spanning) -> Changes | None:
        """What is not as it was; None when it may show anywhere."""
        if self.book != earlier.book or self.documents.keys() != earlier.documents.keys():
            return None
        changed = {name for name, seen in self.documents.items() if seen != earlier.documents[name]}
        both = [(self.documents[name], earlier.documents[name]) for name in sorted(changed)]
        titles = {name for name in changed if self.documents[name].title != earlier.documents[name].title}
        shown = Navigation.TITLES if titles else None
        if not titles and any(now.headings != before.headings for now, before in both):
            shown = Navigation.HEADINGS
        return Changes(
            documents=frozenset(changed),
            titles=frozenset(titles),
            names=frozenset(name for pair in both for seen in pair for name in seen.names),
            shown_by=shown,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an edit changed that others can see.

    - documents: where; titles: of these, where titles changed.
    - names: what these documents, and what is in them, can be referred to by, or could be.
    - shown_by: the least navigation that shows any of it; None when none does.
    """

    documents: frozenset[str]
    titles: frozenset[str]
    names: frozenset[str]
    shown_by: Navigation | None

    def touch(self, docname: str, needs: Needs) -> bool:
        """Whether a page may be another than it was; when in doubt, it is."""
        return (
            docname in self.documents
            or not self.documents.isdisjoint(needs.documents)
            or not self.titles.isdisjoint(needs.neighbours)
            or (self.shown_by is not None and needs.navigation >= self.shown_by)
            or any(name in wanted or wanted in name for wanted in needs.names for name in self.names)
        )


def name_of(text: str) -> str:
    """What references are compared by: no case, one space for all white space, no marks before it."""
    return _SPACE.sub(" ", text).strip().lstrip(".~!").lower()


def spanning(env: BuildEnvironment, parts: Iterable[str]) -> Spanning:
    """What spans the pages of what was read. parts: of what else shows on any page."""
    book = [*parts, *sorted(env.all_docs)]
    seen: defaultdict[str, list[str]] = defaultdict(list)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for domain in env.domains.sorted():
        if domain.name in _SEEN_IN_INDICES:
            continue
        for docnames, entry_names, text in _entries(domain, env.all_docs.keys()):
            for docname in docnames:
                seen[docname].append(text)
                names[docname].update(map(name_of, entry_names))
            if not docnames:
                book.append(text)
    book.append(repr(sorted(env.toctree_includes.items())))
    book.append(repr([sorted(found) for found in (env.numbered_toctrees, env.glob_toctrees)]))
    book.append(repr(sorted((uri, *found[:2]) for uri, found in getattr(env, "intersphinx_cache", {}).items())))
    documents = {}
    for docname in env.all_docs:
        title = list(_title(env, docname))
        headings = [*title, *_headings(env, docname)]
        documents[docname] = Seen(
            digest=_digest([*headings, *_rest(env, docname), *sorted(seen[docname])]),
            headings=_digest(headings),
            title=_digest(title),
            names=frozenset(names[docname]),
        )
    return Spanning(book=_digest(book), documents=documents)


def _title(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """What a navigation of titles shows: the title, the first level of headings, and where toctrees stand."""
    yield from (found[docname].pformat() for found in (env.titles, env.longtitles) if docname in found)
    yield repr(env.toc_secnumbers.get(docname, {}).get(""))
    toc = env.tocs.get(docname)
    for entry in toc.children if toc is not None else ():
        if isinstance(entry, nodes.list_item) and entry.children:
            yield entry.children[0].pformat()
            yield from (toctree.pformat() for toctree in entry.findall(addnodes.toctree))
        else:
            yield entry.pformat()


def _headings(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """What a navigation of headings shows besides."""
    if docname in env.tocs:
        yield env.tocs[docname].pformat()
    yield repr(env.toc_secnumbers.get(docname))


def _rest(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """What else is kept of a document by its name."""
    yield repr(metadata_seen(env, docname))
    yield repr(env.toc_fignumbers.get(docname))
    yield repr(env.toc_num_entries.get(docname))


def _entries(domain: Domain, all_docs: Set[str]) -> Iterator[tuple[Set[str], list[str], str]]:
    """All that a domain keeps, piece by piece: the documents that it is of, its names, and comparable text.

    No documents: nobody knows whose it is.
    """
    has_others = False
    for part, kept in sorted(domain.data.items()):
        if part in _FOR_THE_PAGE:
            continue
        if not isinstance(kept, dict):
            has_others = True
            if isinstance(kept, int | str | list | tuple):
                yield frozenset(), [], f"{domain.name} {part} {kept!r}"
            continue
        for key, entry in kept.items():
            of = _documents_in(entry, all_docs) or _documents_in(key, all_docs)
            text = f"{domain.name} {part} {key!r} {without_lines(domain, entry)}"
            yield of, [x for x in (key if isinstance(key, tuple) else (key,)) if isinstance(x, str)], text
    if has_others:  # C and C++ keep trees
        for found in domain.get_objects():
            yield {found[3]} & all_docs, [str(found[0]), str(found[1])], f"{domain.name} {found!r}"


def _documents_in(value: object, all_docs: Set[str]) -> Set[str]:
    """The documents that are named in an entry, or in its key."""
    if isinstance(value, str):
        return {value} & all_docs
    if isinstance(value, tuple | set | frozenset | list):
        return {x for x in value if isinstance(x, str)} & all_docs
    return {str(getattr(value, "docname", ""))} & all_docs


def _digest(parts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode("utf-8", "surrogateescape"))
        found.update(b"\0")
    return found.hexdigest()
