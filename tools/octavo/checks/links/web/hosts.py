"""Being polite: how many transfers a host gets at once and in a second, and when it is left alone.

Pure bookkeeping in the caller's time (seconds of a clock that only goes forward).
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from octavo.checks.links.web.settings import HostRule
from octavo.checks.links.web.verdict import Finding, Reason

WorkT = TypeVar("WorkT")

MOST_HOSTS = 20_000  # that are remembered; a run may ask a million

# reasons that are the host's and not the page's, and how many pages tell that
_ENOUGH: dict[Reason, int] = {
    Reason.RATE_LIMITED: 1,
    Reason.REFUSED: 1,
    Reason.UNREACHABLE: 1,
    Reason.TIMEOUT: 2,
}


@dataclass(slots=True, kw_only=True)
class HostState(Generic[WorkT]):
    """One host while a run lasts.

    - rule: what is different on it.
    - next_at: when the next transfer may begin. paused: seconds that the host has asked us to stay away so far.
    - down: what is said of every further URL of a host that does not exist; None while it may.
    - delayed: how many of its URLs wait for another attempt.
    - failed: how many of its URLs failed to the end, by reason: see `is_tired_of`.
    """

    rule: HostRule
    per_host: int
    interval: float
    budget: float
    waiting: deque[WorkT] = field(default_factory=deque)
    active: int = 0
    delayed: int = 0
    next_at: float = 0.0
    paused: float = 0.0
    down: Finding | None = None
    failed: Counter[Reason] = field(default_factory=Counter)
    is_queued: bool = False

    def is_idle(self, now: float) -> bool:
        """Whether nothing of it is under way or waits, and another request may begin."""
        return not self.active and not self.waiting and not self.delayed and self.next_at <= now

    def is_tired_of(self, reason: Reason | None) -> bool:
        """Whether so many URLs failed to the end for this reason that another one is asked for only once."""
        return reason is not None and reason in _ENOUGH and self.failed[reason] >= _ENOUGH[reason]

    def pause(self, now: float, seconds: float) -> bool:
        """Leave the host alone for a while. False when that would be more than its budget."""
        until = now + seconds
        if until > self.next_at:
            more = until - max(now, self.next_at)
            if self.paused + more > self.budget:
                return False
            self.paused += more
            self.next_at = until
        return True


class HostQueues(Generic[WorkT]):
    """Which work may begin now, and when the next may."""

    def __init__(self) -> None:
        self.hosts: dict[tuple[str, int], HostState[WorkT]] = {}
        self._heap: list[tuple[float, int, HostState[WorkT]]] = []
        self._turn = 0
        self._most = MOST_HOSTS
        self.waiting = 0

    def make_room(self, now: float) -> None:
        """Forget hosts with nothing left to do where there are very many: first those that have never failed."""
        if len(self.hosts) < self._most:
            return
        idle = [(key, host) for key, host in self.hosts.items() if host.is_idle(now)]
        fine = [key for key, host in idle if host.down is None and not host.failed and not host.paused]
        for key in fine or [key for key, _ in idle]:
            del self.hosts[key]
        self._most = max(MOST_HOSTS, 2 * len(self.hosts))

    def put(self, host: HostState[WorkT], work: WorkT, *, first: bool = False) -> None:
        """Let work wait for its host. first: before what waits already."""
        if first:
            host.waiting.appendleft(work)
        else:
            host.waiting.append(work)
        self.waiting += 1
        self._queue(host)

    def ended(self, host: HostState[WorkT]) -> None:
        """A transfer of the host is done."""
        host.active -= 1
        self._queue(host)

    def take(self, now: float) -> tuple[HostState[WorkT], WorkT] | None:
        """Work that may begin now; its host counts it as active. None when there is none."""
        while self._heap and self._heap[0][0] <= now:
            _, _, host = heapq.heappop(self._heap)
            host.is_queued = False
            if not host.waiting or host.active >= host.per_host:
                continue
            if host.next_at > now and host.down is None:  # paused after it was queued
                self._queue(host)
                continue
            work = host.waiting.popleft()
            self.waiting -= 1
            host.active += 1
            if host.down is None:
                host.next_at = max(host.next_at, now) + host.interval
            self._queue(host)
            return host, work
        return None

    def next_at(self) -> float | None:
        """When something may begin at the earliest; None when nothing waits for time alone."""
        return self._heap[0][0] if self._heap else None

    def drain(self) -> list[WorkT]:
        """All that waits, taken out."""
        left = [work for host in self.hosts.values() for work in host.waiting]
        for host in self.hosts.values():
            host.waiting.clear()
        self._heap.clear()
        self.waiting = 0
        return left

    def _queue(self, host: HostState[WorkT]) -> None:
        if host.waiting and host.active < host.per_host and not host.is_queued:
            host.is_queued = True
            self._turn += 1
            when = 0.0 if host.down is not None else host.next_at
            heapq.heappush(self._heap, (when, self._turn, host))
