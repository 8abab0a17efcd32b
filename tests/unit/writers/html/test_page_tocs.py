"""The table of contents of a page: learnt from the theme, and the same as the theme's on every page."""

from __future__ import annotations

import random
from importlib.metadata import version
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from pydata_sphinx_theme.toctree import add_toctree_functions

from octavo.writers.html.page_tocs import PageTocs
from octavo.writers.html.pydata_navigation import SHOWN_LEVEL

SHOWN_CLASS = SHOWN_LEVEL[0, int(version("pydata-sphinx-theme").split(".")[1])]


def as_the_theme_does(toc: str, level: int) -> object:
    context: dict[str, Any] = {"toc": toc, "theme_show_toc_level": level, "toctree": None}
    add_toctree_functions(None, "page", "page.html", context, None)
    return context["generate_toc_html"]()


TITLES = (
    "Plain",
    "With &amp; and &lt;",
    '<code class="docutils literal notranslate"><span class="pre">x</span></code>',
)
STRANGE = ("A &quot;word&quot;", "&nbsp;", '<img alt="" src="a.png"/>', "<em>open", "a > b", "<B>b</B>")


def entry(chance: random.Random, depth: int, titles: tuple[str, ...], address: str) -> str:
    below = ""
    if depth and chance.random() < 0.7:
        inner = "".join(entry(chance, depth - 1, titles, f"#{address}-{n}".replace("##", "#")) for n in range(2))
        if chance.random() < 0.1:
            inner = ""
        below = f"<ul>\n{inner}</ul>\n"
    title = " ".join(chance.choices(titles, k=2))
    return f'<li><a class="reference internal" href="{address}">{title}</a>{below}</li>\n'


def toc(chance: random.Random, titles: tuple[str, ...]) -> str:
    entries = chance.choice([1, 1, 1, 1, 2])
    return "<ul>\n" + "".join(entry(chance, 3, titles, "#") for _ in range(entries)) + "</ul>\n"


@given(st.integers(0, 100_000), st.sampled_from([1, 2]), st.booleans())
def test_same_as_the_theme(seed: int, level: int, foretold: bool) -> None:
    chance = random.Random(seed)
    tocs = PageTocs()
    for _ in range(8):
        html = toc(chance, TITLES if chance.random() < 0.7 else (*TITLES, *STRANGE))
        shown_class = SHOWN_CLASS if foretold else None
        shown = tocs.shown(html, level, lambda html=html: as_the_theme_does(html, level), shown_class)
        assert str(shown) == str(as_the_theme_does(html, level))
        assert len(shown) == len(as_the_theme_does(html, level))  # type: ignore[arg-type]
        assert bool(shown) == bool(as_the_theme_does(html, level))


def test_a_page_of_known_tags_is_not_parsed() -> None:
    tocs = PageTocs()
    first, second = (
        '<ul>\n<li><a class="reference internal" href="#">T</a><ul>\n'
        f'<li><a class="reference internal" href="#{name}">{name}</a></li>\n</ul>\n</li>\n</ul>\n'
        for name in ("one", "two")
    )
    learnt = tocs.shown(first, 1, lambda: as_the_theme_does(first, 1))
    assert isinstance(learnt, BeautifulSoup | type(BeautifulSoup("<a/>", "html.parser").a))
    asked = []

    def theirs() -> object:
        asked.append(1)
        return as_the_theme_does(second, 1)

    shown = tocs.shown(second, 1, theirs)
    assert 'href="#two">two</a>' in str(shown)
    assert "nav-link" in str(shown)
    assert not asked
    assert [a["href"] for a in shown("a")] == ["#two"]  # type: ignore[operator]
    assert shown.find("a").get_text() == "two"  # type: ignore[attr-defined]
    assert len(asked) == 2


def not_asked() -> object:
    raise AssertionError


def test_the_usual_tags_of_a_known_version_are_not_learnt() -> None:
    html = (
        '<ul>\n<li><a class="reference internal" href="#">T</a><ul>\n'
        '<li><a class="reference internal" href="#a">A <code class="docutils literal notranslate">b</code></a><ul>\n'
        '<li><a class="reference internal" href="#c">C</a><ul>\n<li><a class="reference internal" href="#d">D</a></li>'
        "\n</ul>\n</li>\n</ul>\n</li>\n</ul>\n</li>\n</ul>\n"
    )
    for level in (0, 1, 2, 3):
        assert str(PageTocs().shown(html, level, not_asked, SHOWN_CLASS)) == str(as_the_theme_does(html, level))


@pytest.mark.parametrize(
    "entry",
    [
        '<a class="reference internal" href="#a">A</a><a class="reference internal" href="#b">B</a>',
        '<span class="x">A</span>',
        '<a class="reference internal" href="#a">A</a><ul>\n</ul><ul>\n</ul>',
    ],
)
def test_unusual_entries_are_the_themes(entry: str) -> None:
    html = f'<ul>\n<li><a class="reference internal" href="#">T</a><ul>\n<li>{entry}</li>\n</ul>\n</li>\n</ul>\n'
    tocs = PageTocs()
    for _ in range(2):
        shown = tocs.shown(html, 1, lambda: as_the_theme_does(html, 1), SHOWN_CLASS)
        assert str(shown) == str(as_the_theme_does(html, 1))


def test_other_options_are_learnt_apart() -> None:
    html = (
        '<ul>\n<li><a class="reference internal" href="#">T</a><ul>\n<li><a class="reference internal" href="#a">A</a>'
        '<ul>\n<li><a class="reference internal" href="#b">B</a></li>\n</ul>\n</li>\n</ul>\n</li>\n</ul>\n'
    )
    tocs = PageTocs()
    shown = {
        level: [str(tocs.shown(html, level, lambda level=level: as_the_theme_does(html, level))) for _ in range(2)]
        for level in (1, 2)
    }
    assert shown[1][0] == shown[1][1] != shown[2][0] == shown[2][1]


def test_a_theme_that_changes_texts_is_asked_each_time() -> None:
    html = '<ul>\n<li><a href="#">T</a><ul>\n<li><a href="#a">A</a></li>\n</ul>\n</li>\n</ul>\n'
    tocs = PageTocs()
    asked = []

    def theirs() -> str:
        asked.append(1)
        return '<ul>\n<li><a href="#a">Changed</a></li>\n</ul>'

    for _ in range(3):
        assert "Changed" in str(tocs.shown(html, 1, theirs))
    assert len(asked) == 3


@pytest.mark.parametrize("html", ["", "<ul>\n</ul>\n", "no list", "<ul>\n<li>no link</li>\n</ul>\n"])
def test_no_entries(html: str) -> None:
    tocs = PageTocs()
    for _ in range(2):
        assert str(tocs.shown(html, 1, lambda: as_the_theme_does(html, 1))) == str(as_the_theme_does(html, 1))
