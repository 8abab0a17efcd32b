"""What parts of a page mean: no two landmarks that have no name."""

import pytest
from lxml import etree

from octavo.writers.epub import soup
from octavo.writers.epub.meaning import mark_meaning


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
