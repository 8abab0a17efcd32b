import datetime
import io

import pytest
from PIL import Image

from octavo.covers import HEIGHT, WIDTH, cover_png
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
