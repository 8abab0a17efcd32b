"""Links of an EPUB: title, members to add or change, what must be found and nothing else."""

# ruff: noqa: E501 -- a case is a line of its table
from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from octavo.checks.links import check_epub
from octavo.reading.trace import Trace, TracedReference

Members = dict[str, str | bytes | None]
CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
ITEMS = {
    "nav.xhtml": "application/xhtml+xml",
    "a.xhtml": "application/xhtml+xml",
    "text/b.xhtml": "application/xhtml+xml",
    "img/a.png": "image/png",
    "img/s.svg": "image/svg+xml",
    "style.css": "text/css",
    "toc.ncx": "application/x-dtbncx+xml",
}


def opf(
    items: dict[str, str] = ITEMS, *, metadata: str = "", spine: str = '<itemref idref="i1"/>', after: str = ""
) -> str:
    manifest = "".join(f'\n<item id="i{n}" href="{h}" media-type="{t}"/>' for n, (h, t) in enumerate(items.items()))
    return (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata>{metadata}</metadata>'
        f"<manifest>{manifest}\n</manifest><spine>{spine}</spine>{after}</package>"
    )


def xhtml(body: str, head: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title>{head}</head><body>{body}</body></html>'
    )


def ncx(src: str) -> str:
    return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint id="n"><content src="{src}"/></navPoint></navMap></ncx>'


CLEAN: Members = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "EPUB/package.opf": opf(),
    "EPUB/nav.xhtml": xhtml('<nav epub:type="toc"><ol><li><a href="a.xhtml#x">A</a></li></ol></nav>'),
    "EPUB/a.xhtml": xhtml(
        '<p id="x"><a href="text/b.xhtml#y">b</a> <a href="#x">a</a> <img src="img/a.png" alt=""/></p>',
        '<link rel="stylesheet" href="style.css"/>',
    ),
    "EPUB/text/b.xhtml": xhtml('<p id="y"><a href="../a.xhtml">a</a></p>'),
    "EPUB/img/a.png": b"\x89PNG",
    "EPUB/img/s.svg": '<svg xmlns="http://www.w3.org/2000/svg"><g id="g"/></svg>',
    "EPUB/style.css": "p { background: url(img/a.png) }",
    "EPUB/toc.ncx": ncx("a.xhtml#x"),
}


def write(path: Path, changes: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as epub:
        for name, content in {**CLEAN, **changes}.items():
            if content is not None:
                epub.writestr(name, content)
    return path


def found(path: Path) -> list[str]:
    report = check_epub(path, artefact="book.epub", trace=None)
    assert all(d.formats == ("epub",) and d.location.artefact == "book.epub" for d in report.diagnostics)
    counts = report.counts
    assert counts.references == counts.internal + counts.external + counts.ignored
    return [f"{d.rule} {d.value} {d.location.member}:{d.location.member_line}" for d in report.diagnostics]


A, B, NAV, OPF, CSS = "EPUB/a.xhtml", "EPUB/text/b.xhtml", "EPUB/nav.xhtml", "EPUB/package.opf", "EPUB/style.css"
SMIL = '<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body><par><text src="a.xhtml#{0}"/>\n<audio src="{1}"/></par></body></smil>'
ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{0}"/><e:CipherData><e:CipherReference URI="{1}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)

