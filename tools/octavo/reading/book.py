"""The one read: a project's sources into one environment, from which each format is then written.

`read` runs Sphinx once with a builder that writes nothing. `ReadBook.write` makes a writing builder on what was read;
it changes the application, so it belongs into a process of its own (a fork of the reading one). Where processes can't
be forked, `reopen` loads the pickled environment in a fresh process, still without reading a source again.
"""

from __future__ import annotations

import gc
import os
import pickle
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.domains import Domain
from sphinx.errors import ApplicationError, ConfigError, ExtensionError, SphinxError, VersionRequirementError
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import SerialTasks, parallel_available

from octavo.diagnostics import ConfigurationError, Diagnostic, WriterError
from octavo.reading import inputs
from octavo.reading.findings import ReadingFindings
from octavo.reading.garbage import seldom_collected
from octavo.reading.late_modules import loaded_late
from octavo.reading.log import attach, early_warnings, relative_to_root
from octavo.reading.neutral import Changes, ReaderBuilder, give_back
from octavo.reading.project import Project
from octavo.reading.quick_reading import OBJECTS_OF_PAGES
from octavo.reading.spanning import Spanning
from octavo.reading.trace import Trace
from octavo.reading.tracing import TraceRecorder

if TYPE_CHECKING:
    from sphinx.builders import Builder

