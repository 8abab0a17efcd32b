"""What a build made and found, as one value; kept beside the artefacts for `octavo check`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from octavo.diagnostics import Diagnostic, Severity, by_place, with_formats

BUILD_REPORT = "build.json"
FORMAT_VERSION = 1
UNRESOLVED = ("links/target-missing", "links/page-missing", "links/label-missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """One format of a build.

    - path: the file, or the folder of the site; None when the format failed.
    - bytes: its size; of the site the sum of its files.
    - pages: printed pages of the PDF, documents of the others.
    - seconds: wall-clock time of its writer, reading left out.
    """

    format: str
    path: Path | None
    bytes: int
    pages: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """A build.

    - documents: of the book; read: how many of them were new or changed and were read.
    - crashes: (format, traceback) of writers that ended by a bug.
    """

    title: str
    documents: int
    read: int
    reading_seconds: float
    seconds: float
    artefacts: tuple[Artefact, ...]
    diagnostics: tuple[Diagnostic, ...]
    crashes: tuple[tuple[str, str], ...] = ()

    @property
    def failed(self) -> tuple[str, ...]:
        """Formats that were asked for and not made."""
        return tuple(a.format for a in self.artefacts if a.path is None)

    def findings(self, severity: Severity) -> int:
        """How many diagnostics of a severity there are."""
        return sum(d.severity is severity for d in self.diagnostics)

    def joined_with(self, last: BuildReport) -> BuildReport:
        """This report, with what an earlier build made of formats that this one did not make, and found in them."""
        made = {a.format for a in self.artefacts if a.path is not None}
        kept = tuple(a for a in last.artefacts if a.format not in made and a.path is not None)
        untouched = {a.format for a in kept} - {a.format for a in self.artefacts}
        old = [replace(d, formats=f) for d in last.diagnostics if (f := tuple(x for x in d.formats if x in untouched))]
        artefacts = tuple(a for a in self.artefacts if a.path is not None) + kept
        return replace(self, artefacts=artefacts, diagnostics=with_formats([*self.diagnostics, *old]))

    def as_json(self) -> dict[str, object]:
        """A JSON object; artefacts that failed have no path."""
        return {
            "version": FORMAT_VERSION,
            "title": self.title,
            "documents": self.documents,
            "read": self.read,
            "seconds": round(self.seconds, 3),
            "reading_seconds": round(self.reading_seconds, 3),
            "artefacts": [
                {
                    "format": a.format,
                    "path": None if a.path is None else str(a.path),
                    "bytes": a.bytes,
                    "pages": a.pages,
                    "seconds": round(a.seconds, 3),
                }
                for a in self.artefacts
            ],
            "diagnostics": [d.as_json() for d in self.diagnostics],
        }

    @classmethod
    def load(cls, path: Path) -> BuildReport | None:
        """The report of the last build, or None when there is none that this version can read."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] != FORMAT_VERSION:
                return None
            return cls(
                title=data["title"],
                documents=data["documents"],
                read=data["read"],
                reading_seconds=data["reading_seconds"],
                seconds=data["seconds"],
                artefacts=tuple(
                    Artefact(
                        format=a["format"],
                        path=Path(a["path"]) if a["path"] else None,
                        bytes=a["bytes"],
                        pages=a["pages"],
                        seconds=a["seconds"],
                    )
                    for a in data["artefacts"]
                ),
                diagnostics=tuple(Diagnostic.from_json(d) for d in data["diagnostics"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None


def without_echoes(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Say each break of a reference once.

    - What the build said of a reference and a check finds again in an artefact is one break in more formats.
    - A reference that found no target is written by MyST-Parser as a link to an anchor of the target's name: the same
      break once more, at the same line, as a missing anchor.
    """
    found = tuple(diagnostics)
    unresolved = {_reference(d) for d in found if d.rule in UNRESOLVED and d.location.source}
    joined: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in found:
        if diagnostic.rule == "links/anchor-missing" and _reference(diagnostic) in unresolved:
            continue
        if not diagnostic.rule.startswith("links/") or diagnostic.location.line is None:
            joined[diagnostic,] = diagnostic
            continue
        key = (diagnostic.rule, *_reference(diagnostic))
        joined[key] = _one(joined[key], diagnostic) if key in joined else diagnostic
    return by_place(joined.values())


def _reference(diagnostic: Diagnostic) -> tuple[str | None, int | None, str]:
    """A reference in the sources: its line, and what it leads to without the page that it was looked for in."""
    value = diagnostic.value.rpartition("#")[2] if diagnostic.rule == "links/anchor-missing" else diagnostic.value
    return diagnostic.location.source, diagnostic.location.line, value


def _one(first: Diagnostic, second: Diagnostic) -> Diagnostic:
    """Two findings of one reference: the more telling place and hint, and the formats of both (none: all)."""
    formats = tuple(sorted({*first.formats, *second.formats})) if first.formats and second.formats else ()
    telling = first if first.location.artefact is not None or second.location.artefact is None else second
    return replace(telling, formats=formats, hint=first.hint or second.hint)
