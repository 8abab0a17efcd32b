"""Whole small books: what every family of nodes becomes, and what is said when something can't be printed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

Build = Callable[..., Any]


def png(width: int = 60, height: int = 40) -> bytes:
    """A picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x40\x80\xc0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def with_toctree(*docnames: str, options: str = "") -> str:
    entries = "\n".join(f"   {d}" for d in docnames)
    return f"Book\n====\n\n.. toctree::\n{options}\n{entries}\n"


def test_a_book_is_tagged_and_named(build: Build) -> None:
    book = build(
        {
            "index.rst": with_toctree("one", "two", options="   :numbered:\n"),
            "one.rst": "Chapter one\n===========\n\nText.\n\nSection\n-------\n\nSee :doc:`two`.\n",
            "two.rst": ".. _second:\n\nChapter two\n===========\n\nSee :ref:`second`.\n",
        }
    )
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    assert book.bookmarks() == [(1, "1 Chapter one"), (2, "1.1 Section"), (1, "2 Chapter two")]
    assert {"one", "one#chapter-one", "one#section", "two", "two#second", "two#chapter-two", "index"} <= book.names()
    with pikepdf.open(book.builder.artefact) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert len(pdf.pages) == book.builder.page_count
        assert pikepdf.Name("/r") == pdf.Root.PageLabels.Nums[1].S
    pages = {(p.docname, p.anchor): (p.page, p.label) for p in book.builder.pages_of_targets}
    assert pages["one", ""] == (5, "1")
    assert pages["two", "second"] == (7, "3")
    assert '"two", "p.")[' in book.typst
    in_text = ("two", "2 Chapter two, p. 3")
    assert book.links().count(in_text) == 3  # one in each chapter, and one in the table of contents
    assert {name for name, _ in book.links()} <= book.names()
    assert b"octavo:" not in book.bytes


def test_numbers_are_those_of_html(build: Build) -> None:
    book = build(
        {
            "index.rst": with_toctree("one", options="   :numbered: 1\n"),
            "one.rst": "One\n===\n\nSub\n---\n\n.. _f:\n\n"
            ".. figure:: x.png\n   :alt: a\n\n   Caption\n\n:numref:`f` :eq:`e`\n\n"
            ".. math:: a\n   :label: e\n",
            "x.png": png(),
        },
        "numfig = True",
    )
    assert 'number: "1", short: "One"' in book.typst
    assert "depth: 1, number: none)[Sub]" in book.typst
    assert 'number: "Fig. 1.1"' in book.typst
    assert 'number: "1.1"' in book.typst.split("#display")[1]
    assert book.warnings == ()


def test_ranks_have_no_gaps(build: Build) -> None:
    book = build(
        {
            "index.rst": with_toctree("bare"),
            "bare.rst": "Only a paragraph.\n\n.. toctree::\n\n   deep\n",
            "deep.rst": "Deep\n====\n\nDeeper\n------\n\nText.\n",
        }
    )
    assert book.builder.standards == ("ua-1", "a-2a")
    assert [tag for tag in book.tags() if tag.startswith("H")] == ["H1", "H1", "H2"]


