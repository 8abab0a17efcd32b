"""Properties of reading references: nothing makes it raise, and on plain input it agrees with RFC 3986."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from hypothesis import assume, given
from hypothesis import strategies as st

from octavo.checks.links.css import css_references
from octavo.checks.links.lines import html_lines
from octavo.checks.links.markup import srcset_urls
from octavo.checks.links.page import parse_html, parse_xml
from octavo.checks.links.plain import PlainReader
from octavo.checks.links.site import _Frame, _SiteCheck
from octavo.checks.links.tokens import start_tags, unescape_attribute
from octavo.checks.links.tree import Tree
from octavo.checks.links.url import (
    BaseUrl,
    Kind,
    first_line_anchor,
    fragment_candidates,
    is_top,
    parse_base_url,
    resolve,
)

anything = st.text() | st.text(alphabet=":/\\?#[]@%.~!-0127aAfhtps\u00e9\ud800\n ")
names = st.text(alphabet="abcXYZ019-_~.é%2", min_size=1, max_size=6).filter(lambda n: "%" not in n or "%2" not in n)
plain = st.text(alphabet="abcXYZ019-_é", min_size=1, max_size=6)
segments = st.lists(plain | st.sampled_from([".", ".."]), min_size=1, max_size=6)
site = BaseUrl("https", "x.example", "/docs/")


@given(anything, anything, st.sampled_from([None, site]))
def test_resolution_never_raises(value: str, base: str, at: BaseUrl | None) -> None:
    resolved = resolve(value, base, at)
    assert isinstance(resolved.kind, Kind)
    parse_base_url(value)
    fragment_candidates(value)
    is_top(value)
    first_line_anchor(value)


@given(anything)
def test_nothing_found_is_above_the_root(value: str) -> None:
    resolved = resolve(value, "a/b.html")
    if resolved.kind is Kind.INTERNAL:
        assert not {".", ".."} & set(resolved.path.split("/"))


@given(segments, st.lists(plain, max_size=3), plain, st.none() | plain, st.none() | plain)
def test_agrees_with_urljoin(
    path: list[str], directory: list[str], page: str, query: str | None, fragment: str | None
) -> None:
    value = "/".join(path) + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    base = "/".join([*directory, page])
    resolved = resolve(value, base)
    expected = urlsplit(urljoin(f"http://h/{base}", value))
    depth = len(directory)
    for segment in path:
        depth += {"..": -1, ".": 0}.get(segment, 1)
        if depth < 0:  # a browser stops at the root in silence; here that is a finding
            assert resolved.kind is Kind.OUTSIDE
            return
    assert resolved.kind is Kind.INTERNAL
    assert resolved.path == unquote(expected.path).removeprefix("/")
    assert (resolved.fragment or "") == expected.fragment


@given(plain, plain)
def test_own_address_is_internal(directory: str, page: str) -> None:
    absolute = resolve(f"https://x.example/docs/{directory}/{page}", "a.html", site)
    assert absolute == resolve(f"{directory}/{page}", "a.html", site)


PIECES = (
    "<a |href=|'|\"|>|</a>|<!--|-->|<style>|</style>|<template>|</template>|x|#y| id=|\n|<svg>|<title>|&amp|url(|)|"
    "<base href=b>|/|=|<p|\0|<!|<?|é"
)
markup = st.lists(st.sampled_from(PIECES.split("|")), max_size=40).map("".join)


@given(markup | anything)
def test_any_markup_is_read(text: str) -> None:
    data = text.encode("utf-8", "replace")
    parse_html(data)
    html_lines(data)
    parse_xml(data)
    for tag in start_tags(text):
        assert text[tag.offset] == "<"
    css_references(text)
    unescape_attribute(text)


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    parse_html(data)
    html_lines(data)
    parse_xml(data)


@given(st.lists(plain.map(lambda n: f"{n}.png"), max_size=5), st.sampled_from(["", " 2x", " 100w", " 1x 2w"]))
def test_srcset_gives_back_its_urls(urls: list[str], descriptor: str) -> None:
    assert srcset_urls(", ".join(url + descriptor for url in urls)) == urls


SEGMENTS = st.from_regex(r"[A-Za-z0-9_.-]{1,4}", fullmatch=True) | st.just("a.html")


@given(
    st.lists(SEGMENTS, max_size=3), st.integers(0, 3), st.lists(SEGMENTS, min_size=1, max_size=3), st.none() | SEGMENTS
)
def test_the_short_way_leads_where_the_long_one_does(
    directory: list[str], ups: int, path: list[str], fragment: str | None
) -> None:
    assume(not {".", ".."} & set(directory))  # a directory of files has none
    value = "../" * ups + "/".join(path) + ("" if fragment is None else f"#{fragment}")
    base = "/".join([*directory, "page.html"])
    resolved = resolve(value, base)
    check = _SiteCheck(Path("site"), Tree([resolved.path, "/".join(path), "page.html"]), None, "site")
    route = PlainReader()[f'a href="{value}">'.encode()].route
    found = None if route is None else check._follow_route(route, _Frame(base, base, "/".join(directory), False))
    if route is not None and found is not None:
        assert resolved.kind is Kind.INTERNAL
        assert (found, route.fragment) == (resolved.path, resolved.fragment)
