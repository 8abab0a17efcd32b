"""The reader's process: the book in memory, and what is to be done with it, most urgent first.

1. Changed files: read again, and write the pages of the edited documents.
2. Pages that a browser waits for.
3. After a short rest: what spans documents, and the pages that browsers show.
4. After a longer rest, one at a time: all other pages, then indices and search.

Between any two steps it looks for new messages, so that an edit waits for one page at most.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.diagnostics import Diagnostic, OctavoError
from octavo.preview.messages import (
    Advanced,
    Changed,
    Failed,
    FromReader,
    Go,
    NewFiles,
    Opened,
    Pages,
    PreviewRequest,
    Problems,
    Settled,
    Shown,
    Stale,
    ToReader,
    Untrusted,
    Wanted,
    Wrote,
)

if TYPE_CHECKING:
    from octavo.reading.live import LiveBook

SHORT_REST = 0.3  # seconds without an edit
LONG_REST = 2.0
LONG_REST_OF_BIG_BOOKS = 5.0
BIG = 100  # pages to write
AT_ONCE = 5  # edited documents whose pages are written before anything else


def read_forever(request: PreviewRequest, connection: Connection) -> None:
    """The process's work, until the server says nothing more (or is gone)."""

    def send(message: FromReader) -> None:
        connection.send(message)

    try:
        book = _open(request, connection, send)
        if book is not None:
            _Loop(book, connection, send, request.haste).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the server is gone
    except OctavoError as error:
        send(Failed(error=error))
    except Exception:  # noqa: BLE001 -- the boundary of a process: the traceback is kept whole and shown by the server
        send(Failed(crash=traceback.format_exc()))


def _open(request: PreviewRequest, connection: Connection, send: Callable[[FromReader], None]) -> LiveBook | None:
    from octavo.reading.book import Listener, ReadOptions
    from octavo.reading.live import open_live

    waiting = True

    def reading(done: int, total: int) -> None:
        nonlocal waiting
        if waiting:  # so far, nothing was written that the reader before this one still uses
            waiting = False
            send(Opened())
            while not isinstance(connection.recv(), Go):
                pass
        send(Advanced(doing="reading", done=done, total=total))

    def found(_diagnostic: Diagnostic) -> None:
        """The book keeps its findings itself."""

    listener = Listener(found=found, reading=reading, writing=lambda done, total: None)
    return open_live(
        request.project,
        ReadOptions(jobs=request.jobs, overrides=request.overrides, tags=request.tags),
        request.state,
        builder_name=request.builder,
        outdir=request.site,
        listener=listener,
    )


class _Loop:
    """What is to be done, most urgent first."""

    def __init__(
        self, book: LiveBook, connection: Connection, send: Callable[[FromReader], None], haste: float
    ) -> None:
        self._book = book
        self._haste = haste
        self._connection = connection
        self._send = send
        self._changed: list[Path] = []
        self._wanted: list[str | None] = []
        self._shown: tuple[str, ...] = ()
        self._last_edit = -LONG_REST_OF_BIG_BOOKS
        self._filling = 0  # pages that were due when filling began
        self._said: tuple[Diagnostic, ...] | None = None

    def run(self) -> None:
        """Work until the connection ends."""
        self._say_pages()
        self._say_problems()
        while True:
            rest = self._rest()
            if self._connection.poll(rest):
                self._hear(self._connection.recv())
                continue
            self._work()

    def _hear(self, message: ToReader) -> None:
        match message:
            case Changed(paths=paths):
                self._changed.extend(Path(path) for path in paths)
            case Shown(docnames=docnames):
                self._shown = docnames
            case Wanted(docname=docname):
                self._wanted.append(docname)
            case Go():
                pass

    def _rest(self) -> float | None:
        """Seconds until there is something to do; None when there is nothing."""
        if self._changed or self._wanted:
            return 0
        since = time.monotonic() - self._last_edit
        if self._book.unsettled:
            return max(0, SHORT_REST / self._haste - since)
        if self._stale_and_shown():
            return 0
        due = self._book.due
        if due or not self._book.finished:
            long_rest = LONG_REST if len(due) < BIG else LONG_REST_OF_BIG_BOOKS
            return max(0, long_rest / self._haste - since)
        return None

    def _stale_and_shown(self) -> list[str]:
        return [d for d in self._shown if not self._book.is_fresh(d)]

    def _work(self) -> None:
        """One step."""
        if self._changed:
            self._take_in()
        elif self._wanted:
            self._give(self._wanted.pop(0))
        elif self._book.unsettled:
            self._book.settle()
            self._say_pages()
            self._send(Stale(docnames=None))
            self._say_problems()
        elif stale := self._stale_and_shown():
            self._write(stale[0], index=False)
            self._say_problems()
        elif due := self._book.due:
            self._fill(due)
        else:
            self._finish()

    def _take_in(self) -> None:
        begun = time.process_time()
        paths, self._changed = list(dict.fromkeys(self._changed)), []
        effect = self._book.apply(paths)
        if effect.untrusted is not None:
            self._send(Untrusted(reason=effect.untrusted))  # until a fresh process stands ready, this one goes on
        if effect.ignored:
            return
        self._filling = 0
        self._send(Stale(docnames=None if effect.other_pages else effect.edited))
        for docname in effect.edited[:AT_ONCE]:
            if self._book.is_fresh(docname):
                continue
            self._write(docname, index=False, edited=True, begun=begun)
        if effect.files:
            self._send(NewFiles(names=effect.files))
        self._last_edit = time.monotonic()
        self._say_problems()

    def _give(self, docname: str | None) -> None:
        """A page that a browser waits for."""
        if docname is None:
            if self._book.unsettled:
                self._book.settle()
                self._send(Stale(docnames=None))
            self._book.finish()
            self._send(Wrote(docname=None))
        elif self._book.is_fresh(docname):
            self._send(Wrote(docname=docname))
        else:
            self._write(docname, index=False)
        self._say_problems()
        if self._rest() is None:
            self._send(Settled())

    def _write(self, docname: str, *, index: bool, edited: bool = False, begun: float = 0.0) -> None:
        self._book.write(docname, index=index)
        self._send(Wrote(docname=docname, edited=edited, cpu=time.process_time() - begun if edited else 0.0))

    def _fill(self, due: tuple[str, ...]) -> None:
        if not self._filling:
            self._filling = len(due)
            self._book.prepare_filling()
        self._write(due[0], index=True)
        self._send(Advanced(doing="writing", done=self._filling - len(due) + 1, total=self._filling))
        if len(due) == 1:
            self._filling = 0
            self._say_problems()

    def _finish(self) -> None:
        self._book.finish()
        self._send(Wrote(docname=None))
        self._say_problems()
        self._send(Settled())

    def _say_pages(self) -> None:
        book = self._book
        self._send(Pages(title=book.title, root=book.root, pages=book.pages, outside=book.outside_files()))

    def _say_problems(self) -> None:
        found = self._book.problems()
        if found != self._said:
            self._said = found
            self._send(Problems(found=found))
