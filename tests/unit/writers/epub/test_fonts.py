"""Fonts of the project in the book: what is embedded of them, and what is said of one that is not."""

import io
import logging
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from lxml import etree
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from octavo.checks.epub.epubcheck import epubcheck, find_epubcheck
from octavo.diagnostics import ConfigurationError, Diagnostic, Location, Severity
from octavo.packaging.package import package
from octavo.writers.epub import EpubBuilder
from octavo.writers.epub.fonts import Named, embed, named_fonts
from octavo.writers.epub.soup import parse
from octavo.writers.epub.stylesheet import PROGRAM_TEXT, stylesheet

LATIN = "".join(map(chr, range(0x20, 0x7F))) + "äöü…"
REMEDY = "pip install 'octavo[fonts]'"


def font(
    path: Path,
    family: str = "Probe",
    characters: str = LATIN,
    *,
    style: str = "Regular",
    weight: int = 400,
    fs_type: int = 0,
) -> Path:
    """A font with a box for each character."""
    names = {c: f"u{ord(c):04X}" for c in characters}
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (450, 700), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    box = pen.glyph()
    order = [".notdef", *names.values()]
    maker = FontBuilder(1000, isTTF=True)
    maker.setupGlyphOrder(order)
    maker.setupCharacterMap({ord(c): name for c, name in names.items()})
    maker.setupGlyf(dict.fromkeys(order, box))
    maker.setupHorizontalMetrics(dict.fromkeys(order, (500, 50)))
    maker.setupHorizontalHeader(ascent=800, descent=-200)
    maker.setupNameTable({"familyName": family, "styleName": style})
    maker.setupOS2(usWeightClass=weight, fsType=fs_type, fsSelection=0x01 if "Italic" in style else 0x40)
    maker.setupPost()
    # seconds since 1904, when a font's time starts
    maker.updateHead(created=3_500_000_000, modified=3_500_000_000)
    path.parent.mkdir(parents=True, exist_ok=True)
    maker.save(path)
    return path


def body(html: str) -> etree._Element:
    return parse(html).body


def says(findings: tuple[Diagnostic, ...]) -> list[tuple[str, str, str | None, str | None]]:
    return [(f.rule, f.value, f.context, f.hint) for f in findings]


def characters_of(content: bytes) -> set[str]:
    with TTFont(io.BytesIO(content)) as made:
        assert made.flavor == "woff2"
        return set(map(chr, made.getBestCmap()))


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (None, Named()),
        ({}, Named()),
        ("a.ttf", Named(text=("a.ttf",))),
        (["a.ttf", "b.ttf"], Named(text=("a.ttf", "b.ttf"))),
        ({"text": "a.ttf", "code": ["b.ttf"]}, Named(text=("a.ttf",), code=("b.ttf",))),
    ],
)
def test_the_configuration_names_files_for_text_and_code(value, named):
    assert named_fonts(SimpleNamespace(octavo_epub_fonts=value)) == named


@pytest.mark.parametrize("value", [{"title": "a.ttf"}, 3, {"text": 3}, [3]])
def test_anything_else_is_refused(value):
    with pytest.raises(ConfigurationError, match="octavo_epub_fonts"):
        named_fonts(SimpleNamespace(octavo_epub_fonts=value))


