"""The words of the search index, each looked at once for a page, and put into its basic form once for the book.

Sphinx stems and filters every word of a page as often as it stands there, and forgets its stems with each document.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

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
    if tested() and type(indexer).feed is IndexBuilder.feed:
        vars(indexer).update(vars(_Feed(indexer, words_once)))


class _Feed:
    """Feeds an index: Sphinx's own method takes titles and entries, and finds no words in the text.

    What becomes of a word, once its basic form is filtered, is found out once for the book.
    """

    def __init__(self, indexer: IndexBuilder, words: Callable[[nodes.document], WordStore]) -> None:
        theirs = indexer.feed
        text_words: list[str] = []
        forms: dict[str, str | None] = {}

        def titles_alone(doctree: nodes.document) -> WordStore:
            store = words(doctree)
            text_words[:] = store.words
            store.words.clear()
            return store

        def feed(docname: str, *arguments: Any, **options: Any) -> None:
            theirs(docname, *arguments, **options)
            in_titles, mapping = indexer._title_mapping, indexer._mapping
            for word in text_words:
                form = forms[word] if word in forms else forms.setdefault(word, _form(indexer.lang, word))
                if form is not None and docname not in in_titles.get(form, ()):
                    if form in mapping:
                        mapping[form].add(docname)
                    else:
                        mapping[form] = {docname}
            text_words.clear()

        self.feed = feed
        self._word_collector = titles_alone


def _form(language: SearchLanguage, word: str) -> str | None:
    """The form in which a word is indexed; None for one that is not."""
    stem = language.stem(word).lower()
    if language.word_filter(stem):
        return stem
    return word if language.word_filter(word) else None


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
