"""Sphinx's values for LaTeX, where they mean the same for any PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf.latex_values import plain

Build = Callable[..., Any]

TWO = {
    "index.rst": "All\n===\n\nWords of the root.\n\n.. toctree::\n\n   one/index\n   two\n   extra\n",
    "one/index.rst": "One\n===\n\nWords of one, see :doc:`/two`.\n\n.. toctree::\n\n   a\n",
    "one/a.rst": "A\n=\n\nWords of a.\n",
    "two.rst": "Two\n===\n\nWords of two.\n",
    "extra.rst": "Extra\n=====\n\nWords of extra.\n",
}
DOCUMENTS = (
    'latex_documents = [("nowhere", "x.tex", "X", "X", "manual"), '
    '("index", "whole.tex", r"The \\& Whole", r"A. One \\and B.~Two", "manual", True), '
    '("one/index", "part.tex", "The Part", "C", "howto")]\n'
)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Foo \& Bar 100\,\%", "Foo & Bar 100 %"),
        (r"Donald~E. Knuth -- \emph{essays}", "Donald E. Knuth – essays"),
        (r"Universit\"at Z\"{u}rich, \c{c}a, \'etude", "Universität Zürich, ça, étude"),
        (r"\LaTeX{} and \ss", "LaTeX and ß"),
        (r"a\_b \textbf{c} \$5 \# \{x\}", "a_b c $5 # {x}"),
    ],
)
def test_titles_without_their_latex(latex: str, text: str) -> None:
    assert plain(latex) == text


def test_first_entry_that_fits_is_the_book(build: Build) -> None:
    built = build(TWO, DOCUMENTS)
    assert built.warnings == ()
    assert built.builder.artefact.name == "whole.pdf"
    title = built.texts()[0]
    assert "The & Whole" in title
    assert "A. One, B. Two" in title
    assert "Words of the root" not in built.typst  # toctree_only
    assert "Words of two" in built.typst


def test_another_entry_is_a_book_of_a_part_of_the_project(build: Build) -> None:
    built = build(TWO, DOCUMENTS + 'octavo_pdf_document = "part.tex"\n')
    assert built.warnings == ()  # what leads out of it is in the other book
    assert built.builder.artefact.name == "part.pdf"
    assert "Words of a" in built.typst
    assert "Words of two" not in built.typst
    # Sphinx's theme for short documents: documents are sections, and nothing opens a page
    assert "#chapter(" not in built.typst
    assert built.bookmarks() == [(1, "One"), (1, "A")]


def test_unknown_entry_is_refused(build: Build) -> None:
    with pytest.raises(ConfigurationError):
        build(TWO, DOCUMENTS + 'octavo_pdf_document = "other.tex"\n')


def test_entry_that_is_none_is_refused(build: Build) -> None:
    with pytest.raises(ConfigurationError):
        build(TWO, 'latex_documents = [("index", "a.tex")]\n')


def test_documents_as_parts(build: Build) -> None:
    built = build(TWO, 'latex_toplevel_sectioning = "part"\n')
    assert '#part(id: "one/index", number: none, short: "One"' in built.typst
    assert '#chapter(id: "one/a", level: 2, number: none, short: "A", part: "One"' in built.typst
    assert [(r, t) for r, t in built.bookmarks() if t in ("One", "A", "Two")] == [(1, "One"), (2, "A"), (1, "Two")]


def test_parts_of_a_manual_are_numbered(build: Build) -> None:
    conf = 'latex_toplevel_sectioning = "part"\noctavo_pdf_theme = "manual"\n'
    titles = [title for _rank, title in build(TWO, conf).bookmarks()]
    assert "1 A" in titles


def test_documents_as_sections(build: Build) -> None:
    built = build(TWO, 'latex_toplevel_sectioning = "section"\n')
    assert "#chapter(" not in built.typst
    assert '#opener-mark("One", none)#section(id: "one/index", level: 1, depth: 1' in built.typst
    assert '#section(id: "one/a", level: 2, depth: 2' in built.typst


def test_appendices_come_last(build: Build) -> None:
    files = {**TWO, "notes.rst": ":orphan:\n\nNotes\n=====\n\nWords of notes.\n"}
    built = build(files, 'latex_appendices = ["notes"]\noctavo_pdf_theme = "manual"\n')
    assert [t for r, t in built.bookmarks() if r == 1][-1] == "A Notes"


@pytest.mark.parametrize(("value", "expected"), [("no", 0), ("footnote", 1), ("inline", 1)])
def test_addresses_of_links(build: Build, value: str, expected: int) -> None:
    built = build(
        {"index.rst": "Book\n====\n\nA `link <https://example.org/there>`_ and https://example.org/here.\n"},
        f'latex_show_urls = "{value}"\n',
    )
    text = "".join(built.texts()[-1].split())
    assert text.count("example.org/there") == expected
    assert text.count("example.org/here") == 1
    assert ("#footnote[" in built.typst) == (value == "footnote")
    assert ("(https://example.org/there)" in text or "(example.org/there)" in text) == (value == "inline")


def test_addresses_in_lists_stand_behind_their_links(build: Build) -> None:
    built = build(
        {"index.rst": "Book\n====\n\n#. A `link <https://example.org/there>`_.\n"}, 'latex_show_urls = "footnote"\n'
    )
    assert "#footnote[" not in built.typst
    assert "(https://example.org/there)" in "".join(built.texts()[-1].split())


def test_page_references_of_a_manual_as_latex_has_them(build: Build) -> None:
    files = {"index.rst": "Book\n====\n\nSee :ref:`there <x>`.\n\n.. _x:\n\nPlace\n-----\n\nText.\n"}
    assert "#page-ref(" not in build(files, 'octavo_pdf_theme = "manual"\n').typst
    conf = 'octavo_pdf_theme = "manual"\nlatex_show_pagerefs = True\n'
    assert "#page-ref(" in build(files, conf, name="q").typst


def test_size_of_the_text(build: Build) -> None:
    built = build({"index.rst": "Book\n====\n\nText.\n"}, 'latex_elements = {"pointsize": "12pt"}\n')
    assert built.builder.assembly.settings.text_size == 12


def test_logo_on_the_title_page(build: Build) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    files = {"index.rst": "Book\n====\n\nText.\n", "logo.svg": drawing}
    built = build(files, 'latex_logo = "logo.svg"\n')
    assert 'logo: "images/0001.svg"' in built.book
    assert built.builder.standards == ("ua-1", "a-2a")


MODULES = {
    "index.rst": (
        "Book\n====\n\nModules.\n\n.. py:module:: pack\n   :synopsis: All.\n\n"
        ".. py:module:: pack.inner\n   :deprecated:\n\n.. py:module:: zeta\n\nSee :ref:`modindex`.\n"
    ),
}


def test_module_index_is_a_chapter_with_pages(build: Build) -> None:
    built = build(MODULES)
    assert built.warnings == ()
    title = next(title for rank, title in built.bookmarks() if rank == 1 and "Python" in title)
    text = next(t for t in built.texts() if t.lstrip().startswith(title))
    rows = [" ".join(line.split()) for line in text.splitlines() if "pack" in line or "zeta" in line]
    assert rows == ["pack, 1; All. zeta, 1", rows[1]]  # in two columns
    assert rows[1].startswith("pack.inner (")
    assert rows[1].endswith("), 1")
    assert ("py-modindex", f"{title}, p. 2") in built.links()


@pytest.mark.parametrize("value", ["False", "[]", '["rst-directives"]'])
def test_domain_indices_that_are_not_wanted(build: Build, value: str) -> None:
    built = build(MODULES, f"latex_domain_indices = {value}\n")
    assert not [title for _rank, title in built.bookmarks() if "Python" in title]


def test_domain_index_by_its_name(build: Build) -> None:
    built = build(MODULES, 'latex_domain_indices = ["py-modindex"]\n')
    assert [title for _rank, title in built.bookmarks() if "Python" in title]


def test_index_of_an_extension_that_gives_plain_tuples(build: Build) -> None:
    conf = """
from sphinx.domains import Index

class Things(Index):
    name = "things"
    localname = "Things"

    def generate(self, docnames=None):
        gone = ("Gone", 0, "nowhere", "", "", "", "")
        return [("t", [("Thing", 0, "index", "", "of note", "", ""), gone])], False

def setup(app):
    app.add_index_to_domain("std", Things)
"""
    built = build({"index.rst": "Book\n====\n\nText.\n"}, conf)
    assert built.warnings == ()
    assert (1, "Things") in built.bookmarks()
    page = built.texts()[-1].split()
    assert page[:5] == ["Things", "T", "Thing", "(of", "note),"]
    assert "Gone" not in page
