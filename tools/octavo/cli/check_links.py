"""`octavo check links`."""

from __future__ import annotations

import gc
import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from octavo.cli import options
from octavo.cli.screen import Screen, counted, from_here, shown_path
from octavo.diagnostics import ConfigurationError, Severity

if TYPE_CHECKING:
    from rich.progress import Progress

    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.changed import AddedLines
    from octavo.checks.links.web.outcome import LinkOutcome, Outcome
    from octavo.checks.links.web.settings import Settings
    from octavo.reading.project import Project

FINDINGS = 2
CACHE = "links.sqlite"
_MOST_PLACES = 10  # of one link on the terminal; reports have all
_MOST_LINKS = 2000  # on the terminal: nobody reads more, and it groups them in memory
_PIECES = 500  # of a report, written at once: where nothing is buffered, as in containers, each is a call of the system
_STYLES = {"broken": "bold red", "redirected": "yellow", "unknown": "magenta", "ignored": "dim", "ok": "green"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_REPORTS = ("json", "junit", "sarif", "github", "markdown")


@click.command("links")
@click.argument("targets", nargs=-1, type=click.Path(path_type=Path), metavar="[PROJECT|ARTEFACT]...")
@click.option(
    "--urls", "lists", multiple=True, metavar="FILE", help="A list of URLs, one a line; - for standard input."
)
@click.option("--offline", is_flag=True, help="Ask nobody: check what is inside, and what the cache knows.")
@click.option(
    "--report", "reports", multiple=True, metavar="FORMAT[=FILE]", help=f"{', '.join(_REPORTS)}; may be repeated."
)
@click.option("--fail-on", metavar="VERDICTS", help="What fails the run, by comma.  [default: broken]")
@click.option("--config", type=click.Path(path_type=Path), help="Settings.  [default: links.toml beside conf.py]")
@click.option("--cache", "cache_file", type=click.Path(path_type=Path), help="Where results are kept between runs.")
@click.option("--no-cache", is_flag=True, help="Keep no results, and use none.")
@click.option("--refresh", is_flag=True, help="Ask for everything again, and keep the results.")
@click.option("--only-changed", metavar="REV", help="Only links on lines that are not in this revision of git.")
@click.option("--allow-private", is_flag=True, help="Ask addresses of this machine and of private networks, too.")
@click.option("--cluster", metavar="ADDRESS", help="Ask the web from the workers of a Dask cluster (tcp:// or tls://).")
@click.option("--archive", is_flag=True, help="Look up whether the Wayback Machine has what is broken.")
@options.conf_dir_option
@options.out_option
@options.quiet_option
def check_links(  # noqa: PLR0917 -- click calls it by keyword
    targets: tuple[Path, ...],
    lists: tuple[str, ...],
    offline: bool,
    reports: tuple[str, ...],
    fail_on: str | None,
    config: Path | None,
    cache_file: Path | None,
    no_cache: bool,
    refresh: bool,
    only_changed: str | None,
    allow_private: bool,
    cluster: str | None,
    archive: bool,
    conf_dir: Path | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Check every link of what was built, in the artefacts and on the web.

    For a PROJECT (without arguments, the one in the working folder), all artefacts of its last build; or built files
    of any maker: folders of HTML, EPUB files, PDF files; or a plain list of URLs. Only broken links fail the run.
    """
    # what a check holds are values without cycles, and a collector that looks for some takes a sixth of its time
    gc.set_threshold(200_000, 50, 100)
    from octavo.checks.links.web.checker import real_surroundings
    from octavo.checks.links.web.links import read_list
    from octavo.checks.links.web.session import LinkRequest
    from octavo.checks.links.web.session import check_links as check
    from octavo.checks.links.web.table import LinkTable
    from octavo.link_checking import scope_of_files, scope_of_project

    screen = Screen(quiet=quiet)
    written = _parsed_reports(reports)
    given = (link for name in lists for link in read_list(name, sys.stdin))
    project, files = _project(targets or (() if lists else (Path(),)), conf_dir, out)
    settings, notes = _settings(project, config, os.environ)
    settings = replace(settings, allow_private=settings.allow_private or allow_private)
    if fail_on is not None:
        settings = replace(settings, fail_on=_verdicts(fail_on))
    cache = None if no_cache else _cache(project, cache_file, settings, refresh)
    try:
        memory = None if cache is None else cache.reports()
        scope = scope_of_files(files, memory) if project is None else scope_of_project(project, shown_path, memory)
        request = LinkRequest(
            artefacts=scope.artefacts,
            lists=given,
            diagnostics=scope.diagnostics,
            root=scope.root,
            shown=lambda source: _from_here(source, scope.root),
            settings=settings,
            added=None if only_changed is None else _added_since(only_changed, scope.root),
            is_offline=offline,
            suggests_archive=archive,
            wants_lines=any(name == "json" for name, _ in written),
        )
        surroundings = real_surroundings(settings)
        if cluster is not None and not offline:
            from octavo.checks.links.web.cluster import asking_cluster

            surroundings = replace(surroundings, ask=asking_cluster(cluster, settings, surroundings.clock))
        with LinkTable() as table:
            with _LinkProgress(screen) as progress:
                found = check(request, surroundings, cache, progress.step, table)
            others = tuple(str(from_here(d, scope.root)) for d in scope.diagnostics if d.severity is not Severity.ERROR)
            found = replace(found, checked=scope.checked, notes=(*notes, *others))
            _say(found, settings, screen)
            _write(written, found, settings.fail_on, os.environ)
    finally:
        if cache is not None:
            cache.close()
    if found.fails(settings.fail_on):
        sys.exit(FINDINGS)


def _added_since(revision: str, root: Path) -> AddedLines:
    from octavo.checks.links.web.changed import added_since

    return added_since(revision, root)


def _project(
    targets: tuple[Path, ...], conf_dir: Path | None, out: Path | None
) -> tuple[Project | None, tuple[Path, ...]]:
    """The project that the targets name, or None and the artefacts that they are."""
    from octavo.checks.artefacts import is_artefact

    files = tuple(t for t in targets if is_artefact(t))
    projects = [t for t in targets if t not in files]
    if len(projects) > 1 or (projects and files):
        raise ConfigurationError("more than one project, or a project and artefacts", "Check them one after the other.")
    return (options.located(projects[0], conf_dir, out), ()) if projects else (None, files)


def _from_here(source: str, root: Path) -> str:
    return source if Path(source).is_absolute() else Path(shown_path(root / source)).as_posix()


def _settings(
    project: Project | None, config: Path | None, environment: Mapping[str, str]
) -> tuple[Settings, tuple[str, ...]]:
    """The settings of the project's conf.py, under those of its links.toml, and what could not be honoured."""
    from octavo.checks.links.web import links_toml
    from octavo.checks.links.web.settings import Settings
    from octavo.checks.links.web.sphinx_values import with_sphinx_values

    proxy = next(
        (v for n in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY") if (v := environment.get(n))), None
    )
    settings = Settings(proxy=proxy)
    notes: tuple[str, ...] = ()
    if project is not None:
        from octavo.reading.linkcheck_values import linkcheck_values

        values = linkcheck_values(project)
        settings = with_sphinx_values(settings, values)
        notes = tuple(
            f"conf.py: {name} is not honoured; write [[host]] headers in links.toml" for name in values.not_honoured
        )
    folders = [project.conf] if project else [Path("conf"), Path()]
    found = config or next((p for f in folders if (p := f / links_toml.FILE_NAME).is_file()), None)
    if found is not None:
        settings = links_toml.load(found, settings, environment)
    return settings, notes


def _cache(project: Project | None, path: Path | None, settings: Settings, refresh: bool) -> ResultCache | None:
    if path is None:
        if project is None:
            return None  # nothing says whose folder it would be kept in
        from octavo.packaging.placing import STATE

        path = project.out / STATE / CACHE
    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.clock import SystemChance, SystemClock

    return ResultCache(path, settings, SystemClock().epoch, SystemChance(), may_read=not refresh)


def _verdicts(text: str) -> frozenset[str]:
    names = frozenset(t.strip() for t in text.split(",") if t.strip())
    allowed = ("broken", "redirected", "unknown", "ignored")
    for name in names:
        if name not in allowed:
            raise ConfigurationError(f"--fail-on {name!r} is no verdict", f"The verdicts are {', '.join(allowed)}.")
    return names


def _parsed_reports(given: tuple[str, ...]) -> tuple[tuple[str, Path | None], ...]:
    parsed = []
    for text in given:
        name, equals, path = text.partition("=")
        if name not in _REPORTS or (equals and not path):
            raise ConfigurationError(
                f"--report {text!r} is not FORMAT or FORMAT=FILE", f"Formats: {', '.join(_REPORTS)}."
            )
        parsed.append((name, Path(path) if equals and path != "-" else None))
    if sum(path is None for _, path in parsed) > 1:
        raise ConfigurationError("two reports for standard output", "Give all but one a file: FORMAT=FILE.")
    return tuple(parsed)


def _write(
    wanted: tuple[tuple[str, Path | None], ...], found: Outcome, fail_on: frozenset[str], environment: Mapping[str, str]
) -> None:
    from octavo.checks.links.web.reports import report

    for name, path in wanted:
        pieces = _printable_text(report(name, found, fail_on))
        if path is None:
            sys.stdout.writelines(pieces)
        else:
            from octavo.packaging.placing import written_aside

            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with written_aside(path) as aside, aside.open("w", encoding="utf-8", newline="\n") as file:
                    file.writelines(pieces)
            except OSError as error:
                raise ConfigurationError(f"can't write '{path}': {error.strerror}", "Name another file.") from error
        summary = environment.get("GITHUB_STEP_SUMMARY")
        if name == "github" and summary:
            _add_summary(Path(summary), found, fail_on)


def _printable_text(pieces: Iterable[str]) -> Iterator[str]:
    """Many pieces in one, without lone surrogates, which no file of UTF-8 can hold."""
    left = iter(pieces)
    while some := list(itertools.islice(left, _PIECES)):
        yield "".join(some).encode("utf-8", "replace").decode()


def _add_summary(path: Path, found: Outcome, fail_on: frozenset[str]) -> None:
    from octavo.checks.links.web.reports.markdown import SUMMARY_ROOM, job_summary

    taken = path.stat().st_size if path.exists() else 0
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(job_summary(found, fail_on, SUMMARY_ROOM - taken))


def _say(found: Outcome, settings: Settings, screen: Screen) -> None:
    """What is not fine, by source file; then the counts, always."""
    from octavo.checks.links.web.verdict import Verdict

    # what nobody was asked about is counted, and would bury the rest
    verdicts = [v for v in Verdict if v not in (Verdict.OK, Verdict.IGNORED)]
    if screen.quiet:
        verdicts = [v for v in verdicts if v in settings.fail_on]
    wanted = (link for link in found.only(verdicts) if link.reason != "offline")
    shown = list(itertools.islice(wanted, _MOST_LINKS))
    for file, links in _by_file(shown).items():
        screen.said(_printable(file), "bold")
        for link, places in links:
            verdict = str(link.verdict)
            screen.said(f"  {verdict} {_printable(link.url)}: {_printable(link.sentence)}", _STYLES[verdict])
            for place in places[:_MOST_PLACES]:
                screen.said(f"    {_printable(place)}", "dim")
            if len(places) > _MOST_PLACES:
                screen.said(f"    and {len(places) - _MOST_PLACES} more places", "dim")
    if more := sum(1 for _ in wanted):
        screen.said(f"and {counted(more, 'link')} more, which a report has (--report)", "bold")
    for line in (*found.notes, *found.checked):
        screen.line(_printable(line))
    totals = ", ".join(f"{number} {name}" for name, number in found.totals.items())
    screen.said(f"{counted(len(found.links), 'link')}: {totals}")


def _by_file(links: list[LinkOutcome]) -> dict[str, list[tuple[LinkOutcome, list[str]]]]:
    """Links under the file of each of their places, in order of file."""
    files: dict[str, list[tuple[LinkOutcome, list[str]]]] = {}
    for link in links:
        own: dict[str, dict[str, None]] = {}
        for place in link.places:
            artefact = place.artefact_text()
            text = " ".join(t for t in (place.source_text(), f"({artefact})" if artefact else None) if t)
            own.setdefault(place.source or place.artefact or "-", {})[text] = None
        for file, places in (own or {"-": {}}).items():
            files.setdefault(file, []).append((link, list(places)))
    return dict(sorted(files.items()))


def _printable(text: str) -> str:
    """Without what would steer a terminal: documents may be anybody's."""
    return _UNPRINTABLE.sub("\ufffd", text.encode("utf-8", "replace").decode())


class _LinkProgress:
    """How far the check is: a bar on a terminal, nothing elsewhere."""

    def __init__(self, screen: Screen) -> None:
        self._bar: Progress | None = None
        if not screen.is_plain and screen.console.is_terminal and not screen.quiet:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("links"), BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=screen.console, transient=True)
            self._task = self._bar.add_task("links", total=None)

    def __enter__(self) -> _LinkProgress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, done: int, total: int) -> None:
        """So many links have their verdict."""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total)
