"""What reading found in each document, kept for the builds that do not read it again.

Sphinx warns of a document only while it reads it. A problem that still stands must be said by every build.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from octavo.diagnostics import Diagnostic


class ReadingFindings:
    """The findings of this reading and, for documents that were not read again, of the earlier ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._now: list[Diagnostic] = []

    def found(self, diagnostic: Diagnostic) -> None:
        """A finding of this reading."""
        self._now.append(diagnostic)

    def all(self, root: Path, reread: Collection[str], *, everything: bool) -> tuple[Diagnostic, ...]:
        """The findings that stand, which are also written down for the next build.

        - reread: source paths of the documents that this reading read; everything: these are all documents.
        """
        kept = [] if everything else [d for d in self._earlier() if self._stands(d, root, reread)]
        standing = tuple(dict.fromkeys([*kept, *self._now]))
        aside = self._path.with_suffix(".new")
        aside.write_text(json.dumps([d.as_json() for d in standing], ensure_ascii=False), encoding="utf-8")
        aside.replace(self._path)
        return standing

    def _earlier(self) -> list[Diagnostic]:
        try:
            return [Diagnostic.from_json(d) for d in json.loads(self._path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, KeyError, TypeError):  # none yet, or of another version
            return []

    def _stands(self, diagnostic: Diagnostic, root: Path, reread: Collection[str]) -> bool:
        """Whether an earlier finding still holds: its file is there, unchanged, and was not read again."""
        source = diagnostic.location.source
        if source is None or source in reread:
            return False
        try:
            return (root / source).stat().st_mtime_ns <= self._path.stat().st_mtime_ns
        except OSError:
            return False
