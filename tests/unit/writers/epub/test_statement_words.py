"""The sentences of the statement: the same in every language, with the same gaps."""

from __future__ import annotations

import string

import pytest

from octavo.metadata.vocabularies import EXEMPTIONS, HAZARDS
from octavo.statement.page import _HAZARDS
from octavo.writers.epub.statement_words import SENTENCES, words_for


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_language_has_every_sentence_with_its_gaps(language: str) -> None:
    own, english = SENTENCES[language], SENTENCES["en"]
    assert own.keys() == english.keys()
    assert {k: gaps(v) for k, v in own.items()} == {k: gaps(v) for k, v in english.items()}
    if language != "en":
        assert [k for k in own if own[k] == english[k] and k not in ("h_navigation",)] == []


def test_every_hazard_and_every_exemption_has_a_sentence() -> None:
    assert set(_HAZARDS) == set(HAZARDS)
    assert {e.replace("-", "_") for e in EXEMPTIONS} <= SENTENCES["en"].keys()


def test_a_language_without_sentences_is_answered_in_english() -> None:
    assert words_for("ja").language == "en"
    assert words_for("de-CH").language == "de-CH"
