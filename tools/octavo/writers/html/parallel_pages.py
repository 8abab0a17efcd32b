"""Pages resolved and written by several processes at once, each a fork of the one that has prepared everything.

Sphinx's own parallel writing resolves all pages in one process and gives them to others. Here a fork resolves what it
writes. What the parent needs of it comes back: words for the search index, names of pictures, findings, and what is
gathered in `octavo.reading.shares`. Shares are runs of pages in order, and are put together in that order, so that the
site is the one that a single process writes.

That is safe only where no extension keeps for later what it sees while pages are resolved. Extensions can't say so
(`parallel_write_safe` means Sphinx's way), so it is done where all that have a hand in it are known. Whatever goes
wrong, and whatever can't be put together, has the pages written once more by a single process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from logging import WARNING, LogRecord, getLogger
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from octavo.diagnostics import Diagnostic
from octavo.reading.log import DiagnosticHandler
from octavo.reading.shares import gathered
from octavo.writers.html.quick_index import depends_on_the_word_alone

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

logger = logging.getLogger(__name__)

WORTH_FORKING = 24  # pages from which two processes are faster than one
_PREPARED = 2  # pages that the parent writes: what they make (templates, navigation) the forks begin with
_SHARES_EACH = 6
_EVENTS = ("doctree-resolved", "missing-reference", "warn-missing-reference", "html-page-context")
# Top packages whose handlers and transforms keep nothing of a page that is not its own
KNOWN = frozenset(
    {
        "alabaster",
        "docutils",
        "furo",
        "myst_nb",
        "myst_parser",
        "octavo",
        "pydata_sphinx_theme",
        "sphinx",
        "sphinx_basic_ng",
        "sphinx_book_theme",
        "sphinx_copybutton",
        "sphinx_design",
        "sphinx_rtd_theme",
        "sphinx_tabs",
        "sphinx_togglebutton",
    }
)
# Of these Sphinx's own: what they keep while pages are resolved is asked for at the end
_KEEPING = ("sphinx.ext.imgconverter", "sphinx.ext.coverage", "sphinx.ext.doctest", "sphinx.ext.linkcode")
_PAGES = ("_titles", "_filenames", "_all_titles", "_index_entries")
_WORDS = ("_mapping", "_title_mapping")


def may_be_shared(app: Sphinx, builder: StandaloneHTMLBuilder, docnames: Collection[str]) -> bool:
    """Whether it is worth while, and everybody who has a hand in it is known."""
    if len(docnames) < WORTH_FORKING or os.name != "posix" or os.uname().sysname == "Darwin":
        return False
    if builder.indexer is not None and not depends_on_the_word_alone(builder.indexer):
        return False
    if getattr(app, "_exception_on_warning", False):
        return False
    hands: list[object] = [x.handler for event in _EVENTS for x in app.events.listeners.get(event, ())]
    hands += [*app.registry.get_post_transforms(), type(builder.templates)]
    return all(map(_is_known, hands))


def _is_known(hand: object) -> bool:
    module = str(getattr(hand, "__module__", None) or "")
    return module.partition(".")[0] in KNOWN and not module.startswith(_KEEPING)


WritePage = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What one share of the pages leaves.

    - index: parts of the search index by name; images: names of pictures by their paths.
    - findings: with what to know them by, if they are to be said only once.
    - records: of Sphinx's log, where nobody takes findings.
    - gathered: in the order of `octavo.reading.shares.gathered`.
    """

    number: int
    index: dict[str, dict[Any, Any]]
    images: dict[str, str]
    findings: tuple[tuple[Diagnostic, str | None], ...]
    records: tuple[LogRecord, ...]
    gathered: tuple[object, ...]


