"""What the server and its reader say to each other. Paths are absolute, pages are paths in the site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from octavo.diagnostics import Diagnostic, OctavoError
from octavo.reading.project import Project
from octavo.report import BuildReport


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRequest:
    """What to show.

    - formats: besides the site: "pdf", "epub".
    - jobs, overrides, tags: as for a build.
    - builder: of the site; state: folder of the reader; site: folder that it writes the pages to.
    - haste: how much shorter the rests are that it takes before it does what nobody waits for.
    """

    project: Project
    formats: tuple[str, ...]
    jobs: int
    overrides: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    builder: str
    state: Path
    site: Path
    haste: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """To the reader: the folders are yours; read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """To the reader: these files were added, changed or deleted."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """To the reader: the documents that browsers show now."""

    docnames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """To the reader: write this page if it is not fresh, and say `Wrote`. docname: None for the pages of no document
    (indices, search)."""

    docname: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """From the reader: the configuration is sound. It waits for `Go`, and has changed nothing so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """From the reader: so many documents are done, of how many. doing: "reading" or "writing"."""

    doing: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """From the reader: the book is in memory, with these pages; said again when they change.

    - pages: document name -> page; root: name of the root document.
    - outside: files outside of the watched folders that documents are made from.
    """

    title: str
    root: str
    pages: dict[str, str]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """From the reader: pages may differ from what is on disk until `Wrote` is said of them; None for all."""

    docnames: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """From the reader: the page is on disk. docname: None for the pages of no document.

    - edited: because its source was edited just now.
    - cpu: seconds of processor time since the change was heard of, for an edited one.
    """

    docname: str | None
    edited: bool = False
    cpu: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFiles:
    """From the reader: files of the site that browsers may show an older version of."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """From the reader: all findings that stand."""

    found: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """From the reader: nothing is left to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """From the reader: this can only be taken in by a fresh process."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """From the builder of books: the build has ended; what was found and made is in the report."""

    report: BuildReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """From the printer: this is the PDF after the changes that it has heard of."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """From a child: it can't go on, and ends. crash: a traceback, of our own bug or an extension's."""

    error: OctavoError | None = None
    crash: str | None = None


ToReader = Go | Changed | Shown | Wanted
FromReader = Opened | Advanced | Pages | Stale | Wrote | NewFiles | Problems | Settled | Untrusted | Failed