def test_each_part_has_its_faces_with_the_characters_that_it_has(tmp_path):
    every = LATIN + "αβγжשת"
    font(tmp_path / "Serif.ttf", "Probe Serif", every)
    font(tmp_path / "Serif-Bold.ttf", "Probe Serif", every, style="Bold", weight=700)
    font(tmp_path / "Serif-Italic.ttf", "Probe Serif", every, style="Italic")
    font(tmp_path / "Mono.ttf", 'Probe "Mono"', every)
    named = Named(text=("Serif.ttf", "Serif-Bold.ttf", "Serif-Italic.ttf"), code=("Mono.ttf",))
    made = embed(named, [body("<p>ä α <code>ж<b>β</b></code> γ</p><svg><text>ש</text></svg>")], tmp_path)
    assert made.findings == ()
    assert list(made.files) == [
        "fonts/serif.woff2", "fonts/serif-bold.woff2", "fonts/serif-italic.woff2", "fonts/mono.woff2",
    ]  # fmt: skip
    had = {href: characters_of(content) & set("äüαβγжשת") for href, content in made.files.items()}
    assert had.pop("fonts/mono.woff2") == {"ж", "β"}
    assert list(had.values()) == [{"ä", "α", "γ"}] * 3
    assert set("09aZ-") <= characters_of(made.files["fonts/serif.woff2"])
    assert re.findall(r"font-weight: (\d+); font-style: (\w+); src: url\(\"([^\"]+)", made.css) == [
        ("400", "normal", "../fonts/serif.woff2"),
        ("700", "normal", "../fonts/serif-bold.woff2"),
        ("400", "italic", "../fonts/serif-italic.woff2"),
        ("400", "normal", "../fonts/mono.woff2"),
    ]
    assert 'body { font-family: "Probe Serif", serif; }\n' in made.css
    assert f'{PROGRAM_TEXT} {{ font-family: "Probe \\"Mono\\"", monospace; }}\n' in made.css
    assert "font-size" not in made.css


def test_the_rule_for_program_text_is_on_all_that_the_sheet_sets_in_a_typewriters_font():
    selectors = re.findall(r"^([^{@]+) \{[^}]*font-family: monospace", stylesheet(), re.MULTILINE)
    assert {name for found in selectors for name in found.split(", ")} == set(PROGRAM_TEXT.split(", "))
    assert "@font-face" not in stylesheet()
    assert stylesheet("body { font-family: x; }\n").endswith("body { font-family: x; }\n")


def test_a_file_of_both_parts_is_embedded_once(tmp_path):
    font(tmp_path / "One.ttf", characters=LATIN + "αж")
    made = embed(Named(text=("One.ttf",), code=("One.ttf",)), [body("<p>α <code>ж</code></p>")], tmp_path)
    assert list(made.files) == ["fonts/one.woff2"]
    assert {"α", "ж"} <= characters_of(made.files["fonts/one.woff2"])
    assert made.css.count("@font-face") == 1
    assert made.css.count("font-family: ") == 3


def test_the_same_font_gives_the_same_bytes(tmp_path):
    font(tmp_path / "One.ttf")
    page = body("<p>words, and more words</p>")
    assert embed(Named(text=("One.ttf",)), [page], tmp_path) == embed(Named(text=("One.ttf",)), [page], tmp_path)


def test_families_of_several_scripts_stand_in_for_one_another(tmp_path):
    font(tmp_path / "Latin.ttf", "Probe Latin")
    font(tmp_path / "Hebrew.ttf", "Probe Hebrew", "שת")
    made = embed(Named(text=("Latin.ttf", "Hebrew.ttf")), [body("<p>a ש</p>")], tmp_path)
    assert made.findings == ()
    assert 'body { font-family: "Probe Latin", "Probe Hebrew", serif; }' in made.css


def test_characters_that_no_font_has_are_said_once_for_a_part(tmp_path):
    font(tmp_path / "One.ttf")
    made = embed(
        Named(text=("One.ttf",), code=("One.ttf",)), [body("<p>Ω\u200b\ufe0f <code>a\n→→</code></p>")], tmp_path
    )
    assert says(made.findings) == [
        (
            "epub/font-characters-missing",
            sign,
            f"octavo_epub_fonts['{part}']",
            "readers show them in a font of their own",
        )
        for part, sign in (("text", "Ω (U+03A9)"), ("code", "→ (U+2192)"))
    ]


