"""What a reader does with each kind of change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reader_at_work import ReaderAtWork, at_work

from octavo.preview.messages import NewFiles, Pages, Problems, Stale, Untrusted, Wrote

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
CONF = """
html_static_path = ["_static"]
html_css_files = ["own.css"]
templates_path = ["_templates"]
exclude_patterns = ["parts"]
extensions.append("own_extension")
import sys
sys.path.insert(0, __file__.rpartition("/")[0])
"""
EXTENSION = """
from docutils.parsers.rst import Directive

class Fussy(Directive):
    has_content = True

    def run(self):
        raise IndexError("no content") if not self.content else None
        return []

def setup(app):
    app.add_directive("fussy", Fussy)
    return {"parallel_read_safe": True}
"""
FILES: dict[str, str | bytes] = {
    "index.md": "# The book\n\n```{toctree}\none\ntwo\n```\n",
    "one.md": "# One\n\nWords of one.\n\n![A square](square.svg)\n",
    "two.md": "(label-two)=\n# Two\n\nTo [one](one.md).\n\n```{include} parts/included.txt\n```\n",
    "parts/included.txt": "Included words.\n",
    "square.svg": SVG.format(9),
    "_static/own.css": "p { color: black }",
    "_templates/.keep": "",
    "own_extension.py": EXTENSION,
}


@pytest.fixture
def root(project: Callable[..., Path]) -> Path:
    return project(dict(FILES), conf=CONF)


@pytest.fixture
def reader(root: Path) -> Iterator[ReaderAtWork]:
    with at_work(root) as made:
        made.open()
        made.settled()
        yield made


def test_words_change_one_page(reader: ReaderAtWork) -> None:
    """No other page is written, and nothing is settled anew."""
    before = {page: (reader.site / page).stat().st_mtime_ns for page in ("index.html", "two.html")}
    reader.change({"one.md": str(FILES["one.md"]).replace("Words", "Marvellous words")})
    wrote = reader.next(Wrote)
    assert (wrote.docname, wrote.edited) == ("one", True)
    assert wrote.cpu > 0
    assert "Marvellous words of one" in reader.page("one.html")
    reader.settled()
    assert {page: (reader.site / page).stat().st_mtime_ns for page in before} == before
    assert [m.docnames for m in reader.said if isinstance(m, Stale)] == [("one",)]
    assert "marvel" in (reader.site / "searchindex.js").read_text(encoding="utf-8")


def test_heading_changes_other_pages(reader: ReaderAtWork) -> None:
    """The edited page first, then what browsers show, then the rest."""
    reader.show("two")
    reader.change({"one.md": "# Another name\n\nWords of one.\n"})
    assert reader.next(Wrote).docname == "one"
    assert reader.next(Wrote).docname == "two"
    reader.settled()
    assert "Another name" in reader.page("index.html")
    assert "Another name" in reader.page("two.html")


def test_new_and_deleted_documents(reader: ReaderAtWork) -> None:
    reader.change(
        {
            "three.md": "# Three\n\nTo {ref}`label-two`.\n",
            "index.md": str(FILES["index.md"]).replace("two", "two\nthree"),
        }
    )
    reader.settled()
    assert "Three" in reader.page("index.html")
    assert reader.problems() == []
    reader.change({"three.md": None, "index.md": FILES["index.md"]})
    assert "three" not in reader.next(Pages).pages
    reader.settled()
    assert not (reader.site / "three.html").exists()
    assert not list((reader.site / "_sources").glob("three.*"))
    assert "Three" not in reader.page("index.html")


def test_document_in_no_toctree(reader: ReaderAtWork) -> None:
    """A finding of the whole book comes, and goes when it is mended."""
    reader.change({"three.md": "# Three\n"})
    reader.settled()
    assert ["three.md" in problem for problem in reader.problems()] == [True]
    reader.change({"index.md": str(FILES["index.md"]).replace("two", "two\nthree")})
    reader.settled()
    assert reader.problems() == []


def test_finding_comes_and_goes(reader: ReaderAtWork) -> None:
    """Half-way through typing, and after."""
    reader.change({"one.md": "# One\n\n{ref}`label-\n\n```{note\nWords.\n\n{nothing}`x`\n"})
    assert [d.location.source for d in reader.next(Problems).found] == ["one.md"]
    reader.change({"one.md": "# One\n\nTo {ref}`label-nowhere`.\n"})
    found = reader.next(Problems).found
    assert [(d.rule, d.location.source, d.location.line) for d in found] == [("links/label-missing", "one.md", 3)]
    reader.change({"one.md": "# One\n\nTo {ref}`label-two`.\n"})
    assert reader.next(Problems).found == ()


def test_target_that_goes(reader: ReaderAtWork) -> None:
    """The finding is on the page that was not edited."""
    reader.change({"one.md": "# One\n\nTo {ref}`label-two`.\n"})
    reader.settled()
    assert reader.problems() == []
    reader.change({"two.md": "# Two\n"})
    reader.settled()
    assert [(p.partition(":")[0], "links/label-missing" in p) for p in reader.problems()] == [("one.md", True)]
    reader.change({"two.md": FILES["two.md"]})
    reader.settled()
    assert reader.problems() == []


def test_document_that_is_no_text(reader: ReaderAtWork) -> None:
    """Its page stays as it was, with a finding; its place in the book is kept."""
    before = reader.page("one.html")
    reader.change({"one.md": b"# One\n\n\xff\xfe\n"})
    assert [(d.rule, d.location.source) for d in reader.next(Problems).found] == [("sphinx/error", "one.md")]
    reader.settled()
    assert reader.page("one.html") == before
    assert "One" in reader.page("index.html")
    reader.change({"one.md": "# One\n\nText again.\n"})
    assert reader.next(Problems).found == ()
    reader.settled()
    assert "Text again" in reader.page("one.html")


def test_included_file(reader: ReaderAtWork) -> None:
    reader.change({"parts/included.txt": "Changed words.\n"})
    assert reader.next(Wrote).docname == "two"
    assert "Changed words" in reader.page("two.html")


def test_picture(reader: ReaderAtWork) -> None:
    reader.change({"square.svg": SVG.format(12)})
    assert reader.next(NewFiles).names == ("_images/square.svg",)
    assert 'width="12"' in (reader.site / "_images" / "square.svg").read_text(encoding="utf-8")


def test_picture_that_comes_later(reader: ReaderAtWork) -> None:
    reader.change({"one.md": "# One\n\n![A circle](circle.svg)\n"})
    assert [d.rule for d in reader.next(Problems).found] == ["links/image-missing"]
    reader.change({"circle.svg": SVG.format(9)})
    assert reader.next(Problems).found == ()
    reader.want("one")
    reader.next(Wrote)
    assert (reader.site / "_images" / "circle.svg").is_file()


def test_style_sheet(reader: ReaderAtWork) -> None:
    """It is there at once, and its new checksum on each page when that is asked for."""
    before = reader.page("two.html")
    reader.change({"_static/own.css": "p { color: blue }"})
    assert reader.next(NewFiles).names == ("_static/own.css",)
    assert "blue" in (reader.site / "_static" / "own.css").read_text(encoding="utf-8")
    reader.want("two")
    assert reader.next(Wrote).docname == "two"
    assert reader.page("two.html") != before


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("conf.py", "project = 'Another'\n", "conf.py changed"),
        ("own_extension.py", EXTENSION + "\n# changed\n", "own_extension.py, which is loaded, changed"),
        ("_templates/layout.html", "{% extends '!layout.html' %}", "the template layout.html changed"),
        ("references.bib", "@book{a, title={A}}", "references.bib changed"),
        ("data.toml", "a = 1\n", "data.toml, which may be part of the configuration, changed"),
    ],
)
def test_what_needs_a_fresh_process(reader: ReaderAtWork, name: str, content: str, reason: str) -> None:
    """It says so, and goes on with what it has until the fresh one stands ready."""
    reader.change({name: content})
    assert reader.next(Untrusted).reason == reason
    reader.change({"one.md": "# One\n\nStill here.\n"})
    assert reader.next(Wrote).docname == "one"
    assert "Still here" in reader.page("one.html")


def test_file_of_no_book(reader: ReaderAtWork) -> None:
    """Nothing follows from it: the next message is about the next change."""
    reader.change({"notes.txt": "Buy milk.\n"})
    reader.change({"one.md": "# One\n\nOther words.\n"})
    reader.next(Wrote)
    assert [type(m) for m in reader.said] == [Stale, Wrote]


def test_page_that_is_asked_for(root: Path) -> None:
    """Before anything else is written."""
    with at_work(root) as reader:
        reader.open(wanted="two")
        assert reader.next(Wrote).docname == "two"
        reader.want(None)
        while reader.next(Wrote).docname is not None:
            pass
        assert (reader.site / "genindex.html").is_file()


def test_outside_file(project: Callable[..., Path]) -> None:
    """A file beside the folder of the sources, that a document includes, is to be watched as well."""
    folder = project(
        {
            "docs/conf.py": "extensions = ['myst_parser']\n",
            "docs/index.md": "# B\n\n```{include} ../notes.txt\n```\n",
            "notes.txt": "Outside.\n",
        }
    )
    (folder / "conf.py").unlink()
    with at_work(folder) as reader:
        assert reader.open().outside == (str(folder / "notes.txt"),)
        reader.settled()
        reader.change({"notes.txt": "Changed outside.\n"})
        assert reader.next(Wrote).docname == "index"
        assert "Changed outside" in reader.page("index.html")
