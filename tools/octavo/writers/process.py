"""Each writer in a process of its own, with its findings and its progress coming back while it works.

Forked from the reading process where the system can fork, so that nothing is read or unpickled twice; otherwise
started afresh, one after the other, on the environment that the reading process saved. A writer that dies takes none
of the others with it, and a writer whose parent has died ends by itself. A writer that is alone and pure Python needs
no process: it works in the reading one, which spares the copies of what was read.

A writer may need to know how another one ended (the EPUB names the PDF's pages). It is started after that one and
waits only when it asks, so that there is no order in which two wait for each other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, Literal, TypeVar

from octavo.diagnostics import Diagnostic, OctavoError

Strategy = Literal["fork", "spawn"]
ResultT = TypeVar("ResultT")

PARENT_GONE = 70  # exit status of a writer that has nobody left to write for
PATIENCE = 1.0  # seconds between two looks whether the parent is still there


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Documents done, of how many."""

    done: int
    total: int


Message = Diagnostic | Progress
Send = Callable[[Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[ResultT]):
    """One writer.

    - work: does it, saying what it finds through the first function that it is given; the second one waits for the
      task that this one awaits, and answers with how it ended, or None where there is none. Picklable for "spawn".
    - awaits: name of another task, which itself awaits none, or None.
    - apart: whether it needs a process of its own though it is the only one, because it may end that process.
    """

    name: str
    work: Callable[[Send, Awaited[ResultT]], ResultT]
    awaits: str | None = None
    apart: bool = True


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


Awaited = Callable[[], Outcome[ResultT] | None]


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

    What is awaited is started first, and what awaits it last.

    - receive: gets each message with the name of its task, in this process.
    """
    if len(tasks) == 1 and not tasks[0].apart and strategy == "fork":
        return (_here(tasks[0], receive),)
    running: dict[Connection, _Running[ResultT]] = {}
    awaited = {task.awaits for task in tasks}
    waiting = sorted(tasks, key=lambda task: (task.awaits is not None, task.name not in awaited))
    outcomes: dict[str, Outcome[ResultT]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                started = _start(waiting.pop(0), strategy, {task.name for task in tasks})
                running[started.connection] = started
                _hand_over(started, outcomes)
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)  # noqa: S101 -- nothing else is waited for
                outcome = _receive(running[ready], receive)
                if outcome is not None:
                    outcomes[outcome.name] = outcome
                    del running[ready]
                    for other in running.values():
                        _hand_over(other, outcomes)
    finally:
        for left in running.values():
            left.process.terminate()
            left.process.join()
    return tuple(outcomes[task.name] for task in tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running(Generic[ResultT]):
    """A writer at work. answer: where it waits for how `awaits` ended; closed once that is said."""

    name: str
    process: BaseProcess
    connection: Connection
    started: float
    awaits: str | None
    answer: Connection | None


def _start(task: Task[ResultT], strategy: Strategy, names: set[str]) -> _Running[ResultT]:
    context = multiprocessing.get_context(strategy)
    ours, theirs = context.Pipe(duplex=False)
    awaits = task.awaits if task.awaits in names else None
    question, answer = context.Pipe(duplex=False) if awaits is not None else (None, None)
    # not a daemon: Sphinx's own parallel writing starts processes, which daemons may not
    process = context.Process(target=_child, args=(task, theirs, question), name=f"octavo-{task.name}")  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    if question is not None:
        question.close()
    return _Running(
        name=task.name, process=process, connection=ours, started=time.monotonic(), awaits=awaits, answer=answer
    )


def _hand_over(running: _Running[ResultT], outcomes: Mapping[str, Outcome[ResultT]]) -> None:
    """Say how the awaited task ended, once; a writer that has died meanwhile is heard of by its own connection."""
    outcome = outcomes.get(running.awaits) if running.awaits is not None else None
    if running.answer is None or running.answer.closed or outcome is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        running.answer.send(outcome)
    running.answer.close()


def _wait_for_answer(question: Connection) -> Outcome[ResultT]:
    """Wait as long as the parent is there: other writers hold copies of its end of the pipe, which keep it open."""
    parent = os.getppid()
    while not question.poll(PATIENCE):
        if os.getppid() != parent:
            os._exit(PARENT_GONE)
    try:
        outcome: Outcome[ResultT] = question.recv()
    except (EOFError, ConnectionResetError):
        os._exit(PARENT_GONE)
    return outcome


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


def _child(task: Task[ResultT], connection: Connection, question: Connection | None) -> None:
    """The writer's process: all that happens in it comes back as a message."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it ends its writers

    def send(message: Message | Outcome[ResultT]) -> None:
        try:
            connection.send(message)
        except (BrokenPipeError, ConnectionResetError):
            os._exit(PARENT_GONE)

    answered: list[Outcome[ResultT]] = []

    def awaited() -> Outcome[ResultT] | None:
        if question is not None and not answered:
            answered.append(_wait_for_answer(question))
        return answered[0] if answered else None

    send(_outcome(task, send, awaited))
    connection.close()


def _here(task: Task[ResultT], receive: Callable[[str, Message], None]) -> Outcome[ResultT]:
    """Run a task in this process."""
    started = time.monotonic()
    outcome = _outcome(task, lambda message: receive(task.name, message), lambda: None)
    return replace(outcome, seconds=time.monotonic() - started)


def _outcome(task: Task[ResultT], send: Send, awaited: Awaited[ResultT]) -> Outcome[ResultT]:
    """Do the work; whatever goes wrong in it is its outcome."""
    try:
        return Outcome(name=task.name, seconds=0, result=task.work(send, awaited))
    except OctavoError as error:
        return Outcome(name=task.name, seconds=0, error=error)
    except (Exception, SystemExit):  # noqa: BLE001 -- the boundary of a writer: the traceback is kept whole and shown
        return Outcome(name=task.name, seconds=0, crash=traceback.format_exc())
