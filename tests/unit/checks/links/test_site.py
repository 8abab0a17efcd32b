"""Links of a site: title, files, what must be found and nothing else."""

# ruff: noqa: E501 -- a case is a line of its table
from __future__ import annotations

from pathlib import Path

import pytest

from octavo.checks.links import Counts, check_site
from octavo.diagnostics import ConfigurationError
from octavo.reading.trace import Trace, TracedReference

Files = dict[str, str | bytes]
TARGET = '<h1 id="set-up">Set up</h1><a name="old">x</a><p id="größe">y</p><p id="a b">z</p>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><g id="icon"/></svg>'


def write(root: Path, files: Files) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def found(root: Path, base_url: str | None = None) -> list[str]:
    report = check_site(root, artefact="site", trace=None, base_url=base_url)
    assert all(d.formats == ("html",) and d.location.artefact == "site" for d in report.diagnostics)
    counts = report.counts
    assert counts.references == counts.internal + counts.external + counts.ignored
    return [f"{d.rule} {d.value} {d.location.member}:{d.location.member_line}" for d in report.diagnostics]


# title, body of index.html, expected as "rule value line"
ON_A_SITE = [
    ("page there", '<a href="b.html">', []),
    ("page missing", '<a href="c.html">', ["page-missing c.html 1"]),
    ("line of the attribute", '<p>\n<a\nclass="x"\nhref="c.html">', ["page-missing c.html 4"]),
    ("every place of a missing page", '<a href="c.html">\n<a href="c.html">', ["page-missing c.html 1", "page-missing c.html 2"]),
    ("anchor there", '<a href="b.html#set-up">', []),
    ("anchor missing", '<a href="b.html#setup">', ["anchor-missing setup 1"]),
    ("anchor by name", '<a href="b.html#old">', []),
    ("anchor differs in case", '<a href="b.html#Set-Up">', ["anchor-missing Set-Up 1"]),
    ("anchor, not ASCII, raw", '<a href="b.html#größe">', []),
    ("anchor, not ASCII, encoded", '<a href="b.html#gr%C3%B6%C3%9Fe">', []),
    ("anchor, encoded in Latin-1", '<a href="b.html#gr%F6%DFe">', ["anchor-missing gr��e 1"]),
    ("anchor with an encoded space", '<a href="b.html#a%20b">', []),
    ("anchor with a plain space", '<a href="b.html#a b">', []),
    ("same page", '<p id="x"><a href="#x">', []),
    ("same page, anchor missing", '<p id="x1"><a href="#x2">', ["anchor-missing x2 1"]),
    ("same page, anchor after the link", '<a href="#x"><p id="x">', []),
    ("empty fragment", '<a href="#">', []),
    ("top of the page", '<a href="#top"><a href="b.html#TOP">', []),
    ("top, encoded", '<a href="#t%6Fp">', []),
    ("empty reference", '<a href=""><a href>', []),
    ("text fragment", '<a href="b.html#:~:text=words"><a href="b.html#set-up:~:text=words">', []),
    ("text fragment behind a missing anchor", '<a href="b.html#no:~:text=w">', ["anchor-missing no 1"]),
    ("a script's route", '<a href="b.html#!/x"><a href="#/route">', []),
    ("lines of a listing", '<a href="#10-20"><i id="10"></i>', []),
    ("lines that are not there", '<a href="#30-40"><i id="10"></i>', ["anchor-missing 30-40 1"]),
    ("id in SVG", '<svg><linearGradient id="g"/></svg><a href="#g">', []),
    ("id in MathML", '<math><mi id="m">x</mi></math><a href="#m">', []),
    ("id in a template is none", '<template><p id="t"></p></template><a href="#t">', ["anchor-missing t 1"]),
    ("link in a template is none", '<template><a href="no.html"></a></template>', []),
    ("link in a comment is none", '<!-- <a href="no.html"> --><!--><a href="b.html">', []),
    ("link in a script is none", "<script>'<a href=\"no.html\">'</script>", []),
    ("link in a textarea is none", '<textarea><a href="no.html"></textarea>', []),
    ("link in noscript", '<noscript><a href="no.html">x</a></noscript>', ["page-missing no.html 1"]),
    ("query", '<a href="b.html?x=1#set-up">', []),
    ("query alone", '<a href="?x=1">', []),
    ("character reference", '<a href="b.html?a&amp;b&copy=1#set&#45;up">', []),
    ("unquoted and upper case", "<A HREF=b.html#set-up>", []),
    ("white space around", '<a href=" b.html\n">', []),
    ("line feed inside", '<a href="b.\nhtml">', []),
    ("backslashes", '<a href="dir\\page.html">', []),
    ("directory with index", '<a href="dir/"><a href="dir"><a href="./"><a href=".">', []),
    ("slashes in a row", '<img src="files//a.png"><a href="dir///page.html"><a href="dir//">', []),
    ("slashes in a row, missing", '<img src="files//b.png">', ["image-missing files//b.png 1"]),
    ("directory without index", '<a href="files/">', ["page-missing files/ 1"]),
    ("file as a directory", '<a href="b.html/">', ["page-missing b.html/ 1"]),
    ("anchor in a directory's index", '<a href="dir/#in">', []),
    ("anchor missing in a directory's index", '<a href="dir#out">', ["anchor-missing out 1"]),
    ("dots", '<a href="./dir/../b.html"><a href="dir/%2E%2e/b.html">', []),
    ("leaves the root", '<a href="../b.html">', ["outside-root ../b.html 1"]),
    ("leaves the root and comes back", '<a href="dir/../../site/b.html">', ["outside-root dir/../../site/b.html 1"]),
    ("from the root", '<a href="/dir/page.html">', []),
    ("from the root, missing", '<a href="/page.html">', ["page-missing /page.html 1"]),
    ("wrong case of a page", '<a href="B.html">', ["case-mismatch B.html 1"]),
    ("wrong case of a directory", '<a href="Dir/page.html">', ["case-mismatch Dir/page.html 1"]),
    ("wrong case of a directory's index", '<a href="DIR/">', ["case-mismatch DIR/ 1"]),
    ("wrong case of an image", '<img src="files/A.PNG">', ["case-mismatch files/A.PNG 1"]),
    ("encoded name", '<a href="files/na%C3%AFve%20name.txt">', []),
    ("name with a question mark", '<a href="files/what%3F.txt">', []),
    ("encoded slash is part of a name", '<a href="dir%2Fpage.html">', ["page-missing dir%2Fpage.html 1"]),
    ("file: URL", '<a href="file:///etc/passwd">', ["local-file file:///etc/passwd 1"]),
    ("drive of Windows", '<a href="C:\\book\\x.html">', ["local-file C:\\book\\x.html 1"]),
    ("canonical address on disk", '<link rel="canonical" href="file:///book/index.html">', []),
    ("malformed URL", '<a href="https://">', ["url-invalid https:// 1"]),
    ("port too high", '<a href="http://a.example:99999/">', ["url-invalid http://a.example:99999/ 1"]),
    ("space in a host", '<a href="http://a b/">', ["url-invalid http://a b/ 1"]),
    ("number that is no address", '<a href="http://256.1.1.1/">', ["url-invalid http://256.1.1.1/ 1"]),
    ("IPv6", '<a href="http://[::1]/"><a href="http://[::g]/">', ["url-invalid http://[::g]/ 1"]),
    ("mistyped scheme", '<a href="htps://a.example">', ["url-invalid htps://a.example 1"]),
    ("external", '<a href="https://a.example/x#y"><a href="//b.example"><a href="http:\\\\c.example">', []),
    ("other schemes", '<a href="mailto:x@y"><a href="tel:1"><a href="javascript:void(0)"><img src="data:,x">', []),
    ("image missing", '<img src="no.png">', ["image-missing no.png 1"]),
    ("image without source", '<img src=""><img src>', []),
    ("srcset", '<img srcset="files/a.png 1x, files/b.png 2x">', ["image-missing files/b.png 1"]),
    ("srcset with commas in a URL", '<img srcset="data:,a b 1x,files/a.png,  no.png">', ["image-missing no.png 1"]),
    ("picture", '<picture><source srcset="no.webp"><img src="files/a.png"></picture>', ["image-missing no.webp 1"]),
    ("preloaded srcset", '<link rel="preload" as="image" imagesrcset="no.png 2x">', ["image-missing no.png 1"]),
    ("poster", '<video poster="no.png" src="no.mp4">', ["file-missing no.mp4 1", "image-missing no.png 1"]),
    ("track and source", '<audio><source src="no.ogg"><track src="no.vtt"></audio>', ["file-missing no.ogg 1", "file-missing no.vtt 1"]),
    ("background", '<table background="no.gif"><td>', ["image-missing no.gif 1"]),
    ("input image", '<input type="image" src="no.png">', ["image-missing no.png 1"]),
    ("SVG image", '<svg><image href="no.png"/><image xlink:href="no2.png"/></svg>', ["image-missing no.png 1", "image-missing no2.png 1"]),
    ("SVG link", '<svg><a xlink:href="no.html"/></svg>', ["page-missing no.html 1"]),
    ("use, same page", '<svg><g id="i"/><use href="#i"/><use xlink:href="#j"/></svg>', ["anchor-missing j 1"]),
    ("use, other file", '<svg><use href="files/s.svg#icon"/><use href="files/s.svg#no"/></svg>', ["anchor-missing no 1"]),
    ("use, view of a drawing", '<img src="files/s.svg#svgView(viewBox(0,0,1,1))">', []),
    ("MathML link", '<math><mi href="no.html">x</mi></math>', ["page-missing no.html 1"]),
    ("paint", '<svg><g id="p"/><path fill="url(#p)" filter="url(#q)"/></svg>', ["anchor-missing q 1"]),
    ("cite", '<blockquote cite="no.html"><q cite="b.html">', ["page-missing no.html 1"]),
    ("object", '<object data="no.pdf"></object>', ["file-missing no.pdf 1"]),
    ("iframe", '<iframe src="no.html"></iframe>', ["page-missing no.html 1"]),
    ("longdesc", '<img src="files/a.png" longdesc="no.html">', ["page-missing no.html 1"]),
    ("form", '<form action="no.html"><button formaction="no2.html">', ["page-missing no.html 1", "page-missing no2.html 1"]),
    ("form that posts", '<form method="POST" action="/subscribe">', []),
    ("script", '<script src="no.js"></script><script src="files/a.js?v=1"></script>', ["file-missing no.js 1"]),
    ("style sheet", '<link rel="stylesheet" href="no.css">', ["file-missing no.css 1"]),
    ("icon", '<link rel="shortcut icon" href="no.ico">', ["image-missing no.ico 1"]),
    ("preconnect", '<link rel="preconnect" href="//fonts.example"><link rel="dns-prefetch" href="nowhere">', []),
    ("download", '<a href="no.zip">', ["file-missing no.zip 1"]),
    ("link to a picture", '<a href="no.png">', ["file-missing no.png 1"]),
    ("refresh", '<meta http-equiv="refresh" content="0; url=no.html">', ["page-missing no.html 1"]),
    ("refresh, quoted", "<meta http-equiv=Refresh content=\"3;URL='b.html'\">", []),
    ("refresh of itself", '<meta http-equiv="refresh" content="30">', []),
    ("meta that is no refresh", '<meta name="description" content="0; url=no.html">', []),
    ("style attribute", '<p style="background: url( \'no.png\' )">', ["image-missing no.png 1"]),
    ("style element", "<style>\n@import 'no.css';\np{src:url(no.woff2)}</style>", ["file-missing no.css 2", "file-missing no.woff2 3"]),
    ("style: comments and strings", "<style>/* url(no.png) */ p{content:'url(no2.png)'}</style>", []),
    ("style: escapes", "<style>p{background:url(files\\2f a.png)}</style>", []),
    ("style: namespace", "<style>@namespace url(http-no);</style>", []),
    ("fragment of a PDF", '<a href="files/d.pdf#page=3">', []),
    ("duplicate id, unused", '<p id="d"><p id="d">', []),
    ("duplicate id", '<p id="d">one\n<p id="d">two<a href="#d">', ["id-duplicate d 2"]),
    ("duplicate id at one place", '<a id="d"></a>\n<h2 id="d">one</h2><a href="#d">', []),
    ("duplicate id of the repaired tree", '<p><a id="d"/>one</p><p>two <a href="#d">', []),
    ("host without scheme", '<a href="www.a.example">', ["file-missing www.a.example 1"]),
    ("manifest", '<link rel="manifest" href="no.webmanifest">', ["file-missing no.webmanifest 1"]),
    ("null characters", '<a href="b\0.html"><a href="%00.html">', ["page-missing %00.html 1", "page-missing b�.html 1"]),
    ("unclosed tag at the end", '<a href="b.html#set-up">x</a><a href="no.html', []),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [c[1:] for c in ON_A_SITE], ids=[c[0] for c in ON_A_SITE])
