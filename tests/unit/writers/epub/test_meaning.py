"""What parts of a page mean: no two landmarks that have no name."""

import pytest
from lxml import etree

from octavo.writers.epub import soup
from octavo.writers.epub.meaning import mark_meaning, set_program_text_left_to_right


@pytest.mark.parametrize(
    ("html", "element"),
    [
        ('<aside class="sidebar"><p>A</p></aside>', '<aside class="sidebar" role="note">'),
        ('<aside class="topic"><p>A</p></aside>', '<aside class="topic" role="note">'),
        ('<aside class="footnote-list brackets"></aside>', '<div class="footnote-list brackets"/>'),
    ],
)
def test_an_aside_is_no_landmark_without_a_name(html, element):
    body = soup.parse(html + html).body
    mark_meaning(body)
    assert etree.tostring(body, encoding="unicode").count(element) == 2


def test_a_footnote_is_one():
    body = soup.parse('<aside class="footnote" role="doc-footnote">N</aside>').body
    mark_meaning(body)
    assert body[0].get("role") == "doc-footnote"


def marked(html):
    body = soup.parse(html).body
    mark_meaning(body)
    return etree.tostring(body[0], encoding="unicode")


@pytest.mark.parametrize(
    ("html", "parts"),
    [
        ('<blockquote class="epigraph">E</blockquote>', ["<blockquote", 'epub:type="epigraph"', 'role="doc-epigraph"']),
        ('<blockquote class="pull-quote">P</blockquote>', ["<aside", 'epub:type="pullquote"', 'role="doc-pullquote"']),
        ("<blockquote>Q</blockquote>", ["<blockquote"]),
        ('<p lang="fa">P</p>', ['dir="rtl"']),
        ('<p lang="de">P</p>', ['dir="ltr"']),
        ('<p lang="ar" dir="ltr">P</p>', ['dir="ltr"']),
        ("<table><thead><tr><th>A</th></tr></thead></table>", ['<th scope="col"']),
        ('<table><thead><tr><th colspan="2">A</th></tr></thead></table>', ['scope="colgroup"']),
        ("<table><tbody><tr><th>A</th><td>1</td></tr></tbody></table>", ['<th scope="row"']),
        (
            '<table class="autosummary"><tr><td>f()</td><td>1</td></tr><tr><td></td><td>2</td></tr></table>',
            ['<th scope="row">f()</th><td>1</td>', "<td/><td>2</td>"],
        ),
        (
            '<table class="autosummary"><thead><tr><th>A</th><th>B</th></tr></thead><tr><td>a</td><td>b</td></table>',
            ["<td>a</td><td>b</td>"],
        ),
        ('<table><tbody><tr><th scope="col">A</th><td>1</td></tr></tbody></table>', ['<th scope="col"']),
    ],
)
def test_what_a_part_means(html, parts):
    text = marked(html)
    assert [p for p in parts if p not in text] == []


def test_a_plain_quotation_means_nothing_more():
    assert "epub:type" not in marked("<blockquote>Q</blockquote>").replace("xmlns:epub", "")


@pytest.mark.parametrize(
    ("html", "tag"),
    [
        ("<pre>!pip install</pre>", '<pre dir="ltr">'),
        ("<p>P <code>f(a)</code></p>", '<code dir="ltr">'),
        ("<p>P <kbd>^C</kbd></p>", '<kbd dir="ltr">'),
        ('<p>P <code dir="rtl">C</code></p>', '<code dir="rtl">'),
        ('<dl><dt class="sig sig-object py">f(a)</dt><dd>D</dd></dl>', '<dt class="sig sig-object py" dir="ltr">'),
        ('<p class="signature">P</p>', '<p class="signature">'),
        ('<h1 class="as-code">P</h1>', '<h1 class="as-code" dir="ltr">'),
    ],
)
def test_program_text_of_a_book_from_right_to_left_runs_from_left_to_right(html: str, tag: str) -> None:
    body = soup.parse(html).body
    set_program_text_left_to_right(body)
    written = etree.tostring(body, encoding="unicode")
    assert tag in written
    assert written.count("dir=") == tag.count("dir=")
