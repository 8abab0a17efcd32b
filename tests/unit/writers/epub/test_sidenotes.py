"""Footnotes that sphinx-book-theme sets in the margin of a site are footnotes in the EPUB."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from docutils import nodes
from lxml import etree

from octavo.reading.sidenotes import number_all_notes
from octavo.writers.epub.content_model import h
from octavo_testing import Run

SOURCE = """\
# Notes

A text[^one] with *two*[^two] notes.

```{note}
And one[^three] in a box.
```

[^one]: The *first* note.
[^two]: {-} A note of the margin.
[^three]: The third.
"""
CONF = 'html_theme = "sphinx_book_theme"\nhtml_theme_options = {"use_sidenotes": True}\n'


def test_footnotes_stay_at_the_end_and_on_the_site_in_the_margin(
    octavo: Callable[..., Run], project: Callable[..., Path]
) -> None:
    root = project({"index.md": SOURCE}, conf=CONF)
    run = octavo("build", root, "--format", "epub", "--format", "html", "-j", "1")
    assert run.status == 0, run.err
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        page = etree.fromstring(book.read("EPUB/index.xhtml"))
    notes = {a.get("id"): " ".join("".join(a.itertext()).split()) for a in page.iter(h("aside"))}
    assert sorted(notes.values()) == ["[1] The first note.", "[2] A note of the margin.", "[3] The third."]
    references = [a for a in page.iter(h("a")) if a.get("role") == "doc-noteref"]
    assert [notes[a.get("href")[1:]][:3] for a in references] == ["[1]", "[2]", "[3]"]
    assert "\u2610" not in "".join(page.itertext())
    site = (root / "_build/html/index.html").read_text(encoding="utf-8")
    assert site.count("margin-toggle") >= 6  # a label and a box for each note
    assert "{-}" not in site


def test_the_sign_is_taken_from_notes_alone() -> None:
    document = nodes.document(None, None)  # type: ignore[arg-type]
    document += nodes.paragraph("", "{-} text")
    document += nodes.footnote(
        "", nodes.label("", "1"), nodes.paragraph("", "", nodes.emphasis("", "{-}  a"), nodes.Text(" b"))
    )
    document += nodes.footnote("", nodes.label("", "2"), nodes.paragraph("", "c {-} d"))
    number_all_notes(document)
    assert [p.astext() for p in document.findall(nodes.paragraph)] == ["{-} text", "a b", "c {-} d"]
