"""The page of the benchmarks is what the JSON gives, and says where Octavo loses."""

from __future__ import annotations

import re
from pathlib import Path

from costs import Cost, Measured, SuiteResult, kept
from page import SUITES, made_of, write
from run import SHARES

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
MACHINE = {
    "processor": "A Processor",
    "processors": 2,
    "gibibytes": 24,
    "system": "Linux 6",
    "python": "3.11.7",
    "versions": {"sphinx": "9.0", "zensical": "0.1"},
}


def suite(*books: Measured, others: float = 0.0, left_out: tuple[tuple[str, str], ...] = ()) -> SuiteResult:
    return SuiteResult(measured="2026-01-02", minutes=3, others=others, machine=MACHINE, books=books, left_out=left_out)


def book(pages: int, **cpu: float | tuple[float, ...]) -> Measured:
    tools = {
        tool: tuple(Cost(cpu=each, wall=each, memory=80) for each in (costs if isinstance(costs, tuple) else (costs,)))
        for tool, costs in cpu.items()
    }
    return Measured(name=f"{pages:,} pages", pages=pages, tools=tools)


def test_the_committed_page_and_pictures_are_what_the_committed_numbers_give() -> None:
    made = made_of("benchmarks", kept(REFERENCE / "benchmarks.json"))
    assert {name: (REFERENCE / name).read_text(encoding="utf-8") for name in made} == made
    assert {path.name for path in REFERENCE.glob("benchmarks-*.svg")} == set(made) - {"benchmarks.md"}


def test_a_table_has_the_median_with_the_least_and_the_most() -> None:
    page = made_of("b", {"html": suite(book(1000, Octavo=(30, 20, 25), Sphinx=700))})["b.md"]
    assert "| 1,000 | 25.0 (20.0–30.0) | 700.0 |" in page


def test_where_octavo_loses_is_said_first_to_last() -> None:
    page = made_of("b", {"html": suite(book(100, Octavo=5, Sphinx=20, mdBook=0.5))})["b.md"]
    assert "- 100 pages: 0.25 of Sphinx's and 10 of mdBook's" in page


def test_growth_is_that_of_the_two_largest_books() -> None:
    books = (book(10, Octavo=1, Sphinx=1), book(100, Octavo=3, Sphinx=9), book(1000, Octavo=30))
    page = made_of("b", {"html": suite(*books)})["b.md"]
    assert "From 100 pages to 1,000, the CPU grows: Octavo's 10.0 times." in page


def test_what_is_reckoned_is_marked_and_what_is_missing_is_a_dash() -> None:
    small = book(10, Octavo=1, Sphinx=2)
    large = Measured(
        name="1,000 pages", pages=1000, tools={"Sphinx": (Cost(cpu=760, wall=800, memory=300, reckoned=True),)}
    )
    page = made_of("b", {"html": suite(small, large, left_out=(("1,000 pages", "Octavo"),))})["b.md"]
    assert "| 1,000 | – | ~760.0 |" in page
    assert "| 1,000 | – | 300 |" in page
    assert "There was no time for Octavo on 1,000 pages." in page


def test_a_suite_of_few_books_has_a_row_for_each_tool() -> None:
    page = made_of("b", {"formats": suite(book(300, Octavo=20, Sphinx=80))})["b.md"]
    assert "```{table} 300 pages" in page
    assert "| Sphinx | 80.0 | 80.0 | 80 | 0.25 | 0.25 |" in page


def test_a_busy_machine_is_named_as_one() -> None:
    busy = made_of("b", {"html": suite(book(10, Octavo=1), others=0.8)})["b.md"]
    idle = made_of("b", {"html": suite(book(10, Octavo=1), others=0.01)})["b.md"]
    assert "Other work took 80% of the machine meanwhile, so the wall clock says nothing." in busy
    assert "Other work took 1% of the machine meanwhile." in idle


def test_edits_are_shown_in_milliseconds() -> None:
    edits = Measured(name="10 pages", pages=10, tools={"octavo serve": (Cost(cpu=0.04, wall=0.18),)})
    made = made_of("b", {"serve": suite(edits)})
    assert "| 10 | 180 |" in made["b.md"]
    assert set(made) == {"b.md", "b-serve-cpu.svg", "b-serve-wall.svg"}  # memory was not measured


def test_each_picture_is_shown_with_words_for_it() -> None:
    made = made_of("b", {"html": suite(book(10, Octavo=1, mdBook=0.04), book(100, Octavo=5, mdBook=0.3))})
    shown = re.findall(r"```\{image\} (\S+)\n:alt: (.*)\n```", made["b.md"])
    assert {name for name, _ in shown} == set(made) - {"b.md"}
    assert "mdBook: from 0.04 at 10 to 0.30 at 100." in dict(shown)["b-html-cpu.svg"]


def test_pictures_that_are_no_longer_shown_are_taken_away(tmp_path: Path) -> None:
    page = tmp_path / "b.md"
    write(page, {"html": suite(book(10, Octavo=1)), "epub": suite(book(10, Octavo=1))})
    write(page, {"html": suite(book(10, Octavo=1))})
    assert {path.name for path in tmp_path.iterdir()} == {
        "b.md",
        *(f"b-html-{kind}.svg" for kind in ("cpu", "wall", "memory")),
    }


def test_every_suite_that_can_be_measured_is_shown() -> None:
    assert set(SUITES) == set(SHARES)
