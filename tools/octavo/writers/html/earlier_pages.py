"""Pages that an earlier build wrote, carried over where a build of the whole book would write the same.

A page is carried over when its document was not read again, nothing that spans pages and that it needs has changed
(titles, numbers and targets of what it leads to or shows: `octavo.reading.spanning`; toctrees, configuration, templates
and static files count for every page), and all extensions are known to make nothing but pages of documents. All else is
written as ever.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.reading.spanning import Changes, Spanning
from octavo.writers.html.page_results import PageResult
from octavo.writers.html.parallel_pages import KNOWN, module_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

FORMAT_VERSION = 2
# Sphinx's own extensions that show nothing on one page that is another's, and write no files but pages
_OWN = ("addnodes", "builders", "config", "directives", "domains", "environment", "extension", "parsers", "registry")
_OWN_ALSO = ("roles", "transforms", "versioning")
_OWN_EXTENSIONS = ("autodoc", "autosectionlabel", "extlinks", "githubpages", "ifconfig", "intersphinx", "mathjax")
_CONTRIBUTED = ("applehelp", "devhelp", "htmlhelp", "jquery", "jsmath", "qthelp", "serializinghtml")
_PREFIXES = (
    *(f"sphinx.{name}" for name in (*_OWN, *_OWN_ALSO)),
    *(f"sphinx.ext.{name}" for name in (*_OWN_EXTENSIONS, "napoleon")),
    *(f"sphinxcontrib.{name}" for name in _CONTRIBUTED),
)
_MAKES_FILES = frozenset({"myst_nb", "sphinx", "sphinxcontrib"})  # of these only what is named above


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """read: when its document was read, as Sphinx has it."""

    read: int
    result: PageResult


class EarlierPages:
    """What an earlier build wrote, and then what this one has.

    - kept: the file that an earlier build has left by `save`, and site: the folder with its pages, still as it was;
      None when there is nothing to carry over.
    - spanning: what spans the pages of this build.
    """

    def __init__(self, *, kept: Path | None, site: Path, spanning: Spanning) -> None:
        self._kept = kept
        self._site = site
        self._spanning = spanning
        self._pages: dict[str, _Page] | None = None

    def carried_over(self, app: Sphinx, builder: StandaloneHTMLBuilder) -> dict[str, PageResult]:
        """Put pages that would be written the same into the new site; what they left, by document."""
        earlier, changes = self._loaded() if makes_only_pages(app) else ({}, None)
        found = {}
        for docname, read in app.env.all_docs.items():
            page = earlier.get(docname)
            if page is None or page.read != read or changes is None or page.result.needs is None:
                continue
            same = _same_pictures(app, page.result) and not changes.touch(docname, page.result.needs)
            if same and self._carry(_files(app, builder, docname), Path(app.outdir)):
                found[docname] = page.result
        return found

    def note(self, app: Sphinx, results: Mapping[str, PageResult]) -> None:
        """Keep what the pages left, for the next build."""
        read = app.env.all_docs
        if makes_only_pages(app):
            self._pages = {name: _Page(read=read[name], result=result) for name, result in results.items()}

    def save(self, path: Path) -> None:
        """Write what was noted; nothing was when no page can be carried over from this build."""
        if self._pages is not None:
            content = (FORMAT_VERSION, self._spanning, self._pages)
            path.write_bytes(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))

    def _loaded(self) -> tuple[dict[str, _Page], Changes | None]:
        """The pages of the earlier build, and what has changed since."""
        if self._kept is None:
            return {}, None
        try:
            # our own file, beside the environment that Sphinx has pickled
            version, spanning, pages = pickle.loads(self._kept.read_bytes())  # noqa: S301
        except (OSError, ValueError, TypeError, AttributeError, ImportError, EOFError, pickle.UnpicklingError):
            return {}, None
        if version != FORMAT_VERSION:
            return {}, None
        return dict(pages), self._spanning.changes(spanning)

    def _carry(self, names: tuple[str, ...], outdir: Path) -> bool:
        """Put all files of a page into the new site, or none that counts: what is there will be written over."""
        try:
            for name in names:
                target = outdir / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                try:
                    os.link(self._site / name, target)
                except FileNotFoundError:
                    return False
                except OSError:  # no links on this file system
                    shutil.copy2(self._site / name, target)
        except OSError:
            return False
        return True


def _same_pictures(app: Sphinx, result: PageResult) -> bool:
    """Whether the pictures of a page still have their names in the site."""
    known = app.env.images
    return all(path in known and known[path][1] == name for path, name in result.images.items())


def makes_only_pages(app: Sphinx) -> bool:
    """Whether all extensions are known to make nothing but pages, each from its document and what spans documents."""
    if callable(getattr(app.config, "setup", None)):  # conf.py may do anything
        return False
    handlers = (x.handler for listeners in app.events.listeners.values() for x in listeners)
    return all(map(_makes_only_pages, (*app.extensions, *map(module_of, handlers))))


def _makes_only_pages(module: str) -> bool:
    top = module.partition(".")[0]
    return module.startswith(_PREFIXES) or (top in KNOWN and top not in _MAKES_FILES)


def _files(app: Sphinx, builder: StandaloneHTMLBuilder, docname: str) -> tuple[str, ...]:
    """The page of a document, and the copy of its source, relative to the site."""
    page = os.path.relpath(builder.get_outfilename(docname), app.outdir)
    if not (builder.copysource and app.config.html_copy_source):
        return (page,)
    source = str(app.env.doc2path(docname, False))
    link = app.config.html_sourcelink_suffix
    return page, f"_sources/{source}{'' if source[len(docname) :] == link else link}"
