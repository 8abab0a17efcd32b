"""A build run to its end, and what its whole process tree took: CPU, wall clock and memory. Linux only.

CPU is user and system time of the process and all that it waited for. Memory is the highest sum of the PSS of its
process tree, looked at every 50 ms: what processes share counts once, as it does on the machine.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, kw_only=True)
class Ended:
    """cpu, wall: seconds; memory: megabytes (of 10^6 bytes); text: what was printed."""

    status: int
    cpu: float
    wall: float
    memory: float
    text: str


def ended(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a command in a folder to its end, with nothing to read from."""
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, env=environment
        )
        watch = Watch(process.pid)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.ended.set()
        watch.join()
        said.seek(0)
        return Ended(
            status=process.returncode,
            cpu=used.ru_utime + used.ru_stime,
            wall=wall,
            memory=watch.most / 1e6,
            text=said.read().decode("utf-8", "replace"),
        )


class Watch(threading.Thread):
    """Looks at the memory of a process and all that it started. most: bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(EVERY):
            self.most = max(self.most, sum(pss(pid) for pid in tree(self.pid)))


def tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))
    except OSError:  # it ended while we looked
        return


def pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
