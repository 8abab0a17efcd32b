"""Reading a book in time that grows with its documents.

Before a document is read, Sphinx takes everything out of the environment that an earlier reading of it left there,
looking through all labels, images and toctrees of the book. For a document that was never read there is nothing to
take out. And its parallel readers send the whole environment back after every few documents, to a process that waits.
"""

from __future__ import annotations

import gc
import logging
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING

from sphinx.builders import Builder
from sphinx.util.display import status_iterator
from sphinx.util.logging import NAMESPACE
from sphinx.util.parallel import ParallelTasks

from octavo.reading.garbage import count_as_old

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# The collector of cycles looks after so many new objects; Python's 700 is for programs that don't build large trees
OBJECTS_OF_PAGES = 400_000  # some thirty megabytes
_OBJECTS_BETWEEN_COLLECTIONS = (OBJECTS_OF_PAGES, 20, 100)
_OBJECTS_WITHIN_A_DOCUMENT = 1_000_000  # nearly all that is new is in use until the document is done
# what is left behind of some twenty documents, and some ten megabytes; little of it is in use any more
_OBJECTS_LEFT_BEHIND = (200_000, 20, 100)
_YOUNG = 0  # generation
# Only these: Sphinx's extensions may tidy up more than one document then (viewcode does)
_OF_SPHINX = ("sphinx.environment.collectors.", "sphinx.domains.")


class QuickReading(Builder):
    """A builder that takes out of the environment only what may be in it."""

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        self._reading_app = app
        self._nothing_forgotten = True
        super().__init__(app, env)

    def _read_serial(self, docnames: list[str]) -> None:
        with unheard_messages_unmade(), collected_when_read() as document_done:
            for docname in self._shown(docnames):
                self._forget(docname)
                self.read_doc(docname)
                document_done()

    def _read_parallel(self, docnames: list[str], nproc: int) -> None:
        with unheard_messages_unmade():
            self._read_shares(docnames, nproc)

    def _read_shares(self, docnames: list[str], nproc: int) -> None:
        """Read one share in this process and each other one in a fork of it, all at the same time."""
        for docname in docnames:
            self._forget(docname)
        own, *others = shares(docnames, [_size(self.env, docname) for docname in docnames], nproc)
        progress = self._shown(docnames)

        def read(share: list[str]) -> bytes:
            vars(self.env)["_app" if "_app" in vars(self.env) else "app"] = self._reading_app
            with collected_seldom():
                for docname in share:
                    self.read_doc(docname, _cache=False)
            return pickle.dumps(self.env, pickle.HIGHEST_PROTOCOL)

        sent: dict[str, bytes] = {}  # by a share's first document

        def keep(share: list[str], environment: bytes) -> None:
            sent[share[0]] = environment
            for _ in share:
                next(progress)

        tasks = ParallelTasks(len(others))
        for share in others:
            tasks.add_task(read, share, keep)
        try:
            with collected_seldom():
                for docname in own:
                    self.read_doc(docname)  # kept for who writes it: those of others have to be unpickled
                    next(progress)
            tasks.join()
        finally:
            tasks.terminate()
        with quick_collector():
            for share in others:  # in their order, whichever was done first
                environment = pickle.loads(sent.pop(share[0]))  # noqa: S301 -- our own child's
                self.env.merge_info_from(share, environment, self._reading_app)

    def _shown(self, docnames: list[str]) -> Iterator[str]:
        """The documents, with the progress of reading where somebody sees it."""
        app = self._reading_app
        if app.quiet:
            return iter(docnames)
        shown: Iterator[str] = status_iterator(docnames, "reading sources... ", "purple", len(docnames), app.verbosity)
        return shown

    def _forget(self, docname: str) -> None:
        """Have everybody forget a document; Sphinx's own parts only when they have seen it."""
        env, listeners = self.env, self.events.listeners
        first, self._nothing_forgotten = self._nothing_forgotten, False
        if first:
            self._named_before = _labelled(env)
        # domains set up their data when they are first asked to clear it
        if docname in env.all_docs or first or docname in self._named_before:
            self.events.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)
            return
        everybody = listeners["env-purge-doc"]
        listeners["env-purge-doc"] = [x for x in everybody if not _is_of_sphinx(x.handler)]
        try:
            self.events.emit("env-purge-doc", env, docname)
        finally:
            listeners["env-purge-doc"] = everybody
        for domain in env.domains.sorted():
            if not _is_of_sphinx(domain.clear_doc):
                domain.clear_doc(docname)


