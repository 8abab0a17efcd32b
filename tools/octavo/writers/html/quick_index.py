"""The words of the search index, each looked at once for a page, and put into its basic form once for the book.

Sphinx stems and filters every word of a page as often as it stands there, and forgets its stems with each document.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.search import IndexBuilder, SearchLanguage, WordStore, _feed_visit_nodes

from octavo.reading.patches import tested

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS_KEPT = 200_000


def index_quickly(indexer: IndexBuilder) -> None:
    """Have Sphinx's index, still empty, remember what it knows of words."""
    if not depends_on_the_word_alone(indexer):
        return
    language = indexer.lang
    vars(language)["stem"] = functools.lru_cache(maxsize=_WORDS_KEPT)(language.stem)
    vars(language)["word_filter"] = functools.lru_cache(maxsize=_WORDS_KEPT)(language.word_filter)
    theirs = indexer._word_collector
    if tested() and type(indexer)._word_collector is IndexBuilder._word_collector:
        theirs = functools.partial(_words, split=language.split, language=language.lang)

    def words_once(doctree: nodes.document) -> WordStore:
        """The words of a page in order of their first places."""
        found = theirs(doctree)
        found.words[:] = dict.fromkeys(found.words)
        found.title_words[:] = dict.fromkeys(found.title_words)
        return found

    vars(indexer)["_word_collector"] = words_once


def depends_on_the_word_alone(indexer: IndexBuilder) -> bool:
    """Whether the form of a word has nothing to do with what was seen before.

    A language that splits text in its own way (Chinese) may stem a word by that.
    """
    return type(indexer.lang).split is SearchLanguage.split


_APART = (nodes.comment, nodes.raw, nodes.meta, nodes.title)  # what the index does not look at as it does at all others


def _words(doctree: nodes.document, *, split: Callable[[str], list[str]], language: str) -> WordStore:
    """What Sphinx's own collector finds: texts between two nodes of the other kinds are split all at once."""
    store = WordStore()
    texts: list[str] = []

    def put_texts() -> None:
        store.words.extend(split("\n".join(texts)))
        texts.clear()

    def visit(node: nodes.Element) -> None:
        for child in node.children:
            if isinstance(child, nodes.Text):
                texts.append(child.astext() if "\0" in child else child)
            elif isinstance(child, _APART) or "no-search" in child.attributes["classes"]:
                put_texts()
                _feed_visit_nodes(child, word_store=store, split=split, language=language)
            elif child.children:
                visit(child)

    if isinstance(doctree, _APART) or "no-search" in doctree["classes"]:
        _feed_visit_nodes(doctree, word_store=store, split=split, language=language)
    else:
        visit(doctree)
    put_texts()
    return store
