"""A work list that two worker processes share: the verdicts are those of a plain run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from loopback_server import ADDRESSES, Answer, Asked, LoopbackWeb

from octavo.checks.links.web import Settings, check_urls, real_surroundings
from octavo.checks.links.web.cluster import asking_cluster
from octavo.checks.links.web.settings import HostRule, Limits
from octavo.diagnostics import MissingToolError

# what a scheduler's own libraries warn of is not ours to mend
pytestmark = pytest.mark.filterwarnings("ignore")
HOSTS = ADDRESSES[:6]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackWeb]:
    started = LoopbackWeb(tmp_path_factory.mktemp("web"))
    try:
        yield started
    finally:
        started.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as started:
        yield started.scheduler_address


def urls_of(web: LoopbackWeb) -> list[str]:
    """Six hosts that link to each other in all ways."""
    places = [web.plain_place(host) for host in HOSTS]
    urls = []
    for number, (host, place) in enumerate(zip(HOSTS, places, strict=True)):
        other = f"http://{places[(number + 1) % len(HOSTS)]}"
        third = f"http://{places[(number + 2) % len(HOSTS)]}"
        web.routes.update({
            (host, "/fine"): Answer(body='<h1 id="here">x</h1>' + "words " * 100),
            (host, "/moved"): Answer(301, headers=(("Location", "/fine"),)),
            (host, "/away"): Answer(302, headers=(("Location", f"{other}/fine"),)),
            (host, "/away-for-good"): Answer(301, headers=(("Location", f"{other}/away"),)),
            (host, "/to-a-place"): Answer(302, headers=(("Location", f"{other}/fine#here"),)),
            (host, "/to-nowhere"): Answer(302, headers=(("Location", f"{other}/none"),)),
            (host, "/around"): Answer(302, headers=(("Location", f"{third}/around"),)),
            (host, "/limited"): Answer(429, headers=(("Retry-After", "4000"),)),
            (host, "/secret"): _only_with_token,
            (host, "/carries"): Answer(302, headers=(("Location", f"{other}/secret"), ("Set-Cookie", "k=1"))),
        })  # fmt: skip
        names = (
            "/fine",
            "/fine#here",
            "/fine#gone",
            "/moved#here",
            "/away",
            "/away#here",
            "/away#gone",
            "/away-for-good",
        )
        names += ("/to-a-place#lost", "/to-nowhere", "/around", "/limited", "/none", "/secret", "/carries")
        urls += [f"http://{place}{name}" for name in names]
    return [*urls, "http://127.0.0.1:1/refused", "mailto:a@example.org", "http://a b/"]


def _only_with_token(asked: Asked) -> Answer:
    is_first = asked.host == HOSTS[0]
    has_token = asked.headers.get("x-token") == "t0ken"
    return Answer() if has_token == is_first else Answer(403, "<h1>No</h1>")


def settings() -> Settings:
    return Settings(
        limits=Limits(timeout=5, retries=0, rate=100, per_host=1),
        hosts=(HostRule(host=HOSTS[0], headers=(("X-Token", "t0ken"),)),),
        allow_private=True,
    )


def test_two_workers_find_what_one_process_finds(web: LoopbackWeb, cluster: str) -> None:
    urls = urls_of(web)
    wanted = settings()
    here = {r.url: r.finding for r in check_urls(urls, wanted, real_surroundings(wanted))}
    surroundings = real_surroundings(wanted)
    surroundings = replace(surroundings, ask=asking_cluster(cluster, wanted, surroundings.clock))
    there = {r.url: r.finding for r in check_urls(urls, wanted, surroundings)}
    assert there == here
    assert {str(f.verdict) for f in here.values()} == {"ok", "redirected", "unknown", "broken"}


def test_the_command_asks_a_cluster(
    web: LoopbackWeb, cluster: str, octavo: Callable[..., object], tmp_path: Path
) -> None:
    place = web.plain_place(HOSTS[0])
    web.routes[HOSTS[0], "/there"] = Answer()
    urls = tmp_path / "urls.txt"
    urls.write_text(f"http://{place}/there\nhttp://{place}/not-there\n")
    common = ("check", "links", "--urls", urls, "--allow-private", "--report", "json", "--cluster")
    done = octavo(*common, cluster, cwd=tmp_path)
    assert json.loads(done.out)["totals"] == {"ok": 1, "redirected": 0, "unknown": 0, "ignored": 0, "broken": 1}
    assert done.status == 2


def test_no_cluster_is_said(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octavo.checks.links.web.cluster._SECONDS_TO_CONNECT", 0.2)
    wanted = settings()

    surroundings = real_surroundings(wanted)
    surroundings = replace(surroundings, ask=asking_cluster("tcp://127.0.0.1:1", wanted, surroundings.clock))
    with pytest.raises(MissingToolError, match="no cluster answers"):
        list(check_urls(["http://127.0.0.1:1/"], wanted, surroundings))
