"""A book that stays in memory: what changed is read again, and what spans documents is brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util.build_phase import BuildPhase

from octavo.diagnostics import Diagnostic, Location, WriterError
from octavo.reading.book import _save, _set_phase
from octavo.reading.changed_files import ChangedFiles, Dependents
from octavo.reading.log import attach, relative_to_root
from octavo.reading.project import Project
from octavo.reading.seen import Figures, figures_of, seen_by_others

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


class ResidentBook:
    """A book that was read and stays so, with the builder that writes it."""

    _builder: Builder

    def __init__(self, app: Sphinx, project: Project, found: Iterable[Diagnostic]) -> None:
        self._app = app
        self._env = app.env
        self._builder = app.builder
        self._project = project
        self._dependents = Dependents(app.env)
        self._figures: dict[str, Figures] = {}
        self._in_reading: dict[str, tuple[Diagnostic, ...]] = {}
        self._in_settling: tuple[Diagnostic, ...] = ()
        self._in_opening = tuple(found)
        self._unreadable: set[str] = set()
        self._unsettled = False
        self._read_since_saved = 0
        app.connect("doctree-read", self._note_figures, priority=10_000)

    @property
    def unsettled(self) -> bool:
        """Whether `settle` has anything to do."""
        return self._unsettled

    def outside_files(self) -> tuple[str, ...]:
        """Files that documents are made from and that are not in the folders of the sources or of conf.py."""
        homes = (str(self._project.source) + os.sep, str(self._project.conf) + os.sep)
        return tuple(path for path in self._dependents.paths() if not path.startswith(homes))

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
                self._after_settling()
        except SphinxError as error:
            raise WriterError(str(error)) from error
        self._in_settling = tuple(said)
        self._unsettled = False

    def _after_settling(self) -> None:
        """What the builder needs anew."""

    def _read_anew(self, docname: str) -> None:
        """A document was read again."""

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
        self._read_anew(docname)
        env.toctree_includes = dict(sorted(env.toctree_includes.items()))
        if docname == self._app.config.root_doc:
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
