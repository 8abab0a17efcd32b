"""Reading order and table of contents, from the environment: what the toctrees say, hidden ones included.

Never from rendered HTML: a toctree that a theme hides is still how the book is ordered.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.reading.shown_text import shown_text
from octavo.staging import NavigationPoint
from octavo.writers.epub.settings import SECTION_DEPTH

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

# characters of a document's text that stand for its title
_BEGINNING = 60


class Contents:
    """The book's order. Documents are visited once, where a toctree names them first.

    - order: documents in reading order; the root document first, those of no toctree last.
    - captions, and documents: as points of the table of contents.
    """

    def __init__(
        self, env: BuildEnvironment, root: str, uri: Callable[[str], str], section_depth: int = SECTION_DEPTH
    ) -> None:
        self._env = env
        self._uri = uri
        self._depth = section_depth
        self._seen: set[str] = set()
        self._untitled: dict[str, str] = {}
        self.order: list[str] = []
        self.indices: list[str] = []
        self.points: tuple[NavigationPoint, ...] = ()
        self.orphans: tuple[str, ...] = ()
        if root in env.found_docs:
            self.points = tuple(self._root(root))
        self.orphans = tuple(sorted(set(env.found_docs) - self._seen))
        self.order += self.orphans

    def title(self, docname: str) -> str:
        """The title of a document, as text; of one without, the words that it begins with, or its file's name."""
        title = self._env.titles.get(docname)
        text = shown_text(title) if title is not None else ""
        if text and text != "<no title>":
            return text
        if docname not in self._untitled:
            self._untitled[docname] = self._beginning(docname)
        return self._untitled[docname]

    def _beginning(self, docname: str) -> str:
        paragraphs = self._env.get_doctree(docname).findall(nodes.paragraph)
        words = next((found for paragraph in paragraphs if (found := shown_text(paragraph))), "")
        file = docname.rpartition("/")[2]
        return textwrap.shorten(words, _BEGINNING, placeholder=" …") or file.strip("_") or file

    def _root(self, root: str) -> Iterator[NavigationPoint]:
        """The root document is an entry like any other, and the entries of its toctrees stand beside it."""
        self._seen.add(root)
        self.order.append(root)
        sections, trees = self._parts(root)
        yield NavigationPoint(title=self.title(root), href=self._uri(root), children=sections)
        for tree in trees:
            yield from self._tree(tree, root)

    def _document(self, docname: str, title: str | None) -> NavigationPoint:
        self._seen.add(docname)
        self.order.append(docname)
        sections, trees = self._parts(docname)
        below = [point for tree in trees for point in self._tree(tree, docname)]
        return NavigationPoint(
            title=title or self.title(docname), href=self._uri(docname), children=(*sections, *below)
        )

    def _parts(self, docname: str) -> tuple[tuple[NavigationPoint, ...], list[addnodes.toctree]]:
        toc = self._env.tocs.get(docname)
        if toc is None:
            return (), []
        trees = list(toc.findall(addnodes.toctree))
        return tuple(self._sections(toc, docname, 1)), trees

    def _sections(self, tree: nodes.Node, docname: str, depth: int) -> Iterator[NavigationPoint]:
        if not isinstance(tree, nodes.Element):
            return
        for item in tree.children:
            if not isinstance(item, nodes.list_item):
                continue
            reference = next((r for r in item.children[0].findall(nodes.reference)), None) if item.children else None
            below = [child for child in item.children if isinstance(child, nodes.bullet_list)]
            children = (
                tuple(p for b in below for p in self._sections(b, docname, depth + 1)) if depth < self._depth else ()
            )
            if reference is None:
                yield from children
                continue
            anchor = reference.get("anchorname", "")
            if depth == 1 and not anchor:
                # the document's own title stands for the document
                yield from children
            else:
                title = shown_text(reference)
                if title:
                    yield NavigationPoint(title=title, href=f"{self._uri(docname)}{anchor}", children=children)

    def _tree(self, tree: addnodes.toctree, parent: str) -> Iterator[NavigationPoint]:
        points = []
        for title, reference in tree["entries"]:
            docname = parent if reference == "self" else str(reference)
            if docname in self._seen:
                continue
            if docname in self._env.found_docs:
                points.append(self._document(docname, title))
            elif docname.endswith(("index", "-modindex")) and "/" not in docname:
                self.indices.append(docname)
        caption = tree.get("caption")
        if caption and points:
            yield NavigationPoint(title=" ".join(str(caption).split()), href=None, children=tuple(points))
        else:
            yield from points
