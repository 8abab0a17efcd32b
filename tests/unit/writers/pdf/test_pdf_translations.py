"""Translations that are taken again: the sources are those of a translation of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from test_pdf_stand_ins import drawn

from octavo.reading.book import ReadOptions
from octavo.reading.live_print import LivePrint, open_print
from octavo.reading.project import locate
from octavo.writers.pdf.builder import PdfBuilder
from octavo.writers.pdf.translator import PdfTranslator

FILES: dict[str, str] = {
    "index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n   three\n",
    "one.rst": "One\n===\n\nTo :ref:`two` and :doc:`three`.\n\n.. image:: a.png\n   :alt: A\n",
    "two.rst": ".. _two:\n\nTwo\n===\n\nTo :doc:`one`, :eq:`eq`, [Key]_.\n\n"
    "Inner\n-----\n\n.. image:: b.png\n   :alt: B\n",
    "three.rst": "Three\n=====\n\nTo :ref:`two`.\n\n.. math:: a^2\n   :label: eq\n\n.. [Key] An entry.\n",
    "asks.rst": ":orphan:\n\nAsks\n====\n\n:math:`x \\ref{eq}`, the equation.\n",
}
ALL = {"index", "one", "two", "three", "asks"}


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were translated, in order."""
    found: list[str] = []
    begin = PdfTranslator.begin

    def noting(self: PdfTranslator, *arguments: object, **more: object) -> None:
        found.append(self.docname)
        begin(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(PdfTranslator, "begin", noting)
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    source = tmp_path / "book"
    source.mkdir()
    (source / "conf.py").write_text('project = "Book"\nextensions = []\n', encoding="utf-8")
    for name, content in FILES.items():
        (source / name).write_text(content, encoding="utf-8")
    for name in ("a.png", "b.png"):
        (source / name).write_bytes(drawn("RGB"))
    return source


@pytest.fixture
def opened(root: Path, tmp_path: Path) -> Iterator[Callable[[], LivePrint]]:
    """Open the book in a state folder of its own."""
    from sphinx.util.docutils import docutils_namespace

    states = iter(tmp_path / f"state-{number}" for number in range(99))

    def open_book() -> LivePrint:
        state = next(states)
        options = ReadOptions(jobs=1, overrides=(), tags=())
        return open_print(locate(root), options, state, builder_name="octavo-pdf", like=(state, state))

    with docutils_namespace():
        yield open_book


def sources(book: LivePrint) -> dict[str, str]:
    builder = book._builder
    assert isinstance(builder, PdfBuilder)
    return {p.name: p.read_text(encoding="utf-8") for p in (Path(builder.outdir) / "typst").glob("*.typ")}


def edited(root: Path, name: str, old: str, new: str) -> Sequence[Path]:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return (path,)


@pytest.mark.parametrize(
    ("name", "old", "new", "again"),
    [
        ("one.rst", "To :ref:`two`", "Other words, to :doc:`two`, :doc:`three`, :ref:`two`", {"index", "one", "asks"}),
        # the pictures have other names
        ("one.rst", ".. image:: a.png\n   :alt: A\n", "No picture.\n", {"index", "one", "two", "asks"}),
        ("two.rst", "Inner\n-----\n", "Inner\n-----\n\nWords.\n", {"index", "two", "asks"}),
        # what others show of it
        ("two.rst", "Two\n===\n", "Second\n======\n", ALL),
        ("three.rst", "a^2", "a^3", {"index", "three", "asks"}),
    ],
)
def test_only_what_may_differ_is_translated(
    root: Path,
    opened: Callable[[], LivePrint],
    translated: list[str],
    name: str,
    old: str,
    new: str,
    again: set[str],
) -> None:
    book = opened()
    book.write()
    assert set(translated) >= ALL - {"index"}
    translated.clear()
    assert book.apply(edited(root, name, old, new))
    book.write()
    assert set(translated) | {"index"} == again | {"index"}
    book.write()
    assert sources(book) == sources(_written(opened()))


def _written(book: LivePrint) -> LivePrint:
    book.write()
    return book


def test_a_picture_that_changed(root: Path, opened: Callable[[], LivePrint], translated: list[str]) -> None:
    book = opened()
    book.write()
    translated.clear()
    from PIL import Image

    Image.new("RGB", (600, 80)).save(root / "b.png")
    book.apply((root / "b.png",))
    book.write()
    assert "two" in translated
    assert sources(book) == sources(_written(opened()))


def test_handlers_of_extensions_are_asked_each_time(
    root: Path, opened: Callable[[], LivePrint], translated: list[str]
) -> None:
    extension = """
from docutils import nodes
class box(nodes.Element): pass
def nothing(self, node): pass
def setup(app):
    app.add_node(box, octavo_pdf=(nothing, nothing))
"""
    with (root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(extension)
    book = opened()
    book.write()
    translated.clear()
    book.write()
    assert set(translated) >= {"one", "two", "three"}
