"""The stages in order: read once, write each format in its own process, put each artefact in place.

A format that fails stops no other; what was there of it before stays as it was.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from octavo.diagnostics import Diagnostic, OctavoError, with_formats
from octavo.kept import Kept, as_left, unchanged
from octavo.packaging.placing import OutputFolder, write_aside
from octavo.reading.book import Listener, ReadBook, ReadOptions, read, reopen
from octavo.reading.project import Project
from octavo.report import BUILD_REPORT, Artefact, BuildReport, without_echoes
from octavo.staging import PrintedPages
from octavo.staging.accessibility import COMPANIONS
from octavo.writers import html
from octavo.writers.process import Awaited, Outcome, Progress, Send, Strategy, Task, run

if TYPE_CHECKING:
    from octavo.writers.html.earlier_pages import EarlierPages

PAGES = "pages.json"
HTML_PAGES = "pages-html.pickle"
BUILDERS = {"html": html.BUILDER, "pdf": "octavo-pdf", "epub": "octavo-epub"}


class Watcher(Protocol):
    """Who is told how far a build is; all numbers are documents."""

    def phase(self, name: str) -> None:
        """A stage begins."""

    def reading(self, done: int, total: int) -> None:
        """So many documents were read."""

    def writing(self, format_name: str, done: int, total: int) -> None:
        """So many documents were resolved for a format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """What to build. formats: keys of `BUILDERS`, each once; jobs: processes at most, at least 1."""

    project: Project
    formats: tuple[str, ...]
    options: ReadOptions
    strategy: Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One format to write into `outdir`, and all that this build makes. earlier: pages that may be carried over."""

    name: str
    formats: tuple[str, ...]
    outdir: Path
    earlier: EarlierPages | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What a writer left in staging: the file (or for the site the folder). pages: of the PDF, else documents."""

    path: Path
    pages: int


def build(request: BuildRequest, watcher: Watcher, clock: Callable[[], float] = time.monotonic) -> BuildReport:
    """Build the formats that are asked for.

    Raises: OctavoError when the project can't be read at all. What goes wrong later is in the report.
    """
    output = OutputFolder(request.project.out, parts=tuple(BUILDERS))
    with output.locked():
        started = clock()
        watcher.phase("reading")
        found: list[Diagnostic] = []
        listener = Listener(found=found.append, reading=watcher.reading, writing=lambda done, total: None)
        book = read(request.project, request.options, output.state, output.staging, listener)
        reading_seconds = clock() - started
        inputs = book.inputs(request.project.out, datetime.now().astimezone().date(), os.environ)
        kept = [k for name in request.formats if (k := unchanged(output.state, name, inputs)) is not None]
        outcomes: tuple[Outcome[Staged], ...] = ()
        if len(kept) == len(request.formats) and not request.options.fresh:
            artefacts = tuple(one.artefact for one in kept)
            found.extend(diagnostic for one in kept for diagnostic in one.found)
        else:
            watcher.phase("writing")
            outcomes = _write(request, book, output, found, watcher)
            watcher.phase("placing")
            artefacts = tuple(_place(outcome, output) for outcome in outcomes)
            _remember(artefacts, inputs, output, found)
            found.extend(_failures(outcomes))
        report = BuildReport(
            title=book.title,
            documents=book.documents,
            read=len(book.read),
            reading_seconds=reading_seconds,
            seconds=clock() - started,
            artefacts=artefacts,
            diagnostics=without_echoes(with_formats(found)),
            crashes=tuple((o.name, o.crash) for o in outcomes if o.crash is not None),
        )
        _keep(report, output)
    return report


