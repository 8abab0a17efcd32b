import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.metadata import Identifier, Metadata
from octavo.metadata.naming import MAX_LENGTH, file_name, slug


def metadata(title: str) -> Metadata:
    return Metadata(
        title=title,
        language="en",
        identifiers=(Identifier(type="uri", value="https://example.org/"),),
        modified=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("On the Trail of a Long-Distance Band", "on-the-trail-of-a-long-distance-band"),
        ("Größe & Maß", "grosse-and-mass"),
        ("  ../../etc/passwd ", "etc-passwd"),
        ("C++ #1", "c-1"),
        ("CON", "book-con"),
        ("lpt1", "book-lpt1"),
        ("Don’t", "dont"),
    ],
)
def test_title_becomes_slug(title, expected):
    assert file_name(metadata(title)) == expected


def test_title_without_latin_letters_gets_a_stable_name():
    assert slug("吾輩は猫である") == slug("吾輩は猫である") != slug("坊っちゃん")
    assert re.fullmatch(r"book-[0-9a-f]{8}", slug("坊っちゃん"))


def test_long_title_is_cut_between_words():
    name = slug("word " * 60)
    assert len(name) <= MAX_LENGTH
    assert name.endswith("-word")


@given(st.text())
def test_any_title_is_safe_on_every_file_system(title):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title))
    assert len(slug(title)) <= MAX_LENGTH + len("book-")
