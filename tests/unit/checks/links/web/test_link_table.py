"""The links of a run outside of memory: each once, in order, with its places, its verdict and its lines."""

from __future__ import annotations

import pytest

from octavo.checks.links.web import pages
from octavo.checks.links.web.hosts import MOST_HOSTS, HostQueues, HostState
from octavo.checks.links.web.links import Link
from octavo.checks.links.web.outcome import LinkOutcome
from octavo.checks.links.web.pages import IN_MEMORY, Asker, PageQueue
from octavo.checks.links.web.settings import HostRule
from octavo.checks.links.web.table import LinkTable
from octavo.checks.links.web.verdict import OK, Finding, Reason, Verdict, broken, unknown
from octavo.checks.links.web.weburl import parse
from octavo.diagnostics import Location


@pytest.fixture(params=[IN_MEMORY, 0], ids=["in memory", "in a database"])
def in_memory(request: pytest.FixtureRequest) -> int:
    """How many places a table keeps in memory."""
    return int(request.param)


def filled(table: LinkTable, found: dict[str, Finding], *places: Location) -> None:
    table.add(Link.at(url, *(places or (Location(source="a.md"),))) for url in found)
    for link in table.joined():
        table.keep(link)
        table.decide(link.number, found[link.url])


def test_a_url_has_all_its_places_once_and_in_order(in_memory: int) -> None:
    early, late = Location(source="a.md", line=3), Location(source="b.md", line=1)
    with LinkTable(in_memory) as table:
        table.add([Link.at("https://b.org/", late), Link.at("https://a.org/", late, early)])
        table.add([Link.at("https://b.org/", early, late)])
        assert [(link.url, link.places, link.sources) for link in table.joined()] == [
            ("https://a.org/", (early, late), {"a.md", "b.md"}),
            ("https://b.org/", (early, late), {"a.md", "b.md"}),
        ]
        assert list(table.joined()) == [], "they are handed out once"


def test_outcomes_come_by_verdict_then_inside_before_web_then_by_url(in_memory: int) -> None:
    gone = broken(Reason.STATUS, "404")
    with LinkTable(in_memory) as table:
        filled(table, {"https://c.org/": gone, "https://a.org/": OK, "https://b.org/": gone})
        table.add_inside([LinkOutcome(url="x.html", verdict=Verdict.BROKEN, places=(), is_internal=True, detail="d")])
        said = [(str(o.verdict), o.url) for o in table.outcomes(tuple(Verdict))]
        assert said == [
            ("broken", "x.html"), ("broken", "https://b.org/"), ("broken", "https://c.org/"), ("ok", "https://a.org/"),
        ]  # fmt: skip
        assert [o.url for o in table.outcomes((Verdict.OK,))] == ["https://a.org/"]
        assert table.totals() == {"ok": 1, "redirected": 0, "unknown": 0, "ignored": 0, "broken": 3}


def test_findings_are_kept_as_they_are_and_can_be_replaced(in_memory: int) -> None:
    final = Finding(verdict=Verdict.OK, final_url="https://z.org/ü#\ud800")
    with LinkTable(in_memory) as table:
        filled(table, {"https://a.org/": final, "https://b.org/": broken(Reason.DNS, "no such host")})
        assert dict(table.found()) == {
            "https://a.org/": Finding(verdict=Verdict.OK, final_url="https://z.org/ü#\ufffd"),
            "https://b.org/": broken(Reason.DNS, "no such host"),
        }
        ((number, url),) = table.broken(("dns",))
        assert url == "https://b.org/"
        table.add_detail(number, "; archived")
        assert dict(table.found())[url].detail == "no such host; archived"
        table.replace((Reason.DNS,), unknown(Reason.NETWORK, "none"))
        assert dict(table.found())[url] == unknown(Reason.NETWORK, "none")


def test_only_what_is_said_gets_lines_and_each_file_is_read_once(in_memory: int) -> None:
    asked: list[tuple[str, str, set[str]]] = []

    def lines_of(artefact: str, member: str, urls: set[str]) -> dict[str, list[int]]:
        asked.append((artefact, member, urls))
        return {"https://a.org/": [7, 9]}

    place, pdf = Location(artefact="site", member="i.html"), Location(artefact="b.pdf", page=2)
    gone = broken(Reason.STATUS, "404")
    offline = unknown(Reason.OFFLINE, "not asked for")
    with LinkTable(in_memory) as table:
        filled(
            table,
            {"https://a.org/": gone, "https://b.org/": gone, "https://c.org/": OK, "https://d.org/": offline},
            place,
            pdf,
        )
        table.add_lines(lines_of)
        places = {o.url: [str(p.artefact_text()) for p in o.places] for o in table.outcomes(tuple(Verdict))}
    assert asked == [("site", "i.html", {"https://a.org/", "https://b.org/"})]
    assert places["https://a.org/"] == ["b.pdf p. 2", "site/i.html:7", "site/i.html:9"]
    assert places["https://b.org/"] == places["https://c.org/"] == ["b.pdf p. 2", "site/i.html"]


