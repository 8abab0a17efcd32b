"""The words of the search index, each looked at once for a page, and put into its basic form once for the book.

Sphinx stems and filters every word of a page as often as it stands there, and forgets its stems with each document.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sphinx.search import SearchLanguage

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.search import IndexBuilder, WordStore

_WORDS_KEPT = 200_000


def index_quickly(indexer: IndexBuilder) -> None:
    """Have Sphinx's index, still empty, remember what it knows of words."""
    if not depends_on_the_word_alone(indexer):
        return
    language = indexer.lang
    vars(language)["stem"] = functools.lru_cache(maxsize=_WORDS_KEPT)(language.stem)
    vars(language)["word_filter"] = functools.lru_cache(maxsize=_WORDS_KEPT)(language.word_filter)
    theirs = indexer._word_collector

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
