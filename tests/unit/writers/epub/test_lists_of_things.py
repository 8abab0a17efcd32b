"""Lists of figures and of tables in the navigation: what has a caption, in the order of the text."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from octavo.checks.epub.epubcheck import epubcheck, find_epubcheck
from octavo.writers.epub import captions
from octavo.writers.epub.content_model import EPUB_TYPE, h
from octavo.writers.epub.linking import Page
from octavo_testing import Run

DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
SOURCES = {
    "index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n",
    "one.rst": """\
One
===

.. figure:: dot.svg
   :alt: a dot

   The area :math:`a^2` of a *dot*

   A legend, which is no title.

.. figure:: dot.svg
   :alt: without a caption

.. table:: Sizes

   === ===
   a   b
   === ===
   1   2
   === ===
""",
    "two.rst": "Two\n===\n\n.. figure:: dot.svg\n   :alt: a dot\n   :name: last\n\n   Last\n",
    "dot.svg": DOT,
}


@pytest.fixture
def navigation(octavo: Callable[..., Run], project: Callable[..., Path]) -> Callable[..., tuple[etree._Element, Path]]:
    def made(conf: str) -> tuple[etree._Element, Path]:
        root = project(SOURCES, conf=f"numfig = True\n{conf}\n")
        run = octavo("build", root, "--format", "epub")
        assert run.status == 0, run.err
        path = next((root / "_build/epub").glob("*.epub"))
        with zipfile.ZipFile(path) as book:
            return etree.fromstring(book.read("EPUB/nav.xhtml")), path

    return made


def lists(nav: etree._Element) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    return {
        kind: (found.findtext(h("h2")), [("".join(a.itertext()), a.get("href")) for a in found.iter(h("a"))])
        for found in nav.iter(h("nav"))
        if (kind := found.get(EPUB_TYPE)) in ("loi", "lot")
    }


def test_both_lists(navigation: Callable[..., tuple[etree._Element, Path]]) -> None:
    nav, path = navigation('octavo_epub_lists = ["tables", "figures"]')
    assert lists(nav) == {
        "loi": (
            "Figures",
            [("Fig. 1 The area a squared of a dot", "one.xhtml#id1"), ("Fig. 2 Last", "two.xhtml#last")],
        ),
        "lot": ("Tables", [("Table 1 Sizes", "one.xhtml#id2")]),
    }
    kinds = [n.get(EPUB_TYPE) for n in nav.iter(h("nav"))]
    assert kinds == ["toc", "loi", "lot", "landmarks"]
    marks = {a.get(EPUB_TYPE): a.get("href") for a in nav.iter(h("a")) if a.get(EPUB_TYPE)}
    assert (marks["loi"], marks["lot"]) == ("nav.xhtml#loi", "nav.xhtml#lot")
    tool = find_epubcheck(os.environ)
    if tool is None:
        pytest.skip("EPUBCheck is not installed")
    assert [d.value for d in epubcheck(path, tool)] == []


def test_none_unless_asked_for(navigation: Callable[..., tuple[etree._Element, Path]]) -> None:
    assert lists(navigation("")[0]) == {}


def test_the_words_of_the_language(navigation: Callable[..., tuple[etree._Element, Path]]) -> None:
    nav, _ = navigation('language = "de"\noctavo_epub_lists = ["tables"]')
    assert [title for title, _ in lists(nav).values()] == ["Tabellenverzeichnis"]


def test_a_list_that_there_is_not(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    run = octavo("build", project(SOURCES, conf='octavo_epub_lists = ["maps"]\n'), "--format", "epub")
    assert "octavo_epub_lists: no list of 'maps'" in run.out + run.err
    assert run.status != 0


def test_what_has_no_id_gets_one_that_is_free() -> None:
    figure = '<figure><img alt="a" src="b"/><figcaption>One <img alt="two" src="c"/></figcaption></figure>'
    body = etree.fromstring(f'<body xmlns="http://www.w3.org/1999/xhtml"><p id="figures-1"/>{figure}</body>')
    page = Page(docname="a", href="a.xhtml", title="A", body=body, ids={"figures-1": 0})
    assert [(c.title, c.href) for c in captions.captioned(page)] == [("One two", "a.xhtml#figures-2")]
    assert body.find(h("figure")).get("id") == "figures-2"
