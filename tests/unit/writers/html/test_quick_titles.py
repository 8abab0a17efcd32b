"""Titles made after another one are those that Sphinx renders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.testing.util import SphinxTestApp

from octavo.writers.html.quick_titles import QuickTitles

TEXTS = ("One", "Two words", "Caf\u00e9 -- it's 'so'", "A & B", "<b>", 'A "word"', "me@example.com", "", "a  b")


def title(text: str, **attributes: object) -> nodes.title:
    return nodes.title("", text, **attributes)


@pytest.fixture
def made(project: Callable[..., Path]) -> Iterator[tuple[SphinxTestApp, StandaloneHTMLBuilder]]:
    app = SphinxTestApp("html", srcdir=project({"index.rst": "Title\n=====\n"}, conf='root_doc = "index"\n'))
    builder = cast("StandaloneHTMLBuilder", app.builder)
    builder.init()
    yield app, builder
    app.cleanup()


def theirs_of(builder: StandaloneHTMLBuilder) -> Callable[[nodes.Node], dict[str, Any]]:
    return lambda node: dict(StandaloneHTMLBuilder.render_partial(builder, node))


@pytest.mark.parametrize("attributes", [{}, {"refid": "id1"}, {"secnumber": (4, 2)}, {"secnumber": []}])
def test_same_as_sphinx(made: tuple[SphinxTestApp, StandaloneHTMLBuilder], attributes: dict[str, object]) -> None:
    app, builder = made
    theirs = theirs_of(builder)
    titles = QuickTitles(app, builder, theirs)
    for text in TEXTS * 2:
        assert titles.rendered(title(text, **attributes)) == theirs(title(text, **attributes))


def test_plain_titles_are_rendered_twice_for_all(made: tuple[SphinxTestApp, StandaloneHTMLBuilder]) -> None:
    app, builder = made
    theirs = theirs_of(builder)
    rendered: list[str] = []
    titles = QuickTitles(app, builder, lambda node: rendered.append(node.astext()) or theirs(node))
    for number in range(1, 20):
        made_of_it = titles.rendered(title(f"Title {number}", secnumber=(1, number)))
    assert made_of_it["title"] == '<span class="section-number">1.19. </span>Title 19'
    assert rendered == ["octavo's stand in", "Title 1"]
    titles.rendered(title("A & B"))
    assert rendered[2:] == ["A & B"]


def test_an_extension_with_titles_of_its_own_is_asked(made: tuple[SphinxTestApp, StandaloneHTMLBuilder]) -> None:
    app, builder = made

    def visit_text(translator: Any, node: nodes.Text) -> None:
        translator.body.append(node.astext().upper())

    app.registry.translation_handlers["html"] = {"Text": (visit_text, lambda *_: None)}
    theirs = theirs_of(builder)
    titles = QuickTitles(app, builder, theirs)
    for text in ("one", "two"):
        assert titles.rendered(title(text))["title"] == text.upper()
