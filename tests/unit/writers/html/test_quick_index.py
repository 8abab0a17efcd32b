"""The search index is the one that Sphinx makes, with each word looked at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from sphinx.search import IndexBuilder
from sphinx.testing.util import SphinxTestApp

from octavo.writers.html.quick_index import index_quickly

PAGES = {
    "one": "Running and runs\n================\n\nThe runner runs 12 times, and running is *running*; the Running.\n",
    "two": "Again: runs\n===========\n\nBelow\n-----\n\nCaf\u00e9 na\u00efve 42 x2 was wasps the of words word\n",
}

PAGES["three"] = """\
Three
=====

.. comment with words

.. raw:: html

   <p class="word">Raw <b>html</b></p><script>scripted</script>

.. raw:: latex

   unseen

.. meta::
   :keywords: keyed word, others

.. class:: no-search

Not searched, *nor this*.

.. class:: searched

Searched `runs` and *run*\\ ning.

Not searched either
-------------------
"""


@pytest.mark.parametrize("language", ["en", "de", "fr", "ja", "zh", "nl"])
def test_same_index(language: str, project: Callable[..., Path]) -> None:
    source = project({"index.rst": "Title\n=====\n"}, conf='root_doc = "index"\n')
    app = SphinxTestApp(srcdir=source)

    def index(prepare: Callable[[IndexBuilder], None]) -> bytes:
        made = IndexBuilder(app.env, language, {}, "")
        prepare(made)
        for name, text in PAGES.items():
            made.feed(
                name, f"{name}.rst", name, publish_doctree(text, settings_overrides={"output_encoding": "unicode"})
            )
        written = io.StringIO()
        made.dump(written, "json")
        return written.getvalue().encode()

    assert index(index_quickly) == index(lambda _: None)
    app.cleanup()


def test_each_word_is_stemmed_once(project: Callable[..., Path]) -> None:
    source = project({"index.rst": "Title\n=====\n"}, conf='root_doc = "index"\n')
    app = SphinxTestApp(srcdir=source)
    made = IndexBuilder(app.env, "en", {}, "")
    stemmed: list[str] = []
    theirs = made.lang.stem
    vars(made.lang)["stem"] = lambda word: stemmed.append(word) or theirs(word)
    index_quickly(made)
    document = publish_doctree("Words\n=====\n\nwords words word\n")
    assert isinstance(document, nodes.document)
    for name in ("one", "two"):
        made.feed(name, name, name, document)
    assert sorted(stemmed) == ["Words", "word", "words"]
    app.cleanup()