BLOCKS = {
    "bullets": ("* a\n* b\n", "#list(tight: true, [a], [b])", ["L", "LI"]),
    "enumeration": ("c. a\n#. b\n", 'numbering: "a.", start: 3', ["L", "LI"]),
    "definitions": ("term : class\n   text\n", "#definitions((([term", ["L", "LI"]),
    "fields": (".. container:: x\n\n   :name: value\n", "#fields(([name\\:], [value]))", ["L", "LI"]),
    "options": ("-a, --all  everything\n", '#lit("-a");, #lit("--all");', ["L"]),
    "quotation": ("    quoted\n\n    -- Someone\n", "#attribution()[Someone]", ["BlockQuote"]),
    "verse": ("| one\n|   two\n", "#poem((0, [one]), (1, [two]))", []),
    "code": (".. code-block:: python\n   :emphasize-lines: 1\n\n   def f(): pass\n", "emphasised: (1, )", ["Code"]),
    "note": (".. note:: Mind.\n", 'kind: "note", title: [Note]', []),
    "version": (".. versionadded:: 1.0\n   New.\n", "#version-note", []),
    "topic": (".. topic:: T\n\n   In.\n", "#aside(title: [T])[In\\.]", []),
    "table": (
        ".. csv-table:: T\n   :header: A, B\n\n   1, 2\n",
        "header: ([#head-cell[A]], [#head-cell[B]], )",
        ["TH", "TD"],
    ),
    "headless": ("== ==\na  b\n== ==\n", "#tabular(needs: (", []),
    "footnote": ("A [#x]_ b [#x]_.\n\n.. [#x] Note.\n", "#footnote[Note\\.]", ["Note"]),
    "citation": ("See [K]_.\n\n.. [K] Key.\n", "#citation(id: ", ["Link"]),
    "glossary": (".. glossary::\n\n   t\n     Def.\n\n:term:`t`\n", 'anchor("index#term-t")', ["Link"]),
    "python": (".. py:function:: f(a: int, b=1, *c) -> str\n\n   Does.\n", "#strong[f];", []),
    "grammar": (".. productionlist::\n   a: b\n", "#parsed-code", []),
    "hlist": (".. hlist::\n   :columns: 2\n\n   * a\n   * b\n", "#columned(2,", []),
    "centred": (".. centered:: Middle\n", "#centred()[#strong[Middle]]", []),
    "link": ("`x <https://example.org/ü>`_\n", '#link("https://example.org/%C3%BC")[x];', ["Link"]),
    "parsed literal": (".. parsed-literal::\n\n   a *b*\n    c\n", "#linebreak();~c", []),
    "print only": (".. only:: latex\n\n   On paper.\n\n.. only:: html\n\n   On screens.\n", "On paper\\.", []),
    "raw": (".. raw:: html\n\n   <p>Raw <b>words</b></p>\n", "Raw #strong[words];", []),
}


@pytest.mark.parametrize("name", list(BLOCKS))
def test_block(build: Build, name: str) -> None:
    source, expected, tags = BLOCKS[name]
    book = build({"index.rst": f"Book\n====\n\nText.\n\n{source}\n"})
    assert expected in book.typst
    assert not [tag for tag in tags if tag not in book.tags()]
    assert book.builder.standards == ("ua-1", "a-2a")
    assert book.warnings == ()


