"""The navigation of pydata-sphinx-theme made without a parser is the one that the theme makes with it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydata_sphinx_theme.toctree import add_toctree_functions

from octavo.writers.html.pydata_navigation import sidebar

TEXTS = ("Text", " ", "\n  ", "a &amp; b", "&lt;b&gt;", "it's", "<em>all</em> of <code>it</code>")
CAPTION = '<p aria-level="2" class="caption" role="heading"><span class="caption-text">Part</span></p>\n'


def as_the_theme_does(html: str, levels: int) -> str:
    context: dict[str, Any] = {"toctree": lambda **_: html}
    add_toctree_functions(None, "page", "page.html", context, None)
    return str(context["generate_toctree_html"]("sidebar", startdepth=0, show_nav_level=levels))


def some_list(chance: random.Random, level: int) -> str:
    items = []
    for _ in range(chance.randrange(4)):
        classes = chance.choice(["", f' class="toctree-l{level}"', f' class="toctree-l{level}  current"', ' id="x"'])
        address = chance.choice(["#", "a&amp;b.html", "../c/", "\x011\x02", "\x012\x02#part", "#part"])
        kind = chance.choice(["reference internal", "reference external", "other"])
        link = f'<a class="{kind}" href="{address}">{chance.choice(TEXTS)}</a>' if chance.random() < 0.9 else ""
        below = some_list(chance, level + 1) if level < 4 and chance.random() < 0.6 else ""
        before = chance.choice(["", "\n", "text"])
        items.append(f"<li{classes}>{before}{link}{below}</li>{chance.choice(['', chr(10)])}")
    current = chance.choice(["", ' class="current"'])
    return f"<ul{current}>\n{''.join(items)}</ul>{chance.choice(['', ' '])}"


@given(st.integers(0, 10_000), st.integers(1, 3))
def test_as_the_theme(seed: int, levels: int) -> None:
    chance = random.Random(seed)
    html = "".join(chance.choice(["", CAPTION, chr(10)]) + some_list(chance, 1) for _ in range(chance.randrange(3)))
    assert sidebar(html, levels) == as_the_theme_does(html, levels)


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>&quot;quoted&quot;</li></ul>",
        "<ul><li>a > b</li></ul>",
        "<ul><li>a</ul>",
        '<ul><li class="toctree-l0"><ul></ul></li></ul>',
        '<ul><li><p class="caption">Part</p><ul></ul></li></ul>',
        "<ul><li><a>no address</a></li></ul>",
        '<ul><li><img src="a.png"></li></ul>',
        "<ul><li><svg></svg></li></ul>",
        "<ul><li><details><ul></ul></details></li></ul>",
    ],
)
def test_the_theme_is_asked_about_all_else(html: str) -> None:
    assert sidebar(html, 1) is None


def test_captions_that_fold_are_the_themes() -> None:
    assert sidebar(f"{CAPTION}<ul><li>a</li></ul>", 0) is None
