"""The page of the benchmarks in docs/, and its pictures, from the JSON alone.

python benchmarks/page.py [docs/reference/benchmarks.json]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from costs import Cost, Measured, SuiteResult, kept
from plot import Line, Point, plot

NONE = "–"
BUSY = 0.1  # of the machine: from here on the wall clock is not to be trusted
HEAD = """\
% Made from {json} by benchmarks/page.py: changes made here are lost.

# Benchmarks

What Octavo costs beside other tools, on one machine, in turns (A B A B), with nothing kept from one run to the next.
CPU is user and system time of the whole process tree, and memory the highest sum of its PSS, looked at every 50 ms, so
that what processes share counts once. Where a number has a range behind it, it is the median of several runs, with the
least and the most of them; a number alone is of one run. `~` marks what is reckoned: of large books Sphinx reads all
and writes 24 pages, and the others would take as long each. The synthetic books have on each page sections, cross
references, terms, index entries, a figure, a table, code, notes and formulas.

`tox -e bench` measures again, and makes this page; CONTRIBUTING.md tells how.
"""


@dataclass(frozen=True, kw_only=True)
class Suite:
    """How a suite is shown. growing: over pages, as tables with a column for each tool, and as plots.

    scale: by which seconds are multiplied; digits: of times.
    """

    title: str
    text: str
    growing: bool = False
    unit: str = "seconds"
    scale: float = 1
    digits: int = 1


SUITES: Mapping[str, Suite] = {
    "html": Suite(
        title="The site",
        text="`octavo build --format html` beside `sphinx-build -b html` with the same theme, sphinx-book-theme, and "
        "beside other tools, each on the same book in its own Markdown. Octavo's pages are Sphinx's byte for byte. "
        "mdBook, MkDocs-Material and Zensical read no directives of reStructuredText or MyST, and resolve no "
        "numbered references, terms or index entries.",
        growing=True,
    ),
    "projects": Suite(
        title="The sites of real projects",
        text="`octavo build --format html` beside `sphinx-build -b html`, each project with its own theme and its own "
        "extensions; Sphinx writes all pages.",
    ),
    "formats": Suite(
        title="All three formats",
        text="`octavo build`, which reads once and makes the site, the PDF and the EPUB, beside Sphinx's three "
        "builders one after the other, which share what was read; both with two jobs.",
    ),
    "epub": Suite(
        title="The EPUB",
        text="`octavo build --format epub` beside `sphinx-build -b epub`, both with two jobs. Octavo makes MathML of "
        "formulas, repairs what extensions emit, and looks at the finished EPUB before it says that it is accessible.",
        growing=True,
    ),
    "pdf": Suite(
        title="The PDF",
        text="`octavo build --format pdf` beside `sphinx-build -M latexpdf`. Octavo's PDF is tagged, LaTeX's is not. "
        "Reading alone is `sphinx-build -b dummy`.",
        growing=True,
    ),
    "links": Suite(
        title="Links",
        text="`octavo check links` beside lychee: the links inside of a generated site, and URLs of hosts on this "
        "machine, each of which answers after 100 ms and is asked for two pages at once. *Once more* is with what "
        "Octavo keeps, when nothing has changed. Of broken links Octavo counts targets, and lychee every link to them.",
        digits=2,
    ),
    "serve": Suite(
        title="From an edit to the screen",
        text="The time from saving one changed sentence until the browser has drawn it, and the server's CPU until "
        "then. For sphinx-autobuild the edit ends when the build is over, before a browser has loaded the page.",
        growing=True,
        unit="milliseconds",
        scale=1000,
        digits=0,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", type=Path, nargs="?", default=Path("docs/reference/benchmarks.json"))
    path = parser.parse_args().json
    write(path.with_suffix(".md"), kept(path))


def write(page: Path, suites: Mapping[str, SuiteResult]) -> None:
    """Write the page and its pictures, and take away pictures that it has no more."""
    made = made_of(page.stem, suites)
    for old in page.parent.glob(f"{page.stem}-*.svg"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (page.parent / name).write_text(text, encoding="utf-8")


def made_of(stem: str, suites: Mapping[str, SuiteResult]) -> dict[str, str]:
    """Every file, by its name."""
    pictures: dict[str, str] = {}
    blocks = [HEAD.format(json=f"{stem}.json")]
    for name, suite in SUITES.items():
        if name in suites:
            blocks.append(_section(f"{stem}-{name}", suite, suites[name], pictures))
    return {f"{stem}.md": "\n".join(blocks), **pictures}


def _section(stem: str, suite: Suite, result: SuiteResult, pictures: dict[str, str]) -> str:
    if suite.growing:
        shown = [*_beside(result.books), *_growing(stem, suite, result.books, pictures)]
    else:
        shown = [_one_by_one(suite, book) for book in result.books]
    notes = dict.fromkeys(book.note for book in result.books if book.note and suite.growing)
    left_out = [f"There was no time for {tool} on {book}." for book, tool in result.left_out]
    return "\n\n".join([f"## {suite.title}", suite.text, *shown, *notes, *left_out, _machine(result), ""])


def _machine(result: SuiteResult) -> str:
    machine = result.machine
    doubt = ", so the wall clock says nothing" if result.others > BUSY else ""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(machine["versions"].items()))
    return (
        f"Measured on {result.measured} in {result.minutes:g} minutes: {machine['processors']} processors "
        f"({machine['processor']}), {machine['gibibytes']} GiB of memory, {machine['system']}, "
        f"Python {machine['python']}; {versions}. Other work took {result.others:.0%} of the machine meanwhile{doubt}."
    )


def _one_by_one(suite: Suite, book: Measured) -> str:
    """A table with a row for each tool."""
    ours = book.tools["Octavo"]
    headings = ["Tool", f"CPU, {suite.unit}", f"Wall, {suite.unit}", "Memory, MB", "CPU, Octavo's to its", "Wall"]
    rows = []
    for tool, costs in book.tools.items():
        ratios = [NONE, NONE]
        if tool != "Octavo":
            ratios = [f"{_middle(ours, what) / _middle(costs, what):.2f}" for what in (_cpu, _wall)]
        times = [_spread(costs, what, suite.digits, suite.scale) for what in (_cpu, _wall)]
        rows.append([tool, *times, _spread(costs, _memory, 0), *ratios])
    number = f" ({book.pages:,} documents)" if book.pages is not None and not book.name.endswith(" pages") else ""
    return "\n\n".join([_table(f"{book.name}{number}", headings, rows), *([book.note] if book.note else [])])


def _growing(stem: str, suite: Suite, books: Sequence[Measured], pictures: dict[str, str]) -> list[str]:
    """A table and a plot for each kind of cost."""
    tools = list(dict.fromkeys(tool for book in books for tool in book.tools))
    blocks = []
    kinds: list[tuple[str, str, Callable[[Cost], float | None], float, int]] = [
        ("cpu", f"CPU, {suite.unit}", _cpu, suite.scale, suite.digits),
        ("wall", f"Wall clock, {suite.unit}", _wall, suite.scale, suite.digits),
        ("memory", "Memory, megabytes", _memory, 1, 0),
    ]
    for kind, label, what, scale, digits in kinds:
        if all(what(cost) is None for book in books for costs in book.tools.values() for cost in costs):
            continue
        rows = [
            [f"{book.pages:,}", *(_spread(book.tools.get(tool, ()), what, digits, scale) for tool in tools)]
            for book in books
        ]
        blocks.append(_table(f"{suite.title}: {label} (columns) over pages (rows)", ["Pages", *tools], rows))
        lines = [_line(tool, books, what, scale) for tool in tools]
        lines = [line for line in lines if line.points]
        alt = f"{label} over pages, both axes logarithmic. " + " ".join(_said(line, digits) for line in lines)
        pictures[f"{stem}-{kind}.svg"] = plot(f"{suite.title}: {label}", alt, label, lines)
        blocks.append(f"```{{image}} {stem}-{kind}.svg\n:alt: {alt}\n```")
    return blocks


def _line(tool: str, books: Sequence[Measured], what: Callable[[Cost], float | None], scale: float) -> Line:
    points = []
    for book in books:
        costs = [cost for cost in book.tools.get(tool, ()) if what(cost)]
        if costs and book.pages is not None:
            reckoned = any(cost.reckoned for cost in costs) and what is not _memory
            points.append(Point(x=book.pages, y=_middle(costs, what) * scale, reckoned=reckoned))
    return Line(name=tool, points=tuple(points))


def _said(line: Line, digits: int) -> str:
    first, last = line.points[0], line.points[-1]
    if first == last:
        return f"{line.name}: {_number(first.y, digits)} at {first.x:,g}."
    begin, end = _number(first.y, digits), _number(last.y, digits)
    return f"{line.name}: from {begin} at {first.x:,g} to {end} at {last.x:,g}."


def _beside(books: Sequence[Measured]) -> list[str]:
    """What the numbers say, in words: where Octavo takes less and where it takes more, and how each grows."""
    said = []
    for book in books:
        ours = book.tools.get("Octavo") or book.tools.get("octavo serve")
        others = {tool: costs for tool, costs in book.tools.items() if costs is not ours and "one process" not in tool}
        others = {tool: costs for tool, costs in others.items() if "alone" not in tool and "octavo" not in tool}
        if ours and others and _middle(ours, _cpu):
            ratios = {tool: _middle(ours, _cpu) / _middle(costs, _cpu) for tool, costs in others.items()}
            parts = [f"{ratio:.2g} of {tool}'s" for tool, ratio in sorted(ratios.items(), key=lambda item: item[1])]
            said.append(f"- {book.pages:,} pages: {_listed(parts)}")
    if not said:
        return []
    listed = "\n".join(said)
    return [f"Octavo's CPU beside that of the others (below 1 is less, above 1 more):\n\n{listed}", *_growth(books)]


def _growth(books: Sequence[Measured]) -> list[str]:
    if len(books) < 2:
        return []
    before, after = books[-2:]
    parts = [
        f"{tool}'s {_middle(after.tools[tool], _cpu) / _middle(before.tools[tool], _cpu):.1f} times"
        for tool in after.tools
        if tool in before.tools and _middle(before.tools[tool], _cpu)
    ]
    return [f"From {before.pages:,} pages to {after.pages:,}, the CPU grows: {_listed(parts)}."] if parts else []


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(headings), _row(["---", *["--:"] * (len(headings) - 1)]), *map(_row, rows)]
    return f"```{{table}} {title}\n" + "\n".join(lines) + "\n```"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _wall(cost: Cost) -> float:
    return cost.wall


def _memory(cost: Cost) -> float | None:
    return cost.memory


def _middle(costs: Sequence[Cost], what: Callable[[Cost], float | None]) -> float:
    return statistics.median(value for cost in costs if (value := what(cost)) is not None)


def _spread(costs: Sequence[Cost], what: Callable[[Cost], float | None], digits: int, scale: float = 1) -> str:
    values = [value * scale for cost in costs if (value := what(cost)) is not None]
    if not values:
        return NONE
    about = "~" if what is not _memory and any(cost.reckoned for cost in costs) else ""
    middle = f"{about}{_number(statistics.median(values), digits)}"
    if len(values) == 1:
        return middle
    return f"{middle} ({_number(min(values), digits)}–{_number(max(values), digits)})"


def _number(value: float, digits: int) -> str:
    """With two places at least when there is nothing before the point, unless it is to have none."""
    return f"{value:,.{max(2, digits) if digits and value < 1 else digits}f}"


if __name__ == "__main__":
    main()
