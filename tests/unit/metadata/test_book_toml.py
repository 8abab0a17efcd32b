# ruff: noqa: E501 -- a case is a line of its table
import datetime
from pathlib import Path

import pytest

from octavo.diagnostics import ConfigurationError
from octavo.metadata import AlternateScript, Contributor, Identifier, Metadata, OtherTitle, Series, Subject
from octavo.metadata.book_toml import load

WHOLE = """\
title = "On the Trail"
subtitle = "A Case"
language = "en-GB"
date = 2026-11-22
description = '''
Two lines
of text.
'''
publisher = "Octavo Press"
rights = "© 2026 Octavo Press"
source = "https://example.org/source"

[[identifier]]
type = "isbn-13"
value = "978-0-306-40615-7"

[[identifier]]
type = "uuid"
value = "123e4567-e89b-12d3-a456-426614174000"

[[contributor]]
name = "Ada Writer"
file-as = "Writer, Ada"

[[contributor]]
name = "Bo Trans"
role = "trl"

[[subject]]
term = "Music / General"
authority = "BISAC"
code = "MUS000000"

[series]
name = "Cases"
position = 2

[accessibility]
summary = "All pictures are described."
hazards = ["none"]
certified-by = "Ada Writer"

[cover]
image = "cover.png"
alt = "A hand on a fretboard"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "book.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Metadata:
    return load(write(folder, text))


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, text)
    return [line.replace(f"{folder}/", "") for line in caught.value.what.splitlines()]


def test_every_field_is_read(tmp_path):
    (tmp_path / "cover.png").write_bytes(b"")
    book = read(tmp_path, WHOLE)
    assert book.full_title == "On the Trail: A Case"
    assert book.identifiers == (
        Identifier(type="isbn-13", value="978-0-306-40615-7"),
        Identifier(type="uuid", value="123e4567-e89b-12d3-a456-426614174000"),
    )
    assert book.contributors == (
        Contributor(name="Ada Writer", file_as="Writer, Ada"),
        Contributor(name="Bo Trans", role="trl"),
    )
    assert book.date == datetime.date(2026, 11, 22)
    assert book.modified == datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    assert book.description == "Two lines\nof text."
    assert book.subjects == (Subject(term="Music / General", authority="BISAC", code="MUS000000"),)
    assert book.series == Series(name="Cases", position="2")
    assert book.accessibility.hazards == ("none",)
    assert book.cover.image == (tmp_path / "cover.png").resolve()


def test_a_book_without_identifier_or_date_gets_stable_ones(tmp_path):
    text = 'title = "T"\nlanguage = "en"\n'
    first, second = read(tmp_path, text), read(tmp_path, text)
    assert first == second
    assert first.identifiers[0].type == "uuid"
    assert first.modified == datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def test_the_environment_changes_nothing(tmp_path, monkeypatch):
    text = 'title = "T"\nlanguage = "en"\n'
    without = read(tmp_path, text)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert read(tmp_path, text) == without
    assert read(tmp_path, f"{text}date = 2026-01-02\n").modified.year == 2026


def test_every_fault_is_said_at_once_with_its_line(tmp_path):
    text = """\
titel = "T"
language = "en_US"
date = "2026-11-22"

[[identifier]]
type = "isbn-13"
value = "978-0-306-40615-8"

[[contributor]]
name = "A"
role = "translator"

[[contributor]]
role = "aut"

[accessibility]
hazards = [
  "non",
]

