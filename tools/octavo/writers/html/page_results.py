"""What one page leaves besides its file, kept apart so that it can be made in another process, or before.

Words for the search index, names of pictures, findings, and what is gathered in `octavo.reading.shares`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from logging import WARNING, LogRecord, getLogger
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from octavo.diagnostics import Diagnostic
from octavo.reading.log import DiagnosticHandler
from octavo.reading.shares import gathered
from octavo.reading.spanning import Needs

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.search import IndexBuilder

    from octavo.writers.html.page_needs import PageNeeds

WritePage = Callable[[str], None]
_OF_PAGES = ("_titles", "_filenames", "_all_titles", "_index_entries")
_OF_WORDS = ("_mapping", "_title_mapping")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """One page as it was written.

    - index: what the search index keeps of the page, by part; words: the page's words, by part.
    - images: names of pictures by their paths.
    - findings: with what to know them by, if they are to be said only once.
    - records: of Sphinx's log, where nobody takes findings.
    - gathered: in the order of `octavo.reading.shares.gathered`.
    - needs: what it was made from besides its document; None when nobody asked.
    """

    index: dict[str, Any]
    words: dict[str, tuple[str, ...]]
    images: dict[str, str]
    findings: tuple[tuple[Diagnostic, str | None], ...]
    records: tuple[LogRecord, ...]
    gathered: tuple[object, ...]
    needs: Needs | None = None


class Pages:
    """Writes pages apart, and puts together what they left."""

    def __init__(
        self, app: Sphinx, builder: StandaloneHTMLBuilder, write: WritePage, needs: PageNeeds | None = None
    ) -> None:
        self._app = app
        self._builder = builder
        self._write = write
        self._needs = needs
        self._said_once: set[str] = set()
        for each in gathered(app):
            each.begin_share()

    def write(self, docname: str) -> PageResult:
        """Resolve and write one page."""
        builder = self._builder
        images, builder.images = builder.images, {}
        try:
            with _heard() as said, _own_index(builder.indexer) as index:
                self._write(docname)
            return PageResult(
                index={part: index[part][docname] for part in _OF_PAGES if docname in index.get(part, ())},
                words={part: tuple(index[part]) for part in _OF_WORDS if part in index},
                images=builder.images,
                findings=tuple(said.findings),
                records=tuple(said.records),
                gathered=tuple(each.taken() for each in gathered(self._app)),
                needs=None if self._needs is None else self._needs.taken(),
            )
        finally:
            builder.images = images

    def put(self, docname: str, result: PageResult) -> None:
        """Have the builder, and all others, know what a page left: called once for each page, in order."""
        indexer = self._builder.indexer
        if indexer is not None:
            for part, value in result.index.items():
                getattr(indexer, part)[docname] = value
            for part, words in result.words.items():
                mapping = getattr(indexer, part)
                for word in words:
                    mapping.setdefault(word, set()).add(docname)
        self._builder.images.update(result.images)
        log = getLogger(logging.NAMESPACE)
        for record in result.records:
            log.handle(record)
        theirs = _taking()
        for finding, once in result.findings:
            if theirs is not None and (once is None or once not in self._said_once):
                theirs.deliver(finding)
            self._said_once.update(() if once is None else (once,))
        for each, share in zip(gathered(self._app), result.gathered, strict=True):
            each.put(share)


class _Said(logging.WarningStreamHandler):
    """Everything that is said, as findings where somebody takes findings, and else as records.

    It is a WarningStreamHandler so that Sphinx's own `pending_warnings` holds it back, and says all of it once.
    """

    def __init__(self, theirs: DiagnosticHandler | None) -> None:
        super().__init__(logging.SafeEncodingWriter(StringIO()))
        self.setLevel(WARNING)
        self._theirs = theirs
        self.findings: list[tuple[Diagnostic, str | None]] = []
        self.records: list[LogRecord] = []

    def emit(self, record: LogRecord) -> None:
        """Keep one."""
        if self._theirs is None:
            logging.convert_serializable([record])
            self.records.append(record)
        elif self._theirs.filter(record):
            once = f"{record.msg} {record.args!r}" if getattr(record, "once", "") else None
            self.findings.append((self._theirs.diagnostic(record), once))


def _taking() -> DiagnosticHandler | None:
    return next((h for h in getLogger(logging.NAMESPACE).handlers if isinstance(h, DiagnosticHandler)), None)


@contextmanager
def _heard() -> Iterator[_Said]:
    """Nobody but us hears what is said meanwhile."""
    log = getLogger(logging.NAMESPACE)
    theirs, said = log.handlers[:], _Said(_taking())
    log.handlers[:] = [said]
    try:
        yield said
    finally:
        log.handlers[:] = theirs


@contextmanager
def _own_index(indexer: IndexBuilder | None) -> Iterator[dict[str, dict[str, Any]]]:
    """An empty search index in the place of the book's."""
    if indexer is None:
        yield {}
        return
    parts: dict[str, dict[str, Any]] = {part: {} for part in (*_OF_PAGES, *_OF_WORDS)}
    books = {part: getattr(indexer, part) for part in parts}
    vars(indexer).update(parts)
    try:
        yield parts
    finally:
        vars(indexer).update(books)
