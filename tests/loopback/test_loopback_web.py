"""Every case of the loopback web is decided as a person with a browser would, in one run that ends in its budget."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from loopback_cases import CASES, Case
from loopback_server import PRIVATE, ZONE, Asked, LoopbackWeb

from octavo.checks.links.web import HostRule, Limits, Result, Settings, Surroundings, check_urls
from octavo.checks.links.web.body import PageBody
from octavo.checks.links.web.curl_transport import CurlTransport, TransportOptions
from octavo.checks.links.web.transport import Request, Response
from octavo.reading.addresses import is_private_host

NEW_YEAR = 1798761600.0  # 2027-01-01, which one of the servers names


class SkippingClock:
    """A clock that jumps over every wait in which nothing is under way."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> float:
        return time.monotonic() + self.skipped

    def epoch(self) -> float:
        return NEW_YEAR + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


def _settings(ca_file: str) -> Settings:
    return Settings(
        limits=Limits(
            timeout=60.0, connect_timeout=60.0, body=4 * 1024 * 1024, rate=1000.0, run_budget=900.0, url_budget=240.0
        ),
        ca_file=ca_file,
        ignore=(re.compile(rf"http://[^/]*\.{re.escape(ZONE)}/ignored/"),),
        hosts=(
            HostRule(host="trusting.*", verify_tls=False),
            HostRule(host="accepting.*", accept=frozenset({403})),
            HostRule(host="token.*", headers=(("Authorization", "Bearer t0ken"),)),
            HostRule(host="no-anchors.*", anchors=False),
            HostRule(host="silent.*", timeout=4.0),
        ),
    )


def _host(number: int, which: str = "") -> str:
    return f"{which}.c{number}.{ZONE}" if which else f"c{number}.{ZONE}"


def _filled(text: str, number: int) -> str:
    return text.replace("HOST", _host(number)).replace("OTHER", f"other-c{number}.{ZONE}")


@dataclass(frozen=True)
class Run:
    results: dict[str, Result]
    asked: list[Asked]
    skipped: float


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    web = LoopbackWeb(tmp_path_factory.mktemp("web"))
    try:
        for number, case in enumerate(CASES):
            _install(web, number, case)
        web.place("inside.web.test", 80, web.plain_place(PRIVATE))
        clock = SkippingClock()
        options = TransportOptions(
            may_connect=lambda address: address.startswith("127.0.0."),
            connect_to=web.connect_to,
            ca_file=web.ca_file,
        )
        surroundings = Surroundings(
            transport=lambda: CurlTransport(options),
            clock=clock,
            chance=random.Random(1),
            may_ask=lambda host: not is_private_host(host),
        )
        urls = [_filled(case.link, number) for number, case in enumerate(CASES)]
        found = {result.url: result for result in check_urls(urls, _settings(web.ca_file), surroundings)}
        yield Run(found, list(web.asked), clock.skipped)
    finally:
        web.close()


def _install(web: LoopbackWeb, number: int, case: Case) -> None:
    host = _host(number)
    for key, route in case.routes.items():
        which, colon, path = key.partition(":") if not key.startswith("/") else ("", "", key)
        name = f"other-c{number}.{ZONE}" if which == "other" else _host(number, which)
        web.routes[name, path if colon else key] = _filled_route(route, number)
    if case.place == "refused":
        web.place(host, 80, "127.0.0.1:1")
    elif case.place == "private":
        web.place(host, 80, web.plain_place(PRIVATE))
    elif case.place == "plain":
        web.place(host, 443, web.plain_place("127.0.0.2"))
    elif case.place:
        for name in (host, f"trusting.{host}"):
            web.place(name, 443, web.tls_place(case.place))


def _filled_route(route: object, number: int) -> object:
    from dataclasses import replace

    from loopback_server import Answer

    if isinstance(route, Answer):
        return replace(route, headers=tuple((k, _filled(v, number)) for k, v in route.headers))
    if isinstance(route, tuple):
        return tuple(_filled_route(r, number) for r in route)
    return lambda asked: _filled_route(route(asked), number)


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[c.title for c in CASES])
def test_each_link_has_the_verdict_of_a_person(run: Run, number: int, case: Case) -> None:
    result = run.results[_filled(case.link, number)].finding
    assert (str(result.verdict), result.reason and str(result.reason)) == (case.verdict, case.reason), result
    if case.final is not None:
        assert result.final_url == _filled(case.final, number)
    if case.check is not None:
        own = f"c{number}.{ZONE}"
        assert case.check([a for a in run.asked if a.host.removeprefix("other-").endswith(own)])


def test_the_run_ends_within_its_budget(run: Run) -> None:
    assert len(run.results) == len(CASES) >= 150
    assert run.skipped < 900


def test_no_secret_is_in_any_result(run: Run) -> None:
    from octavo.checks.links.web.checker import shown

    said = repr([shown(result) for result in run.results.values()])
    assert "s3cret" not in said
    assert "t0ken" not in said


def test_a_request_is_one_that_servers_accept(run: Run) -> None:
    asked = run.asked[0].headers
    assert "octavo" in asked["user-agent"].lower()
    assert "text/html" in asked["accept"]
    assert "en" in asked["accept-language"]
    assert "gzip" in asked["accept-encoding"]


def test_tls_sessions_of_many_hosts_are_gone_on_with(tmp_path: Path) -> None:
    web = LoopbackWeb(tmp_path)
    hosts = [f"h{number}.{ZONE}" for number in range(60)]
    transport = CurlTransport(TransportOptions(connect_to=web.connect_to, ca_file=web.ca_file))
    try:
        for _ in range(2):
            for host in hosts:
                body = PageBody((), 1_000_000)
                transport.start(Request(host, f"https://{host}/", "/", (), body, 30.0, 30.0, is_last=True))
            answers: list[Response] = []
            deadline = time.monotonic() + 60
            while transport.active and time.monotonic() < deadline:
                answers += transport.wait(5.0)
            assert [answer.status for answer in answers] == [404] * len(hosts)
        assert web.resumed == len(hosts), "libcurl itself remembers 25"
    finally:
        transport.close()
        web.close()
