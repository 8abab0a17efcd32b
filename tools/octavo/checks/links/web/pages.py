"""Pages that wait to be asked for: each once with all its fragments, and hosts in turn.

Many lie outside of memory. Few don't: a database takes thrice the time, and nobody is asked meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from octavo.checks.links.web.weburl import WebUrl, parse, plain_parts

if TYPE_CHECKING:
    import sqlite3

CACHED = 8192  # KiB of a temporary database that stay in memory; the rest goes to the disk
IN_MEMORY = 20_000  # of what is kept here; more lies in a temporary database
_COLUMNS = "host, port, scheme, target, userinfo, fragment, number, url"


_Page = tuple[str, str, str | None]  # scheme, target, userinfo
_Links = dict[str | None, tuple["Asker", ...]]  # by fragment


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
        self._written: sqlite3.Connection | None = None  # what is not in memory
        # host and port -> page -> fragment -> links
        self._hosts: dict[tuple[str, int], dict[_Page, _Links]] = {}
        self._servers: dict[str, tuple[str, dict[_Page, _Links]]] = {}  # the same by "scheme://host:port", as written
        self._count = self._in_memory = 0

    def __enter__(self) -> PageQueue:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._written is not None:
            self._written.close()

    def __len__(self) -> int:
        """How many links wait."""
        return self._count

    def add(self, asker: Asker, page: WebUrl) -> None:
        """Let a link wait for its page; `page` has its fragment."""
        scheme, host, port, target, fragment, userinfo = page
        self._put(self._hosts.setdefault((host, port), {}), (scheme, target, userinfo), fragment, asker)

    def add_plain(self, asker: Asker) -> bool:
        """Let a link wait whose URL is as plain as most are: for the price of half a parse. False when it is not."""
        parts = plain_parts(asker.url)
        if parts is None:
            return False
        server, target, fragment = parts
        known = self._servers.get(server)
        if known is None:
            page = parse(server)
            if page is None:
                return False
            known = self._servers[server] = page.scheme, self._hosts.setdefault((page.host, page.port), {})
        scheme, own = known
        self._put(own, (scheme, target, None), fragment, asker)
        return True

    def _put(self, own: dict[_Page, _Links], page: _Page, fragment: str | None, asker: Asker) -> None:
        fragments = own.get(page)
        if fragments is None:
            own[page] = {fragment: (asker,)}
        else:
            fragments[fragment] = (*fragments.get(fragment, ()), asker)
        self._count += 1
        self._in_memory += 1
        if self._in_memory >= IN_MEMORY:
            self._write()

    def __iter__(self) -> Iterator[PageRequest]:
        """The first page of every host, then the second of each: no host has to wait for another's many pages."""
        if self._in_memory == self._count:
            return self._in_turn()
        rows = self._write().execute(
            f"SELECT {_COLUMNS}, dense_rank() OVER (PARTITION BY host, port ORDER BY scheme, target, userinfo) AS turn"  # noqa: S608
            " FROM waiting ORDER BY turn, host, port, scheme, target, userinfo"
        )
        return _pages(rows)

    def hosts(self) -> Iterator[tuple[str, int, int]]:
        """Each host and port with how many links lead there."""
        written = self._write()
        written.execute("CREATE INDEX IF NOT EXISTS by_host ON waiting (host, port, scheme, target, userinfo)")
        return iter(written.execute("SELECT host, port, count(*) FROM waiting GROUP BY host, port"))

    def pages_of(self, host: str, port: int) -> Iterator[PageRequest]:
        """The pages of one host, in order of path; `hosts` comes before."""
        return _pages(
            self._write().execute(
                f"SELECT {_COLUMNS}, 0 FROM waiting WHERE host = ? AND port = ?"  # noqa: S608
                " ORDER BY scheme, target, userinfo",
                (host, port),
            )
        )

    def _write(self) -> sqlite3.Connection:
        if self._written is None:
            self._written = temporary_database()
            self._written.execute(
                "CREATE TABLE waiting (host TEXT, port INTEGER, scheme TEXT, target TEXT, userinfo TEXT, fragment TEXT,"
                " number INTEGER, url TEXT)"
            )
        self._written.executemany(
            "INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (host, port, *page, fragment, asker.number, asker.url)
                for (host, port), pages in self._hosts.items()
                for page, fragments in pages.items()
                for fragment, askers in fragments.items()
                for asker in askers
            ),
        )
        self._hosts, self._servers, self._in_memory = {}, {}, 0
        return self._written

    def _in_turn(self) -> Iterator[PageRequest]:
        """All of them, from memory, in the order that the database would give them."""
        left = [(host, pages, iter(_in_order(pages))) for host, pages in sorted(self._hosts.items(), key=itemgetter(0))]
        while left:
            further = []
            for one in left:
                host, pages, names = one
                page = next(names, None)
                if page is not None:
                    further.append(one)
                    scheme, target, userinfo = page
                    fragments = pages[page]
                    url = WebUrl(scheme, *host, target, None, userinfo)
                    yield PageRequest(url, tuple(fragments), tuple(fragments.values()))
            left = further


def _in_order(pages: Iterable[_Page]) -> list[_Page]:
    try:
        return sorted(pages)
    except TypeError:  # a page with userinfo and without
        return sorted(pages, key=lambda page: (page[0], page[1], page[2] is not None, page[2] or ""))


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
    import sqlite3

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
