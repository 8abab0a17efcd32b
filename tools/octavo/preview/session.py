"""What is shown, to whom, and who makes it: the one place where files, children and browsers meet.

Everything here happens in the event loop's thread.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio

from octavo.diagnostics import Diagnostic
from octavo.preview.bookshelf import Bookshelf
from octavo.preview.child import Child
from octavo.preview.messages import (
    Advanced,
    Changed,
    Failed,
    Go,
    NewFiles,
    Opened,
    Pages,
    PreviewRequest,
    Problems,
    Settled,
    Shown,
    Stale,
    Untrusted,
    Wanted,
    Wrote,
)
from octavo.preview.problems import Problem, problem_of_failure, problems_of
from octavo.preview.reader import read_forever
from octavo.preview.viewer import Viewer
from octavo.preview.watching import ROOT_FILES, watch_files, watch_folders

REMEMBERED = 32  # versions of pages
PATIENCE = 60.0  # seconds that a browser waits for a page to be written, before it gets the one on disk


class Session:
    """A running preview. say: gets one line for the terminal at a time."""

    def __init__(self, request: PreviewRequest, say: Callable[[str], None]) -> None:
        self.request = request
        self.viewers: set[Viewer] = set()
        self.title = ""
        self.root_page = "index.html"
        self.phase = "opening"
        self._say = say
        self._reader: Child | None = None
        self._candidate: Child | None = None
        self._pages: dict[str, str] = {}
        self._docnames: dict[str, str] = {}
        self._outside: tuple[str, ...] = ()
        self._fresh: set[str | None] = set()
        self._served: OrderedDict[str, tuple[bytes, int]] = OrderedDict()  # with how many lists of new files there were
        self._new_files: dict[str, int] = {}  # name -> the number of the last list that it was in
        self._lists_of_files = 0
        self._waiting: dict[str | None, list[asyncio.Future[None]]] = {}
        self._changed_meanwhile: list[str] = []
        self._found: tuple[Diagnostic, ...] = ()
        self._failure: Problem | None = None
        self._said_problems: list[Problem] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop: anyio.Event | None = None
        self._stop_outside: anyio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.books = Bookshelf(request, self._book_news, self._books_said)

    async def start(self) -> None:
        """Open the book, and begin to watch."""
        self._loop = asyncio.get_running_loop()
        self._stop = anyio.Event()
        self._spawn(self._watch())
        self._watch_outside(())
        self._start_reader()

    async def stop(self) -> None:
        """End the children and the watching; browsers are told by their connections' end."""
        for event in (self._stop, self._stop_outside):
            if event is not None:
                event.set()
        await asyncio.to_thread(self.end_children)
        for task in list(self._tasks):
            task.cancel()
        for task in list(self._tasks):
            with suppress(asyncio.CancelledError):
                await task

    def end_children(self) -> None:
        """End every process that was started."""
        readers = [child for child in (self._reader, self._candidate) if child is not None]
        self._reader = self._candidate = None
        for child in readers:
            child.end()
        self.books.end()

    async def freshen(self, page: str) -> None:
        """Wait until a page of the site is as its source is; at once where nobody can make it better."""
        docname = self._docnames.get(page)
        if docname in self._fresh or self._reader is None or self._loop is None:
            return
        waiting = self._loop.create_future()
        self._waiting.setdefault(docname, []).append(waiting)
        self._reader.tell(Wanted(docname=docname))
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(waiting, PATIENCE)

    def remember(self, digest: str, content: bytes) -> None:
        """A version of a page was served: its script will ask for it as it was written, before other scripts ran."""
        self._served[digest] = content, self._lists_of_files
        self._served.move_to_end(digest)
        if len(self._served) > REMEMBERED:
            self._served.popitem(last=False)

    def remembered(self, digest: str) -> bytes | None:
        """A version of a page that was served a short while ago, or None."""
        return self._served[digest][0] if digest in self._served else None

    def join(self, viewer: Viewer) -> None:
        """A browser has connected: say how things stand, and what it has missed."""
        self.viewers.add(viewer)
        viewer.tell(self.state() | {"books": self.books.state()})
        viewer.tell({"kind": "problems", "problems": self._said_problems})
        if viewer.page is not None:
            _, had = self._served.get(viewer.digest or "", (b"", 0))
            missed = [name for name, number in self._new_files.items() if number > had]
            if missed:  # pictures and style sheets that it may have loaded before, and its page does not tell
                viewer.tell({"kind": "files", "names": missed})
            self._show(viewer, viewer.page, edited=False)
        self._say_shown()

    def leave(self, viewer: Viewer) -> None:
        """A browser has gone."""
        self.viewers.discard(viewer)
        self._say_shown()

    def state(self) -> dict[str, object]:
        """How things stand, for a browser."""
        return {"kind": "state", "phase": self.phase, "title": self.title, "root": self.root_page}

    # Files

    async def _watch(self) -> None:
        assert self._stop is not None  # noqa: S101 -- made in `start`
        async for paths in watch_folders(self.request.project, self._stop):
            self._changed(paths)

    def _watch_outside(self, files: tuple[str, ...]) -> None:
        if self._stop_outside is not None:
            self._stop_outside.set()
        self._outside = files
        self._stop_outside = anyio.Event()
        self._spawn(self._watch_files(files, self._stop_outside))

    async def _watch_files(self, files: tuple[str, ...], stop: anyio.Event) -> None:
        project = self.request.project
        homes = (project.source, project.conf)
        of_root = [project.root / name for name in ROOT_FILES if project.root not in homes]
        async for paths in watch_files([*files, *map(str, of_root)], stop):
            self._changed(paths)

    def _changed(self, paths: Iterable[str]) -> None:
        changed = tuple(paths)
        if any(Path(path).name in ROOT_FILES for path in changed):
            self.books.spoil()
        self.books.changed(changed)
        if self._candidate is not None:
            self._changed_meanwhile.extend(changed)
        if self._reader is not None:
            self._reader.tell(Changed(paths=changed))
        elif self._candidate is None:
            self._start_reader()

    # The reader

    def _start_reader(self) -> None:
        assert self._loop is not None  # noqa: S101 -- made in `start`
        self._changed_meanwhile.clear()
        self._candidate = Child("reader", read_forever, self.request)
        self._candidate.listen(self._loop, self._heard)
        if self._reader is None:
            self._set_phase("opening")

    def _heard(self, child: Child, message: object) -> None:
        if child is self._candidate:
            self._heard_candidate(child, message)
        elif child is self._reader:
            self._heard_reader(message)

    def _heard_candidate(self, child: Child, message: object) -> None:
        match message:
            case Opened():
                self._spawn(self._hand_over(child))
            case Advanced():
                self._advanced(message)
            case Pages():
                self._candidate, self._reader = None, child
                self._failure = None
                self._fresh.clear()
                self._take_pages(message)
                self._set_phase("ready")
                self._say_shown()
                if self._changed_meanwhile:
                    child.tell(Changed(paths=tuple(self._changed_meanwhile)))
                    self._changed_meanwhile.clear()
                self.books.spoil()
            case Failed() | None:
                self._candidate = None
                self._fail(message or Failed())

    async def _hand_over(self, candidate: Child) -> None:
        """Only one reader works in the folders at a time."""
        old, self._reader = self._reader, None
        if old is not None:
            await asyncio.to_thread(old.end)
        self._let_go()
        candidate.tell(Go())

    def _heard_reader(self, message: object) -> None:
        match message:
            case Pages():
                self._take_pages(message)
            case Stale(docnames=docnames):
                self._fresh.discard(None)
                self._fresh = set() if docnames is None else self._fresh - set(docnames)
                self.books.spoil()
            case Wrote():
                self._wrote(message)
            case NewFiles(names=names):
                self._lists_of_files += 1
                self._new_files.update(dict.fromkeys(names, self._lists_of_files))
                self.broadcast({"kind": "files", "names": list(names)})
                self.books.spoil()
            case Problems(found=found):
                self._found = found
                self._say_problems()
            case Advanced():
                self._advanced(message)
            case Settled():
                self.broadcast({"kind": "settled"})
            case Untrusted(reason=reason):
                self._say(f"{reason}: reading the book anew")
                self._spawn(self._replace_candidate())
            case Failed() | None:
                self._reader = None
                self._let_go()
                self._fail(message or Failed())

    async def _replace_candidate(self) -> None:
        stale, self._candidate = self._candidate, None
        if stale is not None:
            await asyncio.to_thread(stale.end)
        if self._candidate is None:
            self._start_reader()

    def _fail(self, failed: Failed) -> None:
        self._failure = problem_of_failure("the reader", failed)
        self._say(f"error: {self._failure['text']}")
        if failed.crash:
            self._say(failed.crash)
        if self._reader is None:
            self._set_phase("stopped")
        self._say_problems()

    def _take_pages(self, message: Pages) -> None:
        self.title, self.root_page = message.title, message.pages.get(message.root, "index.html")
        gone = set(self._pages.values()) - set(message.pages.values())
        self._pages = message.pages
        self._docnames = {page: docname for docname, page in message.pages.items()}
        for page in gone:
            (self.request.site / page).unlink(missing_ok=True)
        for viewer in self.viewers:
            if viewer.page in gone:
                viewer.tell({"kind": "gone", "root": self.root_page})
        if message.outside != self._outside:
            self._watch_outside(message.outside)
        self.broadcast(self.state())

    def _wrote(self, message: Wrote) -> None:
        self._fresh.add(message.docname)
        self._let_go(message.docname)
        page = None if message.docname is None else self._pages.get(message.docname)
        for viewer in self.viewers:
            if viewer.page is None:
                if message.edited and page is not None:
                    viewer.tell({"kind": "edited", "page": page, "cpu": round(message.cpu, 4)})
            elif viewer.page == page or (page is None and viewer.page not in self._docnames):
                self._show(viewer, viewer.page, edited=message.edited)

    def _let_go(self, *docnames: str | None) -> None:
        """Browsers that wait for these pages get what is on disk; without names, all of them."""
        for docname in docnames or tuple(self._waiting):
            for waiting in self._waiting.pop(docname, []):
                if not waiting.done():
                    waiting.set_result(None)

    # Browsers

    def _show(self, viewer: Viewer, page: str, *, edited: bool) -> None:
        """Send a page to a browser that has an older one."""
        try:
            path = (self.request.site / page).resolve()  # the browser said it: it may be any path
            if not path.is_relative_to(self.request.site.resolve()):
                return
            content = path.read_bytes()
        except (OSError, ValueError):
            return
        digest = digest_of(content)
        if viewer.digest != digest:
            viewer.digest = digest
            html = content.decode("utf-8", "replace")
            viewer.tell({"kind": "page", "page": page, "digest": digest, "edited": edited, "html": html})

    def broadcast(self, message: dict[str, object]) -> None:
        """Tell all browsers."""
        for viewer in self.viewers:
            viewer.tell(message)

    def _say_shown(self) -> None:
        shown = {self._docnames[v.page] for v in self.viewers if v.page in self._docnames}
        if self._reader is not None:
            self._reader.tell(Shown(docnames=tuple(sorted(shown))))

    def _set_phase(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self.broadcast(self.state())

    def _advanced(self, message: Advanced) -> None:
        if message.doing == "reading":
            self._set_phase("reading")
        self.broadcast({"kind": "progress", "doing": message.doing, "done": message.done, "total": message.total})

    def _say_problems(self) -> None:
        shown = ([self._failure] if self._failure else []) + problems_of(self._found) + self.books.problems
        if shown != self._said_problems:
            self._said_problems = shown
            self.broadcast({"kind": "problems", "problems": shown})

    # Books

    def _book_news(self, message: dict[str, object]) -> None:
        self.broadcast(message)

    def _books_said(self) -> None:
        self._say_problems()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def digest_of(content: bytes) -> str:
    """What tells two versions of a page apart."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()
