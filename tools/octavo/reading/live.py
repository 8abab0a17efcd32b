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
import os
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

from octavo.diagnostics import Diagnostic, Location, WriterError, by_place
from octavo.reading.book import Listener, ReadOptions, _change_builder, _save, _set_phase, read
from octavo.reading.changed_files import ChangedFiles, Dependents, sorted_out
from octavo.reading.log import attach, relative_to_root
from octavo.reading.project import Project
from octavo.reading.seen import Figures, figures_of, seen_by_others

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


class LiveBook:
    """A book that was read and stays so."""

    def __init__(self, app: Sphinx, project: Project, found: Iterable[Diagnostic]) -> None:
        builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]
        self._app = app
        self._env = app.env
        self._builder = builder
        self._project = project
        self._dependents = Dependents(app.env)
        self._figures: dict[str, Figures] = {}
        self._in_reading: dict[str, tuple[Diagnostic, ...]] = {}
        self._in_writing: dict[str, tuple[Diagnostic, ...]] = {}
        self._in_settling: tuple[Diagnostic, ...] = ()
        self._in_finishing: tuple[Diagnostic, ...] = ()
        self._in_opening = tuple(found)
        self._unreadable: set[str] = set()
        self._unwritable: set[str] = set()  # tried in vain since the last change
        self._unsettled = False
        self._fresh: set[str] = set()  # documents whose page on disk is right
        self._whole: set[str] = set()  # fresh documents that are in the search index as well
        self._in_index: set[str] = set()
        self._pictures: dict[str, str] = {}
        self._finished = False
        self._read_since_saved = 0
        app.connect("doctree-read", self._note_figures, priority=10_000)
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
    def unsettled(self) -> bool:
        """Whether `settle` has anything to do."""
        return self._unsettled

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

    def outside_files(self) -> tuple[str, ...]:
        """Files that documents are made from and that are not in the folders of the sources or of conf.py."""
        homes = (str(self._project.source) + os.sep, str(self._project.conf) + os.sep)
        return tuple(path for path in self._dependents.paths() if not path.startswith(homes))

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
        """Bring what spans documents up to date: toctrees, numbers, relations. All pages may look different then.

        Raises: WriterError when Sphinx or an extension gives up.
        """
        env = self._env
        try:
            with self._hearing() as said:
                self._phase(BuildPhase.READING)
                self._forget_numbers()
                self._app.events.emit("env-updated", env)
                list(env.check_dependents(self._app, set()))
                self._phase(BuildPhase.CONSISTENCY_CHECK)
                env.check_consistency()
                self._prepare()
        except SphinxError as error:
            raise WriterError(str(error)) from error
        self._in_settling = tuple(said)
        self._unsettled = False
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

    def _read_again(self, changes: ChangedFiles) -> tuple[str, ...]:
        """Read the changed documents, and those that Sphinx and the extensions want with them."""
        env, events = self._env, self._app.events
        self._phase(BuildPhase.READING)
        added: set[str] = set()
        removed: set[str] = set()
        changed = changes.documents | self._unreadable
        if changes.may_be_new:
            env.find_files(self._app.config, self._builder)
            added, more, removed = env.get_outdated_files(False)
            changed |= more
        changed = {d for d in changed if d in env.found_docs}
        if not (changed or added or removed):
            return ()
        for found in events.emit("env-get-outdated", env, added, changed, removed):
            changed.update(set(found) & env.found_docs)
        if added or removed:
            changed.update(env.glob_toctrees & env.found_docs)
        for docname in removed:
            events.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)
        names = sorted(added | changed)
        events.emit("env-before-read-docs", env, names)
        for docname in names:
            if self._is_text(docname):
                self._read_one(docname)
        self._finished = False
        return tuple(names)

    def _read_one(self, docname: str) -> None:
        """Read one document, and keep its numbers while nothing moved that is numbered."""
        env = self._env
        was_known = docname in env.all_docs
        before = seen_by_others(env, docname) if was_known else ()
        figures = self._figures_before(docname) if was_known else ()
        sections, counted = env.toc_secnumbers.get(docname), env.toc_fignumbers.get(docname)
        env._pickled_doctree_cache.pop(docname, None)
        env._write_doc_doctree_cache.pop(docname, None)
        source = self._source_of(docname)
        of_document = {source, *(relative_to_root(p, self._project.root) for p in env.dependencies.get(docname, ()))}
        with self._hearing() as said:
            self._app.events.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)
            self._builder.read_doc(docname)
        self._in_reading[docname] = tuple(said)
        self._in_opening = tuple(d for d in self._in_opening if d.location.source not in of_document)
        self._read_since_saved += 1
        self._fresh.discard(docname)
        self._whole.discard(docname)
        env.toctree_includes = dict(sorted(env.toctree_includes.items()))
        if docname == self.root:
            env.__dict__.pop("master_doctree", None)
        self._give_numbers_back(docname, sections, counted)
        if (before, figures) != (seen_by_others(env, docname), self._figures.get(docname, ())):
            self._unsettled = True

    def _is_text(self, docname: str) -> bool:
        """Whether the source can be read at all. Where it can't, all that was read of it before stays in place."""
        try:
            self._env.doc2path(docname).read_text(encoding=self._app.config.source_encoding)
        except (OSError, UnicodeError) as error:
            self._in_reading[docname] = (self._error(docname, error),)
            self._unreadable.add(docname)
            return False
        self._unreadable.discard(docname)
        return True

    def _error(self, docname: str, error: Exception) -> Diagnostic:
        """What Sphinx, an extension or the system says of a document, as a finding."""
        return Diagnostic(rule="sphinx/error", value=str(error), location=Location(source=self._source_of(docname)))

    def _source_of(self, docname: str) -> str:
        return relative_to_root(str(self._env.doc2path(docname)), self._project.root)

    def _give_numbers_back(
        self,
        docname: str,
        sections: dict[str, tuple[int, ...]] | None,
        counted: dict[str, dict[str, tuple[int, ...]]] | None,
    ) -> None:
        """Reading forgets the numbers of sections and figures; only `settle` counts them."""
        env = self._env
        if counted is not None:
            env.toc_fignumbers[docname] = counted
        if sections is None:
            return
        env.toc_secnumbers[docname] = sections
        for reference in env.tocs[docname].findall(nodes.reference):
            if number := sections.get(reference["anchorname"]):
                reference["secnumber"] = number
        if number := sections.get(""):
            env.titles[docname]["secnumber"] = number

    def _forget_numbers(self) -> None:
        """Sphinx leaves the numbers of sections that are numbered no more where they are."""
        for title in self._env.titles.values():
            title.attributes.pop("secnumber", None)
        for toc in self._env.tocs.values():
            for reference in toc.findall(nodes.reference):
                reference.attributes.pop("secnumber", None)

    def _figures_before(self, docname: str) -> Figures:
        if not self._app.config.numfig:
            return ()
        if docname not in self._figures:
            self._figures[docname] = figures_of(self._env.get_doctree(docname), self._env)
        return self._figures[docname]

    def _note_figures(self, app: Sphinx, doctree: nodes.document) -> None:
        self._figures[app.env.docname] = figures_of(doctree, app.env) if app.config.numfig else ()

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

    @contextmanager
    def _hearing(self) -> Iterator[list[Diagnostic]]:
        """Everything that is said while the block runs."""
        said: list[Diagnostic] = []
        attach(self._app, self._project.root, said.append)
        yield said

    def _phase(self, phase: BuildPhase) -> None:
        _set_phase(self._app, phase)

    def _save(self) -> None:
        _save(self._app)
        self._read_since_saved = 0


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
