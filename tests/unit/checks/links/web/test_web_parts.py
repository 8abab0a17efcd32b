"""A work list cut by host: who asks whom, and what becomes of a page that leads to another's host."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from test_web_engine import FakeClock, FakeTransport, Half, fine

from octavo.checks.links.web import Settings, Surroundings, parts
from octavo.checks.links.web.engine import PageResult
from octavo.checks.links.web.pages import Asker, PageQueue
from octavo.checks.links.web.parts import OnwardQueue, ask_part, first_parts, results_of, without_askers
from octavo.checks.links.web.transport import Request, Response
from octavo.checks.links.web.verdict import OK, Finding, Reason, Verdict
from octavo.checks.links.web.weburl import parse


def queue_of(*urls: str) -> PageQueue:
    queue = PageQueue()
    for number, url in enumerate(urls):
        page = parse(url)
        assert page is not None
        queue.add(Asker(number, url), page)
    return queue


def to(place: str, status: int = 302) -> Response:
    return Response(None, status, {"location": place})


def run(queue: PageQueue, server: dict[str, Response]) -> tuple[list[PageResult], list[list[list[str]]], FakeTransport]:
    """Round after round, part after part, as two workers would: results, and what was asked by round and part."""
    clock = FakeClock()
    transport = FakeTransport(clock, lambda request, number: server.get(request.url) or fine(request, number))
    around = Surroundings(transport=lambda: transport, clock=clock, chance=Half(), may_ask=lambda host: True)
    found: list[PageResult] = []
    rounds: list[list[list[str]]] = []
    later = OnwardQueue()
    waiting = list(first_parts(queue))
    while waiting:
        rounds.append([])
        while waiting:
            part = waiting.pop(0)
            pages = part.take()
            if not pages:
                continue
            before = len(transport.starts)
            answer = ask_part(
                [without_askers(page) for page in pages],
                part.hosts,
                Settings(),
                around,
                is_further=part.is_further,
                run_budget=100,
            )
            found += results_of(answer, pages, later)
            rounds[-1].append([url for _, url in transport.starts[before:]])
            part.is_further = True
            waiting.append(part)
        with later:
            waiting = list(later.parts())
        later = OnwardQueue()
    later.__exit__(None, None, None)
    return found, rounds, transport


def test_a_host_is_in_one_part_and_small_ones_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 3)
    urls = [f"http://big.org/{n}" for n in range(7)] + [f"http://{name}.org/" for name in "acdef"]
    with queue_of(*urls) as queue:
        found, rounds, _ = run(queue, {})
    assert {r.findings for r in found} == {(OK,)}
    assert Counter(r.request.askers[0][0].url for r in found) == Counter(urls)
    (first,) = rounds
    assert all(len(asked) <= 3 for asked in first)
    hosts = [{url.split("/")[2] for url in asked} for asked in first]
    assert sum("big.org" in names for names in hosts) == 3
    assert [names for names in hosts if "big.org" not in names] == [{"a.org"}, {"c.org", "d.org", "e.org"}, {"f.org"}]


def test_a_page_that_leads_to_anothers_host_is_asked_for_in_the_next_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 1)
    server = {
        "http://a.org/p": to("http://b.org/q#there", 301),
        "http://b.org/q": to("/r"),
        "http://b.org/r": to("http://c.org/s"),
    }
    with queue_of("http://a.org/p#x", "http://b.org/") as queue:
        found, rounds, _ = run(queue, server)
    assert rounds == [
        [["http://a.org/p"], ["http://b.org/"]],
        [["http://b.org/q", "http://b.org/r"]],
        [["http://c.org/s"]],
    ]
    moved = next(r for r in found if r.request.url.host == "a.org")
    assert moved.request.askers == ((Asker(0, "http://a.org/p#x"),),)
    assert moved.findings == (
        Finding(
            verdict=Verdict.BROKEN,
            reason=Reason.ANCHOR_MISSING,
            detail="no anchor 'there'",
            final_url="http://c.org/s#there",
        ),
    )


def test_a_circle_over_many_hosts_ends() -> None:
    hosts = "abcdef"
    server = {f"http://{a}.org/": to(f"http://{b}.org/") for a, b in itertools.pairwise(hosts + "a")}
    with queue_of("http://a.org/") as queue:
        ((result,), rounds, _) = run(queue, server)
    assert result.findings[0].reason is Reason.REDIRECT_LOOP
    assert len(rounds) == 6


def test_no_host_is_asked_faster_by_those_who_take_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 2)
    server = {f"http://a.org/{n}": to(f"http://b.org/{n}") for n in range(4)}
    urls = [f"http://{host}.org/{n}" for host in "ab" for n in range(4, 8)]
    with queue_of(*server, *urls) as queue:
        _, _, transport = run(queue, server)
    for host in ("a.org", "b.org"):
        times = [time for time, url in transport.starts if url.startswith(f"http://{host}/")]
        assert len(times) == 8
        assert all(later - earlier >= 0.0999 for earlier, later in itertools.pairwise(times))


def test_cookies_stay_with_the_page_and_secrets_with_their_hosts() -> None:
    asked: list[Request] = []

    def server(request: Request, number: int) -> Response:
        asked.append(request)
        return to("http://b.org/") if request.url == "http://a.org/" else fine(request, number)

    clock = FakeClock()
    transport = FakeTransport(clock, server)
    around = Surroundings(transport=lambda: transport, clock=clock, chance=Half(), may_ask=lambda host: True)
    with queue_of("http://me:secret@a.org/") as queue, OnwardQueue() as later:
        for _ in range(2):
            for part in first_parts(queue) if not asked else later.parts():
                pages = part.take()
                answer = ask_part(pages, part.hosts, Settings(), around, is_further=False, run_budget=9)
                list(results_of(answer, pages, later))
    assert [(r.url, r.userinfo) for r in asked] == [("http://a.org/", "me:secret"), ("http://b.org/", None)]
