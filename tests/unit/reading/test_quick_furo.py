"""furo's navigation made without a parser is the one that furo makes with it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from furo.navigation import get_navigation_tree as made_by_furo
from hypothesis import given
from hypothesis import strategies as st

from octavo.reading import quick_furo

DRAWING = '<svg class="icon" viewBox="0 0 9 9">\n  <path d="M0 0"/>\n</svg>'
TEXTS = ("Text", " ", "\n  ", "a &amp; b", "&lt;b&gt;", "it's", "<em>all</em> of <code>it</code>", DRAWING)


@pytest.fixture(autouse=True)
def _furo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(quick_furo.originals, "get_navigation_tree", made_by_furo)
    yield
    quick_furo._boxes.cache_clear()


def some_list(chance: random.Random, depth: int) -> str:
    items = []
    for _ in range(chance.randrange(4)):
        if chance.random() < 0.4:
            href, text = chance.choice(["#", "a.html", "../c/", "a&amp;b"]), chance.choice(TEXTS)
            link = f'<a class="reference {chance.choice(["in", "ex"])}ternal" href="{href}">{text}</a>'
            marked = chance.choice(["toctree-l1", "toctree-l2", "current", "toctree-l1 current"])
            items.append(
                f'<li class="{marked}">{link}</li>{chance.choice(["", chr(10), chr(10) + " ", " " + chr(10)])}'
            )
            continue
        classes = chance.choice(["", ' class="toctree-l1"', ' class="toctree-l1  current"', ' id="x" class="current"'])
        link = f'<a class="reference internal" href="{chance.choice(["#", "a&amp;b.html", "../c/"])}">'
        below = some_list(chance, depth - 1) if depth and chance.random() < 0.6 else ""
        before = chance.choice(["", "\n", "<p>\n</p>"])
        items.append(f"<li{classes}>{before}{link}{chance.choice(TEXTS)}</a>{below}</li>{chance.choice(['', chr(10)])}")
    current = chance.choice(["", ' class="current"'])
    return f"<ul{current}>\n{''.join(items)}</ul>{chance.choice(['', ' '])}"


@given(st.integers(0, 10_000))
def test_as_furo(seed: int) -> None:
    chance = random.Random(seed)
    caption = '<p class="caption" role="heading"><span class="caption-text">Part</span></p>\n'
    html = f"{chance.choice(['', caption])}{some_list(chance, 3)}{chance.choice(['', chr(10), caption])}"
    quick_furo.originals["get_navigation_tree"] = only_for_boxes
    assert quick_furo.get_navigation_tree(html) == made_by_furo(html)


def only_for_boxes(html: str) -> str:
    """furo, which is to be asked for what it puts in alone."""
    assert "octavo" in html
    return made_by_furo(html)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<ul><li>&quot;quoted&quot;</li></ul>",
        '<ul><li><a href="x">"quoted"</a><ul></ul></li></ul>',
        "<ul><li>a > b</li></ul>",
        "<ul><li class=unquoted>a</li></ul>",
        '<ul><li class="">a</li></ul>',
        "<ul><li>a<br>b</li></ul>",
        "<ul><!-- a comment --><li>a</li></ul>",
        "<ul><li>never closed</ul>",
        "<ul><li>&copy; A</li></ul>",
        "<UL><LI>loud</LI></UL>",
    ],
)
def test_what_a_parser_may_write_otherwise_is_left_to_it(html: str) -> None:
    assert quick_furo._with_boxes(html, "", "") is None or not html
    assert quick_furo.get_navigation_tree(html) == made_by_furo(html)


def test_another_furo_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other: Callable[[str], str] = str.upper
    monkeypatch.setitem(quick_furo.originals, "get_navigation_tree", other)
    assert quick_furo.get_navigation_tree("<ul></ul>") == "<UL></UL>"
