"""The verdict of each URL of a list: by rule, by its scheme, from the cache, or by asking the web."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from octavo.checks.links.web.cache import ResultCache
from octavo.checks.links.web.clock import Chance, Clock, SystemClock, system_chance
from octavo.checks.links.web.schemes import judge_scheme, scheme_of
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.verdict import Finding, Reason, Result, Verdict, broken, ignored, unknown
from octavo.checks.links.web.weburl import WebUrl, parse, without_userinfo
from octavo.reading.addresses import is_private_host, is_public

if TYPE_CHECKING:
    from octavo.checks.links.web.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a check runs.

    - transport: made when the first page is to be asked for.
    - may_ask: whether a host, by its text, is asked at all.
    """

    transport: Callable[[], Transport]
    clock: Clock
    chance: Chance
    may_ask: Callable[[str], bool]


def real_surroundings(settings: Settings) -> Surroundings:
    """The real network, and the machine's clock.

    Raises (when the transport is made): MissingToolError where pycurl can't be loaded.
    """
    return Surroundings(
        transport=lambda: _real_transport(settings),
        clock=SystemClock(),
        chance=system_chance(),
        may_ask=lambda host: settings.allow_private or not is_private_host(host),
    )


def _real_transport(settings: Settings) -> Transport:
    from octavo.checks.links.web.transport import CurlTransport, TransportOptions

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
    pages: dict[tuple[str, str | None], _Page] = {}
    for url in dict.fromkeys(urls):
        finding = known_without_asking(url, settings)
        parsed = None if finding is not None else parse(url)
        if finding is None and parsed is None:
            finding = broken(Reason.URL_INVALID, "no scheme" if not scheme_of(url) else "no browser can ask for it")
        if finding is None and cache is not None:
            finding = cache.get(url)
        if finding is None and is_offline:
            finding = unknown(Reason.OFFLINE, "not asked for")
        if finding is not None:
            yield Result(url=url, finding=finding)
        elif parsed is not None:
            key = (parsed.page, parsed.userinfo)
            page = pages.setdefault(key, _Page(url=parsed.without_fragment(), names={}))
            page.names.setdefault(parsed.fragment, []).append(url)
    if pages:
        yield from _ask(pages, settings, surroundings, cache)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page; names: the URLs as they were written, by fragment."""

    url: WebUrl
    names: dict[str | None, list[str]]


def known_without_asking(url: str, settings: Settings) -> Finding | None:
    """What a rule or the scheme says of a URL, or None."""
    rule = settings.ignoring_rule(url)
    if rule is not None:
        return ignored(Reason.RULE, rule)
    return judge_scheme(url)


def _ask(
    pages: dict[tuple[str, str | None], _Page],
    settings: Settings,
    surroundings: Surroundings,
    cache: ResultCache | None,
) -> Iterator[Result]:
    from octavo.checks.links.web.engine import Engine, PageRequest

    transport = surroundings.transport()
    try:
        engine = Engine(settings, transport, surroundings.clock, surroundings.chance, surroundings.may_ask)
        requests = (PageRequest(url=page.url, fragments=tuple(page.names), label=page) for page in pages.values())
        for answered in engine.run(requests):
            page = answered.request.label
            assert isinstance(page, _Page)  # noqa: S101 -- it was ours
            for fragment, finding in zip(answered.request.fragments, answered.findings, strict=True):
                for name in page.names[fragment]:
                    result = Result(url=name, finding=finding)
                    if cache is not None:
                        cache.put(result)
                    yield result
    finally:
        transport.close()
        if cache is not None:
            cache.save()


def shown(result: Result) -> Result:
    """A result as it may be printed: no userinfo in its URL."""
    return replace(result, url=without_userinfo(result.url))


def totals(results: Iterable[Result]) -> dict[str, int]:
    """How many results each verdict has; all five, always."""
    counts = {str(v): 0 for v in Verdict}
    for result in results:
        counts[str(result.finding.verdict)] += 1
    return counts
