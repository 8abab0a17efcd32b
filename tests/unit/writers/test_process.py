"""Writers in processes of their own."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial

import pytest

from octavo.diagnostics import Diagnostic, WriterError
from octavo.writers.process import Message, Outcome, Progress, Send, Strategy, Task, run

FOUND = Diagnostic(rule="sphinx/warning", value="w")
STRATEGIES = ["fork", "spawn"] if os.name == "posix" and sys.platform != "darwin" else ["spawn"]


def work(value: int, send: Send) -> int:
    send(Progress(done=1, total=2))
    send(FOUND)
    return value * 2


def refuse(send: Send) -> int:
    raise WriterError("no", "do this")


def break_down(send: Send) -> int:
    raise ZeroDivisionError("oops")


def vanish(send: Send) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def go(tasks: list[Task[int]], strategy: Strategy, at_once: int = 2) -> tuple[dict[str, Outcome[int]], list[Message]]:
    messages: list[Message] = []
    outcomes = run(tasks, strategy=strategy, at_once=at_once, receive=lambda name, message: messages.append(message))
    return {o.name: o for o in outcomes}, messages


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("at_once", [1, 3])
def test_each_ends_as_it_ends_and_stops_no_other(strategy: Strategy, at_once: int) -> None:
    tasks = [
        Task(name="crash", work=break_down),
        Task(name="refused", work=refuse),
        Task(name="fine", work=partial(work, 21)),
    ]
    outcomes, messages = go(tasks, strategy, at_once)
    assert list(outcomes) == ["crash", "refused", "fine"]
    assert outcomes["fine"].result == 42
    assert outcomes["fine"].seconds > 0
    assert str(outcomes["refused"].error) == "no\n  do this"
    assert outcomes["crash"].crash is not None
    assert "ZeroDivisionError: oops" in outcomes["crash"].crash
    assert messages == [Progress(done=1, total=2), FOUND]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_killed_writer_is_said() -> None:
    outcomes, _ = go([Task(name="gone", work=vanish), Task(name="fine", work=partial(work, 1))], "fork", 1)
    assert "SIGKILL" in (outcomes["gone"].crash or "")
    assert outcomes["fine"].result == 2
