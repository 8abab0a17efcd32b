"""Navigation of themes that work on Sphinx's HTML of the toctree: their own code, run once instead of for each page.

Both themes are met on their own ground: an event handler of ours stands beside the theme's, and gives templates
another function (pydata-sphinx-theme and all that is built on it) or the finished value (furo).
"""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.toctree import TocTree
from sphinx.jinja2glue import BuiltinTemplateLoader

from octavo.reading.installed import installed
from octavo.writers.html.page_needs import note_navigation
from octavo.writers.html.page_tocs import PageTocs
from octavo.writers.html.pydata_navigation import SHOWN_LEVEL, sidebar
from octavo.writers.html.shared_navigation import Kind, SharedNavigation
from octavo.writers.html.template_looks import TemplateLooks
from octavo.writers.html.toctrees import Options

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.events import EventListener, EventManager

EVENT = "html-page-context"
_PYDATA = "pydata-sphinx-theme"
_FROM_HOW_MANY_PAGES = 8
# Handlers that render templates only to see whether they are blank, and the versions that were looked at
_LOOKING = {
    ("pydata_sphinx_theme", "update_and_remove_templates"),
    ("pydata_sphinx_theme.utils", "set_secondary_sidebar_items"),
}


# Handlers that give furo's navigation to templates: the function that makes it, and what templates call it
_FURO = {
    ("furo", "_html_page_context"): ("_compute_navigation_tree", "furo_navigation_tree"),
    ("crate.theme.rtd.conf.furo", "_html_page_context"): ("furo_compute_navigation_tree", "ng_navigation_tree"),
}


class TreeMaker(Protocol):
    """The builder, as far as themes need it."""

    @property
    def env(self) -> BuildEnvironment:
        """What was read."""

    @property
    def shared(self) -> SharedNavigation | None:
        """Where the whole navigation is to be shared by all pages."""

    def tree_for(
        self,
        docname: str,
        key: Hashable,
        options: Options,
        transform: Callable[[str], str],
        theirs: Callable[[], object],
        *,
        below: str | None = None,
        last: Callable[[str], str] | None = None,
    ) -> str | None:
        """See `QuickPages.tree_for`."""


def serve(events: EventManager, builder: TreeMaker) -> bool:
    """Stand beside the event handlers of the themes that are loaded, in the place of who stood there before.

    Whether a theme is among them whose navigation can be shared.
    """
    sharing = False
    before = [x for x in events.listeners.get(EVENT, ()) if isinstance(getattr(x.handler, "__self__", None), _OURS)]
    for listener in before:
        events.disconnect(listener.id)
    for listener in list(events.listeners.get(EVENT, ())):
        module, name = getattr(listener.handler, "__module__", ""), getattr(listener.handler, "__name__", "")
        if (module, name) == ("pydata_sphinx_theme.toctree", "add_toctree_functions"):
            _stand_beside(events, listener, after=_PydataNavigation(builder, listener.handler).give_function)
            sharing = True
        elif (module, name) in _FURO:
            furo = _FuroNavigation(builder, module, *_FURO[module, name])
            if furo.known():
                _stand_beside(events, listener, before=furo.hide, after=furo.give_value)
        elif (module, name) == ("sphinx_book_theme", "add_metadata_to_page"):
            own = listener._replace(handler=_BookThemeMetadata(listener.handler).add)
            events.listeners[EVENT][events.listeners[EVENT].index(listener)] = own
        elif (module, name) in _LOOKING and installed(_PYDATA) in SHOWN_LEVEL:
            own = listener._replace(handler=_LooksAtTemplates(listener.handler).look)
            events.listeners[EVENT][events.listeners[EVENT].index(listener)] = own
    return sharing


def _stand_beside(
    events: EventManager,
    theirs: EventListener,
    *,
    after: Callable[..., None],
    before: Callable[..., None] | None = None,
) -> None:
    """Connect handlers that run right before and after another one."""
    for handler, offset in ((after, 1), (before, 0)):
        if handler is not None:
            events.connect(EVENT, handler, theirs.priority)
            listeners = events.listeners[EVENT]
            own = listeners.pop()
            listeners.insert(listeners.index(theirs) + offset, own)


class Navigation:
    """HTML as text, until a theme takes it for the BeautifulSoup object that pydata-sphinx-theme would have given it.

    pydata-sphinx-theme's own templates print it; themes that are built on it may take it apart and change it.
    """

    def __init__(self, html: str) -> None:
        self._html = html

    @functools.cached_property
    def _soup(self) -> Any:
        from bs4 import BeautifulSoup  # pydata-sphinx-theme brings it

        return BeautifulSoup(self._html, "html.parser")

    def __str__(self) -> str:
        return str(self._soup) if "_soup" in self.__dict__ else self._html

    def __getattr__(self, name: str) -> object:
        return getattr(self._soup, name)

    def __call__(self, *args: Any, **kwargs: Any) -> object:
        return self._soup(*args, **kwargs)

    def __iter__(self) -> Iterator[object]:
        return iter(self._soup)

    def __len__(self) -> int:
        return len(self._soup)

    def __bool__(self) -> bool:
        return True  # as theirs is