OWN_PREFIX = "octavo-"
READER = "octavo-reader"
CHANGES = "changes.json"
READING = "reading"  # the folder beside the writers' output folders that the reading builder has for its own


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read.

    - jobs: processes at most, at least 1.
    - overrides: configuration values as given with -D, `name=value` split.
    - tags: tags as given with -t.
    - fresh: read everything, though an environment of an earlier build is there.
    """

    jobs: int = 1
    overrides: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told while it happens.

    - found: a problem in the book.
    - reading: documents read so far, of how many.
    - writing: documents resolved for writing so far, of how many.
    """

    found: Callable[[Diagnostic], None]
    reading: Callable[[int, int], None]
    writing: Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a writing builder leaves: the builder (for its own results) and the way back to the sources."""

    builder: Builder
    trace: Trace


class ReadBook:
    """A book that was read, ready to be written in any format."""

    def __init__(self, app: Sphinx, project: Project, read: tuple[str, ...]) -> None:
        self._app = app
        self._project = project
        self.read = read

    @property
    def documents(self) -> int:
        """How many documents the book has."""
        return len(self._app.env.found_docs)

    @property
    def title(self) -> str:
        """`project` of conf.py."""
        return str(self._app.config.project)

    def inputs(self, output: Path, today: date, environment: Mapping[str, str]) -> str:
        """A digest of all that the formats are made from; see `octavo.reading.inputs`."""
        return inputs.digest(self._app, output, today, environment)

    def spanning(self, output: Path, today: date, environment: Mapping[str, str]) -> Spanning:
        """All that may show on more than one page; see `octavo.reading.inputs`."""
        return inputs.spanning(self._app, output, today, environment)

    def write(
        self,
        builder_name: str,
        outdir: Path,
        listener: Listener,
        prepare: Callable[[Builder], None] | None = None,
    ) -> Written:
        """Make the builder, let it write all documents into `outdir`, and finish.

        Changes the application: at most once in a process.

        - prepare: is given the builder before it writes.

        Raises: WriterError when Sphinx, an extension or the writer gives up on the book.
        """
        app = self._app
        attach(app, self._project.root, listener.found)
        try:
            if isinstance(app.builder, ReaderBuilder):
                _change_builder(app, builder_name, outdir)
        except SphinxError as error:
            raise WriterError(str(error)) from error
        recorder = TraceRecorder(app, self._project.root, listener.writing)
        builder = app.builder
        if prepare is not None:
            prepare(builder)
        try:
            _write_all(app, builder)
        except SphinxError as error:
            app.events.emit("build-finished", error)
            raise WriterError(str(error)) from error
        app.events.emit("build-finished", None)
        builder.cleanup()
        return Written(builder=builder, trace=recorder.trace(builder))


def read(project: Project, options: ReadOptions, state: Path, work: Path, listener: Listener) -> ReadBook:
    """Read all sources that are new or changed, and save the environment in `state`.

    - state: folder for doctrees and the environment, kept from build to build.
    - work: folder that the output folders of all builders are in; kept as well, since extensions put what they make
      while reading (executed notebooks, plots) into the output folder or beside it.

    Raises: ConfigurationError when Sphinx can't start on this project.
    """
    with seldom_collected():
        app = open_application(project, options, state, builder_name=READER, outdir=work / READING, listener=listener)
    builder = app.builder
    assert isinstance(builder, ReaderBuilder)  # noqa: S101 -- the one that was asked for
    builder.begin_reading()
    progress = _ReadProgress(app, listener)
    before = None if app.fresh_env_used else dict(app.env.all_docs)
    memory = ReadingFindings(state / "reading.json")
    attach(app, project.root, memory.found)
    builder.phase = BuildPhase.READING
    _set_phase(app, BuildPhase.READING)
    jobs, app.parallel = app.parallel, 1 if _unmergeable(app) else app.parallel
    try:
        with logging.pending_warnings():
            updated = set(builder.read())
        attach(app, project.root, listener.found)
        reread = {relative_to_root(str(app.env.doc2path(d)), project.root) for d in progress.read}
        for diagnostic in memory.all(project.root, reread, everything=len(reread) == len(app.env.found_docs)):
            listener.found(diagnostic)
        updated.update(app.env.check_dependents(app, updated))
        if updated or app.env.all_docs != before:
            _save(app)
        _set_phase(app, BuildPhase.CONSISTENCY_CHECK)
        app.env.check_consistency()
        app.parallel = jobs
        progress.end(app)
        builder.end_reading()
        builder.read_changes.save(state / CHANGES)
    except SphinxError as error:
        raise WriterError(f"reading {project.source}: {error}") from error
    return ReadBook(app, project, tuple(progress.read))


def reopen(
    project: Project, options: ReadOptions, state: Path, *, builder_name: str, outdir: Path, listener: Listener
) -> ReadBook:
    """The book that `read` saved in `state`, opened for one builder, with no source read again.

    For processes that are not forks of the reading one.

    Raises: ConfigurationError when Sphinx can't start, or when there is no saved environment that it can use.
    """
    kept = ReadOptions(jobs=options.jobs, overrides=options.overrides, tags=options.tags, fresh=False)
    app = open_application(project, kept, state, builder_name=builder_name, outdir=outdir, listener=listener)
    carry_over(outdir.parent / READING, outdir)
    Changes.load(state / CHANGES).apply(app)
    if app.fresh_env_used:
        raise ConfigurationError(
            f"{state}: the environment that was read can't be loaded again", "Report this as a bug."
        )
    return ReadBook(app, project, ())


def open_application(
    project: Project, options: ReadOptions, state: Path, *, builder_name: str, outdir: Path, listener: Listener
) -> Sphinx:
    """Start Sphinx; the warnings that it prints before it can be listened to are passed on afterwards."""
    warnings = StringIO()
    overrides: dict[str, object] = dict(options.overrides)
    overrides["octavo_output_directory"] = str(project.out)
    try:
        with loaded_late():
            app = Sphinx(
                srcdir=project.source,
                confdir=project.conf,
                outdir=outdir,
                doctreedir=state / "doctrees",
                buildername=builder_name,
                confoverrides=overrides,
                status=None,
                warning=warnings,
                freshenv=options.fresh,
                tags=options.tags,
                parallel=options.jobs,
            )
    except (ConfigError, ExtensionError, ApplicationError, VersionRequirementError) as error:
        raise ConfigurationError(_what(error, project.conf / "conf.py"), _remedy(error)) from error
    for diagnostic in early_warnings(warnings.getvalue()):
        listener.found(diagnostic)
    attach(app, project.root, listener.found)
    return app


def _unmergeable(app: Sphinx) -> bool:
    """Whether an extension claims to be safe for parallel reading and is not: one of its domains can't be merged.

    Sphinx finds out only when the first reader comes back, with an exception.
    """
    return any(type(domain).merge_domaindata is Domain.merge_domaindata for domain in app.env.domains.sorted())


def _what(error: SphinxError, conf: Path) -> str:
    """What is wrong with conf.py. Of the traceback of its own code, the line in conf.py and the exception."""
    text = str(error).strip()
    if "Traceback (most recent call last)" not in text:
        return f"{conf}: {text}"
    lines = re.findall(rf'File "{re.escape(str(conf))}", line (\d+)', text)
    return f"{conf}{f':{lines[-1]}' if lines else ''}: {text.splitlines()[-1]}"


def _remedy(error: SphinxError) -> str | None:
    text = str(error)
    if "Could not import extension" in text:
        return "Install what conf.py's `extensions` names into the environment that octavo runs in."
    if "no theme named" in text:
        return "Install the theme that conf.py's `html_theme` names into the environment that octavo runs in."
    return None


def _change_builder(app: Sphinx, builder_name: str, outdir: Path) -> None:
    """Take the reading builder's place, with the application as it was before any builder touched it."""
    reader = app.builder
    assert isinstance(reader, ReaderBuilder)  # noqa: S101 -- the caller looked
    reader.pristine.restore(app)
    if not builder_name.startswith(OWN_PREFIX):
        give_back(app, reader.theme_listeners)
    carry_over(Path(app.outdir), outdir)
    app.outdir = outdir
    app.preload_builder(builder_name)
    app.builder = app.create_builder(builder_name)
    if hasattr(app.env, "_builder_cls"):  # Sphinx 9: post-transforms ask the environment for the builder's class
        app.env._builder_cls = type(app.builder)
    app._init_builder()
    reader.read_changes.apply(app)