@pytest.mark.parametrize(
    ("fs_type", "why"),
    [
        (0x0002, "its licence forbids embedding (OS/2 fsType, bit 1)"),
        (0x0204, "its licence has only bitmaps embedded (OS/2 fsType, bit 9)"),
    ],
)
def test_a_font_whose_licence_forbids_it_is_left_out(tmp_path, fs_type, why):
    font(tmp_path / "One.ttf", fs_type=fs_type)
    made = embed(Named(text=("One.ttf",)), [body("<p>a</p>")], tmp_path)
    assert (made.files, made.css) == ({}, "")
    assert [(f.rule, f.value, f.context) for f in made.findings] == [("epub/font-not-embedded", "One.ttf", why)]


@pytest.mark.parametrize("fs_type", [0x0004, 0x0008, 0x000A])
def test_a_font_that_may_be_embedded_in_documents_is(tmp_path, fs_type):
    font(tmp_path / "One.ttf", fs_type=fs_type)
    made = embed(Named(text=("One.ttf",)), [body("<p>a</p>")], tmp_path)
    assert made.findings == ()
    assert "ä" not in characters_of(made.files["fonts/one.woff2"])


def test_a_font_that_may_not_be_cut_is_embedded_whole(tmp_path):
    font(tmp_path / "One.ttf", fs_type=0x0108)
    made = embed(Named(text=("One.ttf",)), [body("<p>a</p>")], tmp_path)
    assert made.findings == ()
    assert characters_of(made.files["fonts/one.woff2"]) == set(LATIN)


def collection() -> bytes:
    return b"ttcf" + bytes.fromhex("00010000 00000001 00000010") + bytes(64)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, r"no such file"),
        (b"", r"it is no font that can be read \(.+\)"),
        (b"<html>not found</html>", r"it is no font that can be read \(Not a TrueType or OpenType font.*\)"),
        (collection(), r"it is a collection of fonts"),
    ],
    ids=["missing", "empty", "page", "collection"],
)
def test_a_file_that_is_no_font_is_said_with_its_name(tmp_path, content, why):
    (tmp_path / "conf.py").write_text("project = 'x'\noctavo_epub_fonts = 'One' + '.ttf'\n")
    if content is not None:
        (tmp_path / "One.ttf").write_bytes(content)
    made = embed(Named(text=("One.ttf",)), [body("<p>a</p>")], tmp_path)
    assert made.files == {}
    (finding,) = made.findings
    assert (finding.rule, finding.value) == ("epub/font-not-embedded", "One.ttf")
    assert re.fullmatch(why, finding.context or "")
    assert finding.location == Location(source=str(tmp_path / "conf.py"), line=2)


def test_a_font_that_is_cut_off_anywhere_gives_no_traceback(tmp_path):
    whole = font(tmp_path / "Whole.ttf").read_bytes()
    for length in range(1, len(whole), 97):
        (tmp_path / "One.ttf").write_bytes(whole[:length])
        made = embed(Named(text=("One.ttf",)), [body("<p>a</p>")], tmp_path)
        assert bool(made.files) != bool(made.findings)


def test_a_font_for_another_script_and_a_twin_are_left_out(tmp_path):
    font(tmp_path / "One.ttf")
    font(tmp_path / "Two.ttf")
    font(tmp_path / "Hebrew.ttf", "Probe Hebrew", "שת")
    made = embed(Named(text=("One.ttf", "Two.ttf", "Hebrew.ttf")), [body("<p>a</p>")], tmp_path)
    assert list(made.files) == ["fonts/one.woff2"]
    assert [(f.value, f.context) for f in made.findings] == [
        ("Two.ttf", "One.ttf has its family, weight and style"),
        ("Hebrew.ttf", "it has none of the book's characters"),
    ]


@pytest.mark.parametrize("missing", ["fontTools", "brotli"])
def test_without_the_tools_the_remedy_is_said(tmp_path, monkeypatch, missing):
    for name in [missing, "brotlicffi"]:
        monkeypatch.setitem(sys.modules, name, None)
    made = embed(Named(text=("One.ttf",), code=("Two.ttf",)), [body("<p>a</p>")], tmp_path)
    said = {"fontTools": "fontTools", "brotli": "Brotli"}[missing]
    assert says(made.findings) == [("epub/font-not-embedded", "One.ttf, Two.ttf", f"{said} is not installed", REMEDY)]


