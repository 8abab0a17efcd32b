"""`octavo check links`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from octavo.cli import options
from octavo.cli.screen import Screen, counted, from_here, shown_path
from octavo.diagnostics import ConfigurationError, Diagnostic, Severity

if TYPE_CHECKING:
    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.links import CheckedArtefact
    from octavo.checks.links.web.outcome import LinkOutcome, Outcome
    from octavo.checks.links.web.settings import Settings
    from octavo.reading.project import Project
    from octavo.reading.trace import Trace

FINDINGS = 2
CACHE = "links.sqlite"
_MOST_PLACES = 10  # of one link on the terminal; reports have all
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
    archive: bool,
    conf_dir: Path | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Check every link of what was built, in the artefacts and on the web.

    For a PROJECT (without arguments, the one in the working folder), all artefacts of its last build; or built files
    of any maker: folders of HTML, EPUB files, PDF files; or a plain list of URLs. Only broken links fail the run.
    """
    from octavo.checks.links.web.changed import added_since
    from octavo.checks.links.web.checker import real_surroundings
    from octavo.checks.links.web.links import read_list
    from octavo.checks.links.web.session import LinkRequest
    from octavo.checks.links.web.session import check_links as check

    screen = Screen(quiet=quiet)
    written = _parsed_reports(reports)
    given = tuple(link for name in lists for link in read_list(name, sys.stdin.read))
    scope = _scope(targets or (() if lists else (Path(),)), conf_dir, out)
    settings, notes = _settings(scope, config, os.environ)
    settings = replace(settings, allow_private=settings.allow_private or allow_private)
    if fail_on is not None:
        settings = replace(settings, fail_on=_verdicts(fail_on))
    request = LinkRequest(
        artefacts=scope.artefacts,
        lists=given,
        diagnostics=scope.diagnostics,
        root=scope.root,
        shown=lambda source: source if Path(source).is_absolute() else Path(shown_path(scope.root / source)).as_posix(),
        settings=settings,
        added=None if only_changed is None else added_since(only_changed, scope.root),
        is_offline=offline,
        suggests_archive=archive,
    )
    surroundings = real_surroundings(settings)
    cache = None if no_cache else _cache(scope, cache_file, settings, refresh)
    try:
        with _LinkProgress(screen) as progress:
            found = check(request, surroundings, cache, progress.step)
    finally:
        if cache is not None:
            cache.close()
    found = replace(found, checked=scope.checked, notes=(*notes, *scope.notes))
    _say(found, settings, screen)
    _write(written, found, settings.fail_on, os.environ)
    if found.fails(settings.fail_on):
        sys.exit(FINDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """What is to be checked. project: None where only files are named. notes: findings that are not broken links."""

    project: Project | None
    root: Path
    artefacts: tuple[CheckedArtefact, ...]
    diagnostics: tuple[Diagnostic, ...]
    checked: tuple[str, ...]
    notes: tuple[str, ...]


def _scope(targets: tuple[Path, ...], conf_dir: Path | None, out: Path | None) -> _Scope:
    from octavo.checking import is_artefact

    files = [t for t in targets if is_artefact(t)]
    projects = [t for t in targets if t not in files]
    if len(projects) > 1 or (projects and files):
        raise ConfigurationError("more than one project, or a project and artefacts", "Check them one after the other.")
    if not projects:
        return _checked(None, Path.cwd(), [(path, str(path), None) for path in files], ())
    project = options.located(projects[0], conf_dir, out)
    return _of_project(project)


def _of_project(project: Project) -> _Scope:
    """The artefacts of a project's last build.

    Raises: ConfigurationError when nothing was built.
    """
    from octavo.packaging.placing import STATE
    from octavo.reading.trace import Trace
    from octavo.report import BUILD_REPORT, BuildReport

    state = project.out / STATE
    report = BuildReport.load(state / BUILD_REPORT)
    built = [(a.format, a.path) for a in report.artefacts if a.path is not None and a.path.exists()] if report else []
    if report is None or not built:
        raise ConfigurationError(f"nothing was built in '{project.out}'", "Run octavo build first.")
    named = []
    for format_name, path in built:
        trace_file = state / f"trace-{format_name}.json"
        named.append((path, shown_path(path), Trace.load(trace_file) if trace_file.is_file() else None))
    said = tuple(d for d in report.diagnostics if d.rule.startswith("links/"))
    return _checked(project, project.root, named, said)


def _checked(
    project: Project | None, root: Path, named: list[tuple[Path, str, Trace | None]], said: tuple[Diagnostic, ...]
) -> _Scope:
    from octavo.checks.links import check_epub, check_pdf, check_site
    from octavo.checks.links.web.links import CheckedArtefact
    from octavo.diagnostics import with_formats
    from octavo.report import without_echoes

    artefacts = []
    for path, name, trace in named:
        if not path.exists():
            raise ConfigurationError(f"no file '{path}'", "Name a folder of HTML, an EPUB, a PDF or a project.")
        if path.is_dir():
            report = check_site(path, artefact=name, trace=trace, base_url=trace.base_url if trace else None)
        elif path.suffix.lower() == ".pdf":
            report = check_pdf(path, artefact=name, trace=trace)
        elif path.suffix.lower() == ".epub":
            report = check_epub(path, artefact=name, trace=trace)
        else:
            raise ConfigurationError(f"'{path}' is no artefact", "Name a folder of HTML, an EPUB, a PDF or a project.")
        artefacts.append(CheckedArtefact(path=path, name=name, report=report, trace=trace))
    diagnostics = without_echoes(with_formats([*said, *(d for a in artefacts for d in a.report.diagnostics)]))
    return _Scope(
        project=project,
        root=root,
        artefacts=tuple(artefacts),
        diagnostics=diagnostics,
        checked=tuple(
            f"{a.name}: {a.report.counts.references} references, {a.report.counts.internal} internal, "
            f"{a.report.counts.external} external, {a.report.counts.ignored} without a target to check"
            for a in artefacts
        ),
        notes=tuple(str(from_here(d, root)) for d in diagnostics if d.severity is not Severity.ERROR),
    )


def _settings(scope: _Scope, config: Path | None, environment: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]]:
    """The settings of the project's conf.py, under those of its links.toml, and what could not be honoured."""
    from octavo.checks.links.web import links_toml
    from octavo.checks.links.web.settings import Settings
    from octavo.checks.links.web.sphinx_values import with_sphinx_values

    proxy = next(
        (v for n in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY") if (v := environment.get(n))), None
    )
    settings = Settings(proxy=proxy)
    notes: tuple[str, ...] = ()
    if scope.project is not None:
        from octavo.reading.linkcheck_values import linkcheck_values

        values = linkcheck_values(scope.project)
        settings = with_sphinx_values(settings, values)
        notes = tuple(
            f"conf.py: {name} is not honoured; write [[host]] headers in links.toml" for name in values.not_honoured
        )
    folders = [scope.project.conf] if scope.project else [Path("conf"), Path()]
    found = config or next((p for f in folders if (p := f / links_toml.FILE_NAME).is_file()), None)
    if found is not None:
        settings = links_toml.load(found, settings, environment)
    return settings, notes


def _cache(scope: _Scope, path: Path | None, settings: Settings, refresh: bool) -> ResultCache | None:
    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.clock import SystemClock, system_chance
    from octavo.packaging.placing import STATE

    if path is None:
        if scope.project is None:
            return None  # nothing says whose folder it would be kept in
        path = scope.project.out / STATE / CACHE
    return ResultCache(path, settings, SystemClock().epoch, system_chance(), may_read=not refresh)


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
    from octavo.checks.links.web.reports import FORMATS
    from octavo.packaging.placing import write_aside

    for name, path in wanted:
        text = FORMATS[name](found, fail_on)
        if path is None:
            sys.stdout.write(text)
        else:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_aside(path, text.encode("utf-8", "replace"))
            except OSError as error:
                raise ConfigurationError(f"can't write '{path}': {error.strerror}", "Name another file.") from error
        summary = environment.get("GITHUB_STEP_SUMMARY")
        if name == "github" and summary:
            with Path(summary).open("a", encoding="utf-8", errors="replace") as file:
                file.write(FORMATS["markdown"](found, fail_on))


def _say(found: Outcome, settings: Settings, screen: Screen) -> None:
    """What is not fine, by source file; then the counts, always."""
    # what nobody was asked about is counted, and would bury the rest
    shown = [link for link in found.links if str(link.verdict) not in ("ok", "ignored") and link.reason != "offline"]
    if screen.quiet:
        shown = [link for link in shown if str(link.verdict) in settings.fail_on]
    for file, links in _by_file(shown).items():
        screen.console.print(Text(_printable(file), style="bold"))
        for link, places in links:
            text = Text("  ")
            text.append(str(link.verdict), style=_STYLES[str(link.verdict)])
            text.append(f" {_printable(link.url)}: {_printable(link.sentence)}")
            screen.console.print(text)
            for place in places[:_MOST_PLACES]:
                screen.console.print(Text(f"    {_printable(place)}", style="dim"))
            if len(places) > _MOST_PLACES:
                screen.console.print(Text(f"    and {len(places) - _MOST_PLACES} more places", style="dim"))
    for line in (*found.notes, *found.checked):
        screen.line(_printable(line))
    totals = ", ".join(f"{number} {name}" for name, number in found.totals.items())
    screen.console.print(Text(f"{counted(len(found.links), 'link')}: {totals}"))


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
        if screen.console.is_terminal and not screen.quiet:
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
