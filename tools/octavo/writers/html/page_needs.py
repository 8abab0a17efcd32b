"""What each page of the site was made from besides its document, noted while it is resolved and rendered."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from octavo.reading.spanning import Navigation, Needs, name_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

_ATTRIBUTE = "octavo_page_needs"
_AFTER_ALL_OTHERS = 10_001


class PageNeeds:
    """Notes what one builder's pages need."""

    def __init__(self, app: Sphinx, builder: StandaloneHTMLBuilder) -> None:
        self._builder = builder
        self._docnames = {posixpath.normpath(builder.get_target_uri(name)): name for name in app.env.all_docs}
        self._documents: set[str] = set()
        self._neighbours: set[str] = set()
        self._names: set[str] = set()
        self._navigation = Navigation.NOTHING
        vars(builder)[_ATTRIBUTE] = self
        app.connect("doctree-resolved", self._resolved, priority=_AFTER_ALL_OTHERS)

    def taken(self) -> Needs:
        """What was noted since it was last asked for: of one page."""
        needs = Needs(
            documents=frozenset(self._documents),
            neighbours=frozenset(self._neighbours),
            names=frozenset(self._names),
            navigation=self._navigation,
        )
        self._documents, self._neighbours, self._names = set(), set(), set()
        self._navigation = Navigation.NOTHING
        return needs

    def look_for(self, doctree: nodes.document) -> None:
        """Note what references look for, before they are resolved."""
        self._names.update(name_of(str(node.get("reftarget", ""))) for node in doctree.findall(addnodes.pending_xref))

    def show(self, navigation: Navigation) -> None:
        """Note that the page has such a navigation."""
        self._navigation = max(self._navigation, navigation)

    def _resolved(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        env = app.env
        here = posixpath.dirname(self._builder.get_target_uri(docname))
        for node in doctree.findall(nodes.reference):
            path = str(node.get("refuri", "")).partition("#")[0]
            if path and "://" not in path:
                found = self._docnames.get(posixpath.normpath(posixpath.join(here, path)))
                self._documents.update(() if found is None else (found,))
        for toctree in doctree.findall(addnodes.toctree):
            if not toctree.get("hidden", False):
                self._documents.update(_below(env, toctree["includefiles"], toctree.get("maxdepth", -1)))
        self._neighbours.update(self._around(docname))
        self._documents.discard(docname)

    def _around(self, docname: str) -> Iterator[str]:
        """The root, the documents above, the one before and the one after."""
        yield str(self._builder.config.root_doc)
        seen = {docname}
        relations: Sequence[Any] = self._builder.relations.get(docname) or ()
        yield from (str(name) for name in relations[1:] if name)
        while relations and relations[0] and relations[0] not in seen:
            seen.add(relations[0])
            yield str(relations[0])
            relations = self._builder.relations.get(relations[0]) or ()


def note_navigation(builder: object, *, titles_only: bool) -> None:
    """Note that a page of the builder shows a toctree of the book."""
    needs = vars(builder).get(_ATTRIBUTE)
    if isinstance(needs, PageNeeds):
        needs.show(Navigation.TITLES if titles_only else Navigation.HEADINGS)


class LookedFor(SphinxPostTransform):
    """Has the names noted that the references of a page look for."""

    default_priority = 0  # before all that resolve them

    def run(self, **_: Any) -> None:
        """Note them, if anybody does."""
        app = getattr(self.env, "_app", None) or self.env.app
        needs = vars(app.builder).get(_ATTRIBUTE)
        if isinstance(needs, PageNeeds):
            needs.look_for(self.document)


def _below(env: BuildEnvironment, docnames: Sequence[str], depth: int) -> set[str]:
    """Documents that a toctree shows. depth: levels; less than 1 for all of them."""
    found: set[str] = set()
    level = list(docnames)
    while level:
        new = [name for name in level if name not in found]
        found.update(new)
        depth -= 1
        level = [] if depth == 0 else [below for name in new for below in env.toctree_includes.get(name, ())]
    return found
