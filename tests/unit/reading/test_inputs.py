"""What a format is made from, beyond the folders of the project."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from octavo.reading.inputs import digest


class Config(SimpleNamespace):
    """Values as attributes, without values to go through."""

    def __iter__(self) -> Iterator[object]:
        return iter(())


def digest_of(folder: Path, **values: object) -> str:
    app = SimpleNamespace(
        srcdir=folder / "book",
        confdir=folder / "book",
        extensions={},
        tags=[],
        env=SimpleNamespace(all_docs={}, dependencies={}),
        config=Config(**values),
    )
    return digest(app, folder / "out", date(2026, 1, 2), {})


@pytest.mark.parametrize(
    "values",
    [
        {"octavo_epub_fonts": "../fonts/One.ttf"},
        {"octavo_epub_fonts": ["../fonts/One.ttf"]},
        {"octavo_epub_fonts": {"text": [], "code": ("../fonts/One.ttf",)}},
        {"octavo_pdf_font_paths": ["../fonts"]},
        {"octavo_pdf_template": "../fonts/One.ttf"},
        {"latex_logo": "../fonts/One.ttf"},
    ],
)
def test_a_file_outside_the_project_counts(tmp_path, values):
    (tmp_path / "book").mkdir()
    (tmp_path / "fonts").mkdir()
    font = tmp_path / "fonts" / "One.ttf"
    font.write_bytes(b"one")
    before, without = digest_of(tmp_path, **values), digest_of(tmp_path)
    assert digest_of(tmp_path, **values) == before
    font.write_bytes(b"another")
    assert digest_of(tmp_path, **values) != before
    assert digest_of(tmp_path) == without


@pytest.mark.parametrize("value", [3, {"text": 3}, None, {}])
def test_a_value_that_names_no_font_is_left_to_the_writer(tmp_path, value):
    (tmp_path / "book").mkdir()
    assert digest_of(tmp_path, octavo_epub_fonts=value)
