"""The option `octavo_html_shared_navigation`: the whole navigation in a file that all pages share.

A page holds its own branch and a link to the complete table of contents, a page of the site; with scripts, the branch
is replaced by the whole tree. Scripts may not read files where a site is opened from a disk, so the tree is a script
that assigns a string.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx import addnodes
from sphinx.locale import _
from sphinx.util.osutil import relative_uri

from octavo.diagnostics import Diagnostic
from octavo.reading.reporting import report
from octavo.reading.shares import gathered
from octavo.writers.html.branches import Branches
from octavo.writers.html.navigation import PLACEHOLDER
from octavo.writers.html.toctrees import Options, whole

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

OPTION = "octavo_html_shared_navigation"
Transform = Callable[[str], str]
_CONTENTS = "complete-contents"
_EVERYTHING = Options(maxdepth=-1, titles_only=True, includehidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One tree of the site. below: the document whose toctrees make it; levels: so many are open from the start."""

    below: str | None
    levels: int
    options: Options

    @property
    def name(self) -> str:
        """What its file and its pages call it."""
        return f"{zlib.crc32(repr(self).encode()):08x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """branches: None for a tree without entries; script: the shared file."""

    branches: Branches | None
    script: bytes


class SharedNavigation:
    """Makes the branches of pages, the shared files and the page of contents. It is `Gathered`: which files to write.

    The theme's own code (a `Transform`) makes its HTML of Sphinx's, of branches as of whole trees.
    """

    def __init__(self, app: Sphinx, builder: StandaloneHTMLBuilder) -> None:
        self._app = app
        self._builder = builder
        self._made: dict[Kind, _Made] = {}
        self._used: set[Kind] = set()
        self._share: set[Kind] = set()
        self._collected = False
        self._transform_for: Callable[[Kind], Transform] | None = None
        self._served = self._said = False
        gathered(app).append(self)
        app.connect("html-collect-pages", self._pages)
        script = resources.files(__package__).joinpath("shared_navigation.js").read_bytes()
        self._static = {"octavo-navigation.js": script}

    @property
    def contents(self) -> str:
        """The name of the page of contents: one that no document has."""
        name = _CONTENTS
        while name in self._builder.env.all_docs:
            name += "-"
        return name

    def begin(self, *, served: bool) -> None:
        """Forget what was made for an earlier state of the book. served: whether the theme is one that is known."""
        self._made.clear()
        self._used.clear()
        self._share.clear()
        self._collected = False
        self._served = served
        if not served and not self._said:
            self._said = True
            report(Diagnostic(rule="html/navigation-not-shared", value=str(self._app.config.html_theme)))

    def begin_share(self) -> None:
        """See `octavo.reading.shares`."""

    def taken(self) -> frozenset[Kind]:
        """See `octavo.reading.shares`."""
        share, self._share = frozenset(self._share), set()
        return share

    def put(self, share: object) -> None:
        """See `octavo.reading.shares`."""
        assert isinstance(share, frozenset)  # noqa: S101 -- what `taken` gives
        self._used |= share

    def begin_page(self, transform_for: Callable[[Kind], Transform]) -> None:
        """transform_for: the theme's code, as it is on this page; until the next page it is called for all trees."""
        self._transform_for = transform_for

    def html(self, page: str, kind: Kind) -> str:
        """What a page's sidebar holds."""
        self._share.add(kind)
        made = self._tree(kind)
        if self._collected:
            self._write(kind)
        if made.branches is None:
            return self._transform(kind)("") + self.link(page)
        uri = self._uri(page)
        to_contents = f'aria-label="{escape(self._title)}" href="{self._to_contents(page)}"'
        more = f'<a class="reference internal" {to_contents}>…</a>'
        branch = made.branches.branch(page, lambda target: relative_uri(uri, target), more)
        root = "../" * uri.count("/") or "./"
        place = f'<div data-octavo-navigation="{kind.name}" data-octavo-root="{root}"'
        if branch.current is not None:
            place += f' data-octavo-current="{escape(branch.current or "./")}"'
        place += " data-octavo-own" if branch.own else ""
        scripts = "".join(
            f'<script defer src="{root}_static/{name}?v={zlib.crc32(content):08x}"></script>'
            for name, content in (*self._file(kind), *self._static.items())
        )
        return f"{place}>{self._transform(kind)(branch.html)}</div>{self.link(page)}{scripts}"

    def link(self, page: str) -> str:
        """The link to the complete contents."""
        own = page == self.contents
        marks = ' class="toctree-l1 current active"' if own else ' class="toctree-l1"'
        link = ' aria-current="page" class="current reference internal"' if own else ' class="reference internal"'
        href = self._to_contents(page)
        text = escape(self._title)
        return f'<ul class="nav bd-sidenav"><li{marks}><a{link} href="{href}">{text}</a></li></ul>'

    @property
    def _title(self) -> str:
        return str(_("Complete Table of Contents"))

    def _uri(self, page: str) -> str:
        return str(self._builder.get_target_uri(page))

    def _to_contents(self, page: str) -> str:
        return escape(relative_uri(self._uri(page), self._uri(self.contents)) or "#")

    def _transform(self, kind: Kind) -> Transform:
        assert self._transform_for is not None  # noqa: S101 -- trees are asked for once a page has begun
        return self._transform_for(kind)

    def _file(self, kind: Kind) -> tuple[tuple[str, bytes], ...]:
        return ((f"octavo-navigation-{kind.name}.js", self._tree(kind).script),)

    def _tree(self, kind: Kind) -> _Made:
        if kind not in self._made:
            found = whole(self._builder, self._toctrees(kind.below), kind.options)
            html = self._builder.render_partial(found.plain)["fragment"] if found else ""
            branches = Branches(html, found.entries, kind.below or self._app.config.root_doc) if found else None
            placed = _placed(html, lambda number: found.entries[number].target or "./") if found else ""
            text = json.dumps(self._transform(kind)(placed), ensure_ascii=False)
            script = f'(window.octavoNavigation = window.octavoNavigation || {{}})["{kind.name}"] = {text};\n'
            self._made[kind] = _Made(branches=branches, script=script.encode())
        return self._made[kind]

    def _toctrees(self, below: str | None) -> Iterator[addnodes.toctree]:
        env = self._builder.env
        tree = env.master_doctree if below is None else env.tocs[below].deepcopy()
        return iter(list(tree.findall(addnodes.toctree)))

    def _pages(self, _app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The page of contents; when it is written, all is known that the files need."""
        if not self._served:
            return
        yield self.contents, {"title": self._title, "body": self._body()}, "page.html"
        self._used |= self._share
        for kind in self._used:
            self._write(kind)
        self._collected = True

    def _body(self) -> str:
        found = whole(self._builder, self._toctrees(None), _EVERYTHING)
        html = self._builder.render_partial(found.plain)["fragment"] if found else ""
        uri = self._uri(self.contents)
        if found:
            html = _placed(html, lambda number: relative_uri(uri, found.entries[number].target))
        title = escape(self._title)
        return (
            f'<section id="{_CONTENTS}"><h1>{title}</h1>'
            f'<nav aria-label="{title}" class="toctree-wrapper compound">{html}</nav></section>'
        )

    def _write(self, kind: Kind) -> None:
        folder = Path(self._app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (*self._file(kind), *self._static.items()):
            (folder / name).write_bytes(content)


def _placed(html: str, address: Callable[[int], str]) -> str:
    """The whole tree with addresses."""
    return PLACEHOLDER.sub(lambda match: f"{address(int(match[1]))}{match[2]}", html)
