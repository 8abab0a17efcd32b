"""Which artefacts a check of links is about, and what the inside of each was found to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo import __version__
from octavo.checks.artefacts import no_artefact
from octavo.checks.links.web.links import CheckedArtefact
from octavo.diagnostics import ConfigurationError, Diagnostic, by_place, with_formats

if TYPE_CHECKING:
    from octavo.checks.links.memory import ReportMemory
    from octavo.checks.links.report import LinkReport
    from octavo.reading.project import Project
    from octavo.reading.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkScope:
    """What is checked.

    - root: what sources are relative to.
    - diagnostics: what the checks of the inside found, and what the last build said of links in the sources.
    - checked: a line for each artefact.
    """

    root: Path
    artefacts: tuple[CheckedArtefact, ...]
    diagnostics: tuple[Diagnostic, ...]
    checked: tuple[str, ...]


def scope_of_project(project: Project, shown: Callable[[Path], str], memory: ReportMemory | None) -> LinkScope:
    """All artefacts of a project's last build. shown: a path as the user would name it.

    Raises: ConfigurationError when nothing was built.
    """
    from octavo.packaging.placing import STATE
    from octavo.report import BUILD_REPORT, BuildReport

    state = project.out / STATE
    report = BuildReport.load(state / BUILD_REPORT)
    built = [(a.format, a.path) for a in report.artefacts if a.path is not None and a.path.exists()] if report else []
    if report is None or not built:
        raise ConfigurationError(f"nothing was built in '{project.out}'", "Run octavo build first.")
    artefacts = []
    for format_name, path in built:
        trace_file = state / f"trace-{format_name}.json"
        artefacts.append(_checked(path, shown(path), trace_file if trace_file.is_file() else None, memory))
    said = [d for d in report.diagnostics if d.rule.startswith("links/")]
    return _scope(project.root, artefacts, said)


def scope_of_files(paths: Sequence[Path], memory: ReportMemory | None) -> LinkScope:
    """Built files of any maker.

    Raises: ConfigurationError for a path that is no artefact.
    """
    if not paths:  # a list of URLs alone is looked at at once
        return LinkScope(root=Path.cwd(), artefacts=(), diagnostics=(), checked=())
    return _scope(Path.cwd(), [_checked(path, str(path), None, memory) for path in paths], [])


def _scope(root: Path, artefacts: Sequence[CheckedArtefact], said: Sequence[Diagnostic]) -> LinkScope:
    from octavo.checks.links.across import across_formats
    from octavo.report import without_echoes

    found = without_echoes(with_formats([*said, *(d for a in artefacts for d in a.report.diagnostics)]))
    traces = {a.trace.format.removeprefix("octavo-"): a.trace for a in artefacts if a.trace is not None}
    return LinkScope(
        root=root,
        artefacts=tuple(artefacts),
        diagnostics=by_place([*found, *across_formats(found, traces)]),
        checked=tuple(
            f"{a.name}: {a.report.counts.references} references, {a.report.counts.internal} internal, "
            f"{a.report.counts.external} external, {a.report.counts.ignored} without a target to check"
            for a in artefacts
        ),
    )


def _checked(path: Path, name: str, trace_file: Path | None, memory: ReportMemory | None) -> CheckedArtefact:
    if not path.exists():
        raise no_artefact(path)
    from octavo.reading.trace import Trace

    trace = None if trace_file is None else Trace.load(trace_file)
    key, report = b"", None
    if memory is not None:
        import hashlib

        from octavo.checks.links.memory import content_key

        traced = "" if trace_file is None else hashlib.blake2b(trace_file.read_bytes()).hexdigest()
        try:
            key = content_key(path, (__version__, name, traced))
        except OSError:
            memory = None  # the check itself says what can't be read
        else:
            report = memory.get(name, key)
    if report is None:
        report = _report(path, name, trace)
        if memory is not None:
            memory.put(name, key, report)
    return CheckedArtefact(path=path, name=name, report=report, trace=trace)


def _report(path: Path, name: str, trace: Trace | None) -> LinkReport:
    suffix = path.suffix.lower()
    if path.is_dir():
        from octavo.checks.links.site import check_site

        return check_site(path, artefact=name, trace=trace, base_url=trace.base_url if trace else None)
    if suffix == ".pdf":
        from octavo.checks.links.pdf import check_pdf

        return check_pdf(path, artefact=name, trace=trace)
    if suffix == ".epub":
        from octavo.checks.links.epub import check_epub

        return check_epub(path, artefact=name, trace=trace)
    raise no_artefact(path)