def shares(docnames: Sequence[str], sizes: Sequence[int], number: int) -> list[list[str]]:
    """Cut a list into at most so many runs, of about the same size each and none of them empty.

    - sizes: of each document, at least 0, in any unit.
    """
    cut: list[list[str]] = [[]]
    done, total = 0, sum(sizes) + len(sizes)
    for docname, size in zip(docnames, sizes, strict=True):
        middle = done + (size + 1) / 2
        if cut[-1] and middle * number > total * len(cut):
            cut.append([])
        cut[-1].append(docname)
        done += size + 1
    return cut


def _size(env: BuildEnvironment, docname: str) -> int:
    """Bytes of a document's source; 0 for what can't be looked at, which reading it will say."""
    try:
        return Path(env.doc2path(docname)).stat().st_size
    except OSError:
        return 0


def read_quickly(app: Sphinx, builder: Builder) -> None:
    """Have a builder that is no `QuickReading` read like one."""
    vars(builder).update(_reading_app=app, _nothing_forgotten=True)
    for method in (
        QuickReading._read_serial,
        QuickReading._read_parallel,
        QuickReading._forget,
        QuickReading._shown,
        QuickReading._read_shares,
    ):
        vars(builder)[method.__name__] = MethodType(method, builder)


def _labelled(env: BuildEnvironment) -> frozenset[str]:
    """Documents that labels lead to: before any is read, those of indices, which a source may have the name of."""
    standard = env.domains.standard_domain
    return frozenset(place[0] for labels in (standard.labels, standard.anonlabels) for place in labels.values())


def _is_of_sphinx(handler: object) -> bool:
    return str(getattr(handler, "__module__", None) or "").startswith(_OF_SPHINX)


@contextmanager
def quick_collector() -> Iterator[None]:
    """Let Python's collector of cycles look at what is old less often, while large trees are built."""
    before = gc.get_threshold()
    gc.set_threshold(*_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def collected_when_read() -> Iterator[Callable[[], object]]:
    """Have the collector of cycles look whenever a document is done that is kept; what is given is to be called then.

    It looks once, and at what is new alone: the parser and tokens of a document go.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_WITHIN_A_DOCUMENT, *before[1:])
    try:
        yield lambda: gc.collect(_YOUNG)
    finally:
        count_as_old()
        gc.set_threshold(*before)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Have the collector of cycles look after many documents that are not kept.

    Each is held by the roles and parsers that saw it until they see another one: looked at when it is done, it would be
    found in use, and would be looked at again. And not at the end, where a process that is about to end, or to write,
    would spend as long on it as on ten documents.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_OBJECTS_LEFT_BEHIND)
    try:
        yield
    finally:
        count_as_old()
        gc.set_threshold(*before)


@contextmanager
def unheard_messages_unmade() -> Iterator[None]:
    """Have Sphinx's log make no records of a level that none of its handlers takes; it makes some for each event."""
    logger = logging.getLogger(NAMESPACE)
    before = logger.level
    listening = any(
        isinstance(child, logging.Logger) and child.handlers and name.startswith(f"{NAMESPACE}.")
        for name, child in logging.Logger.manager.loggerDict.items()
    )
    if logger.handlers and not listening:
        logger.setLevel(max(before, min(handler.level for handler in logger.handlers)))
    try:
        yield
    finally:
        logger.setLevel(before)