def test_what_fonttools_says_of_an_odd_font_is_no_finding_about_the_book(tmp_path, capfd, monkeypatch):
    # without any handler a warning is printed
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    with TTFont(font(tmp_path / "Whole.ttf"), recalcTimestamp=False) as odd:
        odd["head"].created = 0
        odd["FFTM"] = DefaultTable("FFTM")
        odd["FFTM"].data = b"\0" * 28
        odd.save(tmp_path / "One.ttf")
    heard = logging.getLogger("fontTools").handlers
    made = embed(Named(text=("One.ttf",)), [body("<p>a</p>")], tmp_path)
    assert (list(made.files), made.findings) == (["fonts/one.woff2"], ())
    assert logging.getLogger("fontTools").handlers == heard == []
    assert capfd.readouterr() == ("", "")


def test_a_variable_font_has_all_its_weights(tmp_path):
    font(tmp_path / "One.ttf")
    with TTFont(tmp_path / "One.ttf") as made:
        maker = FontBuilder(font=made)
        maker.setupFvar([("wght", 200, 400, 850, "Weight"), ("wdth", 75, 100, 100, "Width")], [])
        maker.setupGvar({})
        maker.save(tmp_path / "Variable.ttf")
    embedded = embed(Named(text=("Variable.ttf",)), [body("<p>a</p>")], tmp_path)
    assert embedded.findings == ()
    assert "font-weight: 200 850; font-style: normal" in embedded.css
    with TTFont(io.BytesIO(embedded.files["fonts/variable.woff2"])) as cut:
        assert [axis.axisTag for axis in cut["fvar"].axes] == ["wght", "wdth"]


def build(folder: Path) -> tuple[Path, str]:
    """A book with three faces, and one that is not there."""
    source = folder / "source"
    source.mkdir(parents=True)
    (source / "conf.py").write_text(
        'project = "Fonts"\nauthor = "Ada"\nextensions = ["octavo"]\n'
        'octavo_epub_fonts = {\n    "text": ["fonts/Serif.ttf", "fonts/Serif-Bold.ttf",\n'
        '             "fonts/gone.ttf"],\n    "code": "Mono.ttf",\n}\n'
    )
    (source / "index.rst").write_text("Fonts\n=====\n\nSome *words* and ``code`` — ä.\n", encoding="utf-8")
    font(source / "fonts" / "Serif.ttf", "Probe Serif", LATIN + "—©")
    font(source / "fonts" / "Serif-Bold.ttf", "Probe Serif", LATIN, style="Bold", weight=700)
    font(source / "Mono.ttf", "Probe Mono")
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(source, source, folder / "out", folder / "doctrees", "octavo-epub", status=None, warning=warnings)
        app.build()
    assert isinstance(app.builder, EpubBuilder)
    path = folder / "book.epub"
    package(app.builder.publication, path)
    return path, re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()).replace(f"{source}{os.sep}", "")


def test_a_book_with_fonts_is_valid_and_the_same_each_time(tmp_path):
    path, warnings = build(tmp_path / "one")
    assert [line for line in warnings.splitlines() if "octavo." in line] == [
        "conf.py:6: WARNING: the font 'fonts/gone.ttf' of octavo_epub_fonts is not in the EPUB: no such file; "
        "it is looked for at fonts/gone.ttf [octavo.epub/font-not-embedded]"
    ]
    assert build(tmp_path / "two")[0].read_bytes() == path.read_bytes()
    tool = find_epubcheck(os.environ)
    if tool is None:
        pytest.skip("the extra 'validate' is not installed")
    found = epubcheck(path, tool)
    assert [str(d) for d in found if d.severity is not Severity.INFO] == []
    assert {(d.context, d.value) for d in found} == {("CSS-028", "Use of Font-face declaration.")}
