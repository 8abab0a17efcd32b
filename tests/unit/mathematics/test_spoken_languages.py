"""Formulas in words of each language that there is a table for: one formula for each structure, and whole tables."""

import string
import tomllib
import unicodedata
from pathlib import Path

import pytest

from octavo.mathematics.mathml import to_mathml
from octavo.mathematics.speech import spoken
from octavo.mathematics.vocabulary import Vocabulary, languages, vocabulary_of

FORMULAS = tomllib.loads(Path(__file__).with_name("spoken_formulas.toml").read_text(encoding="utf-8"))["formula"]
TABLES = ("phrases", "functions", "greek", "accents", "symbols")
SAID = [(f["latex"], language, words) for f in FORMULAS for language, words in f.items() if language != "latex"]


def table(language: str) -> Vocabulary:
    found = vocabulary_of(language)
    assert found is not None
    return found


def test_languages() -> None:
    assert languages() == ("de", "en", "es", "fa", "fr", "ja")


@pytest.mark.parametrize(("latex", "language", "words"), SAID)
def test_said(latex: str, language: str, words: str) -> None:
    assert spoken(to_mathml(latex, display="begin" in latex), language) == words


def test_every_language_says_every_formula() -> None:
    assert len(FORMULAS) > 40
    assert all(set(f) == {"latex", *languages()} for f in FORMULAS)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_every_key(language: str, name: str) -> None:
    theirs, english = getattr(table(language), name), getattr(table("en"), name)
    assert list(theirs) == list(english)
    assert all(value.strip() for value in theirs.values())


@pytest.mark.parametrize("language", languages())
def test_a_phrase_takes_the_parts_that_it_is_given(language: str) -> None:
    def parts(phrase: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(phrase) if field}

    english = table("en").phrases
    assert {n: parts(p) for n, p in table(language).phrases.items()} == {n: parts(p) for n, p in english.items()}


@pytest.mark.parametrize(("language", "script"), [("fa", "ARABIC"), ("ja", ("HIRAGANA", "KATAKANA", "CJK"))])
def test_words_in_the_language_s_own_script(language: str, script: str | tuple[str, ...]) -> None:
    symbols = table(language).symbols.values()
    assert all(any(unicodedata.name(c, "").startswith(script) for c in words) for words in symbols)


def test_a_variant_of_a_language_has_its_words() -> None:
    math = to_mathml("a^2", display=False)
    assert spoken(math, "de-AT") == spoken(math, "de_CH") == spoken(math, "DE") == "a Quadrat"


def test_a_language_without_a_table() -> None:
    assert spoken(to_mathml("a^2", display=False), "it") is None


@pytest.mark.parametrize(("language", "words"), [("de", "⟜"), ("fr", "⟜"), ("en", "left multimap")])
def test_a_sign_without_words(language: str, words: str) -> None:
    assert spoken(to_mathml("⟜", display=False), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Schreibschrift groß H"), ("en", "script capital h"), ("es", "H mayúscula caligráfica")],
)
def test_a_letter_of_another_style(language: str, words: str) -> None:
    assert spoken(to_mathml("ℋ", display=False), language) == words