class _PydataNavigation:
    """`generate_toctree_html` of pydata-sphinx-theme's templates (and sphinx-book-theme's)."""

    def __init__(self, builder: TreeMaker, add_functions: Callable[..., None]) -> None:
        self._builder = builder
        self._add_functions = add_functions
        self._sections: dict[int, Counter[str]] = {}
        self._tocs = PageTocs()

    def give_function(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], _doctree: object
    ) -> None:
        """Put ours in the place of theirs."""
        theirs = context["generate_toctree_html"]
        # its header has titles; a shared navigation is noted by nobody else
        note_navigation(app.builder, titles_only=self._builder.shared is None)
        known = _is_known(theirs, "generate_toctree_html")

        def transform_for(levels: int, kwargs: dict[str, Any]) -> Callable[[str], str]:
            def transform(html: str) -> str:
                quick = sidebar(html, levels) if known and type(levels) is int else None
                if quick is not None:
                    return quick
                made = dict(context, toctree=lambda **_: html)
                self._add_functions(app, pagename, templatename, made, None)
                return str(made["generate_toctree_html"]("sidebar", startdepth=0, show_nav_level=levels, **kwargs))

            return transform

        def generate(kind: str, startdepth: int = 1, show_nav_level: int = 1, **kwargs: Any) -> object:
            note_navigation(app.builder, titles_only=bool(kwargs.get("titles_only", False)))
            if not _is_sphinxs(context.get("toctree")):
                return theirs(kind, startdepth=startdepth, show_nav_level=show_nav_level, **kwargs)
            as_they_do = functools.partial(theirs, kind, startdepth=startdepth, show_nav_level=show_nav_level, **kwargs)
            shared = self._builder.shared
            options = _pydata_options(kwargs if shared is None else {**kwargs, "collapse": False})
            if kind != "sidebar" or options is None:
                return as_they_do()
            below = self._section(pagename, startdepth) if startdepth else None
            if startdepth and below is None:
                small = shared is not None and self._ancestor(pagename, startdepth) is not None
                return Navigation(f"{as_they_do()}{shared.link(pagename)}") if shared and small else as_they_do()
            if shared is not None:
                which = Kind(below=below, levels=show_nav_level, options=options)
                return Navigation(shared.html(pagename, which))
            key = ("pydata", below, show_nav_level, options)
            transform = transform_for(show_nav_level, kwargs)

            def first_page() -> object:
                return transform(context["toctree"](**kwargs)) if known and not startdepth else as_they_do()

            html = self._builder.tree_for(pagename, key, options, transform, first_page, below=below)
            return as_they_do() if html is None else Navigation(html)

        if self._builder.shared is not None:
            self._builder.shared.begin_page(lambda kind: transform_for(kind.levels, {}))
            generate = functools.cache(generate)  # as theirs: a page's templates ask for it again and again
        context["generate_toctree_html"] = generate
        self._give_page_toc(context)

    def _give_page_toc(self, context: dict[str, Any]) -> None:
        theirs = context.get("generate_toc_html")
        if theirs is None or not isinstance(context.get("toc"), str):
            return
        version = installed(_PYDATA) if _is_known(theirs, "generate_toc_html") else None
        shown_class = None if version is None else SHOWN_LEVEL[version]

        @functools.cache  # as theirs: a page's templates ask for it again and again
        def generate(kind: str = "html") -> object:
            if kind != "html":
                return theirs(kind)
            return self._tocs.shown(context["toc"], context.get("theme_show_toc_level"), theirs, shown_class)

        context["generate_toc_html"] = generate

    def _section(self, pagename: str, startdepth: int) -> str | None:
        """The document that the navigation of a page begins below; None when too few pages have the same."""
        if startdepth not in self._sections:
            counted: Counter[str] = Counter()
            for docname in self._builder.env.all_docs:
                found = self._ancestor(docname, startdepth)
                if found is not None:
                    counted[found] += 1
            self._sections[startdepth] = counted
        found = self._ancestor(pagename, startdepth)
        if found is None or self._sections[startdepth][found] < _FROM_HOW_MANY_PAGES:
            return None
        return found

    def _ancestor(self, pagename: str, startdepth: int) -> str | None:
        ancestors = TocTree(self._builder.env).get_toctree_ancestors(pagename)
        return ancestors[-startdepth] if 0 < startdepth <= len(ancestors) else None


def _is_sphinxs(toctree: object) -> bool:
    """Whether what templates call `toctree()` is Sphinx's, and not of an extension that has other links on a page."""
    return getattr(toctree, "__module__", None) == StandaloneHTMLBuilder.__module__


