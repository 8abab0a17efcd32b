"""The verdict of each URL of a list: by rule, by its scheme, from the cache, or by asking the web."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from octavo.checks.links.web.clock import Chance, Clock, SystemChance, SystemClock
from octavo.checks.links.web.pages import Asker, PageQueue, PageRequest
from octavo.checks.links.web.schemes import judge_scheme, scheme_of
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.verdict import Finding, Reason, Result, broken, ignored, unknown
from octavo.checks.links.web.weburl import parse, without_userinfo
from octavo.reading.addresses import is_private_host, is_public

if TYPE_CHECKING:
    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.engine import PageResult
    from octavo.checks.links.web.transport import Transport

Ask = Callable[[PageQueue], Iterator["PageResult"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a check runs.

    - transport: made when the first page is to be asked for.
    - may_ask: whether a host, by its text, is asked at all.
    - ask: who asks for pages, in place of this process with its transport; None for that.
    """

    transport: Callable[[], Transport]
    clock: Clock
    chance: Chance
    may_ask: Callable[[str], bool]
    ask: Ask | None = None


def real_surroundings(settings: Settings) -> Surroundings:
    """The real network, and the machine's clock.

    Raises (when the transport is made): MissingToolError where pycurl can't be loaded.
    """
    return Surroundings(
        transport=lambda: _real_transport(settings),
        clock=SystemClock(),
        chance=SystemChance(),
        may_ask=lambda host: settings.allow_private or not is_private_host(host),
    )


def _real_transport(settings: Settings) -> Transport:
    from octavo.checks.links.web.curl_transport import CurlTransport, TransportOptions

    return CurlTransport(
        TransportOptions(
            at_once=settings.limits.at_once,
            may_connect=None if settings.allow_private else is_public,
            ca_file=settings.ca_file,
            proxy=settings.proxy,
        )
    )


def check_urls(
    urls: Iterable[str],
    settings: Settings,
    surroundings: Surroundings,
    *,
    cache: ResultCache | None = None,
    is_offline: bool = False,
) -> Iterator[Result]:
    """The result of each URL, in the order in which they are known. Each distinct URL has one result.

    is_offline: nothing is asked for; what the cache does not know is unknown.

    Raises: MissingToolError where the web must be asked and pycurl can't be loaded.
    """
    askers = (Asker(number, url) for number, url in enumerate(dict.fromkeys(urls)))
    for asker, finding in decide_links(askers, settings, surroundings, cache=cache, is_offline=is_offline):
        yield Result(url=asker.url, finding=finding)


def decide_links(
    askers: Iterable[Asker | None],
    settings: Settings,
    surroundings: Surroundings,
    *,
    cache: ResultCache | None = None,
    is_offline: bool = False,
) -> Iterator[tuple[Asker, Finding]]:
    """The same for links that are distinct already and may be too many for memory.

    Where None stands among them, those before it may be asked for at once, and the others are looked at meanwhile.
    """
    left = iter(askers)
    known: list[tuple[Asker, Finding]] = []  # found while pages are asked for
    stops = surroundings.ask is None

    def queued(pages: PageQueue) -> Iterator[tuple[Asker, Finding]]:
        return _queued(left, pages, settings, cache, is_offline=is_offline, stops=stops)

    def later(pages: PageQueue) -> Iterator[PageRequest]:
        known.extend(queued(pages))
        yield from pages

    with PageQueue() as first, PageQueue() as others:
        yield from queued(first)
        if not len(first):
            return
        wanted = chain(first, (None,), later(others)) if stops else first
        for found in _asked(wanted, settings, surroundings, cache):
            yield from known
            known.clear()
            yield found
        yield from known


def _queued(
    left: Iterator[Asker | None],
    pages: PageQueue,
    settings: Settings,
    cache: ResultCache | None,
    *,
    is_offline: bool,
    stops: bool,
) -> Iterator[tuple[Asker, Finding]]:
    """Put links into a queue, and say what is known of others; with `stops` to a None, if there is any in the queue."""
    is_asked = cache is None and not is_offline and not settings.ignore  # whatever can be
    for asker in left:
        if asker is None:
            if stops and len(pages):
                return
            continue
        if is_asked and pages.add_plain(asker):
            continue
        finding = known_without_asking(asker.url, settings)
        parsed = None if finding is not None else parse(asker.url)
        if finding is None and parsed is None:
            why = "no browser can ask for it" if scheme_of(asker.url) else "no scheme"
            finding = broken(Reason.URL_INVALID, why)
        if finding is None and cache is not None:
            finding = cache.get(asker.url)
        if finding is None and is_offline:
            finding = unknown(Reason.OFFLINE, "not asked for")
        if finding is not None:
            yield asker, finding
        elif parsed is not None:
            pages.add(asker, parsed)


def known_without_asking(url: str, settings: Settings) -> Finding | None:
    """What a rule or the scheme says of a URL, or None."""
    rule = settings.ignoring_rule(url) if settings.ignore else None
    return judge_scheme(url) if rule is None else ignored(Reason.RULE, rule)


def _asked(
    pages: Iterable[PageRequest | None], settings: Settings, surroundings: Surroundings, cache: ResultCache | None
) -> Iterator[tuple[Asker, Finding]]:
    if surroundings.ask is not None and isinstance(pages, PageQueue):
        results = surroundings.ask(pages)
    else:
        results = ask_here(pages, settings, surroundings)
    try:
        for page, findings in results:
            for askers, finding in zip(page.askers, findings, strict=True):
                for asker in askers:
                    if cache is not None:
                        cache.put(Result(url=asker.url, finding=finding))
                    yield asker, finding
    finally:
        if cache is not None:
            cache.save()


def ask_here(
    pages: Iterable[PageRequest | None], settings: Settings, surroundings: Surroundings
) -> Iterator[PageResult]:
    """Ask for pages from this process.

    Raises: MissingToolError where pycurl can't be loaded.
    """
    from octavo.checks.links.web.engine import Engine

    transport = surroundings.transport()
    try:
        engine = Engine(settings, transport, surroundings.clock, surroundings.chance, surroundings.may_ask)
        yield from engine.run(pages)
    finally:
        transport.close()


def shown(result: Result) -> Result:
    """A result as it may be printed: no userinfo in its URL."""
    return replace(result, url=without_userinfo(result.url))
