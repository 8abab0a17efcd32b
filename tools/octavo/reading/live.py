"""A book that stays in memory while it is written: one document is read again, one page is written again.

It holds one application with the site's builder, which Sphinx allows once in a process. After an edit the page of the
edited document is made at once; what else the edit changed (toctrees, numbers, links) waits for `settle`, and the pages
that show it are written when somebody asks for them, or when there is time. When all of it is done the site is, byte
for byte, what a build of the whole book writes.

What can't be brought up to date in a process that has it loaded (configuration, extensions, modules, templates) is
not tried: `apply` then says why the book must be opened anew.
"""

from __future__ import annotations

import gc
import inspect
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import SerialTasks

from octavo.diagnostics import Diagnostic, WriterError, by_place
from octavo.reading import quick_checksums
from octavo.reading.book import Listener, ReadOptions, _change_builder, read
from octavo.reading.changed_files import sorted_out
from octavo.reading.project import Project
from octavo.reading.resident import ResidentBook

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

_SAVED_AFTER = 10  # documents read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What changed files did to the book.

    - edited: documents that were read again, sorted.
    - files: files of the site that are new, relative to it (pictures, style sheets).
    - other_pages: pages besides the edited ones may look different now.
    - untrusted: why this process can't go on with the book, or None.
    - ignored: no file had anything to do with the book.
    """

    edited: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    other_pages: bool = False
    untrusted: str | None = None
    ignored: bool = False


class LiveBook(ResidentBook):
    """A book that was read and stays so, with the pages of its site."""

    _builder: StandaloneHTMLBuilder

    def __init__(self, app: Sphinx, project: Project, found: Iterable[Diagnostic]) -> None:
        super().__init__(app, project, found)
        builder = self._builder
        self._in_writing: dict[str, tuple[Diagnostic, ...]] = {}
        self._in_finishing: tuple[Diagnostic, ...] = ()
        self._unwritable: set[str] = set()  # tried in vain since the last change
        self._fresh: set[str] = set()  # documents whose page on disk is right
        self._whole: set[str] = set()  # fresh documents that are in the search index as well
        self._in_index: set[str] = set()
        self._pictures: dict[str, str] = {}
        self._finished = False
        builder.finish_tasks = SerialTasks()
        builder.parallel_ok = False
        app.events.emit("write-started", builder)
        self._prepare()
        with self._hearing() as said:
            builder.copy_assets()
        self._in_settling = tuple(said)
        gc.collect()
        gc.freeze()

    @property
    def title(self) -> str:
        """`project` of conf.py."""
        return str(self._app.config.project)

    @property
    def root(self) -> str:
        """Name of the root document."""
        return str(self._app.config.root_doc)

    @property
    def pages(self) -> dict[str, str]:
        """Document name -> path of its page in the site."""
        outdir = Path(self._app.outdir)
        suffix = self._builder.out_suffix
        return {d: Path(outdir, d + suffix).relative_to(outdir).as_posix() for d in sorted(self._env.found_docs)}

    @property
    def due(self) -> tuple[str, ...]:
        """Documents whose pages are not as a whole build would write them, or not in the search index; sorted."""
        return tuple(sorted(self._env.found_docs - self._whole - self._unreadable - self._unwritable))

    @property
    def finished(self) -> bool:
        """Whether the indices, the search index and the inventory are up to date."""
        return self._finished

    def is_fresh(self, docname: str) -> bool:
        """Whether the page on disk is what a build of the whole book would write, or the best there is."""
        hopeless = docname in self._unreadable or docname in self._unwritable or docname not in self._env.found_docs
        return hopeless or docname in self._fresh

    def problems(self) -> tuple[Diagnostic, ...]:
        """All findings that stand, in order of place."""
        found = [*self._in_opening, *self._in_settling, *self._in_finishing]
        for kept in (*self._in_reading.values(), *self._in_writing.values()):
            found.extend(kept)
        return by_place(dict.fromkeys(found))

    def apply(self, paths: Sequence[Path]) -> Effect:
        """Take in that files were added, changed or deleted: read again what is made from them.

        Raises: WriterError when Sphinx or an extension gives up on the whole book.
        """
        changes = sorted_out(paths, self._app, self._project, self._dependents)
        self._unwritable.clear()
        files = self._copy_assets(changes.assets) + self._copy_pictures_again(changes.files)
        if changes.assets:
            self._fresh.clear()  # a page names its style sheets with their checksums
            self._whole.clear()
        before = set(self._env.found_docs)
        try:
            edited = self._read_again(changes)
        except SphinxError as error:
            raise WriterError(str(error)) from error
        if self._env.found_docs != before:
            self._unsettled = True
            self._finished = False
            self._drop(before - self._env.found_docs)
        nothing = not (edited or files or changes.assets or self._env.found_docs != before)
        return Effect(
            edited=edited,
            files=files,
            other_pages=self._unsettled or bool(changes.assets),
            untrusted=changes.untrusted,
            ignored=nothing,
        )

    def settle(self) -> None:
        """As any resident book does; every page is stale then."""
        super().settle()
        self._fresh.clear()
        self._whole.clear()
        self._finished = False

    def write(self, docname: str, *, index: bool) -> None:
        """Write one page, with the pictures that are new on it.

        Where Sphinx, the theme or an extension gives up on it, that is a finding, and the page stays as it was.

        - index: with its words in the search index, which an edit that shall be seen at once leaves for later.
        """
        builder = self._builder
        if index and docname in self._in_index:
            self._forget_in_index({docname})
        indexer = builder.indexer
        if not index:
            builder.indexer = None
        try:
            with self._own_scripts(), self._hearing() as said:
                self._phase(BuildPhase.RESOLVING)
                doctree = self._resolved(docname)
                self._phase(BuildPhase.WRITING)
                builder.write_doc_serialized(docname, doctree)
                builder.write_doc(docname, doctree)
        except SphinxError as error:
            self._in_writing[docname] = (self._error(docname, error),)
            self._unwritable.add(docname)
            return
        finally:
            builder.indexer = indexer
        self._in_writing[docname] = tuple(said)
        self._fresh.add(docname)
        if index:
            self._whole.add(docname)
            self._in_index.add(docname)
        self._copy_new_pictures()

    def prepare_filling(self) -> None:
        """Before many pages are written with `index`: forget their words at once, which is slow one by one."""
        self._forget_in_index(self._in_index.intersection(self.due))

    def finish(self) -> None:
        """Write what spans documents: indices, inventory, what extensions add at the end, and the search index.

        The search index only if every page is in it.

        Raises: WriterError when Sphinx or an extension gives up.
        """
        builder = self._builder
        indexer = builder.indexer
        if self.due:
            builder.indexer = None
        _tidy(indexer)
        try:
            with self._own_scripts(), self._hearing() as said:
                self._phase(BuildPhase.WRITING)
                builder.copy_download_files()
                builder.finish()
                builder.finish_tasks.join()
                self._app.events.emit("build-finished", None)
        except SphinxError as error:
            raise WriterError(str(error)) from error
        finally:
            builder.indexer = indexer
        self._in_finishing = tuple(said)
        self._pictures = dict(self._builder.images)
        self._finished = not self.due
        if self._finished and self._read_since_saved >= _SAVED_AFTER:
            self._save()

    def _after_settling(self) -> None:
        self._prepare()

    def _read_anew(self, docname: str) -> None:
        self._fresh.discard(docname)
        self._whole.discard(docname)
        self._finished = False

    def _prepare(self) -> None:
        """Everything of the builder that spans documents; the search index is empty afterwards."""
        builder, env = self._builder, self._env
        env.toctree_includes = dict(sorted(env.toctree_includes.items()))
        env.__dict__.pop("master_doctree", None)
        if hasattr(builder, "_orig_css_files"):  # what the last page added for itself
            builder._css_files[:] = builder._orig_css_files
            builder._js_files[:] = builder._orig_js_files
        for name, kept in vars(env).items():
            if name.startswith("_search_index_") and isinstance(kept, dict):
                kept.clear()  # it keeps entries of deleted documents, which Sphinx trips over
        builder.prepare_writing(set(env.found_docs))
        self._in_index.clear()

    def _drop(self, docnames: Iterable[str]) -> None:
        """Take away what is left of deleted documents."""
        for docname in docnames:
            self._in_reading.pop(docname, None)
            self._in_writing.pop(docname, None)
            self._figures.pop(docname, None)
            for known in (self._fresh, self._whole, self._unreadable):
                known.discard(docname)
            Path(self._app.outdir, docname + self._builder.out_suffix).unlink(missing_ok=True)
            sources = Path(self._app.outdir, "_sources")
            for source in sources.glob(f"{docname}.*"):
                source.unlink()

    def _resolved(self, docname: str) -> nodes.document:
        resolve = self._env.get_and_resolve_doctree
        if "tags" in inspect.signature(resolve).parameters:  # Sphinx 9
            return resolve(docname, self._builder, tags=self._app.tags)
        return resolve(docname, self._builder)

    def _forget_in_index(self, docnames: set[str]) -> None:
        indexer = self._builder.indexer
        if indexer is not None and docnames:
            indexer.prune(self._in_index - docnames)
        self._in_index -= docnames

    def _copy_new_pictures(self) -> None:
        """Sphinx copies pictures when all pages are written; a page that is looked at needs its own at once."""
        for source, name in self._builder.images.items():
            if self._pictures.get(source) != name:
                self._copy_picture(source, name)

    def _copy_picture(self, source: str, name: str) -> None:
        target = Path(self._app.outdir, self._builder.imagedir, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # Sphinx says it when it copies all of them
            shutil.copyfile(self._project.source / source, target)
        self._pictures[source] = name

    def _copy_pictures_again(self, paths: Sequence[Path]) -> tuple[str, ...]:
        """Copy pictures and downloads whose files changed; returns their paths in the site."""
        copied = []
        changed = set(paths)
        for source, name in list(self._builder.images.items()):
            if self._project.source / source in changed:
                self._copy_picture(source, name)
                copied.append(f"{self._builder.imagedir}/{name}")
        for named, (_, hashed) in self._env.dlfiles.items():
            if self._project.source / named in changed:
                target = Path(self._app.outdir, "_downloads", hashed)
                with suppress(OSError):
                    shutil.copyfile(self._project.source / named, target)
        return tuple(copied)

    def _copy_assets(self, paths: Sequence[Path]) -> tuple[str, ...]:
        """Copy the static files again as Sphinx does (some are templates); returns the changed ones in the site."""
        if not paths:
            return ()
        _forget_checksums()
        with self._hearing() as said:
            self._builder.copy_static_files()
            self._builder.copy_extra_files()
        self._in_finishing = tuple(said)
        self._finished = False
        config = self._app.config
        found = []
        for path in paths:
            for folder in config.html_static_path:
                home = self._project.conf / folder
                if path.is_relative_to(home):
                    found.append(f"_static/{path.relative_to(home).as_posix()}")
                elif path == home:
                    found.append(f"_static/{path.name}")
        return tuple(name.removesuffix(".jinja").removesuffix("_t") for name in found)

    @contextmanager
    def _own_scripts(self) -> Iterator[None]:
        """What pages add for themselves while they are written is not the next preparation's."""
        registry = self._app.registry
        css, js = list(registry.css_files), list(registry.js_files)
        try:
            yield
        finally:
            registry.css_files[:] = css
            registry.js_files[:] = js