def test_reference(tmp_path: Path, body: str, expected: list[str]) -> None:
    files: Files = {
        "index.html": f'<!DOCTYPE html><meta charset="utf-8">{body}',
        "b.html": f'<!DOCTYPE html><meta charset="utf-8">{TARGET}',
        "dir/index.html": '<p id="in">',
        "dir/page.html": "",
        "files/a.png": b"",
        "files/a.js": "",
        "files/d.pdf": b"",
        "files/s.svg": SVG,
        "files/naïve name.txt": "",
        "files/what?.txt": "",
    }
    got = sorted(line.removeprefix("links/").replace("index.html:", "") for line in found(write(tmp_path, files)))
    assert got == expected


# title, files, base URL, expected as "rule value member:line"
WHOLE_SITES: list[tuple[str, Files, str | None, list[str]]] = [
    ("no pages", {"a.txt": ""}, None, []),
    ("base href", {"index.html": '<base href="d/"><a href="x.html"><a href="y.html">', "d/x.html": ""}, None,
     ["links/page-missing y.html index.html:1"]),
    ("base href moves fragments", {"a.html": '<base href="b.html"><p id="x"><a href="#x"><a href="#y">', "b.html": '<p id="y">'}, None,
     ["links/anchor-missing x a.html:1"]),
    ("base href elsewhere", {"a.html": '<base href="https://x.example/d/"><a href="no.html">'}, None, []),
    ("base href outside", {"a.html": '<base href="../">'}, None, ["links/outside-root ../ a.html:1"]),
    ("only the first base counts", {"a.html": '<base href="d/"><base href="e/"><a href="x.html">', "d/x.html": ""}, None, []),
    ("own address", {"a.html": '<a href="https://x.example/docs/b.html#n"><a href="http://X.example:80/docs/">', "b.html": "", "index.html": ""},
     "https://x.example/docs/", ["links/anchor-missing n a.html:1"]),
    ("own host, other site", {"a.html": '<a href="https://x.example/other/"><a href="/other/">'}, "https://x.example/docs/", []),
    ("prefix of the own address", {"d/a.html": '<a href="/docs/d/a.html"><a href="/docs/b.html">'}, "https://x.example/docs/",
     ["links/page-missing /docs/b.html d/a.html:1"]),
    ("prefix that is only a prefix", {"a.html": '<a href="/docs2/b.html">'}, "https://x.example/docs/", []),
    ("404 page links from a root it can't know", {"404.html": '<a href="/en/latest/"><a href="no.html">'}, None,
     ["links/page-missing no.html 404.html:1"]),
    ("style sheet", {"a.html": '<link rel="stylesheet" href="s/a.css">', "s/a.css": "p{}\n.x{background:url(no.png)}", "s/b.css": "@import 'no.css'"},
     None, ["links/image-missing no.png s/a.css:2"]),
    ("imported style sheet", {"a.html": "<style>@import url(s/a.css)</style>", "s/a.css": "@import 'b.css';", "s/b.css": "p{src:url('../no.woff')}"},
     None, ["links/file-missing ../no.woff s/b.css:1"]),
    ("drawing in a style sheet", {"a.html": '<link rel="stylesheet" href="a.css">', "a.css": "p{src:url(s.svg#icon),url(s.eot?#iefix),url(#x)}\np{src:url(s.svg#no)}", "s.svg": SVG, "s.eot": ""},
     None, ["links/anchor-missing no a.css:2"]),
    ("style sheets in a circle", {"a.html": '<link rel="stylesheet" href="a.css">', "a.css": "@import 'b.css';", "b.css": "@import 'a.css';"}, None, []),
    ("template of a theme", {"a.html": "", "_static/macros.html": '<a href="{{ pathto() }}">'}, None, []),
    ("page of a theme that is used", {"a.html": '<iframe src="_static/x.html">', "_static/x.html": '<a href="no.html">'}, None,
     ["links/page-missing no.html _static/x.html:1"]),
    ("UTF-16", {"a.html": '<p id="é"><a href="#é"><a href="#è">'.encode("utf-16")}, None, ["links/anchor-missing è a.html:1"]),
    ("UTF-8 with a mark", {"a.html": b"\xef\xbb\xbf" + '<p id="é"><a href="#é">'.encode()}, None, []),
    ("Latin-1, declared", {"a.html": b'<meta charset="ISO-8859-1"><p id="\xe9"><a href="#\xe9"><a href="#%C3%A9">'}, None, []),
    ("Latin-1, not declared", {"a.html": b'<p id="\xe9"><a href="#%C3%A9">'}, None, []),
    ("Shift_JIS", {"a.html": '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p id="章"><a href="#章">'.encode("cp932")}, None, []),
    ("unknown encoding", {"a.html": '<meta charset="klingon"><p id="é"><a href="#é">'.encode()}, None, []),
    ("encoding that is a codec only", {"a.html": b'<meta charset="hex"><p id="e"><a href="#e">'}, None, []),
    ("XHTML", {"a.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p id="a"/>\n<a href="#a"/><a href="#b"/></body></html>'},
     None, ["links/anchor-missing b a.xhtml:2"]),
    ("XHTML, malformed", {"a.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml">\n<p></html>'}, None,
     ["artefact/unreadable Opening and ending tag mismatch: p line 2 and html a.xhtml:2"]),
    ("two pages lead to each other", {"a.html": '<p id="x"><a href="b.html#y">', "b.html": '<p id="y"><a href="a.html#x"><a href="a.html#z">'}, None,
     ["links/anchor-missing z b.html:1"]),
    ("duplicate id is told once", {"a.html": '<p id="d">1\n<p id="d">2\n<p id="d">3', "b.html": '<a href="a.html#d"><a href="a.html#d">'}, None,
     ["links/id-duplicate d a.html:2"]),
    ("sources are not read", {"a.html": "", "_sources/a.md.txt": '<a href="no.html">', "x.js.map": "{}"}, None, []),
    ("misnested links keep their lines", {"a.html": '<a href="no.html"><div>\n<a href="no2.html"></div>'}, None,
     ["links/page-missing no.html a.html:1", "links/page-missing no2.html a.html:2"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "base_url", "expected"), [c[1:] for c in WHOLE_SITES], ids=[c[0] for c in WHOLE_SITES]
)
def test_site(tmp_path: Path, files: Files, base_url: str | None, expected: list[str]) -> None:
    assert found(write(tmp_path, files), base_url) == expected


HINTS = [
    ("anchor", '<a href="b.html#setup">', "did you mean 'set-up'?"),
    ("anchor, nothing near", '<a href="b.html#zzzzzz">', None),
    ("page in another directory", '<a href="page.html">', "did you mean 'dir/page.html'?"),
    ("page with a letter wrong", '<a href="dir/pagg.html">', "did you mean 'dir/page.html'?"),
    ("page from the root", '<a href="/page.html">', "did you mean '/dir/page.html'?"),
    ("page without its suffix", '<a href="dir/page">', "did you mean 'dir/page.html'?"),
    ("case", '<a href="DIR/page.html">', "did you mean 'dir/page.html'?"),
    ("case of a directory", '<a href="DIR/">', "did you mean 'dir/'?"),
    ("page, nothing near but the suffix", '<a href="nowhere.html">', None),
    ("script, nothing of its kind", '<script src="page.js"></script>', None),
    ("an image is proposed for an image", '<img src="page.png">', "did you mean 'files/page.png'?"),
    ("host", '<a href="www.x.example/a">', "did you mean 'https://www.x.example/a'?"),
]


@pytest.mark.parametrize(("body", "hint"), [c[1:] for c in HINTS], ids=[c[0] for c in HINTS])
def test_hint(tmp_path: Path, body: str, hint: str | None) -> None:
    files: Files = {
        "index.html": body,
        "b.html": TARGET,
        "dir/page.html": "",
        "dir/index.html": "",
        "files/page.png": b"",
    }
    (diagnostic,) = check_site(write(tmp_path, files), artefact="site", trace=None).diagnostics
    assert diagnostic.hint == hint


def test_anchor_names_its_page(tmp_path: Path) -> None:
    files: Files = {"a/x.html": '<a href="../b.html#n">', "b.html": ""}
    (diagnostic,) = check_site(write(tmp_path, files), artefact="site", trace=None).diagnostics
    assert str(diagnostic) == "site/a/x.html:1: error links/anchor-missing: no anchor 'n' in b.html [html]"


def trace(*references: tuple[str, str, int | None]) -> Trace:
    return Trace(
        format="html",
        pages={"index": "index.html", "sub/b": "sub/b.html"},
        sources={"index": "book/index.md", "sub/b": "book/sub/b.md"},
        references=tuple(
            TracedReference(docname=d, target=t, kind="link", source=f"book/{d}.md", line=line)
            for d, t, line in references
        ),
    )


def sourced(root: Path, known: Trace) -> list[str]:
    report = check_site(root, artefact="site", trace=known)
    return [f"{d.location.source_text()} {d.location.artefact_text()}" for d in report.diagnostics]


def test_source_of_each_place(tmp_path: Path) -> None:
    files: Files = {"index.html": '<a href="no.html">\n<a href="no.html">', "sub/b.html": '<a href="../no.html#x">'}
    known = trace(("index", "no.html", 3), ("index", "no.html", 9), ("sub/b", "../no.html#x", 4))
    assert sourced(write(tmp_path, files), known) == [
        "book/index.md:3 site/index.html:1",
        "book/index.md:9 site/index.html:2",
        "book/sub/b.md:4 site/sub/b.html:1",
    ]


def test_source_without_line_for_what_the_theme_wrote(tmp_path: Path) -> None:
    assert sourced(write(tmp_path, {"index.html": '<a href="no.html">'}), trace()) == [
        "book/index.md site/index.html:1"
    ]


def test_more_places_in_the_source_than_on_the_page(tmp_path: Path) -> None:
    known = trace(("index", "no.html", 3), ("index", "no.html", 9))
    assert sourced(write(tmp_path, {"index.html": '<a href="no.html">'}), known) == [
        "book/index.md:3 site/index.html:1",
        "book/index.md:9 site/index.html:1",
    ]


def test_counts_and_external(tmp_path: Path) -> None:
    files: Files = {
        "a.html": '<a href="b.html"><a href="https://x.example/1"><a href="mailto:x@y"><a href="no.html">',
        "b.html": '<a href="https://x.example/1"><a href="https://x.example/1"><a href="//y.example/">',
        "_static/unused.html": "",
    }
    report = check_site(write(tmp_path, files), artefact="site", trace=None)
    assert report.counts == Counts(references=7, internal=2, external=4, ignored=1, documents=2, unread=1)
    assert [(e.url, e.members) for e in report.external] == [
        ("https://x.example/1", ("a.html", "b.html")),
        ("https://y.example/", ("b.html",)),
    ]


def test_link_out_of_the_site_is_not_followed_and_said(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.html").write_text('<a href="no.html">')
    site = write(tmp_path / "site", {"a.html": '<a href="out/secret.html"><a href="out/other.html">'})
    (site / "out").symlink_to(tmp_path / "outside")
    (site / "loop").symlink_to(site)
    (site / "dead.html").symlink_to(site / "nowhere")
    assert found(site) == ["links/not-checked the directory out is a link out of site None:None"]


def test_symbolic_link_to_nothing_is_missing(tmp_path: Path) -> None:
    site = write(tmp_path, {"a.html": '<a href="dead.html">'})
    (site / "dead.html").symlink_to(site / "nowhere.html")
    assert found(site) == ["links/page-missing dead.html a.html:1"]


def test_page_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octavo.checks.links.site.MAXIMUM_PAGE_SIZE", 30)
    files: Files = {"a.html": '<a href="b.html#x">', "b.html": "<p>" * 30}
    assert found(write(tmp_path, files)) == ["artefact/unreadable larger than 30 bytes b.html:None"]


def test_deep_nesting_costs_no_more_than_its_size(tmp_path: Path) -> None:
    deep = "<div>" * 200_000 + '<a href="no.html">'
    fake = "<div></x>" * 100_000 + '<a href="#in"><p id="in">'
    bold = "".join(f'<b id="b{i}">' for i in range(5000)) + "<p>" * 20_000
    assert found(write(tmp_path, {"a.html": deep, "b.html": fake, "c.html": bold})) == [
        "links/page-missing no.html a.html:1"
    ]


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such directory"):
        check_site(tmp_path / "no", artefact="_build/html", trace=None)


def test_base_url_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not an http"):
        check_site(tmp_path, artefact="site", trace=None, base_url="docs/")
