"""One site with a break on each of many pages, far down in it and beside links that are fine: each is found, once."""

# ruff: noqa: E501 -- a case is a line of its table
from __future__ import annotations

import pytest

from octavo.checks.links import check_site
from octavo.diagnostics import Diagnostic

# title, what stands on the page (in the folder "part"), expected as "rule value"
PLANTED = [
    ("page beside", '<a href="gone.html">', "page-missing gone.html"),
    ("page above", '<a href="../gone.html">', "page-missing ../gone.html"),
    ("page above by a detour", '<a href="./../part/./../gone.html">', "page-missing ./../part/./../gone.html"),
    ("page below", '<a href="deep/gone.html">', "page-missing deep/gone.html"),
    ("page of a folder that is not there", '<a href="nowhere/ok.html">', "page-missing nowhere/ok.html"),
    ("page without its suffix", '<a href="ok">', "page-missing ok"),
    ("page with another suffix", '<a href="ok.htm">', "page-missing ok.htm"),
    ("source file in place of the page", '<a href="ok.md">', "file-missing ok.md"),
    ("rst in place of the page", '<a href="../index.rst#x">', "file-missing ../index.rst"),
    ("page with a query", '<a href="gone.html?q=1#x">', "page-missing gone.html"),
    ("page with an encoded dot", '<a href="ok%2Ehtml%20">', "file-missing ok%2Ehtml%20"),
    ("page encoded twice", '<a href="na%25C3%25AFve.html">', "page-missing na%25C3%25AFve.html"),
    ("page in Latin-1", '<a href="na%EFve.html">', "page-missing na%EFve.html"),
    ("page with its case wrong", '<a href="OK.html">', "case-mismatch OK.html"),
    ("page with its suffix's case wrong", '<a href="ok.HTML">', "case-mismatch ok.HTML"),
    ("folder with its case wrong", '<a href="../Part/ok.html">', "case-mismatch ../Part/ok.html"),
    ("folder above without an index", '<a href="../empty/">', "page-missing ../empty/"),
    ("from the root", '<a href="/part/gone.html">', "page-missing /part/gone.html"),
    ("from the root, not in the folder", '<a href="/ok.html">', "page-missing /ok.html"),
    ("out of the root", '<a href="../../ok.html">', "outside-root ../../ok.html"),
    ("out of the root, encoded", '<a href="%2e%2e/%2e%2e/ok.html">', "outside-root %2e%2e/%2e%2e/ok.html"),
    ("out of the root by backslashes", '<a href="..\\..\\ok.html">', "outside-root ..\\..\\ok.html"),
    ("anchor beside", '<a href="ok.html#gone">', "anchor-missing gone"),
    ("anchor of the page itself", '<a href="#gone">', "anchor-missing gone"),
    ("anchor of the page by its name", '<a href="ok.html?x#gone">', "anchor-missing gone"),
    ("anchor above", '<a href="../index.html#here">', "anchor-missing here"),
    ("anchor of a folder", '<a href="../#here">', "anchor-missing here"),
    ("anchor from the root", '<a href="/index.html#here">', "anchor-missing here"),
    ("anchor with its case wrong", '<a href="ok.html#Here">', "anchor-missing Here"),
    ("anchor with a hyphen too many", '<a href="ok.html#he-re">', "anchor-missing he-re"),
    ("anchor with white space", '<a href="ok.html#here%20">', "anchor-missing here "),
    ("anchor encoded twice", '<a href="ok.html#h%2565re">', "anchor-missing h%65re"),
    ("anchor in another normal form", '<a href="ok.html#cafe%CC%81">', "anchor-missing cafe\u0301"),
    ("anchor with two signs", '<a href="ok.html##here">', "anchor-missing #here"),
    ("anchor by an escape", '<a href="ok.html#g&#111;ne">', "anchor-missing gone"),
    ("anchor with an ampersand", '<a href="ok.html#a&amp;b">', "anchor-missing a&b"),
    ("anchor that only a class has", '<p class="only"><a href="#only">', "anchor-missing only"),
    ("anchor that only another name has", '<input name="field"><a href="#field">', "anchor-missing field"),
    ("anchor that only a comment has", '<!-- <p id="note"> --><a href="#note">', "anchor-missing note"),
    ("anchor that only a script has", "<script>'<p id=\"made\">'</script><a href=\"#made\">", "anchor-missing made"),
    ("anchor that only a text has", '&lt;p id="text"&gt;<a href="#text">', "anchor-missing text"),
    ("anchor of a row outside of a table", '<tr id="row"><a href="#row">', "anchor-missing row"),
    ("area of a map", '<map name="m"><area shape="default" href="gone.html"></map>', "page-missing gone.html"),
    ("next page", '<link rel="next" href="gone.html">', "page-missing gone.html"),
    ("search page", '<link rel="search" href="../search.html">', "page-missing ../search.html"),
    ("alternate page", '<link rel="alternate" hreflang="de" href="de/ok.html">', "page-missing de/ok.html"),
    ("preloaded script", '<link rel="preload" as="script" href="gone.js">', "file-missing gone.js"),
    ("preloaded module", '<link rel="modulepreload" href="gone.mjs">', "file-missing gone.mjs"),
    ("touch icon", '<link rel="apple-touch-icon" href="gone.png">', "image-missing gone.png"),
    ("style sheet from the root", '<link rel="stylesheet" href="/_static/gone.css?v=1">', "file-missing /_static/gone.css"),
    ("module", '<script type="module" src="gone.mjs"></script>', "file-missing gone.mjs"),
    ("image above", '<img alt="" src="../_images/gone.svg">', "image-missing ../_images/gone.svg"),
    ("image with its case wrong", '<img src="../_images/Ok.png">', "case-mismatch ../_images/Ok.png"),
    ("image with a descriptor", '<img src="../_images/ok.png" srcset="../_images/ok.png 1x, ../_images/ok2x.png 2x">', "image-missing ../_images/ok2x.png"),
    ("picture's source", '<picture><source srcset="gone.avif" type="image/avif"><img src="../_images/ok.png"></picture>', "image-missing gone.avif"),
    ("poster", '<video poster="gone.jpg"></video>', "image-missing gone.jpg"),
    ("film", '<video><source src="gone.webm" type="video/webm"></video>', "file-missing gone.webm"),
    ("sound", '<audio src="gone.mp3"></audio>', "file-missing gone.mp3"),
    ("subtitles", '<video><track kind="captions" src="gone.vtt"></video>', "file-missing gone.vtt"),
    ("embedded", '<embed src="gone.swf">', "file-missing gone.swf"),
    ("object", '<object type="image/svg+xml" data="gone.svg"></object>', "image-missing gone.svg"),
    ("frame", '<iframe title="demo" src="../demo/"></iframe>', "page-missing ../demo/"),
    ("quotation", '<q cite="gone.html#p">', "page-missing gone.html"),
    ("insertion", '<ins cite="gone.html">', "page-missing gone.html"),
    ("deletion", '<del cite="../gone.html">', "page-missing ../gone.html"),
    ("search form", '<form role="search" action="../search.html" method="get"></form>', "page-missing ../search.html"),
    ("button", '<button formaction="gone.html">', "page-missing gone.html"),
    ("background", '<body background="gone.gif">', "image-missing gone.gif"),
    ("refresh", '<meta http-equiv="refresh" content="0;URL=gone.html">', "page-missing gone.html"),
    ("refresh to an anchor", '<meta http-equiv="refresh" content="1, ok.html#gone">', "anchor-missing gone"),
    ("style of an element", '<p style="background: #fff url(../_images/gone.png) no-repeat">', "image-missing ../_images/gone.png"),
    ("style of a page", "<style>h1 { background: url('gone.png') }</style>", "image-missing gone.png"),
    ("imported style", '<style>@import url("gone.css") screen;</style>', "file-missing gone.css"),
    ("font", '<style>@font-face { src: url(gone.woff2) format("woff2") }</style>', "file-missing gone.woff2"),
    ("drawn symbol", '<svg><use xlink:href="#symbol"/></svg>', "anchor-missing symbol"),
    ("symbol of another file", '<svg><use href="../_images/ok.svg#symbol"/></svg>', "anchor-missing symbol"),
    ("gradient", '<svg><rect fill="url(#gradient)"/></svg>', "anchor-missing gradient"),
    ("link in a drawing", '<svg><a href="gone.html"><text>x</text></a></svg>', "page-missing gone.html"),
    ("picture in a drawing", '<svg><image xlink:href="gone.png"/></svg>', "image-missing gone.png"),
    ("link in a formula", '<math><mrow href="#gone"><mi>x</mi></mrow></math>', "anchor-missing gone"),
    ("disk of Windows", '<a href="file:///C:/book/index.html">', "local-file file:///C:/book/index.html"),
    ("host without an end", '<a href="http://[::1/">', "url-invalid http://[::1/"),
    ("scheme mistyped", '<a href="htttp://example.org/">', "url-invalid htttp://example.org/"),
]  # fmt: skip
HERE = '<p>before <a href="ok.html#here">fine</a>\n'
SIDEBAR = '<nav><a href="../index.html">home</a><a class="current" href="ok.html">this</a><a href="https://example.org/">out</a></nav>\n'


