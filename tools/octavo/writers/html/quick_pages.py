"""Sphinx's HTML builders in time that grows with the pages, and not with their square.

What they write is what Sphinx's own write, byte for byte. `QuickPages` answers for a builder where Sphinx or a theme
asks it for something that hardly changes from page to page. The builder stays what it is, and is no subclass, since
extensions ask for its exact type (sphinxext-rediraffe makes no redirects for any other).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Set
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes, builders
from sphinx.builders import Builder
from sphinx.builders.dirhtml import DirectoryHTMLBuilder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.toctree import TocTree
from sphinx.highlighting import PygmentsBridge
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

from octavo.reading.patches import tested
from octavo.reading.quick_reading import quick_collector, read_quickly, unheard_messages_unmade
from octavo.writers.html import themes
from octavo.writers.html.earlier_pages import EarlierPages
from octavo.writers.html.navigation import Entry, NotUniformError, Tree
from octavo.writers.html.page_needs import LookedFor, PageNeeds, note_navigation
from octavo.writers.html.page_results import PageResult, Pages
from octavo.writers.html.parallel_pages import everybody_is_known, worth_forking, written_in_shares
from octavo.writers.html.quick_index import index_quickly
from octavo.writers.html.quick_titles import QuickTitles
from octavo.writers.html.quick_translator import translate_quickly
from octavo.writers.html.shared_navigation import OPTION, SharedNavigation
from octavo.writers.html.toctrees import Options, irregular_pages, whole

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

WORTH_A_TREE = 8  # pages from which one tree for all is cheaper than one for each
Transform = Callable[[str], str]
_write_docname = getattr(builders, "_write_docname", None)  # since Sphinx 9


class QuickPages:
    """Stands beside one builder. The trees are kept from `prepare_writing` to the next."""

    def __init__(self, app: Sphinx, builder: StandaloneHTMLBuilder) -> None:
        self._app = app
        self._builder = builder
        self._theirs = SimpleNamespace(
            prepare_writing=builder.prepare_writing,
            write_documents=builder.write_documents,
            render_partial=builder.render_partial,
            toctree=builder._get_local_toctree,
        )
        self._trees: dict[Hashable, Tree | None] = {}
        self._rendered: dict[tuple[Options, str | None], tuple[str, str, tuple[Entry, ...]]] = {}
        self._last_tree: tuple[Hashable, str, str] | None = None
        self._titles = QuickTitles(app, builder, builder.render_partial)
        self._irregular: frozenset[str] = frozenset()
        self._collapsible = False
        self.earlier: EarlierPages | None = None  # what an earlier build wrote, when somebody wants it carried over
        self.shared = SharedNavigation(app, builder) if getattr(app.config, OPTION) else None
        read_quickly(app, builder)
        translate_quickly(builder)
        vars(builder).update(
            prepare_writing=self._prepare_writing,
            write_documents=self._write_documents,
            render_partial=self._render_partial,
            _get_local_toctree=self._local_toctree,
        )

    @property
    def env(self) -> BuildEnvironment:
        """What was read."""
        return self._builder.env

    def _prepare_writing(self, docnames: Set[str]) -> None:
        """Forget what was made for an earlier state of the book, and look for the theme's event handlers."""
        builder = self._builder
        self._trees.clear()
        self._rendered.clear()
        self._titles.clear()
        self._last_tree = None
        self._irregular = irregular_pages(self.env)
        # Sphinx cuts a document with a depth of its own in another way where it collapses
        self._collapsible = not any(int(each.get("tocdepth", 0) or 0) for each in self.env.metadata.values())
        self._theirs.prepare_writing(docnames)
        if builder.indexer is not None:
            index_quickly(builder.indexer)
        if type(builder.highlighter).get_formatter is PygmentsBridge.get_formatter:
            vars(builder.highlighter)["get_formatter"] = _Formatters(builder.highlighter.get_formatter)
        _look_for_no_stylesheets(builder)
        environment = getattr(builder.templates, "environment", None)
        if environment is not None:  # Jinja asks the disk for the date of every template that a page includes
            environment.cache.clear()
            environment.auto_reload = False
        sharing = themes.serve(builder.events, self)
        if self.shared is not None:
            self.shared.begin(served=sharing)

    def _write_documents(self, docnames: Set[str]) -> None:
        """Write pages in shares where that is safe, and else in this process; carry over what an earlier build wrote.

        Sphinx's own parallel writers resolve every page in one process, and each begins with no more than one page's
        titles and templates.
        """
        app, builder, earlier = self._app, self._builder, self.earlier
        known = (builder.parallel_ok or earlier is not None) and everybody_is_known(app, builder)
        shared = builder.parallel_ok and known
        builder.parallel_ok = False
        with quick_collector(), unheard_messages_unmade():
            if known:
                self._write_apart(docnames, app.parallel if shared else 1, earlier)
            else:
                self._theirs.write_documents(docnames)

    def _write_apart(self, docnames: Set[str], processes: int, earlier: EarlierPages | None) -> None:
        """Write pages one by one, wherever, and put together in their order what they leave."""
        app = self._app
        needs = None if earlier is None else PageNeeds(app, self._builder)
        pages = Pages(app, self._builder, self._write_page, needs)
        waiting = {} if earlier is None else earlier.carried_over(app, self._builder)
        left = [name for name in sorted(docnames) if name not in waiting]
        made: Iterable[tuple[str, PageResult]] = ()
        if processes > 1 and worth_forking(left):
            gc.freeze()  # the collector of each process would touch, and so copy, what all of them have
            made = written_in_shares(app, pages, left, processes)
        names, at = sorted(docnames), 0
        for name, result in made:
            waiting[name] = result
            while at < len(names) and names[at] in waiting:
                pages.put(names[at], waiting[names[at]])
                at += 1
        for name in names[at:]:
            if name not in waiting:
                waiting[name] = pages.write(name)
            pages.put(name, waiting[name])
        if earlier is not None:
            earlier.note(app, waiting)

    def _write_page(self, docname: str) -> None:
        """Without Sphinx's progress, and the holding back of warnings, of a single page: `Pages` sees to that."""
        builder, env = self._builder, self.env
        if _write_docname is None or not _writes_as_sphinx(builder, self._theirs.write_documents):
            self._theirs.write_documents({docname})
        else:
            _write_docname(docname, env=env, builder=builder, tags=builder.tags)

    def _render_partial(self, node: nodes.Node | None) -> dict[str, str]:
        """Titles without markup are asked for again and again, as the next, previous and upper page's."""
        if not isinstance(node, nodes.title) or len(node) != 1 or not isinstance(node[0], nodes.Text):
            return dict(self._theirs.render_partial(node))
        return self._titles.rendered(node)

    def _local_toctree(self, docname: str, collapse: bool = True, **kwargs: Any) -> str:
        """What templates call `toctree()`."""
        note_navigation(self._builder, titles_only=bool(kwargs.get("titles_only", False)))

        def theirs() -> str:
            return str(self._theirs.toctree(docname, collapse=collapse, **kwargs))

        options = options_of(kwargs)
        if options is None or (collapse and not self._collapsible):
            return theirs()
        key = ("toctree", options, bool(collapse))
        made = self.tree_for(docname, key, options, _unchanged, theirs, collapsed=bool(collapse))
        return theirs() if made is None else made

    def tree_for(
        self,
        docname: str,
        key: Hashable,
        options: Options,
        transform: Transform,
        theirs: Callable[[], object],
        *,
        below: str | None = None,
        last: Callable[[str], str] | None = None,
        collapsed: bool = False,
    ) -> str | None:
        """The navigation on a page, from the one tree that is made for all pages with the same `key`.

        - transform: what the theme does to Sphinx's HTML of the tree.
        - theirs: what the theme or Sphinx would have done for this page: the first page of a tree is compared with it.
        - below: the document whose toctrees make the tree; None for the root document.
        - last: see `Tree`.
        - collapsed: whether to show only what is on the way to the page, and below it.

        None when there is no such tree, because it isn't worth it, or can't be: then do what they do.
        """
        ancestors = TocTree(self.env).get_toctree_ancestors(docname)
        if not self._irregular.isdisjoint(ancestors):
            return None
        if self._last_tree is not None and self._last_tree[:2] == (key, docname):
            return self._last_tree[2]
        uri = self._builder.get_target_uri(docname)
        way = frozenset(map(self._builder.get_target_uri, ancestors)) if collapsed else None
        if key not in self._trees:
            self._trees[key] = self._made_tree(options, transform, below, last, collapsible=collapsed)
            tree = self._trees[key]
            if tree is not None and tree.html(docname, uri, way) != str(theirs()):
                logger.info("octavo: the navigation of %s is made page by page", docname)
                self._trees[key] = None
        tree = self._trees[key]
        if tree is None:
            return None
        html = tree.html(docname, uri, way)
        self._last_tree = (key, docname, html)
        return html

    def _made_tree(
        self,
        options: Options,
        transform: Transform,
        below: str | None,
        last: Callable[[str], str] | None,
        *,
        collapsible: bool,
    ) -> Tree | None:
        if below is None and len(self.env.all_docs) < WORTH_A_TREE:
            return None
        if (options, below) not in self._rendered:
            self._rendered[options, below] = self._rendered_tree(options, below)
        plain, marked, entries = self._rendered[options, below]
        try:
            return Tree(transform(plain), transform(marked), entries, relative_uri, last, collapsible=collapsible)
        except NotUniformError:
            return None

    def _rendered_tree(self, options: Options, below: str | None) -> tuple[str, str, tuple[Entry, ...]]:
        """Sphinx's HTML of a tree with nothing marked and with everything marked, and its entries."""
        if below is None:
            toctrees: Iterable[addnodes.toctree] = self.env.master_doctree.findall(addnodes.toctree)
        else:
            toctrees = self.env.tocs[below].deepcopy().findall(addnodes.toctree)
        found = whole(self._builder, toctrees, options)
        plain = self._theirs.render_partial(found.plain if found else None)["fragment"]
        marked = self._theirs.render_partial(found.marked if found else None)["fragment"]
        return plain, marked, found.entries if found else ()