def write_in_shares(
    app: Sphinx, builder: StandaloneHTMLBuilder, docnames: Sequence[str], processes: int, write: WritePage
) -> tuple[str, ...]:
    """Write pages, and return those that have still to be written, by one process: none where all went well.

    - docnames: in order.
    - write: resolves and writes one page.
    """
    for name in docnames[:_PREPARED]:
        write(name)
    rest = docnames[_PREPARED:]
    count = min(processes * _SHARES_EACH, len(rest))
    edges = [len(rest) * number // count for number in range(count + 1)]
    shares = [rest[start:end] for start, end in pairwise(edges)]
    results = _by_forks(_Worker(app, builder, shares, write), count, processes)
    if results is None:
        logger.info("octavo: the pages are written by one process")
        return tuple(rest)
    said_once: set[str] = set()
    for result in results:
        _put_together(app, builder, result, said_once)
    return ()


class _Worker:
    """What a fork does."""

    def __init__(
        self, app: Sphinx, builder: StandaloneHTMLBuilder, shares: list[Sequence[str]], write: WritePage
    ) -> None:
        self._app = app
        self._builder = builder
        self._shares = shares
        self._write = write
        self._parent = os.getpid()

    def begin(self) -> None:
        """In the fork, once: forget what is the parent's, and keep what is said."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it ends its forks
        for each in gathered(self._app):
            each.begin_share()
        log = getLogger(logging.NAMESPACE)
        theirs = next((h for h in log.handlers if isinstance(h, DiagnosticHandler)), None)
        self._said = _Said(self._app, theirs)
        log.handlers[:] = [self._said]
        self._images = dict(self._builder.images)
        self._known = self._spanning()

    def share(self, number: int) -> _Result | None:
        """Write one share; None when it changed what belongs to the whole book."""
        for part in _index(self._builder).values():
            part.clear()
        self._builder.images.clear()
        self._builder.images.update(self._images)
        for name in self._shares[number]:
            if os.getppid() != self._parent:  # nobody is left to write for
                os._exit(1)
            self._write(name)
        if self._spanning() != self._known:
            return None
        findings, records = self._said.taken()
        images = {path: name for path, name in self._builder.images.items() if path not in self._images}
        return _Result(
            number=number,
            index=_index(self._builder),
            images=images,
            findings=findings,
            records=records,
            gathered=tuple(each.taken() for each in gathered(self._app)),
        )

    def _spanning(self) -> tuple[object, ...]:
        """What an extension may add pictures and downloads to while it resolves a page."""
        env = self._app.env
        return {k: (set(v[0]), v[1]) for k, v in env.images.items()}, dict(env.original_image_uri), len(env.dlfiles)


class _Said(logging.WarningStreamHandler):
    """Everything that is said in a fork, as findings where the parent takes findings, and else as records.

    It is a WarningStreamHandler so that Sphinx's own `pending_warnings` holds it back, and says all of it once.
    """

    def __init__(self, app: Sphinx, theirs: DiagnosticHandler | None) -> None:
        super().__init__(logging.SafeEncodingWriter(StringIO()))
        self.setLevel(WARNING)
        self._app = app
        self._theirs = theirs
        self._findings: list[tuple[Diagnostic, str | None]] = []
        self._records: list[LogRecord] = []

    def emit(self, record: LogRecord) -> None:
        """Keep one."""
        if self._theirs is None:
            logging.convert_serializable([record])
            self._records.append(record)
        elif self._theirs.filter(record):
            once = f"{record.msg} {record.args!r}" if getattr(record, "once", "") else None
            self._findings.append((self._theirs.diagnostic(record), once))

    def taken(self) -> tuple[tuple[tuple[Diagnostic, str | None], ...], tuple[LogRecord, ...]]:
        """What was said since it was last asked for."""
        taken = tuple(self._findings), tuple(self._records)
        self._findings.clear()
        self._records.clear()
        return taken


def _index(builder: StandaloneHTMLBuilder) -> dict[str, dict[Any, Any]]:
    return {} if builder.indexer is None else {name: getattr(builder.indexer, name) for name in (*_PAGES, *_WORDS)}


def _put_together(app: Sphinx, builder: StandaloneHTMLBuilder, result: _Result, said_once: set[str]) -> None:
    """In the parent: as if it had written the share itself."""
    index = _index(builder)
    for name, part in result.index.items():
        if name in _PAGES:
            index[name].update(part)
        else:
            for word, pages in part.items():
                index[name].setdefault(word, set()).update(pages)
    builder.images.update(result.images)
    log = getLogger(logging.NAMESPACE)
    for record in result.records:
        log.handle(record)
    theirs = next((h for h in log.handlers if isinstance(h, DiagnosticHandler)), None)
    for finding, once in result.findings:
        if theirs is not None and (once is None or once not in said_once):
            theirs.deliver(finding)
        said_once.update(() if once is None else (once,))
    for each, share in zip(gathered(app), result.gathered, strict=True):
        each.put(share)


def _by_forks(worker: _Worker, count: int, processes: int) -> list[_Result] | None:
    """The results of all shares in order; None when a fork failed.

    Forks take the next share when they are done with one: the numbers wait in a pipe, a byte each.
    """
    context = multiprocessing.get_context("fork")
    numbers, fill = os.pipe()
    os.write(fill, bytes(range(count)))
    os.close(fill)
    running: dict[Connection, BaseProcess] = {}
    results: dict[int, _Result] = {}
    try:
        for _ in range(processes):
            ours, theirs = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(target=_work, args=(worker, numbers, theirs))
            process.start()
            theirs.close()
            running[ours] = process
        while running:
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)  # noqa: S101 -- nothing else is waited for
                try:
                    result = ready.recv()
                except (EOFError, ConnectionResetError):
                    running.pop(ready).join()
                    ready.close()
                    continue
                if result is None:
                    return None
                results[result.number] = result
    finally:
        os.close(numbers)
        for process in running.values():
            process.terminate()
            process.join()
    return [results[number] for number in range(count)] if len(results) == count else None


def _work(worker: _Worker, numbers: int, connection: Connection) -> None:
    """In the fork."""
    worker.begin()
    while number := os.read(numbers, 1):
        try:
            result = worker.share(number[0])
        except Exception:  # noqa: BLE001 -- the parent writes these pages again, and meets it where it can be told
            result = None
        connection.send(result)
        if result is None:
            return
