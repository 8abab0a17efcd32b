"""The EPUB and the PDF of the preview: built again whenever the book has rested for a moment since it changed.

A PDF that is not too long comes sooner than that, by a printer that keeps the book in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from octavo.packaging.placing import STATE
from octavo.preview.books import build_books
from octavo.preview.child import Child
from octavo.preview.messages import Built, Changed, Failed, PreviewRequest, Printed, Untrusted
from octavo.preview.printer import print_forever
from octavo.preview.problems import Problem, problem_of_failure, problems_of
from octavo.report import BUILD_REPORT, BuildReport

REST = 0.8  # seconds without a change before a build begins
REST_WITH_PRINTER = 3.0  # the same, where the printer shows the PDF meanwhile
LONGEST_PRINT = 10.0  # seconds that a build waits for the printer at most
MOST_PRINTED = 500  # pages; Typst remembers 4 MB of each, for as long as the printer runs
AGAIN = 5.0  # seconds until the next try, where another build is at work


class Bookshelf:
    """What is built besides the site, and how far it is.

    - tell: gets each news for browsers; found: is called when `problems` has changed.
    """

    def __init__(
        self, request: PreviewRequest, tell: Callable[[dict[str, object]], None], found: Callable[[], None]
    ) -> None:
        self.problems: list[Problem] = []
        self._request = request
        self._tell = tell
        self._found = found
        self._child: Child | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._spoiled = False
        self._ended = False
        self._paths: dict[str, Path] = {}
        self._versions: dict[tuple[Path, int, int], str] = {}
        self._printer: Child | None = None
        self._printed: Path | None = None  # a PDF that is newer than the one in its place
        self._printer_failed = False
        self._printing_since: float | None = None
        report = BuildReport.load(request.project.out / STATE / BUILD_REPORT)
        if report is not None:
            self._take(report)

    def path(self, format_name: str) -> Path | None:
        """Where the book of a format is, or None when there is none."""
        path = self._paths.get(format_name)
        if format_name == "pdf" and self._printed is not None:
            path = self._printed
        return path if path is not None and path.is_file() else None

    def state(self) -> dict[str, object]:
        """Format -> what a browser needs to know of it."""
        return {name: self._one(name) for name in self._request.formats}

    def spoil(self) -> None:
        """The book has changed: build once it has rested."""
        if not self._request.formats or self._ended:
            return
        self._spoiled = True
        self._wait(REST if self._printer is None else REST_WITH_PRINTER)

    def changed(self, paths: Iterable[str]) -> None:
        """Files were added, changed or deleted. paths: absolute."""
        if self._printer is not None:
            self._printing_since = asyncio.get_running_loop().time()
            self._printer.tell(Changed(paths=tuple(paths)))

    def end(self) -> None:
        """End a build that is under way, for good."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        children = [child for child in (self._child, self._printer) if child is not None]
        self._child = self._printer = None
        for child in children:
            child.end()

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._build)

    def _build(self) -> None:
        """Begin a build; one that is under way goes on, and is followed by another."""
        if self._child is not None or not self._spoiled or self._ended:
            return
        since = self._printing_since
        if since is not None and asyncio.get_running_loop().time() < since + LONGEST_PRINT:
            self._wait(REST)  # the PDF that somebody waits for goes first
            return
        self._spoiled = False
        self._child = Child("books", build_books, self._request)
        self._child.listen(asyncio.get_running_loop(), self._heard)
        self._tell({"kind": "books", "books": self.state()})

    def _heard(self, child: Child, message: object) -> None:
        if child is not self._child:
            return
        if message is not None and not isinstance(message, Built | Failed):
            return
        self._child = None
        if isinstance(message, Built):
            self._take(message.report)
            if not self._spoiled:
                self._printed = None
            self._start_printer(message.report)
            of_books = [d for d in message.report.diagnostics if d.formats and "html" not in d.formats]
            self.problems = problems_of(of_books)
        else:
            failed = message or Failed()
            self.problems = [problem_of_failure("the builder of the books", failed)]
            if failed.error is not None and "another build is at work" in failed.error.what:
                self._spoiled = True
                self._wait(AGAIN)
        self._found()
        self._tell({"kind": "books", "books": self.state()})
        if self._spoiled and self._timer is None:
            self._wait(REST)
        elif self._spoiled:
            self._wait(REST if isinstance(message, Built) else AGAIN)

    def _start_printer(self, report: BuildReport) -> None:
        pages = next((a.pages for a in report.artefacts if a.format == "pdf" and a.path is not None), 0)
        if self._printer is None and not self._ended and not self._printer_failed and 0 < pages <= MOST_PRINTED:
            self._printer = Child("printer", print_forever, self._request)
            self._printer.listen(asyncio.get_running_loop(), self._heard_printer)

    def _heard_printer(self, child: Child, message: object) -> None:
        if child is not self._printer:
            return
        self._printing_since = None
        if isinstance(message, Printed):
            self._printed = message.path
            self._tell({"kind": "books", "books": self.state()})
            return
        # a fresh one starts when the pipeline has built the book again; after a failure there would only be another
        self._printer = None
        self._printer_failed = not isinstance(message, Untrusted)

    def _take(self, report: BuildReport) -> None:
        for artefact in report.artefacts:
            if artefact.format in self._request.formats and artefact.path is not None:
                self._paths[artefact.format] = artefact.path

    def _one(self, name: str) -> dict[str, object]:
        path = self.path(name)
        version = None
        if path is not None:
            version = self._version(path)
        return {"version": version, "building": self._child is not None, "name": path.name if path else None}

    def _version(self, path: Path) -> str:
        """What tells two books apart: of the same bytes, made twice, a browser need not see the second."""
        status = path.stat()
        known = (path, status.st_mtime_ns, status.st_size)
        if known not in self._versions:
            self._versions = {key: value for key, value in self._versions.items() if key[0] != path}
            self._versions[known] = hashlib.blake2b(path.read_bytes(), digest_size=12).hexdigest()
        return self._versions[known]
