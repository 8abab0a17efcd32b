"""Whatever stands in a link or comes from a server: nothing raises, and what is made of it can be asked for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from octavo.checks.links.web import backoff
from octavo.checks.links.web.anchors import is_found, is_scripted, needles_of, read_anchors
from octavo.checks.links.web.changed import added_lines
from octavo.checks.links.web.comments import comments_in
from octavo.checks.links.web.schemes import judge_scheme
from octavo.checks.links.web.weburl import NotWeb, WebUrl, join, parse, without_userinfo
from octavo.reading.addresses import is_private_host, is_public

PIECES = st.sampled_from(
    ["http:", "https:", "//", "/", "\\", "..", ".", "%2e", "%2F", "%", "?", "#", "@", ":", "[", "]", "a.org", "ü", "☕",
     "127.1", "0x7f.1", "::1", " ", "\t", "\n", "\x00", "\ud800", "\udcdf", "user:pw", "mailto:", "data:,", "~", "&"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))
BASE = parse("https://base.org/dir/page?q=1#f")


def is_askable(url: WebUrl) -> bool:
    return bool(re.fullmatch(r"https?://[!-~]+", url.page)) and url.target.startswith("/") and 0 <= url.port <= 65535


@given(TEXTS)
def test_parsing_never_raises_and_gives_ascii(text: str) -> None:
    url = parse(text)
    assert url is None or is_askable(url)


@given(TEXTS)
def test_parsing_twice_is_parsing_once(text: str) -> None:
    url = parse(text)
    if url is not None:
        again = parse(url.page)
        assert again is not None
        assert again.page == url.page


PLAIN = st.lists(
    st.sampled_from(
        ["a", "Z9", "/", "//", ".", "..", "/.", "~", "%41", "%2e", "?", "#", "&=", "!", "'", ":80", ":", "@"]
    ),
    max_size=9,
).map("".join)


@given(st.sampled_from(["http://a.org", "https://A.org:443", "http://127.1", "http://u@a.org", "http://-a..b"]), PLAIN)
def test_what_is_not_to_be_mended_is_read_as_all_else(server: str, rest: str) -> None:
    assert parse(f"{server}{rest}") == parse(f" {server}{rest}"), "a space is to be cut off, and takes the long way"


@given(TEXTS)
def test_joining_never_raises_and_stays_on_the_web(text: str) -> None:
    assert BASE is not None
    joined = join(BASE, text)
    assert isinstance(joined, NotWeb) or is_askable(joined)


@given(TEXTS)
def test_no_step_leads_above_the_root(text: str) -> None:
    url = parse(f"http://a.org/{text}")
    if url is not None:
        assert "/../" not in url.target.partition("?")[0] + "/"


@given(st.from_regex(r"[a-z0-9:]{1,9}", fullmatch=True), st.from_regex(r"[a-z/#?]{0,9}", fullmatch=True))
def test_userinfo_is_never_shown(secret: str, rest: str) -> None:
    text = f"https://{secret}@zzz.org/{rest}"
    url = parse(text)
    assert url is not None
    assert urlsplit(url.shown(url.fragment)).username is None
    assert without_userinfo(text) == f"https://zzz.org/{rest}"


@given(TEXTS)
def test_schemes_and_hosts_never_raise(text: str) -> None:
    judge_scheme(text)
    is_private_host(text)
    is_public(text)
    is_scripted(text, "a.org")


@given(st.ip_addresses())
def test_an_address_is_judged_alike_as_host_and_as_address(address: object) -> None:
    assert is_private_host(str(address)) is not is_public(str(address))


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_the_same_address(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    for disguise in (str(number), hex(number), f"0x{number >> 24:x}.{number & 0xFFFFFF}"):
        url = parse(f"http://{disguise}/")
        assert url is not None
        assert url.host == str(address)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_delays_are_bounded(attempt: int, chance: float) -> None:
    assert 0 < backoff.delay(attempt, chance) <= backoff.LONGEST_DELAY


@given(
    st.one_of(st.text(), st.integers().map(str), st.datetimes().map(lambda d: d.strftime("%a, %d %b %Y %H:%M:%S GMT")))
)
def test_retry_after_is_never_negative(value: str) -> None:
    seconds = backoff.retry_after(value, 1_800_000_000.0)
    assert seconds is None or seconds >= 0


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_any_bytes_are_a_page(body: bytes, content_type: str) -> None:
    assert all(isinstance(identifier, str) for identifier in read_anchors(body, content_type).ids)


@given(st.text(min_size=1).filter(lambda t: not re.search(r"[\x00-\x20\ud800-\udfff\"&<>%]|:~:", t)))
def test_an_id_is_found_by_itself_and_its_needle(identifier: str) -> None:
    body = f'<!DOCTYPE html><p id="{identifier}">'.encode()
    assert all(needle in body for needle in needles_of([identifier]))
    assert is_found(identifier, read_anchors(body, "text/html; charset=utf-8").ids)


@given(st.text())
def test_sources_and_diffs_never_raise(text: str) -> None:
    comments_in(text, "a.md")
    added_lines(text)
