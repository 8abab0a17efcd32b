"""Rounds within a budget, with a clock that only runs move."""

from __future__ import annotations

import pytest
from costs import Cost
from turns import Rounds, Run, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.order: list[tuple[str, str]] = []

    def turn(self, who: str, pages: int, seconds: float) -> Turn:
        book = f"{pages} pages"

        def take() -> list[Run]:
            self.now += seconds
            self.order.append((book, who))
            return [Run(book=book, tool=who, cost=Cost(cpu=seconds / 2, wall=seconds))]

        return Turn(book=book, pages=pages, who=who, take=take)

    def rounds(self, budget: float) -> Rounds:
        return Rounds(budget=budget, clock=lambda: self.now, say=lambda _: None)


def test_tools_take_turns_and_books_grow() -> None:
    clock = Clock()
    turns = [clock.turn(who, pages, 1) for pages in (10, 100) for who in ("A", "B")]
    rounds = clock.rounds(1000)
    rounds.run(turns, 2)
    assert clock.order == [(f"{pages} pages", who) for pages in (10, 100) for who in ("A", "B")] * 2
    assert [(book.name, book.pages) for book in rounds.books()] == [("10 pages", 10), ("100 pages", 100)]
    assert [len(costs) for costs in rounds.books()[0].tools.values()] == [2, 2]
    assert rounds.left_out == []


def test_what_goes_beyond_the_budget_is_left_out_and_said_to_be() -> None:
    clock = Clock()
    turns = [clock.turn("A", 10, 1), clock.turn("A", 100, 10), clock.turn("A", 1000, 100), clock.turn("B", 10, 1)]
    rounds = clock.rounds(60)
    rounds.run(turns, 1)
    assert rounds.left_out == [("1000 pages", "A")]
    assert clock.order[-1] == ("10 pages", "B")


def test_later_rounds_fill_the_time_with_what_fits() -> None:
    clock = Clock()
    rounds = clock.rounds(27)
    rounds.run([clock.turn("A", 10, 1), clock.turn("A", 100, 20)], 5)
    assert [len(book.tools["A"]) for book in rounds.books()] == [5, 1]
    assert rounds.left_out == []


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, 0),
        ({10: 2.0}, 200),
        ({10: 2.0, 100: 20.0}, 200),
        ({10: 2.0, 100: 200.0}, 20_000),
        ({10: 2.0, 100: 2_000_000.0}, 2_000_000 * 10**2.5),
        ({10: 20.0, 100: 29.0}, 119),
        ({10: 20.0, 100: 19.0}, 19),
        ({1000: 7.0}, 7),
    ],
    ids=[
        "nothing known",
        "linear",
        "grown linearly",
        "grown by the square",
        "no steeper",
        "with a start",
        "no growth",
        "done before",
    ],
)
def test_how_long_a_larger_book_is_thought_to_take(known: dict[int, float], expected: float) -> None:
    clock = Clock()
    turns = [clock.turn("A", pages, 1) for pages in (10, 100, 1000)]
    rounds = clock.rounds(1000)
    rounds.took = {(f"{pages} pages", "A"): seconds for pages, seconds in known.items()}
    assert rounds.expected(turns[-1], turns) == pytest.approx(expected)
