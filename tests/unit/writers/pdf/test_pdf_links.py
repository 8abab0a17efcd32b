"""Links written as for the web site: into the book, to the world, or nowhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from octavo.writers.pdf.links import Leads, Site, picture_file, resolve

Build = Callable[..., Any]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Two pages, one of them in a folder, and a file."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "data.csv").write_text("1")
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "map.png").write_bytes(b"x")
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "logo.svg").write_text("<svg/>")
    return Site(
        docnames=frozenset({"index", "target", "part/deep", "more/index"}),
        srcdir=tmp_path,
        extra=(),
        static=(tmp_path / "styles",),
        pictures={"map1.png": "part/map.png"},
    )


@pytest.mark.parametrize(
    ("href", "docname", "leads"),
    [
        ("target.html", "index", Leads(place="target")),
        ("target.html#a%20b", "index", Leads(place="target#a b")),
        ("#here", "part/deep", Leads(place="part/deep#here")),
        ("../target.html#x", "part/deep", Leads(place="target#x")),
        ("deep.html", "part/deep", Leads(place="part/deep")),
        ("more/", "index", Leads(place="more/index")),
        ("/target.html", "part/deep", Leads(place="target")),
        ("genindex.html", "index", Leads(place="genindex")),
        ("search.html", "index", Leads()),
        ("javascript:go()", "index", Leads()),
        ("files/data.csv", "index", Leads()),
        ("https://example.org/a", "index", Leads(url="https://example.org/a")),
        ("//example.org/a", "index", Leads(url="https://example.org/a")),
        ("mailto:a@example.org", "index", Leads(url="mailto:a@example.org")),
        ("gone.csv", "index", Leads(rule="links/file-missing", value="gone.csv")),
        ("gone.html#x", "index", Leads(rule="links/page-missing", value="gone.html")),
        (
            "targets.html",
            "index",
            Leads(rule="links/page-missing", value="targets.html", hint="did you mean 'target.html'?"),
        ),
        ("../x.html", "index", Leads(rule="links/outside-root", value="../x.html")),
        ("../../target.html", "part/deep", Leads(rule="links/outside-root", value="../../target.html")),
        ("file:///etc/hosts", "index", Leads(rule="links/local-file", value="file:///etc/hosts")),
        ("C:\\book.doc", "index", Leads(rule="links/local-file", value="C:\\book.doc")),
        ("/home/me/x.pdf", "index", Leads(rule="links/local-file", value="/home/me/x.pdf")),
        (
            "Target.html#x",
            "index",
            Leads(
                rule="links/case-mismatch",
                value="Target.html",
                context="target.html",
                hint="did you mean 'target.html'?",
            ),
        ),
        ("http://[", "index", Leads(rule="links/url-invalid", value="http://[")),
    ],
)
def test_resolve(site: Site, href: str, docname: str, leads: Leads) -> None:
    assert resolve(href, docname, site) == leads


def test_picture_files(site: Site) -> None:
    assert picture_file("map.png", "part/deep", site) == site.srcdir / "part/map.png"
    assert picture_file("part/map.png", "part/deep", site) == site.srcdir / "part/map.png"
    assert picture_file("_images/map1.png", "index", site) == site.srcdir / "part/map.png"
    assert picture_file("_static/logo.svg", "index", site) == site.srcdir / "styles/logo.svg"
    assert picture_file("gone.png", "index", site) is None
    assert picture_file("../../../../../etc/hosts", "index", site) is None


def uris(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        found = [a for page in pdf.pages for a in page.get("/Annots", [])]
        return [str(a.A.URI) for a in found if "/A" in a and a.A.get("/S") == "/URI"]


def test_links_in_raw_html(build: Build) -> None:
    raw = (
        '<p>See <a href="two.html#part">there</a>, <a href="https://example.org/">the web</a>\n'
        '   and <a href="two.html#gone">nothing</a>.</p>\n'
    )
    book = build(
        {
            "index.rst": f"Book\n====\n\n.. toctree::\n\n   two\n\nText.\n\n.. raw:: html\n\n   {raw}",
            "two.rst": "Two\n===\n\nPart\n----\n\nText.\n",
        }
    )
    assert ("two#part", "Part, p. 2") in book.links()
    assert uris(book.builder.artefact) == ["https://example.org/"]
    assert len(book.warnings) == 1
    assert "no anchor 'gone' in two.rst [octavo.links/anchor-missing]" in book.warnings[0]


def test_lines_are_those_of_the_links(build: Build) -> None:
    book = build(
        {"index.rst": "Book\n====\n\nA first line,\na second with `one <gone.html>`_,\nand `two <Index.html>`_.\n"}
    )
    assert sorted(book.warnings) == [
        "index.rst:5: ERROR: no page 'gone.html' [octavo.links/page-missing]",
        "index.rst:6: ERROR: 'Index.html' differs in case from index.html; did you mean 'index.html'? "
        "[octavo.links/case-mismatch]",
    ]


def test_a_label_before_what_is_for_another_format_leads_to_what_follows(build: Build) -> None:
    source = (
        "Book\n====\n\nSee :ref:`here <place>`.\n\n.. _place:\n\n.. raw:: jupyter\n\n   nothing\n\nFollowing text.\n"
    )
    book = build({"index.rst": source})
    assert not [said for said in book.warnings if "anchor-missing" in said]
    assert "index#place" in {target for target, _ in book.links()}


def test_a_link_that_is_a_picture_is_named(build: Build) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    source = "Book\n====\n\n.. image:: x.png\n   :alt:\n   :target: https://example.org/\n\nText.\n"
    book = build({"index.rst": source, "x.png": picture.getvalue()})
    # the link, and in it the picture
    assert book.alternatives() == ["https://example.org/", "https://example.org/"]
    assert book.builder.standards == ("ua-1", "a-2a")


def test_a_link_of_words_and_a_picture_has_no_other_name(build: Build) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    source = (
        "Book\n====\n\n.. raw:: html\n\n"
        '   <p><a href="https://example.org/">Words <img src="x.png" alt="Sign"></a></p>\n'
    )
    assert build({"index.rst": source, "x.png": picture.getvalue()}).alternatives() == ["Sign"]