CASES: list[tuple[str, Members, list[str]]] = [
    ("clean", {}, []),
    ("page missing", {A: xhtml('\n<a href="c.xhtml">c</a>')} | {"EPUB/toc.ncx": ncx("a.xhtml"), NAV: xhtml("")},
     [f"links/page-missing c.xhtml {A}:3"]),
    ("anchor missing", {B: xhtml('<a href="../a.xhtml#z">a</a>'), A: xhtml('<p id="x"/>')}, [f"links/anchor-missing z {B}:2"]),
    ("srcdoc", {A: xhtml('<p id="x"/><iframe srcdoc="&lt;img src=img/a.png&gt;&lt;a href=#x&gt;&lt;p id=y&gt;&lt;a href=#y&gt;"></iframe>')}, []),
    ("srcdoc, broken", {A: xhtml('<p id="x"/><iframe srcdoc="&lt;img src=no.png&gt;"></iframe>')}, [f"links/image-missing no.png {A}:2"]),
    ("anchor, encoded", {A: xhtml('<p id="x"/><p id="é"/><a href="#%C3%A9">e</a>')}, []),
    ("#top is nothing in an EPUB", {A: xhtml('<p id="x"/><a href="#top">e</a>')}, [f"links/anchor-missing top {A}:2"]),
    ("image missing", {A: xhtml('<p id="x"/><img src="img/b.png" alt=""/>')}, [f"links/image-missing img/b.png {A}:2"]),
    ("wrong case", {A: xhtml('<p id="x"/><img src="IMG/a.png" alt=""/>')}, [f"links/case-mismatch IMG/a.png {A}:2"]),
    ("out of the root", {A: xhtml('<p id="x"/><a href="../../x.xhtml">x</a>')}, [f"links/outside-root ../../x.xhtml {A}:2"]),
    ("from the root", {A: xhtml('<p id="x"/><a href="/EPUB/a.xhtml">x</a>')}, [f"links/outside-root /EPUB/a.xhtml {A}:2"]),
    ("file: URL", {A: xhtml('<p id="x"/><a href="file:///x">x</a>')}, [f"links/local-file file:///x {A}:2"]),
    ("malformed URL", {A: xhtml('<p id="x"/><a href="http://">x</a>')}, [f"links/url-invalid http:// {A}:2"]),
    ("directory", {A: xhtml('<p id="x"/><a href="text/">x</a>')}, [f"links/page-missing text/ {A}:2"]),
    ("remote and other schemes", {A: xhtml('<p id="x"/><audio src="https://x.example/a.mp3"/><a href="mailto:a@b">m</a>')}, []),
    ("named entity of an old DTD", {A: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
     '<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="x">a&nbsp;b</p></body></html>'}, []),
    ("entity bomb", {A: '<!DOCTYPE h [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><html xmlns="http://www.w3.org/1999/xhtml"><body><p id="x">&b;</p></body></html>'}, []),
    ("malformed", {A: xhtml('<p id="x">\n<b></p>')},
     [f"artefact/unreadable Opening and ending tag mismatch: b line 3 and p {A}:3"]),
    ("not XML at all", {A: b"\0\1\2"}, ["*artefact/unreadable", "*links/anchor-missing", "*links/anchor-missing"]),
    ("NCX", {"EPUB/toc.ncx": ncx("a.xhtml#no")}, ["links/anchor-missing no EPUB/toc.ncx:1"]),
    ("navigation", {NAV: xhtml('<nav><a href="c.xhtml">c</a></nav>')}, [f"links/page-missing c.xhtml {NAV}:2"]),
    ("style sheet", {CSS: "p{}\np{background:url('no.png')}"}, [f"links/image-missing no.png {CSS}:2"]),
    ("style element", {A: xhtml('<p id="x"/>', "<style>\np{background:url('no.png')}</style>")}, [f"links/image-missing no.png {A}:3"]),
    ("SVG in a page", {A: xhtml('<p id="x"/><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="img/s.svg#g"/><use href="img/s.svg#h"/></svg>')},
     [f"links/anchor-missing h {A}:2"]),
    ("SVG of its own", {"EPUB/img/s.svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="no.png"/></svg>'}, ["links/image-missing no.png EPUB/img/s.svg:1"]),
    ("overlay", {OPF: opf({**ITEMS, "o.smil": "application/smil+xml"}), "EPUB/o.smil": SMIL.format("x", "no.mp3")}, ["links/file-missing no.mp3 EPUB/o.smil:2"]),
    ("overlay of a missing text", {OPF: opf({**ITEMS, "o.smil": "application/smil+xml"}), "EPUB/o.smil": SMIL.format("no", "img/a.png")}, ["links/anchor-missing no EPUB/o.smil:1"]),
    ("manifest names what is not there", {OPF: opf({**ITEMS, "c.xhtml": "application/xhtml+xml"})}, [f"epub/manifest-missing c.xhtml {OPF}:9"]),
    ("manifest in the wrong case", {OPF: opf({**{k: v for k, v in ITEMS.items() if k != "img/a.png"}, "img/A.png": "image/png"})}, [f"links/case-mismatch img/A.png {OPF}:8"]),
    ("not in the manifest", {"EPUB/extra.txt": ""}, ["epub/unmanifested EPUB/extra.txt EPUB/extra.txt:None"]),
    ("signatures need no manifest", {"META-INF/signatures.xml": "<x/>"}, []),
    ("linked record", {OPF: opf(metadata='<link rel="record" href="onix.xml" media-type="application/xml"/>'), "EPUB/onix.xml": "<x/>"}, []),
    ("linked record missing", {OPF: opf(metadata='<link rel="record" href="onix.xml" media-type="application/xml"/>')}, [f"links/file-missing onix.xml {OPF}:1"]),
    ("guide", {OPF: opf(after='<guide><reference type="cover" href="cover.xhtml"/></guide>')}, [f"links/page-missing cover.xhtml {OPF}:9"]),
    ("spine", {OPF: opf(spine='<itemref idref="i11"/>')}, [f"links/target-missing i11 {OPF}:9"]),
    ("refinement", {OPF: opf(metadata='<meta refines="#no" property="x">y</meta>')}, [f"links/anchor-missing no {OPF}:1"]),
    ("place by counting", {A: xhtml('<p id="x"/><a href="package.opf#epubcfi(/6/4!/2)">x</a>')}, []),
    ("duplicate id", {A: xhtml('<p id="x">1</p>\n<p id="x"/>')}, [f"links/id-duplicate x {A}:3"]),
    ("duplicate id, unused", {A: xhtml('<p id="x"/>\n<p id="d"/><p id="d"/>')}, []),
    ("no container", {"META-INF/container.xml": None}, ["artefact/unreadable not there META-INF/container.xml:None"]),
    ("container without a package", {"META-INF/container.xml": "<container/>"}, ["artefact/unreadable names no package document META-INF/container.xml:None"]),
    ("package not there", {OPF: None}, [f"artefact/unreadable not there {OPF}:None"]),
    ("encrypted", {"META-INF/encryption.xml": ENCRYPTED.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc", B), B: b"\1\2"}, [f"links/not-checked {B} is encrypted {B}:None"]),
    ("obfuscated font", {"META-INF/encryption.xml": ENCRYPTED.format("http://www.idpf.org/2008/embedding", "EPUB/f.otf"),
     OPF: opf({**ITEMS, "f.otf": "font/otf"}), "EPUB/f.otf": b"\1"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_epub(tmp_path: Path, changes: Members, expected: list[str]) -> None:
    got = found(write(tmp_path / "book.epub", changes))
    if any(e.startswith("*") for e in expected):
        assert sorted(f"*{line.split()[0]}" for line in got) == sorted(expected)
    else:
        assert got == expected


BROKEN = [("empty", b""), ("not a zip", b"%PDF-1.7"), ("zip cut off", b"PK\3\4" + bytes(40))]


@pytest.mark.parametrize("content", [c[1] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_broken_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(content)
    (diagnostic,) = check_epub(path, artefact="book.epub", trace=None).diagnostics
    assert (diagnostic.rule, diagnostic.context) == ("artefact/unreadable", "book.epub")


def test_no_file(tmp_path: Path) -> None:
    (diagnostic,) = check_epub(tmp_path / "no.epub", artefact="no.epub", trace=None).diagnostics
    assert diagnostic.rule == "artefact/unreadable"
    assert str(tmp_path) not in str(diagnostic)


def test_damaged_member(tmp_path: Path) -> None:
    path = write(tmp_path / "book.epub", {A: xhtml('<p id="x"/>' + "<p>word</p>" * 500)})
    with zipfile.ZipFile(path) as epub:
        info = epub.getinfo(A)
    data = bytearray(path.read_bytes())
    start = info.header_offset + 60
    data[start : start + 30] = b"\xff" * 30
    path.write_bytes(data)
    assert [line.split()[0] for line in found(path)] == ["artefact/unreadable"]


def test_member_without_a_name(tmp_path: Path) -> None:
    path = write(tmp_path / "book.epub", {"EPUB/zz": "x"})
    path.write_bytes(path.read_bytes().replace(b"EPUB/zz", b"\0PUB/zz"))
    assert found(path) == []


def test_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octavo.checks.links.container.MAXIMUM_MEMBER_SIZE", 100_000)
    path = write(tmp_path / "book.epub", {B: b" " * 10_000_000})
    assert found(path) == [f"artefact/unreadable unpacks to more than 100000 bytes {B}:None"]


def test_hints_and_sources(tmp_path: Path) -> None:
    trace = Trace(
        format="epub",
        base="EPUB",
        pages={"a": "a.xhtml"},
        sources={"a": "book/a.md"},
        references=(
            TracedReference(docname="a", target="text/b.xhtml#yy", kind="link", source="book/a.md", line=7),
            TracedReference(docname="a", target="img/aa.png", kind="image", source="book/a.md", line=9),
        ),
    )
    body = '<p id="x"><a href="text/b.xhtml#yy">b</a></p><img src="img/aa.png" alt=""/>'
    report = check_epub(write(tmp_path / "book.epub", {A: xhtml(body)}), artefact="book.epub", trace=trace)
    assert [str(d) for d in report.diagnostics] == [
        "book/a.md:7: error links/anchor-missing: no anchor 'yy' in EPUB/text/b.xhtml; did you mean 'y'? [epub]",
        "book/a.md:9: error links/image-missing: no image 'img/aa.png'; did you mean 'img/a.png'? [epub]",
    ]


def test_external_are_collected(tmp_path: Path) -> None:
    body = '<p id="x"/><a href="https://x.example/">x</a><a href="https://x.example/">x</a>'
    report = check_epub(write(tmp_path / "book.epub", {A: xhtml(body)}), artefact="book.epub", trace=None)
    assert [(e.url, e.members) for e in report.external] == [("https://x.example/", (A,))]
    assert report.counts.external == 2


@pytest.mark.parametrize("is_said", [True, False])
def test_names_are_utf8_whether_or_not_the_zip_says_so(tmp_path: Path, is_said: bool) -> None:
    path = write(tmp_path / "b.epub", {
        "EPUB/package.opf": opf(ITEMS | {"img/\u2014.png": "image/png"}),
        "EPUB/img/\u2014.png": b"\x89PNG",
        A: xhtml('<p id="x"/><img src="img/%E2%80%94.png" alt=""/>'),
    })  # fmt: skip
    if not is_said:
        data = bytearray(path.read_bytes())
        for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(signature)
            while at >= 0:
                data[at + flags + 1] &= 0xFF - 0x08  # bit 11
                at = data.find(signature, at + 4)
        path.write_bytes(data)
        assert not any(info.flag_bits & 0x800 for info in zipfile.ZipFile(path).infolist())
    assert found(path) == []


def test_names_that_are_no_utf8_are_read_all_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "b.epub", {"EPUB/img/ab.png": b"\x89PNG"})
    path.write_bytes(path.read_bytes().replace(b"img/ab.png", b"img/\xffb.png"))
    assert found(path) == ["epub/unmanifested EPUB/img/\u00a0b.png EPUB/img/\u00a0b.png:None"]
