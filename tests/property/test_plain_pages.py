"""Pages read by one regular expression say what the tree builder says of them, or are left to it."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from octavo.checks.links.lines import html_lines, html_lines_with, tag_lines
from octavo.checks.links.page import parse_html
from octavo.checks.links.plain import PlainReader, places_of
from octavo.checks.links.tokens import start_tags

PIECES = st.sampled_from(
    [
        '<a href="x.html#y">', '<a class="k" href="../p.html">t', "<a href='q'>", "<a href=unquoted/>", '<a name="n">',
        '<a href="&amp;&copy=1&notit;" id="&eacute;">', "</a>", '<p id="p1">', "<p>text &lt;a href='no'&gt;", "</p>",
        '<h1 id="top">', '<h2 id="top">', '<div class="c">', '<div class="c" id="d" title="a > b">', "</div>",
        '<table id="t">', '<tr id="r">', "<tr>", '<td id="cell" style="width: 5%">', "</table>", "<col id=c>",
        '<form action="a">', "<form>", "</form>", '<form action="b" id="f">', '<select id="s">', "<option id=o>",
        "</select>", "<script>if (a < b) '<a href=\"no\">'</script>", '<script src="s.js"></script>', "<script>",
        "<script><!-- <script> </script>", "</script>", "<style>p { background: url(i.png) }</style>",
        "<style>a > b { content: '<' }</style>", "<title>T</title>", "<title><b id=no></title>", "<svg>", "</svg>",
        '<svg><use xlink:href="#i"/><title>x</title></svg>', '<svg><script>"<a id=no>"</script></svg>',
        '<math><mi id="m">x</mi></math>', "<!-- <a href='no'> -->", "<!-- -- ->", "<!--> <a id=z>",
        "<!-- a --!> <i id=q>",
        "<!DOCTYPE html>", "<![CDATA[<a id=cd>]]>", "<?xml version='1.0'?>", '<body id="b1">', '<body id="b2">',
        '<html id="h">', '<head id="hd">', '<base href="sub/">', "<template><a href=t></template>", "<template>",
        '<textarea id="ta">x</textarea>', "<textarea><a id=no></textarea>", '<iframe src="f.html"></iframe>',
        '<img src="i.png" srcset="j.png 2x, k.png">', "<br/>", "<BR>", "<A HREF=up>",
        '<a\nhref="n\nl">', '<a\rhref="c">',
        '<b id="b" id="c">', "<i id>", "<i id=''>", "<a href>", "<", "< a", "<3", "</>", "</3>", "<a href='", '<a "x>',
        "<noscript>", '<noscript><img src="n.png"></noscript>', "</noscript>", "<plaintext>", "<frameset>", "\0",
        '<meta http-equiv="refresh" content="0; url=r.html">', '<link rel="stylesheet" href="s.css">', "<image src=z>",
        '<p style="background: url(a.png)">', "<o:p id=x>", "<x-y id='custom'>", "<nobr id=nb>", "\xe9\u4e2d", "<li>",
    ]
)  # fmt: skip


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=14))
@example(["<form>", "<script>'</form>'</script>", '<form action="x" id="y">'])
@example(["<svg>", "<style><a id=x></style>"])
def test_a_plain_page_is_read_as_the_tree_builder_reads_it(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    plain = PlainReader().read(data)
    if plain is None:
        return
    page = parse_html(data)
    assert {*plain.identifiers(), *plain.names()} == page.anchors
    assert {r for f in plain.facts for r in f.references} == set(page.references)
    assert plain.base() == page.base


@given(st.text(alphabet="<>/!-= \"'abhref\n&;?", max_size=60))
def test_no_text_is_read_otherwise_than_by_the_tree_builder(text: str) -> None:
    data = text.encode()
    plain = PlainReader().read(data)
    if plain is not None:
        page = parse_html(data)
        assert {*plain.identifiers(), *plain.names()} == page.anchors
        assert {r for f in plain.facts for r in f.references} == set(page.references)


@given(st.lists(PIECES, max_size=10))
def test_the_places_of_tags_are_those_of_the_tokenizer(pieces: list[str]) -> None:
    text = "".join(pieces)
    plain = PlainReader().read(text.encode())
    if plain is None or not text.isascii():
        return
    places = list(places_of(text.encode()))
    assert [tag for tag, _ in places] == list(plain.tags)
    known = {tag.offset for tag in start_tags(text)}
    assert all(offset in known for tag, offset in places if tag_lines(tag))


@given(st.lists(PIECES, max_size=14))
@example(['<a href="no.html">', "<!-- a", '<a\nhref="n\nl">'])
@example(["<select id='s'>", '<a href="&amp;&copy=1&notit;">', "<plaintext>", "<a href=q>"])
def test_lines_that_are_looked_for_by_words_are_those_of_the_tokenizer(pieces: list[str]) -> None:
    data = "\n".join(pieces).encode()
    wanted = {"x.html#y": b"x.html", "q": b"q", "s.js": b"s.js", "a.png": b"a.png", "&\xa9=1&notit;": b"notit"}
    all_of_them = [(r.value, line) for r, line in html_lines(data) if r.value in wanted]
    some = [(r.value, line) for r, line in html_lines_with(data, wanted.values()) if r.value in wanted]
    assert some == all_of_them


def test_a_page_of_markers_without_end_costs_time_linear_in_its_size() -> None:
    for piece in (b"<!--", b"<script>", b"<a href='", b"<a b=", b"<title>", b"</", b"<a " + b"b " * 50):
        assert PlainReader().read(piece * 40_000) is None or piece == b"<title>"