def test_unused_footnote_stands_where_it_is(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\n.. [#x] Nobody asks.\n"})
    assert "Nobody asks" in book.typst
    assert [w.rpartition("[")[2] for w in book.warnings] == ["ref.footnote]"]


def test_spans_fill_the_grid(build: Build) -> None:
    table = "+---+---+---+\n| a | b     |\n|   +---+---+\n|   | c | d |\n+---+---+---+\n"
    book = build({"index.rst": f"Book\n====\n\n{table}"})
    assert "grid.cell(rowspan: 2, align: horizon)[a], grid.cell(colspan: 2)[b], [c], [d]" in book.typst


def test_pictures(build: Build) -> None:
    source = (
        "Book\n====\n\n.. image:: x.png\n   :alt: A picture\n\n.. image:: x.png\n\n"
        ".. image:: y.png\n   :alt: Gone\n\n.. image:: https://example.org/z.png\n   :alt: Far\n"
    )
    book = build({"index.rst": source, "x.png": png()})
    assert book.alternatives() == ["A picture", "Image"]
    assert "Gone" in book.typst
    assert '#link("https://example.org/z.png")[Far];' in book.typst
    assert [w.partition("WARNING: ")[2][:40] for w in book.warnings] == [
        "image file not readable: y.png [image.no",
        "no alternative text for 'x.png' [octavo.",
        "remote image 'https://example.org/z.png'",
    ]


def test_formula_is_read_out(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\n:math:`x^2`\n\n.. math:: \\frac{1}{2}\n"})
    assert book.alternatives() == ["x squared", "one half"]
    assert book.warnings == ()


@pytest.mark.parametrize("theme", ["book", "manual"])
def test_signs_over_letters_are_signs_in_each_theme(build: Build, theme: str) -> None:
    marks = ("vec", "hat", "bar", "dot", "tilde", "overbrace", "underbrace", "overline", "underline", "sqrt", "cancel")
    formulas = "".join(f".. math:: \\{mark}{{x}} = \\mathrm{{{mark}}}\n\n" for mark in marks)
    book = build({"index.rst": f"Book\n====\n\n{formulas}"}, f"octavo_pdf_theme = '{theme}'")
    text = " ".join("".join(book.texts()).split())
    assert not set("(,#") & set(text)  # no call of Typst's that was taken for text
    assert all(mark in text for mark in marks)


def test_formula_that_fails_is_drawn_as_far_as_it_can_be_read(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\n:math:`\\nosuchcommand{x} + \\frac12`\n"})
    assert book.alternatives() == ["nosuchcommand x plus one half"]
    assert "\\nosuch" not in book.typst
    assert len(book.warnings) == 1
    assert "math/not-converted" in book.warnings[0]
    assert book.warnings[0].startswith("index.rst:4")


def test_references_in_formulas_lead_to_their_equations(build: Build) -> None:
    source = (
        "Book\n====\n\n.. math:: E = mc^2\n   :label: energy\n\n.. math:: \\newcommand{\\half}{\\frac12}\n\n"
        "By :math:`\\eqref{energy}`, :math:`\\half \\text{ and \\ref{energy}}`, not :math:`\\eqref{gone}`.\n"
    )
    book = build({"index.rst": source})
    assert [name for name, _ in book.links()].count("index#equation-energy") == 2
    assert "one half and 1" in book.alternatives()
    assert [w.split(" [")[0] for w in book.warnings] == ["index.rst:9: ERROR: no label 'gone'"]


def test_broken_references_are_said_and_print_as_text(build: Build) -> None:
    source = "Book\n====\n\n`file <missing.html>`_\n\n.. raw:: html\n\n   <i>x</i>\n"
    book = build({"index.rst": source})
    assert "links/page-missing" in book.warnings[0]
    assert book.warnings[0].startswith("index.rst:4")
    assert "missing.html" not in book.typst
    assert "\\[file" not in book.typst
    assert len(book.warnings) == 1


def test_reference_to_nothing(build: Build) -> None:
    extension = """
from docutils import nodes
def change(app, tree, docname):
    tree.next_node(nodes.paragraph).append(nodes.reference("", "gone", refuri="%index#nowhere", internal=True))
    tree.next_node(nodes.paragraph).append(nodes.reference("", "lost", refuri="%nopage", internal=True))
def setup(app):
    app.connect("doctree-resolved", change)
"""
    conf = 'import sys, os; sys.path.insert(0, os.path.dirname(__file__)); extensions = ["dangling"]'
    book = build({"index.rst": "Book\n====\n\nText\n", "dangling.py": extension}, conf)
    assert "#plain[gone];#plain[lost];" in book.typst
    assert [w.partition("ERROR: ")[2] for w in book.warnings] == [
        "no anchor 'nowhere' in index.rst [octavo.links/anchor-missing]",
        "no page 'nopage' [octavo.links/page-missing]",
    ]


def test_missing_glyph_is_replaced_and_said(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\nA \N{GRINNING FACE} b \N{WHITE HEAVY CHECK MARK} \N{CHECK MARK}.\n"})
    assert "\\[grinning face\\] b ✓ ✓" in book.typst
    assert [w.rpartition(" ")[2] for w in book.warnings] == ["[octavo.pdf/glyph-missing]"] * 2
    assert book.builder.standards == ("ua-1", "a-2a")


UNKNOWN = """
from docutils import nodes
from docutils.parsers.rst import Directive
class strange(nodes.General, nodes.Element): pass
class drawn(nodes.General, nodes.Element): pass
class dashed(nodes.General, nodes.Element): pass
class broken(nodes.General, nodes.Element): pass
def directive(kind):
    class Make(Directive):
        has_content = True
        def run(self):
            node = kind("\\n".join(self.content))
            node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
            self.state.nested_parse(self.content, self.content_offset, node)
            return [node]
    return Make
def skip(self, node): raise nodes.SkipNode
def setup(app):
    app.add_node(drawn, octavo_pdf=(lambda s, n: s.add("#strong["), lambda s, n: s.add("]")))
    app.add_node(dashed, **{"octavo-pdf": (lambda s, n: s.add("#emph["), lambda s, n: s.add("]"))})
    app.add_node(broken, octavo_pdf=(lambda s, n: s.add("#no-such-function["), lambda s, n: s.add("]")))
    for kind in (strange, drawn, dashed, broken):
        app.add_directive(kind.__name__, directive(kind))
"""
UNKNOWN_CONF = 'import sys, os; sys.path.insert(0, os.path.dirname(__file__)); extensions = ["strangers_%s"]'


def test_unknown_node_keeps_its_text(build: Build) -> None:
    source = "Book\n====\n\n.. strange::\n\n   Kept words.\n\n.. strange::\n\n   More words.\n"
    book = build({"index.rst": source, "strangers_a.py": UNKNOWN}, UNKNOWN_CONF % "a")
    assert "Kept words" in book.typst
    assert "More words" in book.typst
    assert len(book.warnings) == 1
    assert "strangers_a.strange" in book.warnings[0]
    assert "pdf/node-unknown" in book.warnings[0]


def test_handlers_of_extensions(build: Build) -> None:
    source = "Book\n====\n\n.. drawn::\n\n   One.\n\n.. dashed::\n\n   Two.\n"
    book = build({"index.rst": source, "strangers_b.py": UNKNOWN}, UNKNOWN_CONF % "b")
    assert "#strong[\n\nOne\\." in book.typst
    assert "#emph[\n\nTwo\\." in book.typst
    assert book.warnings == ()


def test_a_refused_part_is_set_plainly(build: Build) -> None:
    source = "Book\n====\n\nBefore.\n\n.. broken::\n\n   Kept words.\n\nAfter.\n"
    book = build({"index.rst": source, "strangers_c.py": UNKNOWN}, UNKNOWN_CONF % "c")
    refusals = [w for w in book.warnings if "pdf/part-refused" in w]
    assert len(refusals) == 1
    assert refusals[0].startswith("index.rst:6")
    assert "unknown variable: no-such-function" in refusals[0]
    assert "Kept words" in book.typst
    assert "no-such-function" not in book.typst
    assert book.builder.standards == ("ua-1", "a-2a")


def test_index_has_pages_and_subentries(build: Build) -> None:
    source = "Book\n====\n\n.. index:: pair: apple; pear\n.. index:: see: plum; apple\n\nText.\n"
    book = build({"index.rst": source})
    assert "(1, [pear], ((" in book.typst
    assert ("index#index-0", "p. 1") in book.links()
    assert "#emph[see apple]" in book.typst
    assert book.bookmarks()[-1] == (1, "Index")


def pages(*names: str) -> dict[str, str]:
    return {f"{n}.rst": f"{n.title()}\n{'=' * len(n)}\n\nText.\n" for n in names}


def toctree(caption: str, *docnames: str, options: str = "") -> str:
    entries = "\n".join(f"   {d}" for d in docnames)
    return f".. toctree::\n   :caption: {caption}\n{options}\n{entries}\n\n"


def test_parts_and_front_matter(build: Build) -> None:
    root = (
        "Book\n====\n\n"
        + toctree("Front matter", "preface")
        + toctree("First", "one", "two")
        + toctree("Second", "three")
        + toctree("Appendices", "four", "five")
    )
    book = build({"index.rst": root, **pages("preface", "one", "two", "three", "four", "five")})
    assert book.bookmarks() == [
        *[(1, "Preface"), (1, "First"), (2, "One"), (2, "Two"), (1, "Three"), (1, "Four"), (1, "Five")]
    ]
    assert 'eyebrow: "Second"' in book.typst
    labels = {p.docname: p.label for p in book.builder.pages_of_targets if not p.anchor}
    # the first appendix opens on a recto, nothing else without a number does
    assert [labels[n] for n in ("preface", "one", "two", "three", "four", "five")] == ["iv", "2", "3", "4", "5", "6"]


def test_numbered_chapters_open_on_a_recto(build: Build) -> None:
    files = {
        "index.rst": "Book\n====\n\n" + toctree("A", "one", "two", options="   :numbered:\n"),
        **pages("one", "two"),
    }
    two_sided = build(files)
    assert next(p.label for p in two_sided.builder.pages_of_targets if p.docname == "two") == "3"
    assert two_sided.builder.page_count == 7
    assert build(files, "octavo_pdf_two_sided = False", name="one").builder.page_count == 5


TITLE_PAGE = """
.. _title-page:

Title page
==========
**A Book**

*and what is in it*

Somebody

A House, 2026

Copyright
---------

All rights are mine.
"""


def test_pages_of_the_author_replace_ours(build: Build) -> None:
    root = "Book\n====\n\nA few words on it.\n\n" + toctree("Front matter", "title-page", "dedication", "preface")
    files = {
        "index.rst": root,
        "title-page.rst": TITLE_PAGE,
        "dedication.rst": "Dedication\n==========\n\nFor you.\n\nSee :ref:`T <title-page>` and :doc:`index`.\n",
        **pages("preface"),
    }
    book = build(files)
    assert book.warnings == ()
    titles = [title for _rank, title in book.bookmarks()]
    assert titles == ["Book", "Title page", "Copyright", "Dedication", "Preface"]
    assert "#title-page(" not in book.book
    assert "#copyright-page(" not in book.book
    places = {(p.docname, p.anchor): p.label for p in book.builder.pages_of_targets}
    assert [places[d, ""] for d in ("index", "title-page", "dedication", "preface")] == ["i", "iii", "v", "vii"]
    assert places["title-page", "copyright"] == "iv"
    with pikepdf.open(book.builder.artefact) as pdf:
        assert str(pdf.Root.Lang) == "en"
    assert '("title", [#strong[A Book];])' in book.typst
    assert '("subtitle", [#emph[and what is in it];])' in book.typst


def test_a_long_root_document_is_a_chapter(build: Build) -> None:
    root = "Book\n====\n\n" + "Words of it. " * 200 + "\n\n" + toctree("Front matter", "preface")
    book = build({"index.rst": root, **pages("preface")})
    assert (1, "Book") in book.bookmarks()
    assert "#own-half-title" not in book.typst


def test_same_sources_same_bytes(build: Build) -> None:
    files = {
        "index.rst": "Book\n====\n\n:math:`a+b` [#f]_\n\n.. image:: x.png\n   :alt: P\n\n.. [#f] Note.\n",
        "x.png": png(),
    }
    first = build(files, name="first")
    second = build(files, name="second")
    assert first.bytes == second.bytes


def test_outdir_has_nothing_half_written(build: Build) -> None:
    book = build({"index.rst": "Book\n====\n\nText.\n"})
    assert sorted(p.name for p in Path(book.builder.outdir).iterdir()) == ["test.pdf", "typst"]


def test_short_rows_are_filled(build: Build) -> None:
    extension = """
from docutils import nodes
def change(app, tree, docname):
    for row in list(tree.findall(nodes.row))[1:2]:
        row.pop()
def setup(app):
    app.connect("doctree-resolved", change)
"""
    conf = 'import sys, os; sys.path.insert(0, os.path.dirname(__file__)); extensions = ["ragged"]'
    source = "Book\n====\n\n.. list-table::\n\n   * - a\n     - b\n   * - c\n     - d\n   * - e\n     - f\n"
    book = build({"index.rst": source, "ragged.py": extension}, conf)
    assert "[a], [b], [c], [], [e], [f])" in book.typst


def test_labels_of_a_title_are_not_in_the_contents(build: Build) -> None:
    section = ".. _first:\n.. _second:\n\n``Literal`` title\n-----------------\n\nSee :ref:`first`, :ref:`second`.\n"
    source = f"Book\n====\n\n{section}"
    book = build({"index.rst": source})
    assert book.typst.count('"index#first"') + book.typst.count('"index#second"') + book.typst.count('"index#lit') == 3
    assert {"index#first", "index#second", "index#literal-title"} <= book.names()
    assert book.warnings == ()


def test_a_book_that_begins_without_a_title(build: Build) -> None:
    book = build({"index.rst": "Words first.\n\nOne\n===\n\nText.\n\nTwo\n===\n\nText.\n"})
    assert book.bookmarks() == [(1, "Test"), (2, "One"), (2, "Two")]
    assert book.builder.standards == ("ua-1", "a-2a")


def test_macros_of_the_project(build: Build) -> None:
    conf = 'mathjax3_config = {"tex": {"macros": {"half": [r"\\frac{#1}{2}", 1]}}}'
    book = build({"index.rst": "Book\n====\n\n:math:`\\half{x}`\n"}, conf)
    assert book.alternatives() == ["x over 2"]
    assert book.warnings == ()


def test_page_references_can_be_left_out(build: Build) -> None:
    files = {
        "index.rst": with_toctree("one", "two"),
        "one.rst": "One\n===\n\n:doc:`two`\n",
        "two.rst": "Two\n===\n\nx\n",
    }
    assert "#ref-to(" in build(files, "octavo_pdf_page_references = False").typst


def test_a_diagram_is_printed_as_its_source(build: Build) -> None:
    source = "Book\n====\n\n.. graphviz::\n   :alt: From a to b\n\n   digraph { a -> b }\n"
    book = build({"index.rst": source}, 'extensions = ["sphinx.ext.graphviz"]\ngraphviz_dot = "no-such-program"')
    assert "From a to b" in book.typst
    assert "Source of the diagram" in book.typst
    assert "digraph { a -> b }" in book.typst
    assert len(book.warnings) == 1
    assert "a diagram of 'Graphviz' is printed as its source" in book.warnings[0]
    assert book.warnings[0].startswith("index.rst:7: ")


def test_pictographs_do_not_open_titles(build: Build) -> None:
    root = "📚 Book\n=======\n\n" + toctree("🚀 One", "one", "two") + toctree("Rest", "three", "four")
    one = "🚀 First 🚀\n===========\n\nText.\n"
    book = build({"index.rst": root, "one.rst": one, **pages("two", "three", "four")})
    assert book.bookmarks()[:2] == [(1, "One"), (2, "First [rocket]")]
    assert all("pdf/glyph-missing" in w for w in book.warnings)
    assert book.warnings != ()


def test_terms_of_more_than_a_line_are_not_stretched(build: Callable[..., Any]) -> None:
    long = "``aRatherLongName``, ``anotherLongName``, ``andAThirdLongName``, ``andAFourthLongName``"
    book = build(
        {"index.rst": f"Book\n====\n\n{long}\n   Words.\n\nText.\n\nterm\n   Words.\n\nlong term\n   Words.\n"}
    )
    assert book.warnings == ()
    line = next(line for text in book.texts() for line in text.splitlines() if "aRatherLongName" in line)
    assert "  " not in line.strip()


def test_an_escaped_space_prints_nothing(build: Callable[..., Any]) -> None:
    book = build({"index.rst": "Book\n====\n\nThe ``list``\\ s of *one*\\ self.\n"})
    assert "The lists of oneself." in "".join(book.texts())
