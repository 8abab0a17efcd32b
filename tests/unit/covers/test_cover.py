import datetime
import io

import pytest
import typst
from PIL import Image

from octavo.checks.epub.pictures import picture
from octavo.covers import HEIGHT, WIDTH, cover_png, letters_lacking, scripts
from octavo.metadata import Contributor, Identifier, Metadata


def metadata(title: str, language: str = "en", **more: object) -> Metadata:
    return Metadata(
        title=title,
        language=language,
        identifiers=(Identifier(type="uri", value="https://example.org/"),),
        modified=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
        **more,
    )


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.parametrize(
    "title",
    ["On the Trail of a Long-Distance Band", "A", "word " * 60, "Donaudampfschifffahrtsgesellschaftskapitän", "#[*_$<"],
)
def test_cover_has_the_size_that_shops_ask_for(title):
    assert size(cover_png(metadata(title, subtitle=title, publisher="Press"))) == (WIDTH, HEIGHT)


def test_same_metadata_same_bytes_and_other_words_other_bytes():
    book = metadata("Birds", contributors=(Contributor(name="Ada"),))
    assert cover_png(book) == cover_png(book) != cover_png(metadata("Birds"))


def test_words_stay_within_the_panel():
    with Image.open(io.BytesIO(cover_png(metadata("Incomprehensibilities of " * 12)))) as picture:
        ground = picture.getpixel((10, 10))
        assert all(picture.getpixel((x, y)) == ground for x in (50, WIDTH - 50) for y in range(0, HEIGHT, 40))


def test_the_picture_is_one_that_every_shop_takes():
    seen = picture(cover_png(metadata("Birds")))
    assert (seen.format, seen.has_alpha, seen.pixels) == ("PNG", False, WIDTH * HEIGHT)


def inked(png: bytes, x: range) -> bool:
    """Whether there are dark points in the upper half of the panel, within its rule."""
    with Image.open(io.BytesIO(png)) as opened:
        grey = opened.convert("L")
        return any(grey.getpixel((column, row)) < 60 for column in x for row in range(330, 900, 3))


@pytest.mark.parametrize(
    ("title", "language", "is_left"), [("שירים", "he", False), ("Songs", "he", True), ("Songs", "en", True)]
)
def test_a_title_begins_where_its_script_does(title, language, is_left):
    made = cover_png(metadata(title, language))
    assert (inked(made, range(250, 420)), inked(made, range(1180, 1350))) == (is_left, not is_left)


def test_fonts_of_the_machine_are_asked_for_other_scripts_alone(monkeypatch):
    monkeypatch.setattr(typst, "Fonts", lambda **_: pytest.fail("looked at the machine's fonts"))
    assert letters_lacking(metadata("Über Ψ и ש")) == {}
    monkeypatch.undo()
    monkeypatch.setattr(
        scripts,
        "families_of_machine",
        lambda wanted: scripts.Found(families=(), files=(), lacking=dict.fromkeys(wanted, ("X",))),
    )
    assert letters_lacking(metadata("かな", "ja", subtitle="ไทย")) == {"Japanese": ("X",), "Thai": ("X",)}
