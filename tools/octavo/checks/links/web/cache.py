"""What earlier runs found, in one SQLite file that may travel from machine to machine.

Ages depend on the verdict, and are spread so that not everything is asked for again on the same day. What is broken
or unknown is kept for hours at most: a page that was mended must not be called broken for long.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.checks.links.web.clock import Chance
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.verdict import Finding, Reason, Result, Verdict
from octavo.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from octavo.checks.links.memory import ReportMemory

_HOUR = 3600.0
AGES = {
    Verdict.OK: 7 * 24 * _HOUR,
    Verdict.REDIRECTED: 3 * 24 * _HOUR,
    Verdict.UNKNOWN: 1 * _HOUR,
    Verdict.BROKEN: 2 * _HOUR,
}
_JITTER = 0.25  # of an age, at most taken off
# what says something of this machine's network in this moment, and nothing of the page
_NEVER = frozenset(
    {Reason.BUDGET, Reason.OFFLINE, Reason.NETWORK,
     Reason.DNS, Reason.TIMEOUT, Reason.RESET, Reason.UNREACHABLE, Reason.RATE_LIMITED,
     Reason.PRIVATE_ADDRESS}
)  # fmt: skip
_VERSION = 1


class ResultCache:
    """Results by URL. epoch: the clock, in seconds since 1970. may_read: False to ask for everything again."""

    def __init__(
        self, path: Path, settings: Settings, epoch: Callable[[], float], chance: Chance, *, may_read: bool = True
    ) -> None:
        self._epoch, self._chance = epoch, chance
        self._fingerprint = fingerprint(settings)
        self._pending: list[tuple[object, ...]] = []
        self._may_read = may_read
        self._connection = _opened(path)

    def reports(self) -> ReportMemory:
        """What is known of the inside of artefacts, in the same file."""
        from octavo.checks.links.memory import ReportMemory

        return ReportMemory(self._connection, may_read=self._may_read)

    def get(self, url: str) -> Finding | None:
        """What is known of a URL and not too old."""
        if not self._may_read:
            return None
        row = self._connection.execute(
            "SELECT verdict, reason, detail, final_url FROM results WHERE key = ? AND expires > ?",
            (self._key(url), self._epoch()),
        ).fetchone()
        if row is None:
            return None
        try:
            return Finding(
                verdict=Verdict(row[0]),
                reason=Reason(row[1]) if row[1] is not None else None,
                detail=str(row[2]),
                final_url=row[3],
            )
        except ValueError:  # written by a newer version
            return None

    def put(self, result: Result) -> None:
        """Keep a result for as long as its verdict is good for."""
        finding = result.finding
        age = AGES.get(finding.verdict)
        if age is None or finding.reason in _NEVER:
            return
        expires = self._epoch() + age * (1 - _JITTER * self._chance.random())
        reason = None if finding.reason is None else str(finding.reason)
        key = self._key(result.url)
        self._pending.append((key, str(finding.verdict), reason, finding.detail, finding.final_url, expires))
        if len(self._pending) >= 1000:
            self.save()

    def save(self) -> None:
        """Write what was put, and forget what is too old."""
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)", self._pending)
            self._connection.execute("DELETE FROM results WHERE expires <= ?", (self._epoch(),))
        self._pending.clear()

    def close(self) -> None:
        """Write, and let the file go."""
        self.save()
        self._connection.close()

    def _key(self, url: str) -> str:
        """URLs may hold secrets, and the file travels: only a digest is kept."""
        return hashlib.blake2b(f"{self._fingerprint}\n{url}".encode("utf-8", "replace"), digest_size=20).hexdigest()


def fingerprint(settings: Settings) -> str:
    """What of the settings decides verdicts: with others, results are others."""
    said = (
        settings.anchors,
        [p.pattern for p in settings.anchors_ignore],
        [p.pattern for p in settings.anchors_ignore_for_url],
        [(a.pattern, b.pattern) for a, b in settings.allowed_redirects],
        [(h.host, sorted(h.accept), h.anchors, h.verify_tls, [n for n, _ in h.headers]) for h in settings.hosts],
        settings.allow_private,
        settings.robots,
        settings.limits.body,
    )
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _opened(path: Path) -> sqlite3.Connection:
    """The file, made where it is not there, and made anew where it is no cache of ours.

    Raises: ConfigurationError when it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _prepared(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            path.unlink()  # not a database, or one that was cut off: a cache may be lost
            return _prepared(path)
    except (OSError, sqlite3.Error) as error:
        raise ConfigurationError(f"can't use the cache '{path}': {error}", "Name another with --cache.") from error


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION:
            connection.execute("DROP TABLE IF EXISTS results")
            connection.execute(
                "CREATE TABLE results (key TEXT PRIMARY KEY, verdict TEXT NOT NULL, reason TEXT, detail TEXT NOT NULL,"
                " final_url TEXT, expires REAL NOT NULL) WITHOUT ROWID"
            )
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