def _write(
    request: BuildRequest, book: ReadBook, output: OutputFolder, found: list[Diagnostic], watcher: Watcher
) -> tuple[Outcome[Staged], ...]:
    """Every format in its own process."""

    def receive(name: str, message: Diagnostic | Progress) -> None:
        if isinstance(message, Progress):
            watcher.writing(name, message.done, message.total)
        else:
            found.append(replace(message, formats=(name,)))

    write = partial(_write_fork, book) if request.strategy == "fork" else partial(_write_spawn, request, output.state)
    tasks = [
        Task(
            name=name,
            work=partial(
                write,
                _Job(
                    name=name,
                    formats=request.formats,
                    outdir=output.staging / name,
                    earlier=_earlier(request, book, output) if name == "html" else None,
                ),
            ),
            awaits="pdf" if name == "epub" and "pdf" in request.formats else None,
            apart=name == "pdf",  # Typst is no Python: what it does with memory can end its process
        )
        for name in request.formats
    ]
    at_once = request.options.jobs if request.strategy == "fork" else 1
    return run(tasks, strategy=request.strategy, at_once=at_once, receive=receive)


def _earlier(request: BuildRequest, book: ReadBook, output: OutputFolder) -> EarlierPages | None:
    """What the site's writer may carry over: nothing when all is to be made anew, or the site was changed by others."""
    from octavo.writers.html.earlier_pages import EarlierPages

    if request.strategy != "fork":  # the writer's process makes its own application
        return None
    whole = not request.options.fresh and as_left(output.state, "html")
    return EarlierPages(
        kept=output.state / HTML_PAGES if whole else None,
        site=output.root / "html",
        spanning=book.spanning(request.project.out, datetime.now().astimezone().date(), os.environ),
    )


def _write_fork(book: ReadBook, job: _Job, send: Send, awaited: Awaited[Staged]) -> Staged:
    """In the writer's process: this process is a copy of the one that read."""
    return _written(book, job, _listener(send), send, awaited)


def _write_spawn(request: BuildRequest, state: Path, job: _Job, send: Send, awaited: Awaited[Staged]) -> Staged:
    """In the writer's process: a fresh one, which opens what was read."""
    listener = _listener(send)
    quiet = replace(listener, found=lambda _: None)  # what is wrong with conf.py was said while reading
    book = reopen(
        request.project,
        request.options,
        state,
        builder_name=BUILDERS[job.name],
        outdir=job.outdir,
        listener=quiet,
    )
    return _written(book, job, listener, send, awaited)


def _written(book: ReadBook, job: _Job, listener: Listener, send: Send, awaited: Awaited[Staged]) -> Staged:
    written = book.write(BUILDERS[job.name], job.outdir, listener, _preparation(job, send, awaited))
    written.trace.save(job.outdir.parent / f"trace-{job.name}.json")
    if job.earlier is not None:
        job.earlier.save(job.outdir.parent / HTML_PAGES)
    return _staged(job.name, job.outdir, written.builder, book.documents)


def _preparation(job: _Job, send: Send, awaited: Awaited[Staged]) -> Callable[[object], None] | None:
    """What a builder is told: of an earlier site; of a PDF and an EPUB made together, one names the other's pages."""
    if job.earlier is not None:
        return partial(html.carry_over, earlier=job.earlier)
    if not {"pdf", "epub"} <= set(job.formats):
        return None
    if job.name == "pdf":

        def leave_pages(builder: object) -> None:
            from octavo.writers.pdf import PdfBuilder

            assert isinstance(builder, PdfBuilder)  # noqa: S101 -- the table of builders says so
            builder.pages_file = job.outdir / PAGES

        return leave_pages
    if job.name == "epub":

        def take_pages(builder: object) -> None:
            from octavo.writers.epub import EpubBuilder

            assert isinstance(builder, EpubBuilder)  # noqa: S101 -- the table of builders says so
            builder.printed_edition = partial(_printed_pages, job.outdir.parent / "pdf" / PAGES, send, awaited)

        return take_pages
    return None


def _printed_pages(path: Path, send: Send, awaited: Awaited[Staged]) -> PrintedPages | None:
    """The pages that the PDF writer has left, as soon as it has ended; without them, the reason is a finding."""
    outcome = awaited()
    try:
        if outcome is not None and outcome.result is not None:
            return PrintedPages.load(path)
        reason = "the pdf writer failed"
    except (OSError, ValueError) as error:
        reason = str(error)
    send(Diagnostic(rule="epub/page-list-missing", value=reason))
    return None


