"""Writers in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from octavo.diagnostics import Diagnostic, WriterError
from octavo.writers.process import Awaited, Message, Outcome, Progress, Send, Strategy, Task, run

Work = Callable[[Send, Awaited[int]], int]
FOUND = Diagnostic(rule="sphinx/warning", value="w")
STRATEGIES = ["fork", "spawn"] if os.name == "posix" and sys.platform != "darwin" else ["spawn"]


def work(value: int, send: Send, awaited: Awaited[int]) -> int:
    send(Progress(done=1, total=2))
    send(FOUND)
    return value * 2


def refuse(send: Send, awaited: Awaited[int]) -> int:
    raise WriterError("no", "do this")


def break_down(send: Send, awaited: Awaited[int]) -> int:
    raise ZeroDivisionError("oops")


def vanish(send: Send, awaited: Awaited[int]) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def need(send: Send, awaited: Awaited[int]) -> int:
    """The other's result, and one more; -1 when there is no other, -2 when it has none."""
    send(FOUND)  # its own work comes first
    other = awaited()
    assert awaited() is other
    if other is None:
        return -1
    return -2 if other.result is None else other.result + 1


def wait_for_ever(send: Send, awaited: Awaited[int]) -> int:
    Path(os.environ["OCTAVO_TEST_PID"]).write_text(str(os.getpid()))
    time.sleep(60)
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


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("at_once", [1, 2, 3])
@pytest.mark.parametrize("turned", [False, True])
def test_one_that_needs_another_gets_what_it_made(strategy: Strategy, at_once: int, turned: bool) -> None:
    """However many run at a time, and whichever was asked for first."""
    tasks = [
        Task(name="site", work=partial(work, 1)),
        Task(name="first", work=partial(work, 21)),
        Task(name="second", work=need, awaits="first"),
    ]
    outcomes, _ = go(tasks[::-1] if turned else tasks, strategy, at_once)
    assert list(outcomes) == [t.name for t in (tasks[::-1] if turned else tasks)]
    assert {name: o.result for name, o in outcomes.items()} == {"site": 2, "first": 42, "second": 43}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("failing", [break_down, refuse, vanish])
def test_one_that_needs_another_hears_that_it_failed(strategy: Strategy, at_once: int, failing: Work) -> None:
    tasks = [Task(name="second", work=need, awaits="first"), Task(name="first", work=failing)]
    outcomes, _ = go(tasks, strategy, at_once)
    assert outcomes["second"].result == -2
    assert outcomes["first"].result is None


def test_one_that_needs_what_is_not_made_does_not_wait() -> None:
    outcomes, _ = go([Task(name="second", work=need, awaits="first")], "spawn")
    assert outcomes["second"].result == -1


ORPHANING = """
import os, signal, sys
from test_process import Task, go, need, wait_for_ever
if __name__ == "__main__":
    def tell(send, awaited):
        open(sys.argv[1], "w").write(str(os.getpid()))
        return need(send, awaited)
    go([Task(name="first", work=wait_for_ever), Task(name="second", work=tell, awaits="first")], "fork")
"""


@pytest.mark.skipif("fork" not in STRATEGIES, reason="only a fork holds its siblings' pipes")
def test_one_that_waits_ends_with_its_parent(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    env = {**os.environ, "OCTAVO_TEST_PID": str(first), "PYTHONPATH": str(Path(__file__).parent)}
    parent = subprocess.Popen([sys.executable, "-c", ORPHANING, str(second)], env=env)
    try:
        until(lambda: first.is_file() and second.is_file() and second.read_text() != "")
        time.sleep(0.2)
        parent.kill()
        parent.wait()
        until(lambda: not alive(int(second.read_text())))
    finally:
        if first.is_file() and alive(int(first.read_text())):
            os.kill(int(first.read_text()), signal.SIGKILL)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_writer_that_is_alone_works_in_this_process():
    heard: list[tuple[str, Message]] = []
    task = Task(name="epub", work=lambda send, _: (send(Progress(done=1, total=2)), os.getpid())[1], apart=False)
    (outcome,) = run([task], strategy="fork", at_once=2, receive=lambda name, message: heard.append((name, message)))
    assert outcome.result == os.getpid()
    assert heard == [("epub", Progress(done=1, total=2))]


@pytest.mark.parametrize("error", [ZeroDivisionError("0"), SystemExit(3)], ids=lambda error: type(error).__name__)
def test_what_goes_wrong_in_this_process_is_its_outcome(error):
    def fail(_send, _awaited):
        raise error

    (outcome,) = run([Task(name="epub", work=fail, apart=False)], strategy="fork", at_once=1, receive=lambda *_: None)
    assert outcome.result is None
    assert type(error).__name__ in outcome.crash


def test_two_writers_have_processes_of_their_own():
    tasks = [Task(name=name, work=lambda _send, _awaited: os.getpid(), apart=False) for name in ("html", "epub")]
    outcomes = run(tasks, strategy="fork", at_once=2, receive=lambda *_: None)
    assert len({os.getpid(), *(outcome.result for outcome in outcomes)}) == 3
