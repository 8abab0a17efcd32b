"""Pages of the printed edition found in the text of the EPUB, and marked there."""

from __future__ import annotations

import dataclasses
import datetime
import re

import pytest
from lxml import etree

from octavo.metadata import Identifier, Metadata
from octavo.staging import PageKind, PageOfTarget, PrintedPage, PrintedPages
from octavo.writers.epub.content_model import EPUB_TYPE
from octavo.writers.epub.letters import BookText, letters, without_digits
from octavo.writers.epub.page_breaks import Document, breaks
from octavo.writers.epub.page_list import source
from octavo.writers.epub.page_markers import insert, marker, page_id

START = "Once upon a time there was a king who had three daughters, and all of them were fair. "
NEXT = "The youngest of them was so fair that the sun itself, which has seen so much, wondered at her."


def body(markup: str) -> etree._Element:
    return etree.fromstring(
        '<body xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'xmlns:m="http://www.w3.org/1998/Math/MathML">{markup}</body>'
    )


def text_page(before: str, after: str, label: str = "2") -> PrintedPage:
    return PrintedPage(label=label, kind=PageKind.TEXT, before=before, after=after)


def target(page: int, anchor: str = "", docname: str = "a") -> PageOfTarget:
    return PageOfTarget(docname=docname, anchor=anchor, page=page, label=str(page))


def mark(root: etree._Element, *pages: PrintedPage, targets: tuple[PageOfTarget, ...] = (target(1),)) -> str:
    """The document with a `|label|` where a page begins; it has a page 1 before those that are given."""
    first = text_page("", "".join(root.itertext()), label="1")
    printed = PrintedPages(pages=(first, *pages), targets=targets)
    found = breaks(printed, [Document(docname="a", order=0, body=root)])
    for made in reversed(found):
        insert(marker(page_id(made.label, ()), made.label), made.place)
    written = etree.tostring(root, encoding="unicode")
    written = re.sub(r'<span id="page-[^"]*" role="doc-pagebreak" aria-label="([^"]*)"[^>]*/>', r"|\1|", written)
    return re.sub(r"^<body[^>]*>|</body>$", "", written).replace("|1|", "", 1)


