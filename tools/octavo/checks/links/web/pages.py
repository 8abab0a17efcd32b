"""Pages that wait to be asked for, out of memory: each once with all its fragments, and hosts in turn."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Any, NamedTuple

from octavo.checks.links.web.weburl import WebUrl

CACHED = 8192  # KiB of a temporary database that stay in memory; the rest goes to the disk
_BATCH = 2000
_COLUMNS = "host, port, scheme, target, userinfo, fragment, number, url"


class Asker(NamedTuple):
    """A link that leads to a page. number: the caller's. url: as it is written."""

    number: int
    url: str


class PageRequest(NamedTuple):
    """A page and all fragments of it that something links to; None stands for the page without one.

    - askers: the links of each fragment, in the order of `fragments`.
    """

    url: WebUrl
    fragments: tuple[str | None, ...]
    askers: tuple[tuple[Asker, ...], ...] = ()


class PageQueue:
    """A work list that grows first, and is read then; it is gone when it is closed."""

    def __init__(self) -> None:
        self._connection = temporary_database()
        self._connection.execute(
            "CREATE TABLE waiting (host TEXT, port INTEGER, scheme TEXT, target TEXT, userinfo TEXT, fragment TEXT,"
            " number INTEGER, url TEXT)"
        )
        self._added: list[tuple[object, ...]] = []
        self._count = 0

    def __enter__(self) -> PageQueue:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._connection.close()

    def __len__(self) -> int:
        """How many links wait."""
        return self._count

    def add(self, asker: Asker, page: WebUrl) -> None:
        """Let a link wait for its page; `page` has its fragment."""
        scheme, host, port, target, fragment, userinfo = page
        self._added.append((host, port, scheme, target, userinfo, fragment, asker.number, asker.url))
        self._count += 1
        if len(self._added) >= _BATCH:
            self._write()

    def __iter__(self) -> Iterator[PageRequest]:
        """The first page of every host, then the second of each: no host has to wait for another's many pages."""
        self._write()
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, dense_rank() OVER (PARTITION BY host, port ORDER BY scheme, target, userinfo) AS turn"  # noqa: S608
            " FROM waiting ORDER BY turn, host, port, scheme, target, userinfo"
        )
        return _pages(rows)

    def hosts(self) -> Iterator[tuple[str, int, int]]:
        """Each host and port with how many links lead there."""
        self._write()
        self._connection.execute("CREATE INDEX IF NOT EXISTS by_host ON waiting (host, port, scheme, target, userinfo)")
        return iter(self._connection.execute("SELECT host, port, count(*) FROM waiting GROUP BY host, port"))

    def pages_of(self, host: str, port: int) -> Iterator[PageRequest]:
        """The pages of one host, in order of path; `hosts` comes before."""
        return _pages(
            self._connection.execute(
                f"SELECT {_COLUMNS}, 0 FROM waiting WHERE host = ? AND port = ?"  # noqa: S608
                " ORDER BY scheme, target, userinfo",
                (host, port),
            )
        )

    def _write(self) -> None:
        self._connection.executemany("INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._added)
        self._added.clear()


def _pages(rows: Iterable[tuple[Any, ...]]) -> Iterator[PageRequest]:
    """From rows of `_COLUMNS` in order of page."""
    for (host, port, scheme, target, userinfo), links in groupby(rows, itemgetter(0, 1, 2, 3, 4)):
        fragments: dict[str | None, tuple[Asker, ...]] = {}
        for _, _, _, _, _, fragment, number, url, _ in links:
            fragments[fragment] = (*fragments.get(fragment, ()), Asker(number, url))
        page = WebUrl(scheme, host, port, target, None, userinfo)
        yield PageRequest(page, tuple(fragments), tuple(fragments.values()))


def temporary_database() -> sqlite3.Connection:
    """A database of this process alone, in memory while it is small, else in a file that is gone with it."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA cache_size = -{CACHED}")
    connection.execute("BEGIN")  # and never committed: what nobody else reads needs no such point
    return connection


def storable(text: str) -> str:
    """A text as a database can hold it: what is no character at all becomes U+FFFD, as in a browser."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