def page(body: str) -> str:
    return f'<!DOCTYPE html><html><head><title>T</title></head>{SIDEBAR}{HERE}{body}\n<a href="../#top">fine, too</a>'


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Diagnostic]]:
    root = tmp_path_factory.mktemp("planted") / "site"
    (root / "part").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "_images").mkdir()
    (root / "empty" / "x.txt").write_text("")
    (root / "_images" / "ok.png").write_bytes(b"")
    (root / "_images" / "ok.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g id="icon"/></svg>')
    (root / "index.html").write_text("<!DOCTYPE html><p>home")
    (root / "part" / "ok.html").write_text(
        '<!DOCTYPE html><meta charset="utf-8"><p id="here"><p id="caf\u00e9">', "utf-8"
    )
    for number, (_, body, _) in enumerate(PLANTED):
        (root / "part" / f"p{number}.html").write_text(page(body), encoding="utf-8")
    found: dict[str, list[Diagnostic]] = {}
    for diagnostic in check_site(root, artefact="site", trace=None).diagnostics:
        found.setdefault(diagnostic.location.member or "", []).append(diagnostic)
    return found


@pytest.mark.parametrize(
    ("number", "expected"), [(n, c[2]) for n, c in enumerate(PLANTED)], ids=[c[0] for c in PLANTED]
)
def test_each_break_is_found_at_its_place(found: dict[str, list[Diagnostic]], number: int, expected: str) -> None:
    own = found.get(f"part/p{number}.html", [])
    assert [f"{d.rule.removeprefix('links/')} {d.value}" for d in own] == [expected]
    assert own[0].location.member_line == 3


def test_nothing_else_is_found(found: dict[str, list[Diagnostic]]) -> None:
    assert set(found) == {f"part/p{n}.html" for n in range(len(PLANTED))}