@pytest.mark.parametrize(
    ("markup", "before", "after", "expected"),
    [
        pytest.param(f"<p>{START}{NEXT}</p>", START, NEXT, f"<p>{START}|2|{NEXT}</p>", id="inside a paragraph"),
        pytest.param(
            f"<p>{START}</p><p>{NEXT}</p>", START, NEXT, f"<p>{START}</p><p>|2|{NEXT}</p>", id="between paragraphs"
        ),
        pytest.param(
            f"<p>{START}</p><section><h2>2. The youngest</h2><p>{NEXT}</p></section>",
            START,
            f"2 The youngest {NEXT}",
            f"<p>{START}</p><section>|2|<h2>2. The youngest</h2><p>{NEXT}</p></section>",
            id="before a heading",
        ),
        pytest.param(
            f"<p>{START}The wonderful rest. {NEXT}</p>",
            f"{START}The won\u00ad",
            f"derful rest. {NEXT}",
            f"<p>{START}The wonderful |2|rest. {NEXT}</p>",
            id="after a word that is divided",
        ),
        pytest.param(
            f"<p>{START}The well-known rest. {NEXT}</p>",
            f"{START}The well-",
            f"known rest. {NEXT}",
            f"<p>{START}The well-|2|known rest. {NEXT}</p>",
            id="at a hyphen of the word's own",
        ),
        pytest.param(
            f"<p>{START}“{NEXT}”</p>", START, f"“{NEXT}”", f"<p>{START}|2|“{NEXT}”</p>", id="before a quotation mark"
        ),
        pytest.param(
            f"<p>{START}<em>The youngest</em>{NEXT[12:]}</p>",
            START,
            NEXT,
            f"<p>{START}|2|<em>The youngest</em>{NEXT[12:]}</p>",
            id="before an inline element",
        ),
        pytest.param(
            f"<p>See <a href='b'>the tale</a> and then {NEXT}</p>",
            "See the tale (p. 17) and then",
            NEXT,
            f'<p>See <a href="b">the tale</a> and then |2|{NEXT}</p>',
            id="after a reference that is printed with its page",
        ),
        pytest.param(
            f"<p>{START}(see <a href='b'>there</a>). {NEXT}</p>",
            f"{START}(see",
            f"there (p. 9)). {NEXT}",
            f'<p>{START}(see |2|<a href="b">there</a>). {NEXT}</p>',
            id="before a link",
        ),
        pytest.param(
            f"<p>{START}A note<a epub:type='noteref' href='b'>[1]</a> and more. {NEXT}</p>",
            f"{START}A note1 and",
            f"more. {NEXT}",
            f'<p>{START}A note<a epub:type="noteref" href="b">[1]</a> and |2|more. {NEXT}</p>',
            id="after a number of a note",
        ),
        pytest.param(
            f"<p>{START}</p><ul><li><p>No. 1</p></li><li><p>{NEXT}</p></li></ul>",
            f"{START} 1. No. 1",
            f"2. {NEXT}",
            f"<p>{START}</p><ul><li><p>No. 1</p></li><li><p>|2|{NEXT}</p></li></ul>",
            id="in an item whose number is printed",
        ),
        pytest.param(
            f"<p>{START}It rose to No. 1 on all the lists. {NEXT}</p>",
            f"{START}It rose to No.",
            f"1 on all the lists. {NEXT}",
            f"<p>{START}It rose to No. |2|1 on all the lists. {NEXT}</p>",
            id="before a number",
        ),
        pytest.param(
            "<table><thead><tr><th>One</th><th>Two</th></tr></thead>"
            f"<tbody><tr><td>{START}</td><td>x</td></tr><tr><td>{NEXT}</td><td>y</td></tr></tbody></table>",
            f"One Two {START} x",
            f"{NEXT} y",
            "<table><thead><tr><th>One</th><th>Two</th></tr></thead>"
            f"<tbody><tr><td>{START}</td><td>x</td></tr><tr><td>|2|{NEXT}</td><td>y</td></tr></tbody></table>",
            id="in a cell",
        ),
        pytest.param(
            f"<p>{START}</p><table><caption>Kings</caption><tbody><tr><td>a</td></tr></tbody></table><p>{NEXT}</p>",
            START,
            f"Table 1 Kings a {NEXT}",
            f"<p>{START}</p>|2|<table><caption>Kings</caption><tbody><tr><td>a</td></tr></tbody></table><p>{NEXT}</p>",
            id="before a table",
        ),
        pytest.param(
            f"<p>{START}</p><pre><i>def</i> rule(kings):\n    return <b>kings</b></pre><p>{NEXT}</p>",
            f"{START}def rule(kings):",
            f"return kings {NEXT}",
            f"<p>{START}</p><pre><i>def</i> rule(kings):\n    |2|return <b>kings</b></pre><p>{NEXT}</p>",
            id="inside code",
        ),
        pytest.param(
            f"<p>{START}</p><pre><span class='k'>def</span> rule(kings): ...</pre><p>{NEXT}</p>",
            START,
            f"def rule(kings): ... {NEXT}",
            f'<p>{START}</p>|2|<pre><span class="k">def</span> rule(kings): ...</pre><p>{NEXT}</p>',
            id="before code",
        ),
        pytest.param(
            f"<p>{START}</p><figure><img alt='a' src='k'/><figcaption>A king.</figcaption></figure><p>{NEXT}</p>",
            START,
            f"\ufffc Figure 1 A king. {NEXT}",
            f'<p>{START}</p><figure>|2|<img alt="a" src="k"/><figcaption>A king.</figcaption></figure><p>{NEXT}</p>',
            id="before a picture",
        ),
        pytest.param(
            f"<p>{START}where <m:math><m:mi>x</m:mi></m:math> is. {NEXT}</p>",
            f"{START}where",
            f"\ufffc is. {NEXT}",
            f"<p>{START}where |2|<m:math><m:mi>x</m:mi></m:math> is. {NEXT}</p>",
            id="before a formula, and not in it",
        ),
        pytest.param(
            f"<p>{START}</p><div class='line'>¶ 7</div><p>Ganz anders.</p>",
            f"{START} ¶ 7",
            "Nothing of this is in the other edition.",
            f'<p>{START}</p><div class="line">¶ 7</div><p>|2|Ganz anders.</p>',
            id="with the next block where no word is the same",
        ),
        pytest.param(
            f"<p>{START}</p><aside epub:type='footnote'><p>{NEXT}</p></aside><p>{NEXT}</p>",
            START,
            NEXT,
            f'<p>{START}</p><aside epub:type="footnote"><p>{NEXT}</p></aside><p>|2|{NEXT}</p>',
            id="never in a note",
        ),
        pytest.param(
            "<p>" + "王には三人の娘がいた。" * 4 + "末の娘はとても美しかった。</p>",
            "王には三人の娘がいた。" * 4 + "末の娘は",
            "とても美しかった。",
            "<p>" + "王には三人の娘がいた。" * 4 + "末の娘は|2|とても美しかった。</p>",
            id="between letters of a script without spaces",
        ),
    ],
)
def test_a_page_begins(markup: str, before: str, after: str, expected: str) -> None:
    assert _plain(mark(body(markup), text_page(before, after))) == expected


