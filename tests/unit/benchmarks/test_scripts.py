"""What the suites that are programs of their own print and keep."""

from __future__ import annotations

from costs import Cost
from scripts import cost_of, edits, runs_of_links

ROW = {
    "what": "links inside of site",
    "octavo": [{"cpu": 4.62, "wall": 14.7, "memory": 78, "errors": 1602}],
    "lychee": [{"cpu": 16.6, "wall": 15.8, "memory": 61, "errors": 1963}],
}


def test_what_link_checks_cost() -> None:
    ours, theirs = runs_of_links([ROW])
    assert (ours.book, ours.tool, ours.cost) == ("links inside of site", "Octavo", Cost(cpu=4.62, wall=14.7, memory=78))
    assert (theirs.tool, theirs.cost) == ("lychee", Cost(cpu=16.6, wall=15.8, memory=61))
    assert ours.note == theirs.note == "1,602 of them broken to Octavo, 1,963 to lychee."


def test_edits_are_kept_in_milliseconds() -> None:
    row = {"cpu_ms": [40.0, 60.0], "wall_ms": [180.0, 220.0]}
    assert edits(row) == [Cost(cpu=0.04, wall=0.18), Cost(cpu=0.06, wall=0.22)]


def test_a_build() -> None:
    assert cost_of({"cpu": 1.5, "wall": 2.5, "memory": 90.1, "size": 3}) == Cost(cpu=1.5, wall=2.5, memory=90.1)
