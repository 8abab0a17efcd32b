"""Odd references of a site, one a line: title, body of index.html, what must be found and nothing else."""

# ruff: noqa: E501 -- a case is a line of its table
from __future__ import annotations

from pathlib import Path

import pytest
from test_site import ON_A_SITE, SVG, TARGET, Files, found, write

CASES = [
    ("query before fragment, empty", '<a href="b.html?#set-up">', []),
    ("through a file and back", '<a href="./b.html/../b.html">', []),
    ("escaped letter", '<a href="b.html#%73et%2Dup">', []),
    ("stray percent", '<a href="b.html#set-up%">', ['anchor-missing set-up% 1']),
    ("entity id", '<p id="a&eacute;"><a href="#aé">', []),
    ("area", '<map name="m"><area href="no.html"></map>', ['page-missing no.html 1']),
    ("embed", '<embed src="no.swf">', ['file-missing no.swf 1']),
    ("ins cite", '<ins cite="no.html">x</ins>', ['page-missing no.html 1']),
    ("alternate feed", '<link rel="alternate" href="no.xml">', ['file-missing no.xml 1']),
    ("rel next", '<link rel="next" href="no.html">', ['page-missing no.html 1']),
    ("ping", '<a ping="no.html" href="b.html">', []),
    ("module", '<script type="module" src="no.mjs"></script>', ['file-missing no.mjs 1']),
    ("title text", '<title><a href=no.html></title>', []),
    ("xmp", '<xmp><a href=no.html></xmp>', []),
    ("empty url()", '<style>p{background:url()}</style>', []),
    ("import layer", '<style>@import "no.css" layer(x) supports(display:grid);</style>', ['file-missing no.css 1']),
    ("image-set", '<style>p{background:image-set("no.png" 1x, "files/a.png" 2x)}</style>', ['image-missing no.png 1']),
    ("webkit image-set", '<style>p{background:-webkit-image-set(url(no.png) 1x)}</style>', ['image-missing no.png 1']),
    ("URL upper", '<p style="background:URL(files/a.png)">', []),
    ("raw space", '<a href="files/na%C3%AFve name.txt">', []),
    ("NFD", '<a href="files/nai%CC%88ve%20name.txt">', ['case-mismatch files/nai%CC%88ve%20name.txt 1']),
    ("jsession", '<a href="b.html;jsessionid=1">', ['file-missing b.html;jsessionid=1 1']),
    ("trailing encoded space", '<a href="b.html%20">', ['file-missing b.html%20 1']),
    ("encoded hash", '<a href="b.html%23set-up">', ['file-missing b.html%23set-up 1']),
    ("two slashes", '<a href="//">', ['url-invalid // 1']),
    ("three slashes", '<a href="///b.html">', []),
    ("one slash", '<a href="https:/a.example/x">', []),
    ("js", '<a href=" JaVaScRiPt:void(0)">', []),
    ("view-source", '<a href="view-source:https://x"><iframe src="about:blank"></iframe><a href="blob:https://x/1">', []),
    ("mailto hash", '<a href="mailto:x@y.example?subject=b.html#no">', []),
    ("base target", '<base target="_blank"><a href="b.html">', []),
    ("base empty", '<base href=""><a href="b.html"><a href="#x"><p id=x>', []),
    ("two ids", '<p id="a" id="b"><a href="#b">', ['anchor-missing b 1']),
    ("ID upper attr", '<p ID=Up><a href="#Up">', []),
    ("svg style paint", '<svg><style>p{fill:url(#no)}</style></svg>', ['anchor-missing no 1']),
    ("textPath", '<svg><text><textPath href="#no"/></text></svg>', ['anchor-missing no 1']),
    ("mpath", '<svg><animateMotion><mpath xlink:href="#no"/></animateMotion></svg>', ['anchor-missing no 1']),
    ("foreignObject", '<svg><foreignObject><a href="no.html">x</a></foreignObject></svg>', ['page-missing no.html 1']),
    ("two hrefs", '<a href="b.html" href="no.html">', []),
    ("foster", '<table><a href="no.html">x</a></table>', ['page-missing no.html 1']),
    ("text=a&text=b", '<a href="b.html#:~:text=a&text=b">', []),
    ("id percent", '<p id="%"><a href="#%">', []),
    ("id space", '<p id=" x"><a href="#%20x">', []),
    ("srcset empties", '<img srcset="files/a.png, , no.png 2x">', ['image-missing no.png 1']),
    ("tabs before", '<a href="\t\n b.html">', []),
    ("STYLESHEET", '<link rel="STYLESHEET" href="no.css">', ['file-missing no.css 1']),
    ("mask icon", '<link rel="mask-icon" href="no.svg">', ['image-missing no.svg 1']),
    ("image-set types", '<style>p{background:image-set("files/a.png" type("image/avif"), url("no.png") 2x, url(no2.png), \'no3.png\' 3x)}</style>', ['image-missing no.png 1', 'image-missing no2.png 1', 'image-missing no3.png 1']),
    ("og image", '<meta property="og:image" content="no.png">', []),
    ("refresh no url=", '<meta http-equiv="refresh" content="0;no.html">', ['page-missing no.html 1']),
    ("refresh space", '<meta http-equiv="refresh" content="0 url=no.html">', ['page-missing no.html 1']),
    ("refresh without time", '<meta http-equiv="refresh" content="url=no.html">', []),
    ("input text src", '<input type="text" src="no.png">', []),
    ("video fragment", '<video src="no.mp4#t=10"></video>', ['file-missing no.mp4 1']),
    ("object anchor", '<object data="b.html#set-up"></object>', []),
    ("frame", '<frameset><frame src="no.html"></frameset>', ['page-missing no.html 1']),
    ("nameddest", '<a href="files/d.pdf#nameddest=x">', []),
    ("svg fragment", '<a href="files/s.svg#none">', ['anchor-missing none 1']),
    ("dir/..", '<a href="dir/.."><a href="/">', []),
    ("up", '<a href="..">', ['outside-root .. 1']),
    ("encoded dots", '<a href="dir/%2e%2E/no.html">', ['page-missing dir/%2e%2E/no.html 1']),
    ("percent-encoded path letter", '<a href="%62.html">', []),
    ("cdata in html", '<![CDATA[<a href="no.html">]]>', []),
    ("bogus comment", '<?php <a href="b.html"> ?>', []),
    ("comment end bang", '<!-- x --!><a href="no.html">', ['page-missing no.html 1']),
    ("script with comment", '<script><!-- <script> </script> --></script><a href="no.html">x</a>', ['page-missing no.html 1']),
    ("script double escaped", '<script><!-- <script> <a href="no.html"> </script> <a href="no2.html"> --></script>', []),
    ("plaintext", '<plaintext><a href="no.html">', []),
    ("svg cdata", '<svg><![CDATA[<a href="no.html">]]></svg>', []),
    ("math annotation", '<math><annotation-xml encoding="text/html"><a href="no.html">x</a></annotation-xml></math>', ['page-missing no.html 1']),
    ("attr without space", '<a class="x"href="no.html">', ['page-missing no.html 1']),
    ("slash attr", '<a/href="no.html">x</a>', ['page-missing no.html 1']),
    ("nested a", '<a href="b.html"><a href="no.html">x</a></a>', ['page-missing no.html 1']),
    ("end tag attrs", '</p href="no.html">', []),
    ("lt in attr", '<a title="<b>" href="no.html">', ['page-missing no.html 1']),
    ("gt in attr", '<a title=">" href="no.html">', ['page-missing no.html 1']),
    ("cr newline", '<p>\r\n<a href="no.html">', ['page-missing no.html 2']),
    ("noscript in head", '<head><noscript><link rel=stylesheet href="no.css"></noscript></head>', ['file-missing no.css 1']),
    ("attr nul", '<p id="a\x00b"><a href="#a%EF%BF%BDb">', []),
    ("emoji", '<p id="😀"><a href="#😀"><a href="#%F0%9F%98%80">', []),
    ("usemap", '<img src="files/a.png" usemap="#m"><map name="m"></map>', []),
    ("upper percent", '<p id="é"><a href="#%c3%a9">', []),
    ("id plus", '<p id="a+b"><a href="#a+b"><a href="#a%2Bb">', []),
    ("plus is no space", '<a href="b.html#a+b">', ['anchor-missing a+b 1']),
    ("query on dir", '<a href="dir/?x#in">', []),
    ("slash query", '<a href="/?x">', []),
    ("dir no slash frag", '<a href="dir#in">', []),
    ("blockquote cite URN", '<blockquote cite="urn:isbn:1">', []),
    ("object archive", '<a download href="no.zip">', ['file-missing no.zip 1']),
    ("crlf in url", '<a href="b.ht\r\nml">', []),
    ("import string esc", '<style>@import "no\\2e css";</style>', ['file-missing no.css 1']),
    ("css comment in url", '<style>p{background:/**/url(/**/no.png)}</style>', ['image-missing /**/no.png 1']),
    ("css bad url", '<style>p{background:url(a b.png)}</style>', []),
    ("css cdo", '<style><!-- p{background:url(no.png)} --></style>', ['image-missing no.png 1']),
    ("css src()", '<style>p{background:src("no.png")}</style>', []),
    ("font-face local", '<style>@font-face{src:local("no.woff"),url("no.woff2")format("woff2")}</style>', ['file-missing no.woff2 1']),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_odd_reference(tmp_path: Path, body: str, expected: list[str]) -> None:
    files: Files = {
        "index.html": f'<!DOCTYPE html><meta charset="utf-8">{body}',
        "b.html": f'<!DOCTYPE html><meta charset="utf-8">{TARGET}',
        "dir/index.html": '<p id="in">',
        "dir/page.html": "",
        "files/a.png": b"",
        "files/d.pdf": b"",
        "files/s.svg": SVG,
        "files/naïve name.txt": "",
    }
    got = sorted(line.removeprefix("links/").replace("index.html:", "") for line in found(write(tmp_path, files)))
    assert got == expected


def test_no_case_is_there_twice() -> None:
    bodies = [body for _, body, _ in (*CASES, *ON_A_SITE)]
    assert len(bodies) == len(set(bodies))
