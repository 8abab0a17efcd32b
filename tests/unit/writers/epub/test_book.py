"""A small book full of traps, built whole: every finding with its place, every byte the same again, and EPUBCheck."""

import io
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from octavo.checks.epub.epubcheck import epubcheck, find_epubcheck
from octavo.packaging.package import package
from octavo.writers.epub import EpubBuilder
from octavo.writers.epub.content_model import EPUB_TYPE, MATHML, h
from octavo.writers.epub.stylesheet import GROUND, stylesheet, tokens

CONF = """\
project = "Traps & <snares>"
author = "Ada"
extensions = ["octavo", "sphinx.ext.todo"]
octavo_remote_pictures = False
html_static_path = ["_static"]
numfig = True
"""
PAGES = {
    "index.rst": """\
Traps
=====

.. toctree::
   :caption: The text
   :hidden:

   größe und maß
   glossary
   preface

* :ref:`genindex`
* :ref:`search`
""",
    "größe und maß.rst": """\
Größe
=====

.. index:: size

Inline :math:`a < b` and :math:`\\unknowncommand{x}`, a note [#n]_, a :term:`trap`, :download:`the data <data.csv>`,
:download:`an archive <pack.zip>`, ``a  literal of -words``.

.. [#n] The note.

.. math::
   :label: eq

   a &= b \\\\
   c &= d

.. image:: dot.png

.. image:: dot.png
   :alt: A dot
   :target: https://example.org/a b

.. figure:: dot.png

   A caption for an alternative

.. image:: https://example.org/remote.png
   :alt: A badge

.. image:: drawing.svg
   :alt: A drawing

Deep
^^^^

.. code-block:: python
   :linenos:

   def f(): return "x"

.. raw:: html

   <p>one<div>two</p><a href="nowhere.html">gone</a><a href="#nothing">no anchor</a>
   <a href="../../etc/passwd">up</a> <a href="file:///etc/passwd">local</a> <a href="glossary.html#term-trap">there</a>
   <iframe src="https://example.org/film" title="A film"></iframe><input type="checkbox" checked>
   <a href="javascript:alert(1)" onclick="x()">run</a><!-- never closed

After the comment.

.. list-table::
   :header-rows: 1

   * -
     - B
   * - c
     - d
""",
    "glossary.rst": """\
Glossary
========

.. glossary::

   trap
      What this book is full of.
""",
    "preface.rst": """\
Preface
=======

See :doc:`größe und maß` and `a section <größe%20und%20maß.html#deep>`__.
""",
    "orphan.rst": """\
:orphan:

Alone
=====

.. py:function:: alone(x)

   Nobody links here.
""",
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c636000000002000148afa4710000"
    "000049454e44ae426082"
)
SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="x()"><script>x()</script>
<defs><linearGradient id="a:b"><stop offset="0"/></linearGradient></defs>
<rect width="9" height="9" fill="url(#a:b)"/></svg>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A built book: its file, the log's warnings without folders."""

    path: Path
    warnings: str

    def page(self, name: str) -> etree._Element:
        return etree.fromstring(self.read(name))

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(f"EPUB/{name}")

    def names(self) -> list[str]:
        with zipfile.ZipFile(self.path) as archive:
            return archive.namelist()