[cover]
image = "nowhere.png"
"""
    assert faults(tmp_path, text) == [
        "book.toml:1: titel: unknown key, did you mean 'title'?",
        'book.toml:1: title: missing, write title = "..."',
        "book.toml:2: language: 'en_US' is not right, write 'en-US'",
        "book.toml:3: date: is a string, write a TOML date without quotes, date = 2026-11-30",
        "book.toml:7: identifier.value: '978-0-306-40615-8' is not right, its check digit should be 7",
        "book.toml:11: contributor.role: 'translator' is not right, write its MARC code 'trl'",
        'book.toml:13: contributor.name: missing, write name = "..."',
        "book.toml:17: accessibility.hazards: 'non' is not a hazard, did you mean 'none'?",
        f"book.toml:22: cover.image: no file 'nowhere.png', it is looked for in {tmp_path}".replace(f"{tmp_path}/", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("isbn-10", "0-306-40615-2", True),
        ("isbn-10", "0-8044-2957-X", True),
        ("isbn-10", "0-306-40615-3", False),
        ("isbn-13", "9780306406157", True),
        ("isbn-13", "1234567890123", False),
        ("uuid", "urn:uuid:123e4567-e89b-12d3-a456-426614174000", False),
        ("doi", "10.1000/182", True),
        ("doi", "https://doi.org/10.1000/182", False),
        ("uri", "https://example.org/a", True),
        ("uri", "example", False),
    ],
)
def test_identifiers_are_checked(tmp_path, kind, value, right):
    text = f'title = "T"\nlanguage = "en"\n[[identifier]]\ntype = "{kind}"\nvalue = "{value}"\n'
    if right:
        assert read(tmp_path, text).identifiers == (Identifier(type=kind, value=value),)
    else:
        assert [f for f in faults(tmp_path, text) if f.startswith("book.toml:5: identifier.value: ")]


@pytest.mark.parametrize("tag", ["en", "de-CH", "zh-Hant-TW", "sr-Latn", "sl-rozaj-biske", "de-CH-1996", "x-klingon"])
def test_language_tags_of_every_shape(tmp_path, tag):
    assert read(tmp_path, f'title = "T"\nlanguage = "{tag}"\n').language == tag


@pytest.mark.parametrize("tag", ["english language", "e", "en-", "de--CH"])
def test_language_tags_that_are_none(tmp_path, tag):
    assert len(faults(tmp_path, f'title = "T"\nlanguage = "{tag}"\n')) == 1


@pytest.mark.parametrize(
    "content", [b"title = ", b"\xff\xfe", b'title = "a"\ntitle = "b"\n'], ids=["syntax", "encoding", "twice"]
)
def test_unreadable_files_are_configuration_errors(tmp_path, content):
    path = tmp_path / "book.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"book\.toml"):
        load(path)


def test_a_file_that_is_not_there_is_a_configuration_error(tmp_path):
    with pytest.raises(ConfigurationError, match="can't be read"):
        load(tmp_path / "book.toml")


MORE = """\
title = "Kafka on the Shore"
title-file-as = "Kafka on the Shore"
title-alternate-script = [{ text = "海辺のカフカ", language = "ja" }]
language = "en"
other-languages = ["ja", "en"]
modified = 2026-11-23T09:30:00+02:00
type = "textbook"
coverage = ["Japan", "1958 to 2002"]
relation = "https://example.org/companion"

[[other-title]]
text = "Kafka"
type = "short"
file-as = "Kafka"

[[contributor]]
name = "Haruki Murakami"
file-as = "Murakami, Haruki"
alternate-script = { text = "村上 春樹", language = "ja" }

[[subject]]
term = "Music / General"
authority = "Thema"
code = "AV"

[[collection]]
name = "Collected Works"
type = "set"
position = 4
identifier = "urn:issn:1234-5679"

[[collection]]
name = "World Letters"

