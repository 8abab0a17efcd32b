"""Our own rules over an EPUB: a clean book, and for each rule a change of it that makes that rule fire and no other."""

# ruff: noqa: E501 -- a case is a line of its table
from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from octavo.checks.epub.judge import judge
from octavo.checks.epub.pictures import picture
from octavo.checks.epub.shops import SHOPS
from octavo.cli.check_epub import PROFILES
from octavo.reading.trace import Trace, TracedReference

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
    'full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
METADATA = """<dc:identifier id="i">urn:isbn:9783161484100</dc:identifier><dc:title>T</dc:title><dc:language>en</dc:language>
<dc:creator>A</dc:creator><dc:publisher>P</dc:publisher><dc:date>2026-11-23</dc:date><dc:description>D</dc:description>
<meta property="schema:accessMode">textual</meta><meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta><meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta><meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">pageNavigation</meta><meta property="schema:accessibilityFeature">pageBreakMarkers</meta>
<meta property="schema:accessibilityFeature">describedMath</meta>
<meta property="schema:accessibilityHazard">none</meta><meta property="schema:accessibilitySummary">S</meta>
<meta property="pageBreakSource">urn:isbn:9783161484100</meta><meta name="cover" content="c"/>"""
ITEMS = """<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="a" href="a.xhtml" media-type="application/xhtml+xml" properties="mathml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/><item id="p" href="p.png" media-type="image/png"/>"""