def _pydata_options(kwargs: dict[str, Any]) -> Options | None:
    """What the template asks for; None for what differs from page to page by more than marks."""
    if kwargs.get("collapse", True) or not kwargs.keys() <= {"collapse", "maxdepth", "titles_only", "includehidden"}:
        return None
    try:
        maxdepth = int(kwargs.get("maxdepth") or 0)
    except (TypeError, ValueError):
        return None
    return Options(
        maxdepth=maxdepth,
        titles_only=bool(kwargs.get("titles_only", False)),
        includehidden=bool(kwargs.get("includehidden", False)),
    )


class _FuroNavigation:
    """The navigation tree of furo's templates, and of themes that make the same with its code.

    - module: of the theme; makes: its function that makes the tree; value: what templates call that.
    """

    _OPTIONS = Options(maxdepth=-1, titles_only=True, includehidden=True)
    _CURRENT = " current-page"

    def __init__(self, builder: TreeMaker, module: str, makes: str, value: str) -> None:
        self._builder = builder
        self._theme = sys.modules[module]
        self._makes, self._value = makes, value
        self._toctree: object = None

    def known(self) -> bool:
        """Whether this theme makes its navigation in the way that is known here."""
        return all(hasattr(self._theme, name) for name in ("get_navigation_tree", self._makes))

    def hide(self, _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
        """Before the theme's handler: with no toctree to be seen, it makes no navigation."""
        self._toctree = context.pop("toctree") if _is_sphinxs(context.get("toctree")) else None

    def give_value(self, app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
        """After it: what it would have made."""
        if self._toctree is None:
            return
        context["toctree"] = self._toctree
        note_navigation(app.builder, titles_only=True)
        theirs = functools.partial(getattr(self._theme, self._makes), context)
        html = self._builder.tree_for(page, "furo", self._OPTIONS, self._transform, theirs, last=self._innermost)
        context[self._value] = theirs() if html is None else html

    def _transform(self, html: str) -> str:
        """furo's own, but for the mark that it gives the last of the marked entries."""
        made = str(self._theme.get_navigation_tree(html))
        return made.replace(self._CURRENT, "", 1) if made.count(self._CURRENT) == 1 else made

    def _innermost(self, tag: str) -> str:
        return f'{tag[:-2]}{self._CURRENT}">' if tag.endswith('">') else tag


class _BookThemeMetadata:
    """`page_description` of sphinx-book-theme: the first 160 characters of the page, not the first of five copies.

    The theme puts the texts of all sections together, one inside the other, and then cuts off what is too long.
    """

    _LENGTH = 160

    def __init__(self, theirs: Callable[..., None]) -> None:
        self._theirs = theirs
        self._known: bool | None = None  # whether the theme does what it did when this was written

    def add(self, app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        """In the place of theirs."""
        if doctree is None or self._known is False:
            self._theirs(app, page, template, context, doctree)
        elif self._known is None:
            self._theirs(app, page, template, context, doctree)
            self._known = context.get("page_description") == self._description(doctree)
        else:
            self._theirs(app, page, template, context, None)
            context["page_description"] = self._description(doctree)

    def _description(self, doctree: nodes.document) -> str:
        text = ""
        for section in doctree.findall(nodes.section):
            for piece in _texts(section):
                text += piece.replace("\n", " ")
                if len(text) >= self._LENGTH:
                    return text[: self._LENGTH]
        return text


def _texts(node: nodes.Node) -> Iterator[str]:
    """`astext()` piece by piece, to be asked for no more of it than is needed."""
    if not isinstance(node, nodes.Element) or not node.children or type(node).astext is not nodes.Element.astext:
        yield node.astext()
        return
    between = ""
    for child in node.children:
        yield between
        yield from _texts(child)
        between = node.child_text_separator


class _LooksAtTemplates:
    """pydata-sphinx-theme's handlers that leave out templates which are blank on a page."""

    def __init__(self, theirs: Callable[..., None]) -> None:
        self._theirs = theirs
        self._looks: TemplateLooks | None = None

    def look(self, app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
        """In the place of theirs."""
        templates = getattr(app.builder, "templates", None)
        if type(templates) is not BuiltinTemplateLoader or "render" in vars(templates):
            self._theirs(app, page, template, context, doctree)
            return
        if self._looks is None or self._looks.templates is not templates:
            self._looks = TemplateLooks(templates)
        with self._looks.answering():
            self._theirs(app, page, template, context, doctree)


def _is_known(function: object, name: str) -> bool:
    """Whether it is the theme's own, of a version that was looked at."""
    place = (getattr(function, "__module__", None), getattr(function, "__qualname__", None))
    ours = ("pydata_sphinx_theme.toctree", f"add_toctree_functions.<locals>.{name}")
    return place == ours and installed(_PYDATA) in SHOWN_LEVEL


_OURS = (_PydataNavigation, _FuroNavigation)