def _listener(send: Send) -> Listener:
    return Listener(
        found=send,
        reading=lambda done, total: None,
        writing=lambda done, total: send(Progress(done=done, total=total)),
    )


def _staged(name: str, outdir: Path, builder: object, documents: int) -> Staged:
    if name == "html":
        return Staged(path=outdir, pages=documents)
    if name == "pdf":
        from octavo.writers.pdf import PdfBuilder

        assert isinstance(builder, PdfBuilder)  # noqa: S101 -- the table of builders says so
        return Staged(path=builder.artefact, pages=builder.page_count)
    from octavo.writers.epub import EpubBuilder

    assert isinstance(builder, EpubBuilder)  # noqa: S101 -- the table of builders says so
    return Staged(path=outdir / f"{builder.publication.name}.epub", pages=len(builder.publication.spine))


def _place(outcome: Outcome[Staged], output: OutputFolder) -> Artefact:
    """Move one artefact, and the way back to its sources, into place."""
    staged = outcome.result
    if staged is None:
        return Artefact(format=outcome.name, path=None, bytes=0, pages=0, seconds=outcome.seconds)
    name = outcome.name
    if name == "html":
        placed = output.place_folder(staged.path, name)
        size = sum(file.stat().st_size for file in placed.rglob("*") if file.is_file())
    else:
        placed = output.place_file(staged.path, f"{name}/{staged.path.name}")
        size = placed.stat().st_size
        for other in placed.parent.glob(f"*.{name}"):
            if other != placed and other.name in _names_of_last_build(output, name):
                other.unlink()
    if name == "html":
        (output.state / HTML_PAGES).unlink(missing_ok=True)
        if (output.staging / HTML_PAGES).exists():
            output.place_file(output.staging / HTML_PAGES, f"{output.state.name}/{HTML_PAGES}")
    if name == "epub":
        for companion in COMPANIONS:
            output.place_file(staged.path.with_name(companion), f"{name}/{companion}")
    output.place_file(output.staging / f"trace-{name}.json", f"{output.state.name}/trace-{name}.json")
    return Artefact(format=name, path=placed, bytes=size, pages=staged.pages, seconds=outcome.seconds)


def _remember(artefacts: Sequence[Artefact], inputs: str, output: OutputFolder, found: Sequence[Diagnostic]) -> None:
    """Keep what the next build needs to know that it has nothing to do."""
    for artefact in artefacts:
        if artefact.path is not None:
            of_writer = tuple(diagnostic for diagnostic in found if diagnostic.formats == (artefact.format,))
            trace = output.state / f"trace-{artefact.format}.json"
            Kept(inputs=inputs, artefact=artefact, found=of_writer).save(output.state, (trace,))


def _names_of_last_build(output: OutputFolder, name: str) -> set[str]:
    """File names that an earlier build of ours gave this format: the book may have a new title since."""
    last = BuildReport.load(output.state / BUILD_REPORT)
    return {a.path.name for a in last.artefacts if a.format == name and a.path} if last else set()


def _failures(outcomes: Sequence[Outcome[Staged]]) -> list[Diagnostic]:
    """A writer that gave up is a finding as well."""
    failed = []
    for outcome in outcomes:
        reason: OctavoError | str | None = outcome.error or (outcome.crash or "").strip().rpartition("\n")[2]
        if reason:
            failed.append(
                Diagnostic(rule="book/writer-failed", value=str(reason), context=outcome.name, formats=(outcome.name,))
            )
    return failed


def _keep(report: BuildReport, output: OutputFolder) -> None:
    """The report of this build, joined with what the last one said of formats that were not built now."""
    last = BuildReport.load(output.state / BUILD_REPORT)
    joined = report.joined_with(last) if last else report
    content = json.dumps(joined.as_json(), ensure_ascii=False, indent=1)
    write_aside(output.state / BUILD_REPORT, content.encode())
