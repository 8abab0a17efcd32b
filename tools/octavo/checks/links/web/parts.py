"""A work list cut by host, for several workers: no host is asked by two of them at once.

A page that is redirected to another host comes back, and is taken up in the next round by whoever asks that host then.
Since a page follows a limited number of redirects, there is a last round.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from operator import itemgetter
from types import TracebackType

from octavo.checks.links.web.checker import Surroundings
from octavo.checks.links.web.engine import Engine, Onward, PageResult
from octavo.checks.links.web.pages import PageQueue, PageRequest, temporary_database
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.verdict import Finding
from octavo.checks.links.web.weburl import WebUrl

PART = 2000  # pages that a worker gets at once

Host = tuple[str, int]  # name and port


@dataclass(slots=True, kw_only=True)
class Part:
    """Hosts that belong together for a while, and their pages, of which a worker gets some at a time.

    - is_further: whether these hosts were asked before.
    """

    hosts: frozenset[Host]
    pages: Iterator[PageRequest | Onward]
    is_further: bool = False

    def take(self) -> list[PageRequest | Onward]:
        """The next pages; none when all were taken."""
        return list(islice(self.pages, PART))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswer:
    """What a worker found. Pages are named by their place in what it was given.

    - found: the findings of a page's fragments. onward: pages that lead to hosts of others.
    """

    found: tuple[tuple[int, tuple[Finding, ...]], ...]
    onward: tuple[tuple[int, Onward], ...]


def first_parts(queue: PageQueue) -> Iterator[Part]:
    """The parts of the first round: whole hosts, many small ones together."""
    together: list[Host] = []
    size = 0
    for host, port, links in queue.hosts():
        if together and size + links > PART:
            yield _part_of(queue, together)
            together, size = [], 0
        together.append((host, port))
        size += links
    if together:
        yield _part_of(queue, together)


def _part_of(queue: PageQueue, hosts: list[Host]) -> Part:
    pages = chain.from_iterable(queue.pages_of(host, port) for host, port in hosts)
    return Part(hosts=frozenset(hosts), pages=pages)


class OnwardQueue:
    """Pages that wait for the next round, out of memory."""

    def __init__(self) -> None:
        self._connection = temporary_database()
        self._connection.execute("CREATE TABLE waiting (host TEXT, port INTEGER, page BLOB)")
        self._count = 0

    def __enter__(self) -> OnwardQueue:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._connection.close()

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def add(self, page: Onward) -> None:
        """Let a page wait."""
        self._count += 1
        row = (page.url.host, page.url.port, pickle.dumps(page))
        self._connection.execute("INSERT INTO waiting VALUES (?, ?, ?)", row)

    def parts(self) -> Iterator[Part]:
        """The parts of a round: a host with all its pages is in one of them."""
        rows = self._connection.execute("SELECT host, port, page FROM waiting ORDER BY host, port")
        hosts: set[Host] = set()
        pages: list[bytes] = []
        for host, group in groupby(rows, itemgetter(0, 1)):
            hosts.add(host)
            pages += [page for _, _, page in group]
            if len(pages) >= PART:
                yield _further(hosts, pages)
                hosts, pages = set(), []
        if pages:
            yield _further(hosts, pages)


def _further(hosts: set[Host], pages: list[bytes]) -> Part:
    unpacked = (pickle.loads(page) for page in pages)  # noqa: S301 -- our own, of this process
    return Part(hosts=frozenset(hosts), pages=unpacked, is_further=True)


def ask_part(
    pages: list[PageRequest | Onward],
    hosts: frozenset[Host],
    settings: Settings,
    surroundings: Surroundings,
    *,
    is_further: bool,
    run_budget: float,
) -> PartAnswer:
    """Ask for the pages of some hosts, and of no other. run_budget: seconds.

    Raises: MissingToolError where pycurl can't be loaded.
    """
    settings = replace(settings, limits=replace(settings.limits, run_budget=run_budget))
    numbers = {id(page.request if isinstance(page, Onward) else page): number for number, page in enumerate(pages)}

    def owns(url: WebUrl) -> bool:
        return (url.host, url.port) in hosts

    transport = surroundings.transport()
    try:
        engine = Engine(
            settings,
            transport,
            surroundings.clock,
            surroundings.chance,
            surroundings.may_ask,
            owns=owns,
            is_further=is_further,
        )
        found = tuple((numbers[id(result.request)], result.findings) for result in engine.run(pages))
    finally:
        transport.close()
    onward = tuple((numbers[id(page.request)], page) for page in engine.onward)
    return PartAnswer(found=found, onward=onward)


def without_askers(page: PageRequest | Onward) -> PageRequest | Onward:
    """A page as a worker needs it."""
    return (
        page._replace(request=page.request._replace(askers=()))
        if isinstance(page, Onward)
        else page._replace(askers=())
    )


def request_of(page: PageRequest | Onward) -> PageRequest:
    """The request, whatever became of it so far."""
    return page.request if isinstance(page, Onward) else page


def results_of(answer: PartAnswer, pages: list[PageRequest | Onward], later: OnwardQueue) -> Iterator[PageResult]:
    """The results in a worker's answer about `pages`; what leads to other hosts is put into `later`."""
    for number, findings in answer.found:
        yield PageResult(request_of(pages[number]), findings)
    for number, onward in answer.onward:
        later.add(onward._replace(request=request_of(pages[number])))