def carry_over(reading: Path, outdir: Path) -> None:
    """Give a writer what extensions put into the output folder while the sources were read."""
    outdir.mkdir(parents=True, exist_ok=True)
    if reading.is_dir():
        shutil.copytree(reading, outdir, dirs_exist_ok=True)


def _write_all(app: Sphinx, builder: Builder) -> None:
    """What `Builder.build` does after reading."""
    _set_phase(app, BuildPhase.RESOLVING)
    parallel = parallel_available and app.parallel > 1 and builder.allow_parallel
    builder.parallel_ok = bool(parallel and app.is_parallel_allowed("write"))
    builder.finish_tasks = SerialTasks()
    gc.freeze()  # what was read stays: the collector need not touch (and copy) its pages again
    with seldom_collected(OBJECTS_OF_PAGES):
        builder.write(None, sorted(app.env.found_docs), "all")
        builder.finish()
        builder.finish_tasks.join()


def _save(app: Sphinx) -> None:
    """Pickle the environment beside the doctrees, for the next build and for processes that are no forks."""
    path = Path(app.doctreedir) / ENV_PICKLE_FILENAME
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        pickle.dump(app.env, file, pickle.HIGHEST_PROTOCOL)
    aside.replace(path)


def _set_phase(app: Sphinx, phase: BuildPhase) -> None:
    """The phase is the builder's since Sphinx 9, and the application's before."""
    app.builder.phase = phase
    if not isinstance(getattr(type(app), "phase", None), property):
        vars(app)["phase"] = phase


class _ReadProgress:
    """Counts documents as they are read: one by one, or as the chunks of parallel readers come in."""

    def __init__(self, app: Sphinx, listener: Listener) -> None:
        self.read: list[str] = []
        self._total = 0
        self._process = os.getpid()
        self._listener = listener
        self._ids = (
            app.connect("env-before-read-docs", self._begin, priority=999),
            app.connect("doctree-read", self._one),
            app.connect("env-merge-info", self._chunk),
        )

    def end(self, app: Sphinx) -> None:
        """Stop counting."""
        for number in self._ids:
            app.disconnect(number)

    def _begin(self, _app: Sphinx, _env: object, docnames: list[str]) -> None:
        self._total = len(docnames)
        self._listener.reading(0, self._total)

    def _one(self, app: Sphinx, _doctree: object) -> None:
        if os.getpid() == self._process:  # what a parallel reader has read is counted when it comes back
            self._done([app.env.docname])

    def _chunk(self, _app: Sphinx, _env: object, docnames: list[str], _other: object) -> None:
        self._done(docnames)

    def _done(self, docnames: list[str]) -> None:
        self.read.extend(docnames)
        self._listener.reading(len(self.read), self._total)
