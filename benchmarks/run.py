"""The benchmarks: each suite measured in turns and within a budget, kept as JSON, from which the page is made.

    python benchmarks/run.py [--suite html,epub,formats,pdf,links,serve] [--rounds N] [--budget MINUTES]
        [--sizes 10,100,300,1000,3000] [--whole PAGES] [--projects FILE] [--peers FOLDER | --no-peers]
        [--json docs/reference/benchmarks.json] [--no-page]

A budget for several suites is shared among them. CPU is user and system time of the process and all that it waited
for; memory is the highest sum of the PSS of its process tree, looked at every 50 ms. Other tools are installed from
PyPI into environments of their own. Use an idle machine: what else it did meanwhile is measured, too. Linux only.
"""

from __future__ import annotations

import argparse
import compileall
import datetime
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from costs import SuiteResult, keep, kept, machine
from formats import Formats
from page import write
from peers import Peers
from projects import real, synthetic
from scripts import Scripts
from sites import Sites
from turns import Rounds, Turn

import octavo

KEPT = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.json"
SHARES = {"html": 18, "formats": 7, "epub": 4, "pdf": 4, "links": 3, "serve": 6, "projects": 15}  # of a budget
SIZES = {
    "html": (10, 100, 300, 1000, 3000),
    "formats": (300,),
    "epub": (10, 100, 300, 1000),
    "pdf": (10, 100, 300),
    "serve": (10, 100, 1000),
}
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", default="html,formats,epub,pdf,links,serve", help=f"any of {', '.join(SHARES)}")
    parser.add_argument("--rounds", type=int, default=3, help="at most")
    parser.add_argument("--budget", type=float, default=40, help="minutes for all suites that are asked for")
    parser.add_argument("--sizes", help="pages of synthetic books, instead of each suite's own")
    parser.add_argument("--whole", type=int, default=300, help="the most pages that Sphinx writes all of")
    parser.add_argument("--projects", type=Path, help="TOML that names the projects of the suite `projects`")
    parser.add_argument("--peers", type=Path, default=Path("_build/peers"), help="the other tools' environments")
    parser.add_argument("--no-peers", action="store_true", help="without tools that must be installed")
    parser.add_argument("--json", type=Path, default=KEPT)
    parser.add_argument("--no-page", action="store_true", help="keep the JSON alone")
    options = parser.parse_args()
    suites = options.suite.split(",")
    if unknown := set(suites) - set(SHARES):
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    if "projects" in suites and not options.projects:
        parser.error("the suite `projects` needs --projects FILE")
    peers = None if options.no_peers else Peers(folder=options.peers.resolve())
    sizes = tuple(int(size) for size in options.sizes.split(",")) if options.sizes else None
    as_installed()
    end = time.monotonic() + options.budget * 60
    for number, suite in enumerate(suites):
        with tempfile.TemporaryDirectory(prefix="octavo-benchmark-") as name:
            chosen = sizes or SIZES.get(suite, ())
            made = Making(folder=Path(name), whole=options.whole, projects=options.projects, peers=peers)
            turns = made.turns(suite, chosen)
            share = SHARES[suite] / sum(SHARES[other] for other in suites[number:])
            result = measured(turns, options.rounds, (end - time.monotonic()) * share, peers)
        keep(options.json, suite, result)
        print(f"{suite}: {result.minutes:.1f} minutes, other work {result.others:.0%} of the machine", flush=True)
        for book, tool in result.left_out:
            print(f"{suite}: no time for {tool} on {book}", flush=True)
    if not options.no_page:
        write(options.json.with_suffix(".md"), kept(options.json))


@dataclass(frozen=True, kw_only=True)
class Making:
    """What suites are made of. folder: to work in. whole: the most pages that Sphinx writes all of."""

    folder: Path
    whole: int
    projects: Path | None
    peers: Peers | None

    def turns(self, suite: str, sizes: tuple[int, ...]) -> list[Turn]:
        """What a suite does in one round, small books first; books and other tools are made here."""
        scripts = Scripts(folder=self.folder, peers=self.peers)
        sites = Sites(folder=self.folder, whole=self.whole, peers=self.peers)
        match suite:
            case "links":
                return scripts.links()
            case "epub" | "pdf" | "serve":
                return [turn for size in sizes for turn in getattr(scripts, suite)(size)]
            case "projects":
                assert self.projects is not None
                return [turn for book in real(self.projects) for turn in sites.real(book)]
            case "formats":
                formats = Formats(folder=self.folder, peers=self.peers)
                return [turn for size in sizes for turn in formats.synthetic(synthetic(self.folder, size))]
            case _:
                return [turn for size in sizes for turn in sites.synthetic(synthetic(self.folder, size))]


def measured(turns: list[Turn], rounds: int, budget: float, peers: Peers | None) -> SuiteResult:
    """Run a suite. budget: seconds."""
    done = Rounds(budget=budget, clock=time.monotonic, say=lambda line: print(line, flush=True))
    before, begun = Work.now(), time.monotonic()
    done.run(turns, rounds)
    seconds = time.monotonic() - begun
    return SuiteResult(
        measured=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        minutes=round(seconds / 60, 1),
        others=round(Work.now().others_since(before, seconds), 3),
        machine=machine({**(peers.versions() if peers else {}), **tex()}),
        books=done.books(),
        left_out=tuple(done.left_out),
    )


def as_installed() -> None:
    """Compile Octavo, as an installation does, and forbid nobody to write what Python compiles."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(Path(octavo.__file__).parent, quiet=1)


def tex() -> dict[str, str]:
    """The version of TeX, if there is one."""
    try:
        said = subprocess.run(["pdftex", "--version"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        return {}
    return {"pdfTeX": said.splitlines()[0].removeprefix("pdfTeX ")}


@dataclass(frozen=True, kw_only=True)
class Work:
    """Seconds of processor time since the machine began. ours: of this process and all that it waited for."""

    everyone: float
    ours: float

    @classmethod
    def now(cls) -> Work:
        """Source: proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, and more."""
        with Path("/proc/stat").open(encoding="ascii") as stat:
            ticks = [int(each) for each in stat.readline().split()[1:8]]
        ours = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        busy = sum(ticks) - ticks[3] - ticks[4]
        return cls(everyone=busy / TICKS, ours=sum(used.ru_utime + used.ru_stime for used in ours))

    def others_since(self, before: Work, seconds: float) -> float:
        """The part of the machine that others used, 0 to 1."""
        others = (self.everyone - before.everyone) - (self.ours - before.ours)
        return max(0.0, others / (seconds * (os.cpu_count() or 1)))


if __name__ == "__main__":
    main()
