"""What the PDF writer leaves of its pages: read from the PDF's own tags, heads, notes and floats told apart."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import typst

from octavo.staging import PageKind, PrintedPage, PrintedPages
from octavo.writers.pdf.pages import _Font, _strings, kinds_of_front, printed_pages

Build = Callable[..., Any]
HEAD = '#set document(title: "T")\n#set page(width: 200pt, height: 120pt, margin: 20pt, header: [A running head])\n'
SENTENCES = [
    f"Sentence {word} goes on for a while." for word in ("one", "two", "three", "four", "five", "six", "seven")
]


def pages_of(tmp_path: Path, source: str, front: dict[int, PageKind] | None = None) -> tuple[PrintedPage, ...]:
    made = typst.compile(io.BytesIO((HEAD + source).encode()).getvalue(), format="pdf", pdf_standards=["ua-1"])
    path = tmp_path / "made.pdf"
    path.write_bytes(made)
    return printed_pages(path, (), front or {}).pages


def starts(pages: tuple[PrintedPage, ...], length: int = 14) -> list[str]:
    return [page.after.strip()[:length].strip() for page in pages]


def test_each_page_begins_with_its_words(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, "\n\n".join(SENTENCES) + "\n#pagebreak()\n= Anew\nThe end.")
    assert len(pages) == 3
    assert starts(pages)[0] == "Sentence one g"
    assert starts(pages)[2] == "Anew The end."
    assert pages[2].before.endswith("Sentence seven goes on for a while.")
    # the text goes on over the page, and no running head is in it
    assert (
        "".join(pages[0].after.split()) == "".join(" ".join(SENTENCES).split())[: len("".join(pages[0].after.split()))]
    )
    assert all("running head" not in page.after + page.before for page in pages)


def test_a_divided_word_is_kept_in_its_parts(tmp_path: Path) -> None:
    long = "incomprehensibilities " * 12
    pages = pages_of(tmp_path, f'#set text(lang: "en", hyphenate: true)\n#set par(justify: true)\n{long * 2}')
    assert len(pages) > 1
    joined = (pages[1].before + pages[1].after).replace("\u00ad", "").replace(" ", "")
    assert set(joined.split("incomprehensibilities")[1:-1]) <= {""}


def test_a_note_is_no_text_of_its_page(tmp_path: Path) -> None:
    source = f"{SENTENCES[0]}#footnote[A note at the foot.] {' '.join(SENTENCES[1:])}"
    pages = pages_of(tmp_path, source)
    assert all("note at the foot" not in page.after for page in pages)


FIGURE = "#figure(placement: top, caption: [A float], block(height: 50pt, width: 10pt)[Tall])"


def test_what_floats_does_not_begin_a_page(tmp_path: Path) -> None:
    """The figure stands after three sentences, and has room on the second page only."""
    before, after = "\n\n".join(SENTENCES[:3]), "\n\n".join(SENTENCES[3:] * 2)
    pages = pages_of(tmp_path, f"#set page(height: 140pt)\n{before}\n\n{FIGURE}\n\n{after}")
    assert len(pages) >= 2
    assert "A float" not in "".join(page.after + page.before for page in pages)
    assert all(start.startswith("Sentence") for start in starts(pages))


def test_a_page_of_nothing_but_what_floats_begins_with_it(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, f"{SENTENCES[0]}\n\n{FIGURE}\n\n" + "\n\n".join(SENTENCES[1:]))
    assert [start.split()[0] for start in starts(pages)] == ["Sentence", "Figure", "Sentence"]
    assert pages[1].before.strip() == SENTENCES[0]
    assert pages[2].before.strip().endswith(SENTENCES[3])


def test_pictures_and_formulas_are_one_sign_each(tmp_path: Path) -> None:
    square = '<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"9\\" height=\\"9\\"><text>t</text></svg>'
    source = f'#math.equation(alt: "x")[$ x + 1 $]\nand #image(bytes("{square}"), format: "svg", alt: "a square")'
    (page,) = pages_of(tmp_path, source)
    assert "".join(page.after.split()) == "\ufffcand\ufffc"


def test_kinds(tmp_path: Path) -> None:
    source = "The title\n#pagebreak()\n#outline(title: [Contents])\n#pagebreak()\n#pagebreak()\n= One\nText."
    pages = pages_of(tmp_path, source, {1: PageKind.TITLE})
    assert [p.kind for p in pages] == [PageKind.TITLE, PageKind.CONTENTS, PageKind.BLANK, PageKind.TEXT]
    assert [bool(p.after) for p in pages] == [False, False, False, True]
    assert pages[3].before == ""


def test_text_that_runs_from_right_to_left_is_in_its_order(tmp_path: Path) -> None:
    words = "این یک آزمون است"
    (page,) = pages_of(tmp_path, f'#set text(lang: "fa", dir: rtl, font: "DejaVu Sans Mono")\n{words} ABC {words}.')
    assert page.after.split()[:8] == [*words.split(), "ABC", *words.split()[:3]]


def test_labels_and_the_pages_of_the_template(build: Build, tmp_path: Path) -> None:
    toctree = "Book\n====\n\n.. toctree::\n\n   one\n"
    text = "\n\n".join(f"Paragraph {n}. " + "Some words of it. " * 40 for n in range(12))
    book = build(
        {"index.rst": toctree, "one.rst": f"One\n===\n\n{text}\n"}, conf='copyright = "2026, A. N."\nauthor = "A. N."\n'
    )
    assert book.builder.pages_file is None
    path = tmp_path / "pages.json"
    front = {1: PageKind.TITLE, 2: PageKind.COPYRIGHT}
    printed_pages(book.builder.artefact, book.builder.pages_of_targets, front).save(path)
    found = PrintedPages.load(path)
    assert len(found.pages) == book.builder.page_count
    assert [p.label for p in found.pages[:4]] == ["i", "ii", "iii", "iv"]
    assert [p.kind for p in found.pages[:5]] == [
        PageKind.TITLE,
        PageKind.COPYRIGHT,
        PageKind.CONTENTS,
        PageKind.BLANK,
        PageKind.TEXT,
    ]
    assert found.pages[4].label == "1"
    assert found.pages[4].after.split()[:3] == ["One", "Paragraph", "0."]
    assert {t.docname for t in found.targets} == {"index", "one"}


@pytest.mark.parametrize("standards", [[], ["ua-1"]])
def test_nothing_in_a_pdf_without_text(tmp_path: Path, standards: list[str]) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(typst.compile(b'#set document(title: "T")\n', format="pdf", pdf_standards=standards))
    (page,) = printed_pages(path, (), {}).pages
    assert page == PrintedPage(label="1", kind=PageKind.BLANK)


def test_front_marks() -> None:
    from octavo.writers.pdf.compiling import Target

    targets = [
        Target(label=label, page=page, x=0, y=0)
        for label, page in (("one", 5), ("octavo-front-title", 1), ("octavo-front-copyright", 2))
    ]
    assert kinds_of_front(targets) == {1: PageKind.TITLE, 2: PageKind.COPYRIGHT}


@pytest.mark.parametrize(
    "shown",
    [
        b"plain",
        b"",
        b"\x00\x02\x00(",
        b"(balanced)",
        b")(",
        b"back\\slash",
        b"\r\n\t",
        b"\xff\xfe",
        b"a<b>c",
        b"\x002\x00\\",
    ],
)
def test_what_an_operator_shows(shown: bytes) -> None:
    array = pikepdf.Array([pikepdf.String(shown), -7, pikepdf.String(b"next"), 1, pikepdf.String(shown)])
    assert list(_strings(array)) == [shown, b"next", shown]
    assert list(_strings(pikepdf.String(shown))) == [shown]
    assert list(_strings(pikepdf.Name("/Odd"))) == []


def test_codes_of_two_bytes_and_of_one() -> None:
    characters = {1: "a", 0x102: "ffi"}
    assert _Font(wide=True, characters=characters).decoded(b"\x00\x01\x01\x02\x00\x07\x00") == ["a", "ffi", ""]
    assert _Font(wide=False, characters=characters).decoded(b"\x01\x02") == ["a", ""]
