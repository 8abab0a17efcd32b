"""The EPUB and the PDF of the preview: built again whenever the book has rested for a moment since it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from octavo.packaging.placing import STATE
from octavo.preview.books import build_books
from octavo.preview.child import Child
from octavo.preview.messages import Built, Failed, PreviewRequest
from octavo.preview.problems import Problem, problem_of_failure, problems_of
from octavo.report import BUILD_REPORT, BuildReport

REST = 0.8  # seconds without a change before a build begins
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
        report = BuildReport.load(request.project.out / STATE / BUILD_REPORT)
        if report is not None:
            self._take(report)

    def path(self, format_name: str) -> Path | None:
        """Where the book of a format is, or None when there is none."""
        path = self._paths.get(format_name)
        return path if path is not None and path.is_file() else None

    def state(self) -> dict[str, object]:
        """Format -> what a browser needs to know of it."""
        return {name: self._one(name) for name in self._request.formats}

    def spoil(self) -> None:
        """The book has changed: build once it has rested."""
        if not self._request.formats or self._ended:
            return
        self._spoiled = True
        self._wait(REST)

    def end(self) -> None:
        """End a build that is under way, for good."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._build)

    def _build(self) -> None:
        """Begin a build; one that is under way goes on, and is followed by another."""
        if self._child is not None or not self._spoiled or self._ended:
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

    def _take(self, report: BuildReport) -> None:
        for artefact in report.artefacts:
            if artefact.format in self._request.formats and artefact.path is not None:
                self._paths[artefact.format] = artefact.path

    def _one(self, name: str) -> dict[str, object]:
        path = self.path(name)
        version = None
        if path is not None:
            status = path.stat()
            version = f"{status.st_mtime_ns:x}-{status.st_size:x}"
        return {"version": version, "building": self._child is not None, "name": path.name if path else None}