def build(folder: Path) -> Book:
    source = folder / "source"
    (source / "_static").mkdir(parents=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    for name, text in PAGES.items():
        (source / name).write_text(text, encoding="utf-8")
    (source / "dot.png").write_bytes(PNG)
    (source / "drawing.svg").write_text(SVG, encoding="utf-8")
    (source / "data.csv").write_text("name,size\na,1\n", encoding="utf-8")
    (source / "pack.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(source, source, folder / "out", folder / "doctrees", "octavo-epub", status=None, warning=warnings)
        app.build()
    builder = app.builder
    assert isinstance(builder, EpubBuilder)
    path = folder / "book.epub"
    package(builder.publication, path)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
    return Book(path=path, warnings=plain.replace(f"{source}{os.sep}", ""))


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return build(tmp_path_factory.mktemp("traps"))


@pytest.mark.parametrize(
    ("place", "rule", "said"),
    [
        ("größe und maß.rst:6", "math/not-converted", "unknowncommand"),
        ("größe und maß.rst:7", "epub/content-replaced", "download can't stand in an EPUB: pack.zip"),
        ("größe und maß.rst:17", "epub/alternative-text-missing", "dot.png"),
        ("größe und maß.rst:27", "epub/remote-media", "https://example.org/remote.png"),
        ("größe und maß.rst:43", "links/page-missing", "'nowhere.html'"),
        ("größe und maß.rst:43", "links/anchor-missing", "'nothing' in größe und maß.rst"),
        ("größe und maß.rst:44", "links/outside-root", "'../../etc/passwd'"),
        ("größe und maß.rst:44", "links/local-file", "'file:///etc/passwd'"),
        ("größe und maß.rst:45", "epub/remote-media", "https://example.org/film"),
        ("größe und maß.rst:46", "epub/content-replaced", "javascript:alert(1)"),
        ("größe und maß.rst:41", "epub/markup-repaired", "a comment is not closed"),
    ],
)
def test_each_finding_has_its_place_and_comes_once(book, place, rule, said):
    found = [line for line in book.warnings.splitlines() if f"[octavo.{rule}]" in line and said in line]
    assert len(found) == 1, book.warnings
    assert found[0].startswith(f"{place}: ")


def test_there_are_no_other_findings(book):
    assert len(re.findall(r"\[octavo\.", book.warnings)) == 11, book.warnings


def test_same_sources_same_bytes(book, tmp_path):
    assert build(tmp_path / "elsewhere").path.read_bytes() == book.path.read_bytes()


def test_epubcheck_has_nothing_to_say(book):
    tool = find_epubcheck(os.environ)
    if tool is None:
        pytest.skip("the extra 'validate' is not installed")
    assert [str(d) for d in epubcheck(book.path, tool)] == []


def test_documents_of_hidden_toctrees_are_in_the_contents_in_reading_order(book):
    nav = book.page("nav.xhtml")
    toc = nav.find(f".//{h('nav')}[@role='doc-toc']")
    assert [e.text for e in toc.iter(h("a"), h("span"))] == [
        "Traps", "The text", "Größe", "Deep", "Glossary", "Preface", "Alone", "Index",
    ]  # fmt: skip
    landmarks = nav.find(f".//{h('nav')}[@id='landmarks']")
    assert [a.get(EPUB_TYPE) for a in landmarks.iter(h("a"))] == [
        "cover", "titlepage", "toc", "bodymatter", "glossary", "index",
    ]  # fmt: skip


def test_every_internal_link_leads_somewhere(book):
    pages = {n.removeprefix("EPUB/"): book.page(n.removeprefix("EPUB/")) for n in book.names() if n.endswith(".xhtml")}
    count = 0
    for name, page in pages.items():
        for link in page.iter(h("a")):
            href = link.get("href", "")
            if re.match("[a-z]+:", href):
                continue
            target, _, fragment = href.partition("#")
            assert not fragment or fragment in pages[target or name].xpath("//@id")
            count += 1
    assert count > 15


def test_text_after_an_unclosed_comment_is_not_lost(book):
    assert "After the comment." in "".join(book.page("grosse-und-mass.xhtml").itertext())


def test_words_of_literals_stand_in_no_spans(book):
    pages = [book.read(name.removeprefix("EPUB/")).decode() for name in book.names() if name.endswith(".xhtml")]
    (page,) = [text for text in pages if "literal of" in text]
    assert ">a\u00a0 literal of -words</code>" in page
    assert 'class="pre"' not in page


def test_formulas_are_mathml_with_words_and_never_raw_latex(book):
    page = book.page("grosse-und-mass.xhtml")
    formulas = list(page.iter(f"{{{MATHML}}}math"))
    assert [bool(f.get("alttext")) for f in formulas] == [True, True]
    assert formulas[0].get("alttext") == "a is less than b"
    drawn = next(i for i in page.iter(h("img")) if i.get("class") == "octavo-formula")
    assert drawn.get("alt") == "unknowncommand x"
    assert drawn.get("src", "").endswith(".svg")
    assert "vertical-align: -" in drawn.get("style", "")
    assert "\\(" not in "".join(page.itertext())


def test_alternative_texts_are_the_authors_words(book):
    alts = [(i.get("src"), i.get("alt")) for i in book.page("grosse-und-mass.xhtml").iter(h("img"))]
    assert alts == [
        ("images/embedded.svg", "unknowncommand x"),
        ("images/dot.png", ""),
        ("images/dot.png", "A dot"),
        ("images/dot.png", "A caption for an alternative"),
        ("images/drawing.svg", "A drawing"),
    ]


def test_pictures_carry_no_scripts(book):
    drawing = book.read("images/drawing.svg")
    assert b"script" not in drawing
    assert b"onload" not in drawing
    assert b'id="a_x3A_b"' in drawing
    assert b"url(#a_x3A_b)" in drawing


def test_a_download_that_is_text_becomes_a_page(book):
    link = next(a for a in book.page("grosse-und-mass.xhtml").iter(h("a")) if "the data" in "".join(a.itertext()))
    page = book.page(link.get("href"))
    assert [c.text for c in page.iter(h("th"), h("td"))] == ["name", "size", "a", "1"]


def test_meaning_is_said_twice(book):
    page = book.page("grosse-und-mass.xhtml")
    noteref = next(a for a in page.iter(h("a")) if a.get("role") == "doc-noteref")
    note = next(page.iter(h("aside")))
    while note.get("id") != noteref.get("href")[1:]:
        note = next(e for e in page.iter(h("aside")) if e.get("role") == "doc-footnote")
    assert (noteref.get(EPUB_TYPE), note.get(EPUB_TYPE), note.get("role")) == ("noteref", "footnote", "doc-footnote")
    for name, kind in (("glossary", "glossary"), ("preface", "preface"), ("grosse-und-mass", "chapter")):
        section = book.page(f"{name}.xhtml").find(f"{h('body')}/{h('section')}")
        assert (section.get(EPUB_TYPE), section.get("role")) == (kind, f"doc-{kind}")


def test_metadata_of_the_site_s_defaults_is_left_out(book):
    assert b"unknown" not in book.read("content.opf")
    assert b'<dc:title id="title">Traps &amp; &lt;snares&gt;</dc:title>' in book.read("content.opf")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_of_program_text_have_contrast_by_day_and_by_night():
    for day, night, _ in tokens().values():
        if day != "inherit":
            assert (luminance(GROUND[0]) + 0.05) / (luminance(day) + 0.05) >= 4.5
            assert (luminance(night) + 0.05) / (luminance(GROUND[1]) + 0.05) >= 4.5


def test_the_style_sheet_leaves_the_reader_s_settings_alone():
    layout = stylesheet()
    assert not re.search(r"(?<![-\w])(background|color):(?! inherit)", layout.split(".highlight")[0])
    assert not re.search(r"font-size:\s*\d+(?:\.\d+)?(?:px|pt)", layout)


def test_the_size_of_program_text_is_that_of_its_surroundings():
    # a browser takes 13/16 of the size where `monospace` is the only family
    assert not re.search(r"font-family: monospace;", stylesheet())
    assert "font-family: monospace, monospace;" in stylesheet()


def test_indents_are_on_the_side_where_lines_begin():
    for selector, declarations in re.findall(r"^([^{@/]+) \{([^}]*)\}", stylesheet(), re.MULTILINE):
        sides = re.findall(r"(?:margin|padding): ([\d.em]+) ([\d.em]+) ([\d.em]+) ([\d.em]+);", declarations)
        if any(right != left for _, right, _, left in sides):
            assert selector.startswith("[dir=") or f'[dir="rtl"] {selector} {{' in stylesheet(), selector
