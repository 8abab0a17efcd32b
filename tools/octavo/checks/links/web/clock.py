"""Time and chance, as values that are passed in: a test has its own."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """now: seconds that only go forward. epoch: seconds since 1970. sleep: let them pass."""

    def now(self) -> float:
        """Seconds of a clock that only goes forward."""

    def epoch(self) -> float:
        """Seconds since 1970."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class SystemClock:
    """The machine's."""

    def now(self) -> float:
        """Seconds of a clock that only goes forward."""
        return time.monotonic()

    def epoch(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


class Chance(Protocol):
    """Where jitter comes from."""

    def random(self) -> float:
        """A number from 0 to 1."""


class SystemChance:
    """Chance that nobody foresees; nothing secret hangs on it."""

    def random(self) -> float:
        """A number from 0 to 1."""
        import random

        return random.random()  # noqa: S311 -- spreads retries over time
