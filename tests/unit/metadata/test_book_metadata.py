import datetime

import pytest
from sphinx.config import Config

from octavo.diagnostics import ConfigurationError
from octavo.metadata import Contributor, Identifier, Metadata
from octavo.reading.book_metadata import metadata_of


def config(**values: object) -> Config:
    made = Config(dict(values))
    for name in (
        "epub_title",
        "epub_author",
        "epub_publisher",
        "epub_description",
        "epub_identifier",
        "epub_cover",
        "epub_scheme",
    ):
        made.add(name, values.get(name, "unknown"), "epub", ())
    made.add("html_static_path", values.get("html_static_path", []), "html", ())
    made.add("octavo_metadata", values.get("octavo_metadata"), "env", ())
    return made


def read(tmp_path, **values: object) -> Metadata:
    return metadata_of(config(**values), confdir=tmp_path, srcdir=tmp_path)


def test_defaults_of_sphinx_are_not_metadata(tmp_path):
    book = read(tmp_path)
    assert (book.title, book.language) == ("Untitled", "en")
    assert book.contributors == ()
    assert (book.publisher, book.description, book.rights, book.date) == (None, None, None, None)
    assert book.modified == datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def test_values_of_conf_py(tmp_path):
    book = read(
        tmp_path,
        project="Birds",
        author="Ada",
        epub_publisher="Press",
        copyright="2026, Ada",
        language="pt_BR",
        epub_identifier="https://example.org/birds",
        epub_description="About <b>birds</b>.",
    )
    assert book.title == "Birds"
    assert book.contributors == (Contributor(name="Ada"),)
    assert book.publisher == "Press"
    assert book.rights == "© 2026, Ada"
    assert book.language == "pt-BR"
    assert book.identifiers == (Identifier(type="uri", value="https://example.org/birds"),)
    assert book.description == "About birds."


@pytest.mark.parametrize(
    ("value", "kind", "bare"),
    [
        ("ISBN 978-0-306-40615-7", "isbn-13", "978-0-306-40615-7"),
        ("urn:uuid:123e4567-e89b-12d3-a456-426614174000", "uuid", "123e4567-e89b-12d3-a456-426614174000"),
        ("https://doi.org/10.1000/182", "doi", "10.1000/182"),
    ],
)
def test_an_identifier_has_the_type_of_its_syntax(tmp_path, value, kind, bare):
    assert read(tmp_path, epub_identifier=value).identifiers == (Identifier(type=kind, value=bare),)


def test_a_number_of_the_publisher_s_own_needs_a_scheme(tmp_path):
    assert read(tmp_path, epub_identifier="EX-17", epub_scheme="Example").identifiers == (
        Identifier(type="proprietary", value="EX-17"),
    )
    assert [i.type for i in read(tmp_path, epub_identifier="EX-17").identifiers] == ["uuid"]


def test_an_author_is_not_his_own_publisher(tmp_path):
    assert read(tmp_path, author="Ada", epub_publisher="Ada").publisher is None


def test_sphinx_locale_with_script(tmp_path):
    assert read(tmp_path, language="sr@latin").language == "sr-Latn"


def test_cover_of_the_static_folder(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "c.png").write_bytes(b"")
    book = read(tmp_path, epub_cover=("_static/c.png", "epub-cover.html"), html_static_path=["_static"])
    assert book.cover.image == (tmp_path / "_static" / "c.png").resolve()


def test_book_toml_wins(tmp_path):
    (tmp_path / "book.toml").write_text('title = "T"\nlanguage = "de"\n', encoding="utf-8")
    assert read(tmp_path, project="Birds").title == "T"


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(ConfigurationError, match="octavo_metadata"):
        read(tmp_path, octavo_metadata="elsewhere.toml")