class _Formatters:
    """Pygments' formatters, each made once: a formatter looks through all styles, and keeps nothing of a text."""

    def __init__(self, theirs: Callable[..., object]) -> None:
        self._theirs = theirs
        self._made: dict[str, object] = {}

    def __call__(self, **options: Any) -> object:
        """The formatter with these options."""
        key = repr(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._theirs(**options)
        return self._made[key]


def _writes_as_sphinx(builder: StandaloneHTMLBuilder, write_documents: object) -> bool:
    """Whether what writes documents one after the other is Sphinx's own, of a version that was tested."""
    own = getattr(write_documents, "__func__", None) is Builder.write_documents
    serial = getattr(builder._write_serial, "__func__", None) is Builder._write_serial
    return own and serial and not builder.parallel_ok and tested()


def _look_for_no_stylesheets(builder: StandaloneHTMLBuilder) -> None:
    """Each translator looks on the disk for docutils' style sheets, for a head that a page does not get from it."""
    for settings in (builder.docsettings, getattr(builder, "_settings", None)):
        if settings is not None and isinstance(getattr(settings, "stylesheet_path", None), list):
            settings.stylesheet_path = []


def options_of(kwargs: dict[str, Any]) -> Options | None:
    """What a template asked of `toctree()`; None when it is something that isn't known here."""
    if not kwargs.keys() <= {"maxdepth", "titles_only", "includehidden"}:
        return None
    try:
        maxdepth = int(kwargs.get("maxdepth") or 0)
    except (TypeError, ValueError):  # Sphinx says what is wrong
        return None
    return Options(
        maxdepth=maxdepth,
        titles_only=bool(kwargs.get("titles_only", False)),
        includehidden=bool(kwargs.get("includehidden", False)),
    )


def _unchanged(html: str) -> str:
    return html


def register(app: Sphinx) -> None:
    """Serve Sphinx's own HTML builders, and no others that are made of them."""
    app.add_config_value(OPTION, False, "html", types=frozenset({bool}))
    app.add_post_transform(LookedFor)
    app.connect("builder-inited", _serve, priority=0)


def _serve(app: Sphinx) -> None:
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder) and type(builder) in {StandaloneHTMLBuilder, DirectoryHTMLBuilder}:
        QuickPages(app, builder)