def opf(metadata: str = METADATA, items: str = ITEMS, lang: str = ' xml:lang="en"') -> str:
    return (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"{lang}>'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{items}</manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )


def xhtml(body: str, title: str = "T", attributes: str = ' lang="en" xml:lang="en"', head: str = "") -> str:
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{attributes}>'
        f"<head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )


def png(width: int, height: int, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + crc + b"\0\0\0\0IDAT\0\0\0\0"


TEXT = """<h1>One</h1>
<span id="p1" role="doc-pagebreak" epub:type="pagebreak" aria-label="1"/>
<h2 id="s">Two</h2>
<p><img src="p.png" alt="A red door"/> <a href="b.xhtml">next</a></p>
<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"><mi>x</mi></math>
<table><caption>Counts</caption><tr><th>a</th></tr><tr><td>1</td></tr></table>
<p><span id="p2" role="doc-pagebreak" epub:type="pagebreak" aria-label="2"/></p>"""
NAV = """<nav epub:type="toc"><h1>Contents</h1><ol><li><a href="a.xhtml">One</a><ol><li><a href="a.xhtml#s">Two</a></li></ol></li><li><a href="b.xhtml">B</a></li></ol></nav>
<nav epub:type="page-list" hidden=""><ol><li><a href="a.xhtml#p1">1</a></li><li><a href="a.xhtml#p2">2</a></li></ol></nav>
<nav epub:type="landmarks" hidden=""><ol><li><a epub:type="toc" href="nav.xhtml">C</a></li><li><a epub:type="bodymatter" href="a.xhtml">B</a></li></ol></nav>"""
CLEAN: dict[str, str | bytes] = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "EPUB/package.opf": opf(),
    "EPUB/nav.xhtml": xhtml(NAV),
    "EPUB/a.xhtml": xhtml(TEXT),
    "EPUB/b.xhtml": xhtml("<h1>B</h1>"),
    "EPUB/cover.png": png(1600, 2500),
    "EPUB/p.png": png(800, 600),
}


def write(folder: Path, changes: dict[str, str | bytes]) -> Path:
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as epub:
        for name, content in {**CLEAN, **changes}.items():
            epub.writestr(name, content)
    return path


def found(folder: Path, changes: dict[str, str | bytes], *profiles: str) -> list[str]:
    judged = judge(write(folder, changes), artefact="book.epub", profiles=profiles)
    assert all(d.formats == ("epub",) for d in judged.diagnostics)
    return [f"{d.rule} {d.value}" for d in judged.diagnostics]


def text(old: str, new: str) -> dict[str, str | bytes]:
    assert old in TEXT
    return {"EPUB/a.xhtml": xhtml(TEXT.replace(old, new))}


def nav(old: str, new: str) -> dict[str, str | bytes]:
    assert old in NAV
    return {"EPUB/nav.xhtml": xhtml(NAV.replace(old, new))}


def metadata(old: str, new: str) -> dict[str, str | bytes]:
    assert old in METADATA
    return {"EPUB/package.opf": opf(METADATA.replace(old, new))}


def second(body: str, **more: str) -> dict[str, str | bytes]:
    return {"EPUB/b.xhtml": xhtml(body, **more)}


FEATURE = '<meta property="schema:accessibilityFeature">{}</meta>'
NO_ALTERNATIVE = [
    "accessibility/claim-false 1 of 1 pictures have none",
    "accessibility/claim-false 1 pictures have no alternative text",
]
CASES: list[tuple[str, dict[str, str | bytes], list[str]]] = [
    ("clean", {}, []),
    ("decorative", text('alt="A red door"', 'alt=""'), []),
    ("no alt", text(' alt="A red door"', ""), [*NO_ALTERNATIVE, "epub/alternative-text-missing p.png"]),
    (
        "alt is file name",
        text("A red door", "p.png"),
        ["accessibility/alternative-text-useless p.png", *NO_ALTERNATIVE],
    ),
    (
        "alt is a path",
        text("A red door", "_images/p1.png"),
        ["accessibility/alternative-text-useless _images/p1.png", *NO_ALTERNATIVE],
    ),
    ("alt is a word", text("A red door", "Image"), ["accessibility/alternative-text-useless Image", *NO_ALTERNATIVE]),
    (
        "rank skipped",
        text('<h2 id="s">Two</h2>', '<h3 id="s">Two</h3>'),
        ["accessibility/claim-false 1 headings leave a rank out", "accessibility/heading-rank-skipped Two"],
    ),
    ("two h1", text('<h2 id="s">Two</h2>', '<h1 id="s">Two</h1>'), ["accessibility/heading-several-first Two"]),
    ("empty heading", text(">Two</h2>", "></h2>"), ["accessibility/heading-empty h2"]),
    ("no title", second("<h1>B</h1>", title=""), ["accessibility/document-title-missing b.xhtml"]),
    ("no lang", second("<h1>B</h1>", attributes=""), ["accessibility/language-missing b.xhtml"]),
    (
        "lang differs",
        second("<h1>B</h1>", attributes=' lang="en" xml:lang="de"'),
        ["accessibility/language-differs en and de"],
    ),
    (
        "zoom",
        second("<h1>B</h1>", head='<meta name="viewport" content="width=device-width, user-scalable=no"/>'),
        ["accessibility/zoom-forbidden width=device-width, user-scalable=no"],
    ),
    ("table", text("<th>a</th>", "<td>a</td>"), ["accessibility/table-header-missing Counts"]),
    ("layout table", text("<table>", '<table role="presentation">'), []),
    ("empty th", text("<th>a</th>", "<th>a</th><th/>"), ["accessibility/table-header-empty Counts"]),
    ("empty link", text(">next</a>", "></a>"), ["accessibility/link-unnamed b.xhtml"]),
    ("link of blanks", text(">next</a>", ">\u00a0\u2003\u3000</a>"), ["accessibility/link-unnamed b.xhtml"]),
    ("link of text within", text(">next</a>", "><span><b>n</b></span></a>"), []),
    ("link of a picture", text(">next</a>", '><img src="_images/p1.png" alt="A red door"/></a>'), []),
    ("frame", second('<h1>B</h1><iframe src="x"/>'), ["accessibility/frame-unnamed x"]),
    (
        "latex",
        second(r"<h1>B</h1><p>so \(x^2\) is</p>"),
        ["accessibility/claim-false 1 formulas are pictures or LaTeX", r"accessibility/formula-as-source \(x^2\)"],
    ),
    ("latex quoted", second(r"<h1>B</h1><pre><span>\(x^2\)</span></pre>"), []),
    (
        "token",
        text("<mi>x</mi>", r"<mtext>\ce</mtext>"),
        ["accessibility/claim-false 1 formulas are pictures or LaTeX", r"accessibility/formula-as-source \ce"],
    ),
    ("no words", text(' alttext="x"', ""), ["accessibility/claim-false 1 of 1 formulas have no words"]),
    ("role", second('<section epub:type="glossary"><h1>B</h1></section>'), ["accessibility/role-missing glossary"]),
    ("role there", second('<section epub:type="glossary" role="doc-glossary"><h1>B</h1></section>'), []),
    ("page unnamed", text(' aria-label="2"', ""), ["accessibility/page-break-unnamed p2"]),
    (
        "page order",
        nav(
            '<li><a href="a.xhtml#p1">1</a></li><li><a href="a.xhtml#p2">2</a></li>',
            '<li><a href="a.xhtml#p2">2</a></li><li><a href="a.xhtml#p1">1</a></li>',
        ),
        ["accessibility/page-list-order 1"],
    ),
    ("page twice", nav(">2</a>", ">1</a>"), ["accessibility/page-label-twice 1"]),
    (
        "no page list",
        nav('epub:type="page-list"', 'epub:type="lot"'),
        ["accessibility/claim-false there is no page-list", "accessibility/page-list-missing 2 page breaks"],
    ),
    (
        "no source",
        metadata('<meta property="pageBreakSource">urn:isbn:9783161484100</meta>', ""),
        ["accessibility/page-source-missing 2 pages"],
    ),
    (
        "contents order",
        nav('<a href="a.xhtml">One</a>', '<a href="b.xhtml">B</a>'),
        ["accessibility/contents-order Two"],
    ),
    ("landmarks", nav('epub:type="bodymatter"', 'epub:type="chapter"'), ["accessibility/landmark-missing bodymatter"]),
    (
        "no modes",
        metadata(
            '<meta property="schema:accessMode">textual</meta><meta property="schema:accessMode">visual</meta>', ""
        ),
        ["accessibility/metadata-missing schema:accessMode"],
    ),
    (
        "no summary",
        metadata('<meta property="schema:accessibilitySummary">S</meta>', ""),
        ["accessibility/metadata-missing schema:accessibilitySummary"],
    ),
    (
        "unknown feature",
        metadata("pageNavigation", "pageNavigations"),
        ["accessibility/feature-unclaimed pageNavigation", "accessibility/metadata-value pageNavigations"],
    ),
    (
        "unknown mode",
        metadata(">visual<", ">visuals<"),
        ["accessibility/claim-false 1 pictures convey something", "accessibility/metadata-value visuals"],
    ),
    (
        "hazards",
        metadata('">none<', '">none</meta><meta property="schema:accessibilityHazard">flashing<'),
        ["accessibility/metadata-value flashing and none"],
    ),
    (
        "hazard unknown",
        second("<h1>B</h1><script>x()</script>"),
        ["accessibility/claim-false the book has 1 scripts, and what they show is not known"],
    ),
    (
        "index claimed",
        metadata('<meta name="cover"', FEATURE.format("index") + '<meta name="cover"'),
        ["accessibility/claim-false no index is marked as one"],
    ),
    (
        "description claimed",
        metadata('<meta name="cover"', FEATURE.format("longDescription") + '<meta name="cover"'),
        ["accessibility/claim-false no picture leads to one"],
    ),
    (
        "overlay claimed",
        metadata('<meta name="cover"', FEATURE.format("synchronizedAudioText") + '<meta name="cover"'),
        ["accessibility/claim-false there is no media overlay"],
    ),
    (
        "conforms",
        metadata(
            '<meta name="cover"',
            '<meta id="x" property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta><meta property="a11y:certifiedBy" refines="#x">C</meta><meta name="cover"',
        ),
        [],
    ),
    (
        "not certified",
        metadata(
            '<meta name="cover"',
            '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta><meta name="cover"',
        ),
        ["accessibility/certifier-missing EPUB Accessibility 1.1 - WCAG 2.2 Level AA"],
    ),
    (
        "exemption",
        metadata('<meta name="cover"', '<meta property="a11y:exemption">eaa-tiny</meta><meta name="cover"'),
        ["accessibility/metadata-value eaa-tiny"],
    ),
    ("package language", {"EPUB/package.opf": opf(lang="")}, ["accessibility/language-missing package"]),
    ("climbing name", {"../x": "y"}, ["epub/member-name ../x"]),
    (
        "bomb",
        {"EPUB/b.xhtml": '<!DOCTYPE html [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + xhtml("<h1>B</h1>")},
        ["epub/entity-nested EPUB/b.xhtml"],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_rule(tmp_path: Path, changes: dict[str, str | bytes], expected: list[str]) -> None:
    assert sorted(found(tmp_path, changes)) == sorted(expected)


def test_conformance_falls_with_a_finding(tmp_path: Path) -> None:
    claim = '<meta id="x" property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta><meta property="a11y:certifiedBy" refines="#x">C</meta>'
    said = found(tmp_path, {"EPUB/package.opf": opf(METADATA + claim), **text("<th>a</th>", "<td>a</td>")})
    assert sorted(said) == [
        "accessibility/claim-false one finding stands against it",
        "accessibility/table-header-missing Counts",
    ]


SHOP_CASES: list[tuple[str, str, dict[str, str | bytes], list[str]]] = [
    ("apple", "clean", {}, []),
    ("google", "clean", {}, []),
    ("kdp", "clean", {}, []),
    ("kobo", "clean", {}, ["retailer/cover-ratio 1.56 times as high as wide"]),
    ("kobo", "3:4", {"EPUB/cover.png": png(1200, 1600)}, []),
    ("apple", "pixels", {"EPUB/p.png": png(3000, 2000)}, ["retailer/image-pixels p.png has 6.0 million pixels"]),
    ("google", "small", {"EPUB/cover.png": png(500, 800)}, ["retailer/cover-refused 500 x 800 pixels"]),
    ("google", "huge", {"EPUB/cover.png": png(5000, 8000)}, ["retailer/cover-refused 5000 x 8000 pixels"]),
    ("google", "no cover", {"EPUB/package.opf": opf(METADATA.replace('<meta name="cover" content="c"/>', ""), ITEMS.replace(' properties="cover-image"', ""))}, ["retailer/cover-missing no cover"]),
    ("google", "webp", {"EPUB/p.png": b"RIFF\0\0\0\0WEBPVP8 "}, ["retailer/image-format p.png is WebP"]),
    ("kdp", "small", {"EPUB/cover.png": png(1000, 1600)}, ["retailer/cover-small 1000 x 1600 pixels"]),
    ("kdp", "refused", {"EPUB/cover.png": png(600, 960)}, ["retailer/cover-refused 600 x 960 pixels"]),
    ("kdp", "square", {"EPUB/cover.png": png(2500, 2500)}, ["retailer/cover-ratio 1.00 times as high as wide"]),
    ("kdp", "alpha", {"EPUB/p.png": png(10, 10, colour=6)}, ["retailer/image-alpha p.png has an alpha channel"]),
    ("kdp", "moves", {"EPUB/p.png": b"GIF89a\x01\0\x01\0\0\0\0\x21\xf9\x04\0\x21\xf9\x04\0"}, ["retailer/image-animated p.png has several frames"]),
    ("kdp", "cmyk", {"EPUB/p.png": b"\xff\xd8\xff\xc0\0\x14\x08\0\x0a\0\x0a\x04" + b"\0" * 12}, ["retailer/image-colours p.png is CMYK"]),
    ("kdp", "long alt", text("A red door", "d" * 140), ["retailer/alternative-text-long p.png has 140 characters"]),
    ("kdp", "deep", nav('<li><a href="a.xhtml#s">Two</a></li>', '<li><a href="a.xhtml#s">Two</a><ol><li><a href="a.xhtml#s">x</a></li></ol></li>'), ["retailer/contents-deep 3 levels"]),
    ("kdp", "no author", metadata("<dc:creator>A</dc:creator>", ""), ["metadata/incomplete author"]),
    ("kobo", "no isbn", {**metadata("<dc:identifier id=\"i\">urn:isbn:9783161484100</dc:identifier>", '<dc:identifier id="i">urn:uuid:x</dc:identifier>'), "EPUB/cover.png": png(1200, 1600)}, ["retailer/isbn-missing no ISBN"]),
    ("kobo", "heavy", {"EPUB/p.png": png(9, 9) + b"\0" * (11 << 20), "EPUB/cover.png": png(1200, 1600)}, ["retailer/document-heavy a.xhtml has 11.0 MB with its pictures", "retailer/image-heavy p.png has 11.0 MB"]),
    ("kobo", "gif cover", {"EPUB/cover.png": b"GIF89a" + struct.pack("<HH", 1200, 1600) + b"\0" * 8}, ["retailer/cover-format GIF"]),
    ("kobo", "cover meta", {**metadata('<meta name="cover" content="c"/>', ""), "EPUB/cover.png": png(1200, 1600)}, ["retailer/cover-unnamed cover.png"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "changes", "expected"), [(c[0], *c[2:]) for c in SHOP_CASES], ids=[f"{c[0]} {c[1]}" for c in SHOP_CASES]
)
def test_each_shop(tmp_path: Path, profile: str, changes: dict[str, str | bytes], expected: list[str]) -> None:
    assert sorted(found(tmp_path, changes, profile)) == sorted(expected)


def test_profiles_of_the_command_are_the_shops() -> None:
    assert set(PROFILES) == set(SHOPS)


def test_every_shop_names_its_guidelines() -> None:
    assert all("." in shop.guidelines and "/" in shop.guidelines for shop in SHOPS.values())


def test_findings_name_the_source_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\n### Two rooms\n\n```{image} p.png\n```\n", encoding="utf-8")
    reference = TracedReference(docname="a", target="p.png", kind="image", source="a.md", line=5)
    trace = Trace(format="epub", pages={"a": "a.xhtml"}, sources={"a": "a.md"}, references=(reference,), base="EPUB")
    changed = TEXT.replace(' alt="A red door"', "").replace('<h2 id="s">Two</h2>', '<h3 id="s">Two rooms</h3>')
    path = write(tmp_path, {"EPUB/a.xhtml": xhtml(changed)})
    places = {
        d.rule: str(d.location)
        for d in judge(path, artefact="book.epub", trace=trace, root=tmp_path).diagnostics
        if d.rule != "accessibility/claim-false"
    }
    assert places == {"epub/alternative-text-missing": "a.md:5", "accessibility/heading-rank-skipped": "a.md:3"}


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_epub_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.epub"
    path.write_bytes(content)
    judged = judge(path, artefact="x.epub")
    assert [d.rule for d in judged.diagnostics] == ["artefact/unreadable"]
    assert not judged.is_sound


def test_a_document_that_unpacks_to_gigabytes_is_not_for_a_validator(tmp_path: Path) -> None:
    judged = judge(write(tmp_path, {"EPUB/b.xhtml": b"<html>" + b"a" * (65 << 20)}), artefact="b.epub")
    assert not judged.is_sound


def test_jpeg_frame_header_after_segments() -> None:
    segments = b"\xff\xe1\x00\x10" + b"\0" * 14 + b"\xff\xc2\0\x11\x08\0\x0a\0\x0b\x03" + b"\0" * 9
    seen = picture(b"\xff\xd8" + segments)
    assert (seen.format, seen.is_cmyk) == ("JPEG", False)


def test_the_command(tmp_path: Path, octavo) -> None:
    path = write(tmp_path, text("<th>a</th>", "<td>a</td>"))
    run = octavo("check", "epub", "--no-epubcheck", "--json", path)
    assert run.status == 0, run.err
    report = json.loads(run.out)
    assert [d["rule"] for d in report["diagnostics"]] == ["accessibility/table-header-missing"]
    assert report["left_out"] == [
        f"{path}: EPUBCheck was not asked",
        f"{path}: what shops ask for, since no --profile was named",
    ]
    assert octavo("check", "epub", "--no-epubcheck", "-W", path).status == 2
    assert octavo("check", "epub", "--no-epubcheck", tmp_path / "none.epub").status == 3
    assert octavo("check", "epub", "--profile", "corner-shop", path).status == 3
