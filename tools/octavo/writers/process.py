"""Each writer in a process of its own, with its findings and its progress coming back while it works.

Forked from the reading process where the system can fork, so that nothing is read or unpickled twice; otherwise
started afresh, one after the other, on the environment that the reading process saved. A writer that dies takes none
of the others with it, and a writer whose parent has died ends by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, Literal, TypeVar

from octavo.diagnostics import Diagnostic, OctavoError

Strategy = Literal["fork", "spawn"]
ResultT = TypeVar("ResultT")

PARENT_GONE = 70  # exit status of a writer that has nobody left to write for


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Documents done, of how many."""

    done: int
    total: int


Message = Diagnostic | Progress
Send = Callable[[Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[ResultT]):
    """One writer. work: does it, saying what it finds through the function that it is given; picklable for "spawn"."""

    name: str
    work: Callable[[Send], ResultT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[ResultT]):
    """How one writer ended.

    - seconds: wall-clock time from its start.
    - result, error, crash: exactly one is there. crash: the traceback of an exception that is no OctavoError, or how
      the process ended.
    """

    name: str
    seconds: float
    result: ResultT | None = None
    error: OctavoError | None = None
    crash: str | None = None


def default_strategy() -> Strategy:
    """Fork where it is safe. macOS can fork, but its frameworks don't survive it in a child."""
    return "fork" if os.name == "posix" and os.uname().sysname != "Darwin" else "spawn"


def run(
    tasks: Sequence[Task[ResultT]],
    *,
    strategy: Strategy,
    at_once: int,
    receive: Callable[[str, Message], None],
) -> tuple[Outcome[ResultT], ...]:
    """Run all tasks, `at_once` at a time, and return how each ended, in the order of `tasks`.

    - receive: gets each message with the name of its task, in this process.
    """
    running: dict[Connection, _Running[ResultT]] = {}
    waiting = list(tasks)
    outcomes: dict[str, Outcome[ResultT]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                started = _start(waiting.pop(0), strategy)
                running[started.connection] = started
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)  # noqa: S101 -- nothing else is waited for
                outcome = _receive(running[ready], receive)
                if outcome is not None:
                    outcomes[outcome.name] = outcome
                    del running[ready]
    finally:
        for left in running.values():
            left.process.terminate()
            left.process.join()
    return tuple(outcomes[task.name] for task in tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running(Generic[ResultT]):
    name: str
    process: BaseProcess
    connection: Connection
    started: float


def _start(task: Task[ResultT], strategy: Strategy) -> _Running[ResultT]:
    context = multiprocessing.get_context(strategy)
    ours, theirs = context.Pipe(duplex=False)
    # not a daemon: Sphinx's own parallel writing starts processes, which daemons may not
    process = context.Process(target=_child, args=(task, theirs), name=f"octavo-{task.name}")  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return _Running(name=task.name, process=process, connection=ours, started=time.monotonic())


def _receive(running: _Running[ResultT], receive: Callable[[str, Message], None]) -> Outcome[ResultT] | None:
    """Handle one message; the last one of a writer is its outcome."""
    try:
        message = running.connection.recv()
    except (EOFError, ConnectionResetError):
        running.process.join()
        code = running.process.exitcode or 0
        how = f"killed by signal {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        message = Outcome(name=running.name, seconds=0, crash=f"the process was {how}, without a word")
    if isinstance(message, Outcome):
        running.process.join()
        running.connection.close()
        return Outcome(
            name=running.name,
            seconds=time.monotonic() - running.started,
            result=message.result,
            error=message.error,
            crash=message.crash,
        )
    receive(running.name, message)
    return None


def _child(task: Task[ResultT], connection: Connection) -> None:
    """The writer's process: all that happens in it comes back as a message."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it ends its writers

    def send(message: Message | Outcome[ResultT]) -> None:
        try:
            connection.send(message)
        except (BrokenPipeError, ConnectionResetError):
            os._exit(PARENT_GONE)

    try:
        outcome = Outcome(name=task.name, seconds=0, result=task.work(send))
    except OctavoError as error:
        outcome = Outcome(name=task.name, seconds=0, error=error)
    except Exception:  # noqa: BLE001 -- the boundary of a process: the traceback is kept whole and shown by the parent
        outcome = Outcome(name=task.name, seconds=0, crash=traceback.format_exc())
    send(outcome)
    connection.close()