def _plain(written: str) -> str:
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", written)


def test_of_equal_words_those_count_that_stand_between_the_targets() -> None:
    again = f"<p>{START}</p><p>{NEXT}</p>"
    markup = f"<section id='one'><h2>A</h2>{again}</section><section id='two'><h2>B</h2>{again}</section>"
    targets = (target(1), target(1, "one"), target(2, "two"))
    written = mark(body(markup), text_page("A", f"B {START}"), text_page(START, NEXT, "3"), targets=targets)
    assert '<section id="two">|2|<h2>B</h2>' in written
    assert f"{START}</p><p>|3|{NEXT}" in written.partition("<h2>B</h2>")[2]


def test_a_float_on_a_later_page_does_not_move_the_text() -> None:
    """The figure stands in the text of page 1 and is printed on page 2."""
    markup = f"<p id='p'>{START}</p><figure id='f'><p>Figure</p></figure><p id='q'>In between. {NEXT}</p>"
    targets = (target(1), target(1, "p"), target(2, "f"), target(1, "q"))
    written = mark(body(markup), text_page(f"{START} In between. ", NEXT), targets=targets)
    assert f"In between. |2|{NEXT}" in written


def test_a_page_of_a_picture_alone_begins_with_it() -> None:
    """Though the text behind the picture is printed on the page before, as far as a target in it says."""
    caption = "Figure 1 The three daughters of the king, of whom the youngest is the fairest."
    markup = f'<p>{START}</p><figure><img alt=""/><figcaption>{caption}</figcaption></figure>'
    markup += f'<p id="there">{NEXT}</p><p>{NEXT[::-1]}</p>'
    pages = (text_page(START, caption), text_page(NEXT, NEXT[::-1], label="3"))
    found = mark(body(markup), *pages, targets=(target(1), target(1, "there")))
    assert found.index("|2|") < found.index("Figure 1") < found.index(NEXT) < found.index("|3|")
    again = f"<p>And so on, and on it went.</p><p>{caption}</p>"
    twice = f"<p>{START}</p>{again}{again}<p id='there'>{NEXT}</p><p>{NEXT[::-1]}</p>"
    found = mark(body(twice), *pages, targets=(target(1), target(1, "there")))
    assert found.index(caption) < found.index("|2|"), "of two places, the one near the targets"


def test_several_pages_in_one_paragraph() -> None:
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(400)]
    pages = [text_page(" ".join(words[n - 30 : n]), " ".join(words[n : n + 30]), str(n)) for n in range(100, 400, 50)]
    written = mark(body(f"<p>{' '.join(words)}</p>"), *pages)
    assert re.findall(r"\|(\d+)\|(\w+)", written) == [(str(n), words[n]) for n in range(100, 400, 50)]


