"""Which way a language is written."""

from __future__ import annotations

import pytest
from babel import Locale, UnknownLocaleError

from octavo.metadata import directions


@pytest.mark.parametrize("language", ["fa", "he-IL", "ar", "AR", "ckb", "ku-Arab", "pa_Arab", "uz-Arab-AF", "yi"])
def test_from_right_to_left(language: str) -> None:
    assert directions.is_right_to_left(language)


@pytest.mark.parametrize("language", ["ja", "en", "ku", "pa", "ks-Deva", "ar-Latn", "de-1996", "arz-Latn-EG", ""])
def test_from_left_to_right(language: str) -> None:
    assert not directions.is_right_to_left(language)


def test_those_that_babel_knows() -> None:
    known = 0
    for language in sorted(directions._RIGHT_TO_LEFT):
        try:
            found = Locale.parse(language).text_direction
        except UnknownLocaleError:
            continue
        known += 1
        assert found == "rtl", language
    assert known >= 10