def test_pages_come_once_with_all_fragments_and_hosts_take_turns() -> None:
    urls = ["http://a.org/1#x", "http://a.org/2", "http://a.org/3", "http://b.org/", "HTTP://A.org/1", "http://a.org/1"]
    with PageQueue() as queue:
        for number, url in enumerate(urls):
            page = parse(url)
            assert page is not None
            queue.add(Asker(number, url), page)
        assert len(queue) == 6
        pages = list(queue)
    assert [page.url.page for page in pages] == ["http://a.org/1", "http://b.org/", "http://a.org/2", "http://a.org/3"]
    numbers = {f: sorted(a.number for a in own) for f, own in zip(pages[0].fragments, pages[0].askers, strict=True)}
    assert numbers == {"x": [0], None: [4, 5]}


@pytest.mark.parametrize("is_fine", [True, False])
def test_hosts_with_nothing_left_to_do_are_forgotten_where_there_are_very_many(is_fine: bool) -> None:
    queues: HostQueues[str] = HostQueues()
    for number in range(MOST_HOSTS):
        host = HostState[str](rule=HostRule(host="h"), per_host=2, interval=0.1, budget=300)
        if not is_fine:
            host.failed[Reason.REFUSED] += 1
        queues.hosts["h", number] = host
    busy, retrying, paused = (queues.hosts["h", number] for number in range(3))
    busy.active, retrying.delayed, paused.next_at = 1, 1, 20.0
    queues.make_room(10.0)
    assert list(queues.hosts.values()) == [busy, retrying, paused]


@pytest.mark.parametrize("in_memory", [IN_MEMORY, 3], ids=["in memory", "in a database"])
def test_pages_wait_in_the_same_order_wherever_they_wait(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(pages, "IN_MEMORY", in_memory)
    urls = ["http://b.org:81/", "http://a.org/2", "https://a.org/1#y", "http://u@a.org/1", "http://a.org/1#x"]
    urls += ["http://a.org/1", "http://b.org/9?q", "http://b.org/1", "http://a.org/1#x"]
    with PageQueue() as queue:
        for number, url in enumerate(urls):
            page = parse(url)
            assert page is not None
            queue.add(Asker(number, url), page)
        assert len(queue) == 9
        first = list(queue)
        assert [(page.url.page, page.url.userinfo, set(page.fragments)) for page in first] == [
            ("http://a.org/1", None, {"x", None}),
            ("https://a.org/1", None, {"y"}),
            ("http://b.org/1", None, {None}),
            ("http://b.org:81/", None, {None}),
            ("http://a.org/1", "u", {None}),
            ("http://b.org/9?q", None, {None}),
            ("http://a.org/2", None, {None}),
        ]
        assert sorted(asker.number for asker in first[0].askers[first[0].fragments.index("x")]) == [4, 8]
        assert list(queue.hosts()) == [("a.org", 80, 5), ("a.org", 443, 1), ("b.org", 80, 2), ("b.org", 81, 1)]
        assert [page.url.page for page in queue.pages_of("b.org", 80)] == ["http://b.org/1", "http://b.org/9?q"]


def test_plain_urls_wait_as_any_other_does() -> None:
    urls = ["http://a.org/2", "http://A.org/1#x", "http://a.org:80/1", "https://b.org?q", "http://b.org/%41"]
    with PageQueue() as plain, PageQueue() as parsed:
        for number, url in enumerate(urls):
            page = parse(url)
            assert page is not None
            parsed.add(Asker(number, url), page)
            assert plain.add_plain(Asker(number, url)) == (url != "http://b.org/%41")
        plain.add(Asker(4, urls[4]), page)
        assert not plain.add_plain(Asker(9, "http://a_very.bad:port/"))
        assert list(plain) == list(parsed)


def test_some_of_many_links_come_early_with_all_links_to_their_pages() -> None:
    urls = [f"http://h{host}.org/p{page}{end}" for host in range(50) for page in range(20) for end in ("", "#a", "#b")]
    urls += ["http://h0.org/p0!", "mailto:a@h.org", "http://h7.org/%7Ea"]
    with LinkTable() as table:
        table.add(Link.at(url, Location(source="a.md")) for url in urls)
        early = table.early(200)
        rest = list(table.joined())
    together = sorted([*early, *rest], key=lambda link: link.number)
    assert [link.url for link in together] == sorted(urls), "each once, and numbered in order of URL"
    assert [link.number for link in together] == list(range(1, len(urls) + 1))
    pages_early = {link.url.partition("#")[0] for link in early}
    assert not pages_early & {link.url.partition("#")[0] for link in rest}
    assert len({page.split("/")[2] for page in pages_early}) == 50, "of every host"
    assert 200 <= len(early) <= 3 * 201


@pytest.mark.parametrize(("count", "in_memory"), [(1000, IN_MEMORY), (2500, 2000)], ids=["few", "in a database"])
def test_no_links_come_early_where_they_are_few_or_not_in_memory(count: int, in_memory: int) -> None:
    with LinkTable(in_memory) as table:
        table.add(Link.at(f"http://h{i}.org/", Location(source="a.md")) for i in range(count))
        assert table.early(100) == []
        assert [link.number for link in table.joined()] == list(range(1, count + 1))


def test_a_page_that_very_many_urls_begin_like_does_not_come_early() -> None:
    urls = ["http://a.org/", *(f"http://a.org/{i:04}" for i in range(2500))]
    with LinkTable() as table:
        table.add(Link.at(url, Location(source="a.md")) for url in urls)
        assert "http://a.org/" not in {link.url for link in table.early(10)}
        assert "http://a.org/" in {link.url for link in table.joined()}
