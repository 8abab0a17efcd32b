"""The part of a tree that leads to one page."""

from __future__ import annotations

import re

from octavo.writers.html.branches import SIBLINGS, Branches
from octavo.writers.html.navigation import Entry, placeholder

MORE = '<a href="all.html">…</a>'


def link(number: int) -> str:
    return f'<a class="reference internal" href="{placeholder(number)}">{number}</a>'


def tree() -> Branches:
    """A caption; 0 with its children 1 (with 2) and 3; then an entry that leads out, and 4."""
    html = (
        '<p class="caption">First</p>\n<ul>\n'
        f'<li class="toctree-l1">{link(0)}<ul>\n<li class="toctree-l2">{link(1)}'
        f'<ul>\n<li class="toctree-l3">{link(2)}</li>\n</ul>\n</li>\n'
        f'<li class="toctree-l2">{link(3)}</li>\n</ul>\n</li>\n'
        '</ul>\n<p class="caption">Second</p>\n<ul>\n'
        '<li class="toctree-l1"><a class="reference external" href="https://example.org/">Out</a></li>\n'
        f'<li class="toctree-l1">{link(4)}</li>\n</ul>\n'
    )
    parents = [None, 0, 1, 0, None, 2]
    entries = [Entry(target=f"{n}.html", page=str(n), parent=parent) for n, parent in enumerate(parents)]
    return Branches(html, entries, owner="index")


def flat(count: int) -> Branches:
    html = f"<ul>{''.join(f'<li>{link(n)}</li>' for n in range(count))}</ul>"
    return Branches(html, [Entry(target=f"{n}.html", page=str(n), parent=None) for n in range(count)], owner="index")


def address(target: str) -> str:
    return f"../{target}"


def shown(html: str) -> list[str]:
    return re.findall(r">(\d+|…|Out)</a>", html)


def test_the_way_siblings_and_children() -> None:
    branch = tree().branch("1", address, MORE)
    assert shown(branch.html) == ["0", "1", "2", "3"]
    assert (branch.current, branch.own) == ("1.html", True)
    assert branch.html.startswith('<p class="caption">First</p>\n<ul class="current"><li class="toctree-l1 current">')
    assert (
        'class="toctree-l2 current"><a aria-current="page" class="current reference internal" href="../1.html">1'
        in (branch.html)
    )
    assert branch.html.count("current reference") == 1
    assert branch.html.count("<ul") == branch.html.count("</ul>") == 3


def test_children_of_siblings_are_left_out() -> None:
    assert shown(tree().branch("3", address, MORE).html) == ["0", "1", "3"]


def test_only_the_list_of_the_page_at_the_first_level() -> None:
    branch = tree().branch("4", address, MORE)
    assert shown(branch.html) == ["Out", "4"]
    assert "Second" in branch.html
    assert "First" not in branch.html


def test_a_page_whose_link_is_not_shown_marks_the_entry_above_it() -> None:
    branch = tree().branch("5", address, MORE)
    assert (branch.current, branch.own) == ("2.html", False)
    assert 'class="toctree-l3 current"' in branch.html
    assert "aria-current" not in branch.html


def test_a_page_that_is_not_in_the_tree_has_the_first_level() -> None:
    branch = tree().branch("search", address, MORE)
    assert shown(branch.html) == ["0", "Out", "4"]
    assert (branch.current, branch.own) == (None, False)
    assert "current" not in branch.html


def test_a_page_links_to_itself_with_a_hash() -> None:
    branch = tree().branch("0", lambda target: "" if target == "0.html" else target, MORE)
    assert 'href="#">0</a>' in branch.html


def test_far_siblings_are_left_out_and_said_to_be() -> None:
    html = flat(100).branch("50", address, MORE).html
    assert shown(html) == ["…", *map(str, range(50 - SIBLINGS, 51 + SIBLINGS)), "…"]
    assert shown(flat(100).branch("0", address, MORE).html) == [*map(str, range(1 + SIBLINGS)), "…"]


def test_no_branch_grows_with_the_book_but_the_root_page() -> None:
    assert len(shown(flat(1000).branch("orphan", address, MORE).html)) == 2 * SIBLINGS + 1
    assert len(shown(flat(1000).branch("index", address, MORE).html)) == 1000
