"""A process that can be thrown away: started afresh, in a session of its own, and ended with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

PATIENCE = 2.0  # seconds between asking a child to end and ending it


class Child:
    """A running child and our end of the connection to it."""

    def __init__(self, name: str, work: Callable[[Any, Connection], None], request: object) -> None:
        context = multiprocessing.get_context("spawn")  # never a copy of the server, which has threads
        self.connection, theirs = context.Pipe(duplex=True)
        self._process = context.Process(target=_run, args=(work, request, theirs), name=f"octavo-{name}")
        with _deaf_to_ctrl_c():
            self._process.start()
        theirs.close()

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.is_alive()

    def listen(self, loop: asyncio.AbstractEventLoop, heard: Callable[[Child, object], None]) -> None:
        """Hand each message to `heard` in the loop's thread, and None when the child has ended."""

        def receive() -> None:
            message: object = self
            while message is not None:
                try:
                    message = self.connection.recv()
                except (EOFError, OSError):
                    message = None
                with suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
                    loop.call_soon_threadsafe(heard, self, message)
            self.connection.close()

        threading.Thread(target=receive, name="octavo-listener", daemon=True).start()

    def tell(self, message: object) -> None:
        """Send a message; one that has ended meanwhile is heard of by `listen`."""
        with suppress(OSError):
            self.connection.send(message)

    def end(self) -> None:
        """End it and its children, and wait until it is gone."""
        self._signal("SIGTERM")
        self._process.join(PATIENCE)
        self._signal("SIGKILL")
        self._process.join()

    def _signal(self, name: str) -> None:
        number = getattr(signal, name, signal.SIGTERM)
        pid = self._process.pid
        if pid is None:
            return
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, number)  # what it has started goes as well, though it may be gone itself
        if self._process.is_alive():
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _run(work: Callable[[Any, Connection], None], request: object, connection: Connection) -> None:
    """In the child."""
    if hasattr(os, "setsid"):
        os.setsid()
    with contextlib.closing(connection):
        work(request, connection)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A child is born with SIGINT blocked and stays so: Ctrl-C is the server's, who ends its children."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
