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

import functools
import multiprocessing
import os
import signal
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from octavo.writers.html.page_results import PageResult, Pages
from octavo.writers.html.quick_index import depends_on_the_word_alone

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

Share = list[tuple[str, PageResult]]

WORTH_FORKING = 24  # pages from which two processes are faster than one
_PREPARED = 3  # pages that the parent writes: what they make (templates, navigation, lexers) the forks begin with
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


def worth_forking(docnames: Collection[str]) -> bool:
    """Whether so many pages are written faster by several processes, and this system can fork safely."""
    return len(docnames) >= WORTH_FORKING and os.name == "posix" and os.uname().sysname != "Darwin"


def everybody_is_known(app: Sphinx, builder: StandaloneHTMLBuilder) -> bool:
    """Whether what a page leaves can be told apart from what others do."""
    if builder.indexer is not None and not depends_on_the_word_alone(builder.indexer):
        return False
    if getattr(app, "_exception_on_warning", False):
        return False
    hands: list[object] = [x.handler for event in _EVENTS for x in app.events.listeners.get(event, ())]
    hands += [*app.registry.get_post_transforms(), type(builder.templates)]
    return all(map(_is_known, hands))


def module_of(hand: object) -> str:
    """The module that an event handler or a class is from; "" when it doesn't say."""
    while isinstance(hand, functools.partial):
        hand = hand.func
    return str(getattr(hand, "__module__", None) or "")


def _is_known(hand: object) -> bool:
    module = module_of(hand)
    return module.partition(".")[0] in KNOWN and not module.startswith(_KEEPING)


def written_in_shares(
    app: Sphinx, pages: Pages, docnames: Sequence[str], processes: int
) -> Iterator[tuple[str, PageResult]]:
    """Write pages, and yield what each leaves, in any order; what is left out has to be written by this process.

    - docnames: in order.
    """
    prepared = docnames[:: len(docnames) // _PREPARED][:_PREPARED]  # from all over the book: the first are often lists
    for name in prepared:
        yield name, pages.write(name)
    rest = [name for name in docnames if name not in prepared]
    count = min(processes * _SHARES_EACH, len(rest))
    edges = [len(rest) * number // count for number in range(count + 1)]
    shares: list[Sequence[str]] = [rest[start:end] for start, end in pairwise(edges)]
    for share in _by_forks(_Worker(app, pages, shares), count, processes):
        yield from share


class _Worker:
    """What a fork does."""

    def __init__(self, app: Sphinx, pages: Pages, shares: list[Sequence[str]]) -> None:
        self._app = app
        self._pages = pages
        self._shares = shares
        self._parent = os.getpid()

    def begin(self) -> None:
        """In the fork, once."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it ends its forks
        self._known = self._spanning()

    def share(self, number: int) -> Share | None:
        """Write one share; None when that changed what belongs to the whole book."""
        done = []
        for name in self._shares[number]:
            if os.getppid() != self._parent:  # nobody is left to write for
                os._exit(1)
            done.append((name, self._pages.write(name)))
        return done if self._spanning() == self._known else None

    def _spanning(self) -> tuple[object, ...]:
        """What an extension may add pictures and downloads to while it resolves a page."""
        env = self._app.env
        return {k: (set(v[0]), v[1]) for k, v in env.images.items()}, dict(env.original_image_uri), len(env.dlfiles)


def _by_forks(worker: _Worker, count: int, processes: int) -> Iterator[Share]:
    """The shares as they are done; fewer when a fork fails.

    Forks take the next share when they are done with one: the numbers wait in a pipe, a byte each.
    """
    context = multiprocessing.get_context("fork")
    numbers, fill = os.pipe()
    os.write(fill, bytes(range(count)))
    os.close(fill)
    running: dict[Connection, BaseProcess] = {}
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
                    share = ready.recv()
                except (EOFError, ConnectionResetError):
                    running.pop(ready).join()
                    ready.close()
                    continue
                if share is None:
                    return
                yield share
    finally:
        os.close(numbers)
        for process in running.values():
            process.terminate()
            process.join()


def _work(worker: _Worker, numbers: int, connection: Connection) -> None:
    """In the fork."""
    worker.begin()
    while number := os.read(numbers, 1):
        try:
            share = worker.share(number[0])
        except Exception:  # noqa: BLE001 -- the parent writes these pages again, and meets it where it can be told
            share = None
        connection.send(share)
        if share is None:
            return