def test_a_page_of_a_part_stands_with_the_chapter_that_it_opens() -> None:
    """A title page of a part is printed alone; the EPUB has its title in the table of contents."""
    one, two = (
        body(f"<section><h1>One</h1><p>{START}</p></section>"),
        body(f"<section><h1>Two</h1><p>{NEXT}</p></section>"),
    )
    pages = (
        text_page("", f"One {START}", "1"),
        text_page(START, f"II Daughters Two {NEXT}", "3"),
        text_page("II Daughters", f"Two {NEXT}", "5"),
    )
    printed = PrintedPages(pages=pages, targets=(target(1, docname="a"), target(3, docname="b")))
    found = breaks(printed, [Document(docname="a", order=4, body=one), Document(docname="b", order=7, body=two)])
    assert [(b.label, b.order) for b in found] == [("1", 4), ("3", 7), ("5", 7)]
    for made in reversed(found):
        insert(marker(page_id(made.label, ()), made.label), made.place)
    assert [e.get("aria-label") for e in two[0]][:2] == ["3", "5"]
    assert two[0][2].text == "Two"


def test_what_the_epub_has_not_is_left_out() -> None:
    root = body(f"<section><h1>One</h1><p>{START}{NEXT}</p></section>")
    pages = (
        text_page("", "A half title that the EPUB has not", "i"),
        PrintedPage(label="ii", kind=PageKind.BLANK),
        PrintedPage(label="iii", kind=PageKind.CONTENTS),
        text_page("A half title", f"One {START}", "1"),
    )
    printed = PrintedPages(pages=pages, targets=(target(4),))
    found = breaks(printed, [Document(docname="a", order=0, body=root), Document(docname="no", order=1, body=body(""))])
    assert [b.label for b in found] == ["1"]


def test_nothing_without_a_text() -> None:
    assert breaks(PrintedPages(pages=(), targets=()), []) == []
    printed = PrintedPages(pages=(text_page("", NEXT),), targets=(target(1),))
    assert breaks(printed, [Document(docname="a", order=0, body=body(""))]) == []


def test_letters() -> None:
    assert letters("Größe, “ﬁne” — x\u00ady_1!") == "großefinexy1".replace("ß", "ss").replace("ö", "o")
    assert without_digits(letters("No. 1 on ١٢")) == "noon"


@pytest.mark.parametrize("position", range(12))
def test_positions_lead_back(position: int) -> None:
    text = BookText([body("<p>1 a<b>b2</b> c 33</p>"), body("<p>d4 é5</p>")])
    assert text.full == "1abe".replace("e", "2c33d4e5")
    place = text.place(position) if position < len(text.full) else None
    if place is not None:
        assert letters(place.piece.text[place.offset :])[0] == text.full[position]
        if not text.full[position].isdigit():
            assert text.full_of(text.plain_of(position)) == position


def test_ids_of_pages() -> None:
    assert page_id("xii", ()) == "page-xii"
    assert page_id("A–3 b", ()) == "page-A-3-b"
    assert page_id("1", {"page-1", "page-1-2"}) == "page-1-3"


def test_the_mark_is_a_page_break() -> None:
    made = marker("page-7", "7")
    assert (made.get(EPUB_TYPE), made.get("role"), made.get("aria-label")) == ("pagebreak", "doc-pagebreak", "7")
    assert made.get("id") == "page-7"


def test_the_source_is_the_pdf_of_the_book() -> None:
    metadata = Metadata(
        title="Kings",
        subtitle="A tale",
        language="en",
        identifiers=(Identifier(type="uuid", value="5f0c8c3e-3c0e-4a53-9d53-5f8d2f0b7a11"),),
        modified=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
    )
    assert source(metadata) == "Kings: A tale (PDF)"  # the moment of a change is no date of publication
    dated = dataclasses.replace(metadata, publisher="A Press", date=datetime.date(2026, 3, 1))
    assert source(dated) == "Kings: A tale (PDF, A Press, 2026)"
