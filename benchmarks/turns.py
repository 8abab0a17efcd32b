"""Runs that take turns, in rounds, for as long as there is time: A B A B, small books before large ones.

A run that has been done for this book is thought to take as long again; one for a larger book, as much longer as the
two before it say. What would go beyond the budget is left out, and said to be. So the first round gets as far as it
can, and what time is left repeats the cheap ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from costs import Cost, Measured

STEEPEST = 2.5  # the highest power of the pages that a cost is thought to grow with


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one tool took for one book. note: what must be known of the book."""

    book: str
    tool: str
    cost: Cost
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Something to do on a book of so many pages (None: that says nothing). take: does it, for one tool or several."""

    book: str
    pages: int | None
    who: str
    take: Callable[[], Sequence[Run]]


@dataclass
class Rounds:
    """What has been run. budget: seconds. clock: seconds. say: gets a line for each run."""

    budget: float
    clock: Callable[[], float]
    say: Callable[[str], None]
    took: dict[tuple[str, str], float] = field(default_factory=dict)
    runs: dict[str, list[Run]] = field(default_factory=dict)
    pages: dict[str, int | None] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def run(self, turns: Sequence[Turn], rounds: int) -> None:
        """All turns of the first round before any of the second."""
        begun = self.clock()
        for number in range(rounds):
            for turn in turns:
                before = self.clock()
                if before - begun + self.expected(turn, turns) > self.budget:
                    if number == 0:
                        self.left_out.append((turn.book, turn.who))
                    continue
                made = turn.take()
                self.took[turn.book, turn.who] = self.clock() - before
                for run in made:
                    self.pages[run.book] = turn.pages
                    self.runs.setdefault(run.book, []).append(run)
                    about = "~" if run.cost.reckoned else ""
                    self.say(f"{run.book}: {run.tool}: {about}{run.cost.cpu:.2f} s of CPU, {run.cost.wall:.2f} s")

    def expected(self, turn: Turn, turns: Sequence[Turn]) -> float:
        """The seconds that a turn is thought to take; 0 when nothing is known."""
        if (turn.book, turn.who) in self.took:
            return self.took[turn.book, turn.who]
        known = sorted(
            (other.pages, self.took[other.book, other.who])
            for other in turns
            if other.who == turn.who and other.pages is not None and (other.book, other.who) in self.took
        )
        if not known or turn.pages is None:
            return 0.0
        pages, seconds = known[-1]
        if len(known) == 1 or known[-2][0] == pages:
            return seconds * turn.pages / pages
        fewer, less = known[-2]
        power = math.log(seconds / less) / math.log(pages / fewer)
        if power > 1:
            return seconds * (turn.pages / pages) ** min(STEEPEST, power)
        each = max(0.0, (seconds - less) / (pages - fewer))  # the rest of it is what any book takes
        return seconds + each * (turn.pages - pages)

    def books(self) -> tuple[Measured, ...]:
        """What was measured, each book where it first came."""
        return tuple(
            Measured(
                name=book,
                pages=self.pages[book],
                tools={
                    tool: tuple(run.cost for run in runs if run.tool == tool)
                    for tool in dict.fromkeys(run.tool for run in runs)
                },
                note=runs[-1].note,
            )
            for book, runs in self.runs.items()
        )