[accessibility]
certified-by = "A. Certifier"
conforms-to = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"
certifier-credential = ["https://example.org/badge", "Member of a body"]
certifier-report = "https://example.org/report"
exemption = "eaa-microenterprise"
"""


def test_every_refinement_is_read(tmp_path):
    book = read(tmp_path, MORE)
    kafka = AlternateScript(text="海辺のカフカ", language="ja")
    assert (book.title_file_as, book.title_alternates) == ("Kafka on the Shore", (kafka,))
    assert book.other_languages == ("ja",)
    assert book.modified == datetime.datetime(2026, 11, 23, 7, 30, tzinfo=datetime.UTC)
    assert (book.types, book.coverage) == (("textbook",), ("Japan", "1958 to 2002"))
    assert book.relations == ("https://example.org/companion",)
    assert book.other_titles == (OtherTitle(text="Kafka", type="short", file_as="Kafka"),)
    assert book.contributors[0].alternates == (AlternateScript(text="村上 春樹", language="ja"),)
    assert book.collections == (
        Series(name="Collected Works", type="set", position="4", identifier="urn:issn:1234-5679"),
        Series(name="World Letters"),
    )
    stated = book.accessibility
    assert stated.conforms_to == "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"
    assert stated.credentials == ("https://example.org/badge", "Member of a body")
    assert (stated.report, stated.exemptions) == ("https://example.org/report", ("eaa-microenterprise",))


HEAD = 'title = "T"\nlanguage = "en"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('modified = "today"', "book.toml:3: modified: is a string, write a TOML date or time"),
        ('other-languages = ["no_NO"]', "book.toml:3: other-languages: 'no_NO' is not right, write 'no-NO'"),
        ("coverage = 3", "book.toml:3: coverage: is a number, write a string, or a list"),
        ('title-alternate-script = "x"', "book.toml:3: title-alternate-script: is a string, write"),
        ('title-alternate-script = [{ text = "x" }]', "book.toml:3: title-alternate-script.language: missing"),
        ('[[other-title]]\ntext = "x"\ntype = "subtitle"', "book.toml:5: other-title.type: 'subtitle' is not right"),
        ('[[subject]]\nterm = "x"\nauthority = "bisac"\ncode = "MUS000000"', "book.toml:5: subject.authority: 'bisac' is not right, write 'BISAC'"),
        ('[[subject]]\nterm = "x"\nauthority = "BISAC"\ncode = "Music"', "book.toml:6: subject.code: 'Music' is not right, a code of BISAC"),
        ('[[collection]]\nname = "x"\ntype = "serie"', "book.toml:5: collection.type: 'serie' is not right, did you mean 'series'?"),
        ('[series]\nname = "x"\ntype = "set"', "book.toml:5: series.type: unknown key"),
        ('[series]\nname = "x"\nidentifier = "1234-5679"', "book.toml:5: series.identifier: '1234-5679' is not right"),
        ('[[identifier]]\ntype = "gtin-13"\nvalue = "4006381333932"', "book.toml:5: identifier.value: '4006381333932' is not right, its check digit should be 1"),
        ('[[identifier]]\ntype = "ismn-13"\nvalue = "9783161484100"', "book.toml:5: identifier.value: '9783161484100' is not right, it has 13 digits and begins with 979-0"),
        ('[[identifier]]\ntype = "urn"\nvalue = "nbn:de"', "book.toml:5: identifier.value: 'nbn:de' is not right, write 'urn:'"),
        ('[accessibility]\nexemption = "eaa-micro-enterprise"', "book.toml:4: accessibility.exemption: 'eaa-micro-enterprise' is not right, did you mean 'eaa-microenterprise'?"),
        ('[accessibility]\ncertifier-report = "https://example.org/"', "book.toml:4: accessibility.certifier-report: stands without certified-by"),
        ('[accessibility]\ncertified-by = "A"\nconforms-to = "WCAG 2.2"', "book.toml:5: accessibility.conforms-to: 'WCAG 2.2' is not right"),
        ('[accessibility]\ncertified-by = "A"\ncertifier-report = "report.html"', "book.toml:5: accessibility.certifier-report: 'report.html' is not right"),
    ],
)  # fmt: skip
def test_refinements_are_checked(tmp_path, text, expected):
    said = faults(tmp_path, HEAD + text)
    assert len(said) == 1
    assert said[0].startswith(expected)


@pytest.mark.parametrize(
    ("kind", "value", "uri"),
    [
        ("gtin-13", "4006381333931", "4006381333931"),
        ("upc", "036000291452", "036000291452"),
        ("ismn-13", "979-0-2600-0043-8", "urn:ismn:9790260000438"),
        ("urn", "urn:nbn:de:101:1-2026", "urn:nbn:de:101:1-2026"),
        ("oclc", "1234567890", "1234567890"),
        ("proprietary", "EX-17", "EX-17"),
    ],
)
def test_other_identifiers(tmp_path, kind, value, uri):
    book = read(tmp_path, HEAD + f'[[identifier]]\ntype = "{kind}"\nvalue = "{value}"')
    assert [i.as_uri() for i in book.identifiers] == [uri]
