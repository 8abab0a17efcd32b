"""One tree for all pages: marks, links and the page's link to itself."""

from __future__ import annotations

import pytest
from sphinx.util.osutil import relative_uri

from octavo.writers.html.navigation import Entry, NotUniformError, Tree, placeholder

PLAIN = (
    "<ul><li><a href={0}>One</a><ul><li><a href={1}>Two &amp; more</a></li></ul></li>"
    "<li><a href={2}>Three</a></li></ul>"
)
MARKED = PLAIN.replace("<li>", '<li class="current">').replace("<ul>", '<ul class="current">')
MARKED = MARKED.replace("<a ", '<a class="here" ')
ENTRIES = (
    Entry(target="one.html", page="one", parent=None),
    Entry(target="part/two.html", page="part/two", parent=0),
    Entry(target="one.html", page=None, parent=None),
)


def filled(html: str, hash_after_last: str = "") -> str:
    marks = [f'"{placeholder(n)}{hash_after_last if n == 2 else ""}"' for n in range(3)]
    return html.format(*marks)


def tree() -> Tree:
    return Tree(filled(PLAIN, "#place"), filled(MARKED, "#place"), ENTRIES, relative_uri)


def test_a_page_of_the_root_folder() -> None:
    assert tree().html("one", "one.html") == (
        '<ul class="current"><li class="current"><a class="here" href="#">One</a>'
        '<ul><li><a href="part/two.html">Two &amp; more</a></li></ul></li>'
        '<li><a href="#place">Three</a></li></ul>'
    )


def test_a_page_of_another_folder_marks_all_above_it() -> None:
    assert tree().html("part/two", "part/two.html") == (
        '<ul class="current"><li class="current"><a href="../one.html">One</a>'
        '<ul class="current"><li class="current"><a class="here" href="#">Two &amp; more</a></li></ul></li>'
        '<li><a href="../one.html#place">Three</a></li></ul>'
    )


def test_a_page_in_no_toctree() -> None:
    html = tree().html("other/deep/page", "other/deep/page.html")
    assert "current" not in html
    assert 'href="../../part/two.html"' in html


def test_an_entry_that_is_not_shown_marks_what_is_shown_above_it() -> None:
    entries = (*ENTRIES, Entry(target="part/deep.html", page="part/deep", parent=1))
    html = Tree(filled(PLAIN), filled(MARKED), entries, relative_uri).html("part/deep", "part/deep.html")
    assert html.count('class="current"') == 4
    assert "here" not in html


def test_pages_of_many_folders_are_each_right_when_seen_again() -> None:
    made = tree()
    first = [made.html("x", f"{'a/' * depth}x.html") for depth in range(20)]
    assert [made.html("x", f"{'a/' * depth}x.html") for depth in range(20)] == first
    assert len(set(first)) == 20


def test_the_innermost_mark() -> None:
    made = Tree(filled(PLAIN), filled(MARKED), ENTRIES, relative_uri, last=lambda tag: tag.replace("current", "last"))
    assert made.html("part/two", "part/two.html").count('<li class="last">') == 1


@pytest.mark.parametrize(
    ("plain", "marked"),
    [
        ("<ul><li>a</li></ul>", "<ul><li>b</li></ul>"),
        ("<ul><li>a</li></ul>", "<ul><li>a</li><li>a</li></ul>"),
        ("<ul><li>a</ul></li>", "<ul><li>a</ul></li>"),
        ("<p>", '<p class="current">'),
    ],
    ids=["other text", "another entry", "not nested", "a mark on nobody's tag"],
)
def test_what_can_not_be_told_apart_is_refused(plain: str, marked: str) -> None:
    with pytest.raises(NotUniformError):
        Tree(plain, marked, (), relative_uri)


def test_an_address_that_serialisers_write_differently_is_refused() -> None:
    entries = (Entry(target="a&b.html", page="a&b", parent=None),)
    html = f'<ul><li><a href="{placeholder(0)}">a</a></li></ul>'
    with pytest.raises(NotUniformError):
        Tree(html, html, entries, relative_uri)


def collapsible() -> Tree:
    return Tree(filled(PLAIN, "#place"), filled(MARKED, "#place"), ENTRIES, relative_uri, collapsible=True)


def test_a_collapsed_tree_has_the_lists_on_the_way_to_the_page() -> None:
    html = collapsible().html("part/two", "part/two.html", {"one.html", "part/two.html"})
    assert html == tree().html("part/two", "part/two.html")


def test_a_collapsed_tree_has_the_lists_below_the_page() -> None:
    assert collapsible().html("one", "one.html", {"one.html"}) == tree().html("one", "one.html")


def test_a_collapsed_tree_has_no_other_lists() -> None:
    assert collapsible().html("other", "other.html", {"other.html"}) == (
        '<ul><li><a href="one.html">One</a></li><li><a href="one.html#place">Three</a></li></ul>'
    )


def test_a_page_below_a_document_that_is_not_on_the_way_is_not_in_a_collapsed_tree() -> None:
    assert "two" not in collapsible().html("part/two", "part/two.html", {"part/two.html"})
    assert "current" not in collapsible().html("part/two", "part/two.html", {"part/two.html"})


def test_lists_that_look_the_same_whether_marked_or_not_can_not_be_collapsed() -> None:
    marked = MARKED.replace('<ul class="current">', "<ul>")
    Tree(filled(PLAIN), filled(marked), ENTRIES, relative_uri)
    with pytest.raises(NotUniformError):
        Tree(filled(PLAIN), filled(marked), ENTRIES, relative_uri, collapsible=True)
