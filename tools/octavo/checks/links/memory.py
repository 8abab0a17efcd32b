"""What the inside of an artefact was found to be, kept by its content: what did not change is not read again.

The key is a digest of every byte that a check reads, of the names of all files, and of the checker's own code, so
that an answer from here is the one that a new check would give.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import zlib
from pathlib import Path

from octavo.checks.links.follow import PAGE_SUFFIXES, suffix_of
from octavo.checks.links.report import Counts, ExternalReference, LinkReport
from octavo.checks.links.tree import tree_of
from octavo.diagnostics import Diagnostic

_READ = PAGE_SUFFIXES | {".css", ".svg"}  # of a site; of all other files only the names matter
_LARGEST = 64 * 1024 * 1024  # bytes of JSON of one report
_PIECE = 1024 * 1024  # bytes that are read at once
_TABLE = (
    "CREATE TABLE IF NOT EXISTS reports "
    "(artefact TEXT PRIMARY KEY, content BLOB NOT NULL, report BLOB NOT NULL) WITHOUT ROWID"
)


class ReportMemory:
    """The last report of each artefact, by its name. may_read: False to check everything again."""

    def __init__(self, connection: sqlite3.Connection, *, may_read: bool = True) -> None:
        self._connection, self._may_read = connection, may_read
        with connection:
            connection.execute(_TABLE)

    def get(self, artefact: str, key: bytes) -> LinkReport | None:
        """The report of an artefact whose content has this key; None when there is none."""
        if not self._may_read:
            return None
        row = self._connection.execute(
            "SELECT report FROM reports WHERE artefact = ? AND content = ?", (artefact, key)
        ).fetchone()
        if row is None:
            return None
        try:
            return _report(zlib.decompressobj().decompress(row[0], _LARGEST))
        except (zlib.error, ValueError, KeyError, TypeError):  # cut off, or written by something else
            return None

    def put(self, artefact: str, key: bytes, report: LinkReport) -> None:
        """Keep a report in place of the artefact's former one."""
        text = json.dumps(_as_json(report), ensure_ascii=True, separators=(",", ":")).encode()
        if len(text) > _LARGEST:
            return
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO reports VALUES (?, ?, ?)", (artefact, key, zlib.compress(text, 1))
            )


def content_key(path: Path, said: tuple[str, ...]) -> bytes:
    """A digest of what a check of this artefact depends on. said: what it is told besides.

    Raises: OSError when the artefact can't be read.
    """
    # the processor's own, and so twice as fast as BLAKE2
    digest = hashlib.sha256(repr(said).encode("utf-8", "surrogateescape"))
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    if not path.is_dir():
        digest.update(path.read_bytes())
        return digest.digest()
    tree, memory = tree_of(path), memoryview(bytearray(_PIECE))
    digest.update(repr(tree.unlisted).encode("utf-8", "surrogateescape"))
    for name in sorted(tree.files):
        digest.update(f"\0{name}\0".encode("utf-8", "surrogateescape"))
        if suffix_of(name) in _READ:
            _take_in(f"{path}/{name}", digest, memory)
    return digest.digest()


def _take_in(name: str, digest: hashlib._Hash, memory: memoryview) -> None:
    """Add the length and the bytes of a file. memory: used for all of them: new one for each takes as long as its hash.

    Raises: OSError when it can't be read, or becomes another meanwhile.
    """
    with open(name, "rb", buffering=0) as file:  # noqa: PTH123 -- a Path for each page is dear
        left = os.fstat(file.fileno()).st_size
        digest.update(b"%d\0" % left)
        while left:
            count = file.readinto(memory)
            if not count or count > left:
                raise OSError(errno.EIO, "changed while it was read", name)
            digest.update(memory[:count])
            left -= count


def _as_json(report: LinkReport) -> dict[str, object]:
    counts = report.counts
    return {
        "diagnostics": [d.as_json() for d in report.diagnostics],
        "counts": {name: getattr(counts, name) for name in Counts.__slots__},
        "external": [[e.url, list(e.members), list(e.pages)] for e in report.external],
        "schemes": [[e.url, list(e.members), list(e.pages)] for e in report.schemes],
    }


def _report(text: bytes) -> LinkReport:
    """Raises: ValueError, KeyError or TypeError for what `_as_json` did not make."""
    data = json.loads(text)
    return LinkReport(
        diagnostics=tuple(Diagnostic.from_json(d) for d in data["diagnostics"]),
        counts=Counts(**data["counts"]),
        external=_references(data["external"]),
        schemes=_references(data["schemes"]),
    )


def _references(rows: list[tuple[str, list[str], list[int]]]) -> tuple[ExternalReference, ...]:
    return tuple(ExternalReference(url=url, members=tuple(m), pages=tuple(p)) for url, m, p in rows)
