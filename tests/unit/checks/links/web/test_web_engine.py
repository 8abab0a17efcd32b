"""The engine with a transport, a clock and chance of the test's own: budgets, politeness, retries."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from octavo.checks.links.web import HostRule, Limits, Settings, Surroundings, check_urls
from octavo.checks.links.web.checker import decide_links
from octavo.checks.links.web.pages import Asker
from octavo.checks.links.web.transport import Failure, Request, Response


@dataclass
class FakeClock:
    time: float = 1000.0

    def now(self) -> float:
        return self.time

    def epoch(self) -> float:
        return 1_800_000_000.0 + self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds


class Half:
    def random(self) -> float:
        return 0.5


Server = Callable[[Request, int], Response]


@dataclass
class FakeTransport:
    """Answers at once in the order of asking; a transfer takes `takes` seconds of the clock."""

    clock: FakeClock
    server: Server
    takes: float = 0.0
    starts: list[tuple[float, str]] = field(default_factory=list)
    running: list[tuple[float, Request]] = field(default_factory=list)
    most: int = 0
    behind_from: int = 1000  # answers that wait, from which on it is behind

    @property
    def active(self) -> int:
        return len(self.running)

    @property
    def is_behind(self) -> bool:
        return sum(ends <= self.clock.time for ends, _ in self.running) >= self.behind_from

    def start(self, request: Request) -> None:
        self.starts.append((self.clock.time, request.url))
        self.running.append((self.clock.time + self.takes, request))
        self.most = max(self.most, len(self.running))

    def wait(self, seconds: float) -> list[Response]:
        ends, request = self.running[0]
        if ends > self.clock.time + seconds:
            self.clock.time += seconds
            return []
        self.clock.time = max(self.clock.time, ends)
        self.running.pop(0)
        number = sum(url == request.url for _, url in self.starts) - 1
        answer = self.server(request, number)
        answer.token = request.token
        if answer.failure is None:
            request.body.begin(answer.status, answer.headers.get("content-type", ""), None)
        return [answer]

    def abandon(self) -> list[object]:
        tokens = [request.token for _, request in self.running]
        self.running.clear()
        return tokens

    def close(self) -> None:
        self.running.clear()


def run(
    urls: list[str],
    server: Server,
    settings: Settings | None = None,
    takes: float = 0.0,
    behind_from: int = 1000,
) -> tuple[dict[str, tuple[str, str | None]], FakeTransport]:
    clock = FakeClock()
    transport = FakeTransport(clock, server, takes, behind_from=behind_from)
    surroundings = Surroundings(transport=lambda: transport, clock=clock, chance=Half(), may_ask=lambda host: True)
    found = check_urls(urls, settings or Settings(), surroundings)
    return {r.url: (str(r.finding.verdict), r.finding.reason and str(r.finding.reason)) for r in found}, transport


def fine(request: Request, number: int) -> Response:
    return Response(None, 200, {"content-type": "text/html"})


def test_one_request_answers_all_fragments_of_a_page() -> None:
    found, transport = run(["http://a.org/p#:~:text=x", "http://a.org/p", "http://a.org/p#top"], fine)
    assert len(transport.starts) == 1
    assert found == {
        "http://a.org/p#:~:text=x": ("unknown", "anchor-scripted"),
        "http://a.org/p": ("ok", None),
        "http://a.org/p#top": ("ok", None),
    }


def test_a_host_gets_so_many_at_once_and_in_a_second() -> None:
    urls = [f"http://a.org/{i}" for i in range(30)]
    _, transport = run(urls, fine, Settings(limits=Limits(per_host=2, rate=10.0)), takes=0.3)
    times = [time for time, _ in transport.starts]
    assert transport.most == 2
    assert all(later - earlier >= 0.0999 for earlier, later in itertools.pairwise(times))


def test_no_more_transfers_begin_at_once_than_the_network_keeps_up_with() -> None:
    urls = [f"http://h{i}.org/{page}" for i in range(100) for page in range(3)]
    found, transport = run(urls, fine, Settings(limits=Limits(rate=0)), behind_from=40)
    assert 40 <= transport.most < 40 + 20, "those that ended had others in their place, and no more began"
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    assert len(found) == 300


def test_a_host_is_asked_for_its_next_page_before_a_plain_answer_is_read() -> None:
    began: list[int] = []

    def server(request: Request, number: int) -> Response:
        began.append(len(transport.starts))
        return fine(request, number)

    clock = FakeClock()
    transport = FakeTransport(clock, server, takes=1.0, behind_from=1)
    around = Surroundings(transport=lambda: transport, clock=clock, chance=Half(), may_ask=lambda host: True)
    settings = Settings(limits=Limits(per_host=1, rate=0))
    results = check_urls([f"http://h{h}.org/{page}" for h in range(3) for page in range(4)], settings, around)
    next(results)
    assert len(transport.starts) > 3, "the second pages are under way when the first verdict is said"
    assert len(list(results)) == 11


def test_an_answer_that_asks_for_a_pause_is_read_at_once() -> None:
    def server(request: Request, number: int) -> Response:
        is_asked_first = request.url == "http://a.org/1" and number == 0
        return Response(None, 429, {"retry-after": "7"}) if is_asked_first else fine(request, number)

    settings = Settings(limits=Limits(per_host=1, rate=0))
    urls = ["http://a.org/1", "http://a.org/2", "http://b.org/1", "http://b.org/2"]
    found, transport = run(urls, server, settings, takes=1.0, behind_from=1)
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    (first, _), *further = (start for start in transport.starts if start[1].startswith("http://a.org/"))
    assert further
    assert min(when for when, _ in further) >= first + 7, "though there was more to look at when it came"


def test_connections_that_a_host_needs_no_more_are_closed_meanwhile() -> None:
    asked: dict[str, bool] = {}

    def server(request: Request, number: int) -> Response:
        asked[request.url] = request.is_last
        return fine(request, number)

    urls = [f"http://{host}.org/{page}" for host in "ab" for page in range(5)]
    run(urls, server, Settings(limits=Limits(per_host=2, rate=0)), takes=0.1)
    assert [url for url, is_last in asked.items() if is_last] == [u for u in asked if u[-1] in "34"]


def test_what_comes_early_is_asked_for_before_the_rest_is_looked_at() -> None:
    seen: list[int] = []

    def askers() -> Iterator[Asker | None]:
        yield Asker(1, "mailto:a@b.org")
        yield None  # nothing is to be asked for so far, so this says nothing
        yield Asker(2, "http://a.org/1")
        yield None
        seen.append(len(transport.starts))
        yield Asker(3, "mailto:nobody")
        yield Asker(4, "http://b.org/2")

    clock = FakeClock()
    transport = FakeTransport(clock, fine, takes=1.0)
    around = Surroundings(transport=lambda: transport, clock=clock, chance=Half(), may_ask=lambda host: True)
    found = {asker.number: str(finding.verdict) for asker, finding in decide_links(askers(), Settings(), around)}
    assert seen == [1]
    assert found == {1: "ok", 2: "ok", 3: "broken", 4: "ok"}


def test_hosts_do_not_wait_for_each_other() -> None:
    urls = [f"http://h{i}.org/" for i in range(50)]
    _, transport = run(urls, fine, takes=1.0)
    assert {time for time, _ in transport.starts} == {1000.0}


def test_a_rule_gives_a_host_its_own_rate() -> None:
    settings = Settings(hosts=(HostRule(host="slow.org", rate=0.5, per_host=1),))
    _, transport = run([f"http://slow.org/{i}" for i in range(4)], fine, settings)
    assert [time - 1000.0 for time, _ in transport.starts] == [0.0, 2.0, 4.0, 6.0]


def test_back_off_grows_and_gives_up() -> None:
    found, transport = run(["http://a.org/"], lambda r, n: Response(None, 503))
    assert found == {"http://a.org/": ("unknown", "server-error")}
    assert [time - 1000.0 for time, _ in transport.starts] == [0.0, 0.75, 2.25]


def test_a_host_is_left_alone_for_as_long_as_it_asks() -> None:
    def server(request: Request, number: int) -> Response:
        if request.url.endswith("/0") and number == 0:
            return Response(None, 429, {"retry-after": "30"})
        return fine(request, number)

    found, transport = run([f"http://a.org/{i}" for i in range(5)], server, takes=0.01)
    assert set(found.values()) == {("ok", None)}
    assert [url for time, url in transport.starts if 0.2 < time - 1000.0 < 30] == []


def test_a_url_that_always_answers_429_ends_and_hurts_no_other() -> None:
    def server(request: Request, number: int) -> Response:
        return Response(None, 429, {"retry-after": "5"}) if request.url.endswith("/0") else fine(request, number)

    found, transport = run([f"http://a.org/{i}" for i in range(20)], server)
    assert found.pop("http://a.org/0") == ("unknown", "rate-limited")
    assert set(found.values()) == {("ok", None)}
    assert transport.clock.time < 1000 + 60


def test_a_host_that_limits_everything_ends_within_its_budget() -> None:
    limits = Limits(host_budget=100.0)
    found, transport = run(
        [f"http://a.org/{i}" for i in range(500)],
        lambda r, n: Response(None, 429, {"retry-after": "40"}),
        Settings(limits=limits),
    )
    assert set(found.values()) == {("unknown", "rate-limited")}
    assert transport.clock.time < 1000 + 100 + 60


def test_a_name_that_is_not_there_is_asked_for_by_one_page() -> None:
    found, transport = run(
        [f"http://gone.org/{i}" for i in range(50)], lambda r, n: Response(None, failure=Failure.DNS)
    )
    assert set(found.values()) == {("broken", "dns")}
    assert len(transport.starts) <= 2 * 3


def test_a_name_that_was_not_found_is_looked_up_anew() -> None:
    asked: list[tuple[str, bool]] = []

    def server(request: Request, number: int) -> Response:
        asked.append((request.url, request.looks_up_anew))
        if number == 0:
            return Response(None, failure=Failure.DNS if "names" in request.url else Failure.RESET)
        if request.url == "http://names.org/":
            return Response(None, 302, {"location": "http://other.org/"})
        return fine(request, number)

    found, _ = run(["http://names.org/", "http://reset.org/"], server)
    assert set(found.values()) == {("ok", None)}
    assert sorted(asked) == [
        ("http://names.org/", False),
        ("http://names.org/", True),
        ("http://other.org/", False),
        ("http://other.org/", False),
        ("http://reset.org/", False),
        ("http://reset.org/", False),
    ]


def test_a_host_that_fails_at_one_page_may_stumble_at_another() -> None:
    def server(request: Request, number: int) -> Response:
        if request.url.endswith("/0"):
            return Response(None, failure=Failure.RESET)
        if number == 0:
            return Response(None, failure=Failure.TIMEOUT if request.url.endswith("/1") else Failure.RESET)
        return fine(request, number)

    found, _ = run([f"http://a.org/{i}" for i in range(5)], server, Settings(limits=Limits(per_host=1)))
    assert found.pop("http://a.org/0") == ("broken", "reset")
    assert set(found.values()) == {("ok", None)}


def test_after_some_pages_failed_to_the_end_others_get_one_attempt() -> None:
    def server(request: Request, number: int) -> Response:
        return Response(None, failure=Failure.TIMEOUT)

    found, transport = run([f"http://slow.org/{i}" for i in range(20)], server)
    assert set(found.values()) == {("broken", "timeout")}
    assert len(transport.starts) < 20 * 2


def test_the_run_ends_when_its_time_is_over() -> None:
    limits = Limits(run_budget=10.0, rate=1.0)
    found, transport = run([f"http://a.org/{i}" for i in range(100)], fine, Settings(limits=limits))
    assert len(found) == 100
    assert set(found.values()) == {("ok", None), ("unknown", "budget")}
    assert transport.clock.time <= 1010


def test_what_is_under_way_when_time_is_over_is_unknown() -> None:
    limits = Limits(run_budget=10.0)
    found, _ = run(["http://a.org/1", "http://b.org/2"], fine, Settings(limits=limits), takes=100.0)
    assert set(found.values()) == {("unknown", "budget")}


def test_a_page_has_a_budget_for_all_its_attempts() -> None:
    limits = Limits(url_budget=20.0, retries=50)
    found, transport = run(["http://a.org/"], lambda r, n: Response(None, 503), Settings(limits=limits))
    assert found == {"http://a.org/": ("unknown", "server-error")}
    assert transport.clock.time <= 1020


def test_robots_are_asked_once_and_honoured() -> None:
    urls = ["http://a.org/private/x", "http://a.org/open", "http://a.org/private/y"]
    found, transport = run(urls, server_keeping_bodies(b"User-agent: *\nDisallow: /private/\n"), Settings(robots=True))
    assert found == {
        "http://a.org/private/x": ("unknown", "robots"),
        "http://a.org/open": ("ok", None),
        "http://a.org/private/y": ("unknown", "robots"),
    }
    assert [url for _, url in transport.starts] == ["http://a.org/robots.txt", "http://a.org/open"]


def test_no_robots_allow_everything_and_broken_ones_nothing() -> None:
    for status, expected in ((404, ("ok", None)), (503, ("unknown", "robots"))):

        def server(request: Request, number: int, status: int = status) -> Response:
            return Response(None, status) if request.url.endswith("/robots.txt") else fine(request, number)

        found, _ = run(["http://a.org/p"], server, Settings(robots=True))
        assert found == {"http://a.org/p": expected}


def server_keeping_bodies(robots: bytes) -> Server:
    def server(request: Request, number: int) -> Response:
        if request.url.endswith("/robots.txt"):
            request.body.write(robots)
            return Response(None, 200, {"content-type": "text/plain"})
        return fine(request, number)

    return server


def test_nothing_is_asked_for_offline() -> None:
    def no_transport() -> FakeTransport:
        raise AssertionError("asked")

    surroundings = Surroundings(transport=no_transport, clock=FakeClock(), chance=Half(), may_ask=lambda host: True)
    found = list(check_urls(["http://a.org/", "mailto:a@b.org"], Settings(), surroundings, is_offline=True))
    assert [(str(r.finding.verdict), str(r.finding.reason)) for r in found] == [
        ("unknown", "offline"),
        ("ok", "None"),
    ]


def test_headers_of_a_host_stay_there() -> None:
    sent: dict[str, tuple[str, ...]] = {}

    def server(request: Request, number: int) -> Response:
        sent[request.url] = request.headers
        if request.url == "https://a.org/p":
            return Response(None, 302, {"location": "http://a.org/q"})
        return fine(request, number)

    settings = Settings(hosts=(HostRule(host="a.org", headers=(("Authorization", "t0ken"),)),))
    run(["https://a.org/p", "https://b.org/"], server, settings)
    assert "Authorization: t0ken" in sent["https://a.org/p"]
    assert not any("t0ken" in line for line in sent["http://a.org/q"]), "not over an open connection"
    assert not any("t0ken" in line for line in sent["https://b.org/"])
