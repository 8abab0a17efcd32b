"""What the user sees: progress, diagnostics, tables. Plain lines where there is no terminal; NO_COLOR is honoured.

rich is loaded where something is drawn: it takes a quarter of the start of a command that only counts.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from octavo.diagnostics import Diagnostic, OctavoError, Severity

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from octavo.report import Artefact, BuildReport

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
UNITS = ("B", "kB", "MB", "GB")


class Screen:
    """Everything but results for machines goes to standard error, so that `--json` alone owns standard output."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet

    @functools.cached_property
    def console(self) -> Console:
        """What draws."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True)

    @functools.cached_property
    def is_plain(self) -> bool:
        """Whether nobody sees colours, so that lines can be written as they are."""
        forced = os.environ.get("FORCE_COLOR") or os.environ.get("TTY_COMPATIBLE") == "1"
        return not forced and not sys.stderr.isatty()

    def said(self, text: str, style: str = "") -> None:
        """A line, whether quiet or not."""
        if self.is_plain:
            sys.stderr.write(f"{text}\n")
            return
        from rich.text import Text

        self.console.print(Text(text, style=style))

    def line(self, text: str) -> None:
        """A line of progress."""
        if not self.quiet:
            self.said(text)

    def error(self, error: OctavoError) -> None:
        """Why the run stopped, and what to do."""
        from rich.text import Text

        self.console.print(Text.assemble(("error", "bold red"), f": {error.what}"))
        if error.remedy:
            self.console.print(Text(f"  {error.remedy}"))

    def diagnostics(self, diagnostics: Sequence[Diagnostic], root: Path) -> None:
        """Each finding on a line of its own, its path as seen from the working folder."""
        if self.quiet:
            diagnostics = [d for d in diagnostics if d.severity is Severity.ERROR]
        if not diagnostics:
            return
        from rich.text import Text

        for diagnostic in diagnostics:
            seen = from_here(diagnostic, root)
            text = Text(f"{seen.location}: ")
            text.append(str(seen.severity), style=STYLES[seen.severity])
            text.append(f" {seen.rule}: {seen.message}")
            if seen.hint:
                text.append(f"; {seen.hint}")
            artefact = seen.location.artefact_text() if seen.location.source else None
            if artefact:
                text.append(f" ({artefact})", style="dim")
            if seen.formats:
                text.append(f" [{', '.join(seen.formats)}]", style="dim")
            self.console.print(text)

    def build_table(self, report: BuildReport) -> None:
        """Artefact, size, pages, seconds, findings."""
        if self.quiet:
            return
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading, justify in (("artefact", "left"), ("size", "right"), ("pages", "right")):
            table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
        table.add_column("seconds", justify="right", no_wrap=True)
        table.add_column("findings", justify="right", no_wrap=True)
        for artefact in report.artefacts:
            table.add_row(*_row(artefact, report))
        self.console.print(table)
        errors, warnings = report.findings(Severity.ERROR), report.findings(Severity.WARNING)
        self.console.print(
            f"{report.documents} documents ({report.read} read in {report.reading_seconds:.1f} s), "
            f"{report.seconds:.1f} s in all; {counted(errors, 'error')}, {counted(warnings, 'warning')}"
        )


def _row(artefact: Artefact, report: BuildReport) -> tuple[str, ...]:
    findings = sum(artefact.format in d.formats or not d.formats for d in report.diagnostics)
    if artefact.path is None:
        return artefact.format, "failed", "-", f"{artefact.seconds:.1f}", str(findings)
    pages = f"{artefact.pages}" if artefact.format == "pdf" else f"{artefact.pages} docs"
    return shown_path(artefact.path), size(artefact.bytes), pages, f"{artefact.seconds:.1f}", str(findings)


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size(number: float) -> str:
    """A number of bytes as people read it (powers of 1000)."""
    for unit in UNITS[:-1]:
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} {UNITS[-1]}"


def shown_path(path: Path) -> str:
    """A path as seen from the working folder where it is inside it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def from_here(diagnostic: Diagnostic, root: Path) -> Diagnostic:
    """The diagnostic with its source path (relative to the project's root) as seen from the working folder."""
    source = diagnostic.location.source
    if source is None or Path(source).is_absolute():
        return diagnostic
    location = dataclasses.replace(diagnostic.location, source=Path(shown_path(root / source)).as_posix())
    return dataclasses.replace(diagnostic, location=location)


class BuildProgress:
    """How far a build is: bars on a terminal, one line a phase elsewhere.

    The bars are drawn only when a number changes, never by a thread of their own: the build forks.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._said: set[str] = set()
        if not (screen.quiet or screen.is_plain) and screen.console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._bars = Progress(
                TextColumn("{task.description:<14}"),
                BarColumn(bar_width=30),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=screen.console,
                auto_refresh=False,
                transient=True,
            )

    def __enter__(self) -> BuildProgress:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._bars:
            self._bars.stop()

    def phase(self, name: str) -> None:
        """A stage begins."""
        if self._bars is None and name == "placing":
            self._screen.line("placing artefacts")

    def reading(self, done: int, total: int) -> None:
        """So many documents were read."""
        self._step("reading", done, total)

    def writing(self, format_name: str, done: int, total: int) -> None:
        """So many documents were resolved for a format."""
        self._step(f"writing {format_name}", done, total)

    def _step(self, what: str, done: int, total: int) -> None:
        if self._bars is None:
            if what not in self._said:
                self._said.add(what)
                self._screen.line(f"{what}: {counted(total, 'document')}")
            return
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done, total=total)
        self._bars.refresh()