def open_live(
    project: Project, options: ReadOptions, state: Path, *, builder_name: str, outdir: Path, listener: Listener
) -> LiveBook:
    """Read the book, and make the builder of the site on it.

    - state: folder for doctrees and what else is kept until the book is opened again.
    - listener: `reading` is called with 0 before the first file of `state` is changed.

    Raises: ConfigurationError when Sphinx can't start on this project; WriterError when it can't be read.
    """
    found: list[Diagnostic] = []
    heard = Listener(found=found.append, reading=listener.reading, writing=listener.writing)
    book = read(project, options, state, state / "work", heard)
    try:
        _change_builder(book._app, builder_name, outdir)
        return LiveBook(book._app, project, found)
    except SphinxError as error:
        raise WriterError(str(error)) from error


def _tidy(indexer: object) -> None:
    """Leave in the search index what is there when all pages are fed once, in order.

    Sphinx keeps words that are on no page any more, and entries in the order in which they came.
    """
    entries = getattr(indexer, "_index_entries", {})
    in_order = sorted(entries.items())
    entries.clear()
    entries.update(in_order)
    for words in (getattr(indexer, "_mapping", {}), getattr(indexer, "_title_mapping", {})):
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]


def _forget_checksums() -> None:
    """Sphinx reads each style sheet once in a process for the checksum in its address."""
    from sphinx.builders.html import _assets

    forget = getattr(getattr(_assets, "_file_checksum_inner", None), "cache_clear", None)
    if forget is not None:  # Sphinx 8.2 keeps none
        forget()
    quick_checksums.checksum_once.cache_clear()
