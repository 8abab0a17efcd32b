"""A book of one file that stays in memory: after an edit one document is read again, and the file is made anew.

What makes this quick is what its builder's compiler remembers of the last time, which goes with the process. The file
is a draft: its pages are those of a build of the whole book, and what isn't seen may be left out of it.
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import SerialTasks

from octavo.diagnostics import Diagnostic, WriterError
from octavo.reading.book import READING, Listener, ReadOptions, _change_builder, read
from octavo.reading.changed_files import sorted_out
from octavo.reading.neutral import _set_tags, present_after_reading, present_while_reading
from octavo.reading.project import Project
from octavo.reading.resident import ResidentBook
from octavo.reading.resolved_trees import ResolvedTrees

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_DOCTREES = "doctrees"


class LivePrint(ResidentBook):
    """A book that was read and stays so, with the builder of one file (its `artefact`, once it has written).

    read_with: the tags that documents are read with; the builder has others for writing.
    """

    def __init__(
        self, app: Sphinx, project: Project, found: Iterable[Diagnostic], *, read_with: frozenset[str]
    ) -> None:
        super().__init__(app, project, found)
        self._read_with = read_with
        self._builder.finish_tasks = SerialTasks()
        self._builder.parallel_ok = False
        self._resolved = ResolvedTrees(app.env)
        vars(self._builder).update(resolved_trees=self._resolved, draft=True)
        gc.collect()
        gc.freeze()
        gc.disable()  # `tidy` does it, when nobody waits

    def apply(self, paths: Sequence[Path]) -> str | bool:
        """Take in that files were added, changed or deleted. Returns whether the file may look different now.

        A text says why this process can't go on with the book.

        Raises: WriterError when Sphinx or an extension gives up.
        """
        changes = sorted_out(paths, self._app, self._project, self._dependents)
        if changes.untrusted is not None:
            return changes.untrusted
        before = set(self._env.found_docs)
        try:
            with self._as_reader():
                edited = self._read_again(changes)
        except SphinxError as error:
            raise WriterError(str(error)) from error
        if self._env.found_docs != before:
            self._unsettled = True
        self._env._write_doc_doctree_cache.clear()  # nobody asks for them here
        self._resolved.forget(edited)
        return bool(edited) or self._unsettled

    def settle(self) -> None:
        """As any resident book does; references may resolve otherwise then."""
        self._resolved.forget()
        with self._as_reader():
            super().settle()

    def write(self) -> Path:
        """Make the file. Returns where it is: in the builder's output folder.

        Raises: WriterError when Sphinx, an extension or the writer gives up.
        """
        if self._unsettled:
            self.settle()
        builder = self._builder
        try:
            with self._hearing():
                self._phase(BuildPhase.RESOLVING)
                builder.write(None, sorted(self._env.found_docs), "all")
                builder.finish()
                builder.finish_tasks.join()
                self._app.events.emit("build-finished", None)
        except SphinxError as error:
            raise WriterError(str(error)) from error
        made: Path = builder.artefact  # type: ignore[attr-defined]
        return made

    @staticmethod
    def tidy() -> None:
        """Give back the memory of trees that are done with: the collector of cycles does not run by itself here."""
        gc.collect()

    @contextmanager
    def _as_reader(self) -> Iterator[None]:
        """Have extensions see what they see when the book is read for all formats."""
        app = self._app
        write_with = frozenset(app.tags)
        _set_tags(app, self._read_with)
        present_while_reading(self._builder)
        try:
            yield
        finally:
            present_after_reading(self._builder)
            _set_tags(app, write_with)


def open_print(
    project: Project, options: ReadOptions, state: Path, *, builder_name: str, like: tuple[Path, Path]
) -> LivePrint:
    """Read the book, and make the builder on it.

    - state: folder for doctrees and what else is kept until the book is opened again.
    - like: state and work folders of another reading of the same book with the same options: what it has read need not
      be read again.

    Raises: ConfigurationError when Sphinx can't start on this project; WriterError when it can't be read.
    """
    found: list[Diagnostic] = []
    listener = Listener(found=found.append, reading=lambda done, total: None, writing=lambda done, total: None)
    work = state / "work"
    if not (state / _DOCTREES).is_dir():
        for old, new in ((like[0] / _DOCTREES, state / _DOCTREES), (like[1] / READING, work / READING)):
            if old.is_dir():
                shutil.copytree(old, new, dirs_exist_ok=True)
    app = read(project, options, state, work, listener)._app
    read_with = frozenset(app.tags)
    try:
        _change_builder(app, builder_name, work / builder_name)
    except SphinxError as error:
        raise WriterError(str(error)) from error
    return LivePrint(app, project, found, read_with=read_with)
