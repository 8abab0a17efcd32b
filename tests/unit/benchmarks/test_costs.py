"""The file that keeps what was measured."""

from __future__ import annotations

from pathlib import Path

from costs import Cost, Measured, SuiteResult, keep, kept, machine, total


def result(cpu: float) -> SuiteResult:
    book = Measured(name="10 pages", pages=10, tools={"Octavo": (Cost(cpu=cpu, wall=2, memory=3),)}, note="as it is")
    return SuiteResult(
        measured="2026-01-02",
        minutes=1.5,
        others=0.25,
        machine={"processors": 2, "versions": {"sphinx": "9"}},
        books=(book,),
        left_out=(("3,000 pages", "Sphinx"),),
    )


def test_a_suite_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    keep(path, "html", result(1))
    assert kept(path) == {"html": result(1)}


def test_measuring_one_suite_again_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    keep(path, "html", result(1))
    keep(path, "epub", result(2))
    keep(path, "html", result(3))
    assert kept(path) == {"html": result(3), "epub": result(2)}


def test_no_file_has_no_suites(tmp_path: Path) -> None:
    assert kept(tmp_path / "none.json") == {}


def test_one_run_after_the_other() -> None:
    runs = [Cost(cpu=1, wall=2, memory=30), Cost(cpu=4, wall=5, memory=20, reckoned=True), Cost(cpu=0, wall=1)]
    assert total(runs) == Cost(cpu=5, wall=8, memory=30, reckoned=True)
    assert total([Cost(cpu=1, wall=1)]).memory is None


def test_the_machine_is_named_with_all_versions() -> None:
    described = machine({"zensical": "1"})
    assert described["versions"]["zensical"] == "1"
    assert "sphinx" in described["versions"]
    assert described["processors"] > 0
