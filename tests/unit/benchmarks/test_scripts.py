"""What the suites that are programs of their own print and keep."""

from __future__ import annotations

import pytest
from costs import Cost
from scripts import cost_of, edits, rows_of_links

TABLE = """\
| what | Octavo CPU s | lychee CPU s | ratio | Octavo wall s | lychee wall s | Octavo MB | lychee MB | broken |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
| links inside of site | 4.62 | 16.60 | 0.28 | 14.70 | 15.80 | 78 | 61 | 1963, 1602 |
"""


def test_a_table_of_links() -> None:
    ours, theirs = rows_of_links(f"a word before\n{TABLE}")
    assert (ours.book, ours.tool, ours.cost) == ("links inside of site", "Octavo", Cost(cpu=4.62, wall=14.7, memory=78))
    assert (theirs.tool, theirs.cost) == ("lychee", Cost(cpu=16.6, wall=15.8, memory=61))
    assert ours.note == theirs.note == "1963 of them broken to Octavo, 1602 to lychee."


def test_a_table_with_other_headings_is_not_read() -> None:
    with pytest.raises(KeyError):
        rows_of_links(TABLE.replace("lychee CPU s", "lychee"))


def test_edits_are_kept_in_milliseconds() -> None:
    row = {"cpu_ms": [40.0, 60.0], "wall_ms": [180.0, 220.0]}
    assert edits(row) == [Cost(cpu=0.04, wall=0.18), Cost(cpu=0.06, wall=0.22)]


def test_a_build() -> None:
    assert cost_of({"cpu": 1.5, "wall": 2.5, "memory": 90.1, "size": 3}) == Cost(cpu=1.5, wall=2.5, memory=90.1)
