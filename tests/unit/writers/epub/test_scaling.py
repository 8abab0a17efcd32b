"""Pictures made smaller on request: what they keep, and which are left as they are."""

import io
import sys
from types import SimpleNamespace

import pytest
from lxml import etree
from PIL import Image, ImageCms, ImageDraw

from octavo.diagnostics import ConfigurationError
from octavo.writers.epub.content_model import h
from octavo.writers.epub.linking import AttachmentNames, Linker, Page, Targets
from octavo.writers.epub.pictures import PictureStore
from octavo.writers.epub.scaling import fitted, most_pixels
from octavo.writers.epub.soup import parse

MOST = 10_000
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn() -> Image.Image:
    """White, with lines of many colours, and a red corner at the lower right; 400 by 200."""
    picture = Image.new("RGB", (400, 200), "white")
    pen = ImageDraw.Draw(picture)
    for x in range(60, 340, 20):
        pen.line((x, 0, 400 - x, 200), fill=(x // 2, 30, 255 - x // 2), width=2)
    pen.rectangle((360, 160, 400, 200), fill=(255, 0, 0))
    return picture


def written(picture: Image.Image, format_name: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_name, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def with_palette() -> Image.Image:
    return drawn().convert("P", palette=Image.Palette.ADAPTIVE, colors=32)


@pytest.mark.parametrize(
    ("media_type", "content", "mode"),
    [
        ("image/png", written(drawn(), "PNG", icc_profile=PROFILE), "RGB"),
        ("image/png", written(drawn().convert("RGBA"), "PNG"), "RGBA"),
        ("image/png", written(drawn().convert("LA"), "PNG"), "LA"),
        ("image/png", written(with_palette(), "PNG", icc_profile=PROFILE), "P"),
        ("image/gif", written(with_palette(), "GIF"), "P"),
        ("image/webp", written(drawn(), "WEBP", icc_profile=PROFILE), "RGB"),
        ("image/jpeg", written(drawn(), "JPEG", icc_profile=PROFILE), "RGB"),
        ("image/jpeg", written(drawn().convert("L"), "JPEG"), "L"),
        ("image/jpeg", written(drawn().convert("CMYK"), "JPEG"), "CMYK"),
    ],
)
def test_type_shape_and_colours_are_kept(media_type, content, mode):
    made = fitted(content, media_type, MOST)
    assert made.left is None
    before, after = opened(content), opened(made.content)
    assert (Image.MIME[after.format or ""], after.mode) == (media_type, mode)
    assert MOST * 0.95 < after.width * after.height <= MOST
    assert after.width / after.height == pytest.approx(2, abs=0.02)
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    corners = [p.convert("RGB").getpixel((2, 2)) for p in (before, after)]
    assert corners[1] == pytest.approx(corners[0], abs=2)
    corners = [p.convert("RGB").getpixel((p.width - 3, p.height - 3)) for p in (before, after)]
    assert corners[1] == pytest.approx(corners[0], abs=8)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", written(with_palette(), "PNG", transparency=with_palette().getpixel((2, 2)))),
        ("image/png", written(drawn(), "PNG", transparency=(255, 255, 255))),
        ("image/png", written(drawn().convert("L"), "PNG", transparency=255)),
        ("image/gif", written(with_palette(), "GIF", transparency=with_palette().getpixel((2, 2)))),
    ],
)
def test_what_is_transparent_stays_so(media_type, content):
    after = opened(fitted(content, media_type, MOST).content).convert("RGBA")
    assert after.getpixel((2, 2))[3] == 0
    assert after.getpixel((after.width - 3, after.height - 3))[3] >= 250


@pytest.mark.parametrize(("media_type", "format_name"), [("image/jpeg", "JPEG"), ("image/png", "PNG")])
def test_the_side_that_is_up_stays_up(media_type, format_name):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8298] = "Ada"
    after = opened(fitted(written(drawn(), format_name, exif=exif), media_type, MOST).content)
    assert (after.getexif()[0x0112], after.getexif()[0x8298]) == (6, "Ada")
    assert after.width > after.height


def test_what_was_black_or_white_has_greys():
    after = opened(fitted(written(drawn().convert("1"), "PNG"), "image/png", MOST).content)
    assert after.mode == "L"
    assert len(after.getcolors() or ()) > 2


def test_a_lossless_webp_stays_lossless():
    content = written(drawn(), "WEBP", lossless=True, icc_profile=PROFILE)
    assert b"VP8L" in fitted(content, "image/webp", MOST).content
    assert b"VP8L" not in fitted(written(drawn(), "WEBP"), "image/webp", MOST).content


def test_a_picture_that_fits_keeps_its_bytes():
    content = written(drawn(), "PNG")
    assert fitted(content, "image/png", 400 * 200).content is content
    assert fitted(content, "image/png", 400 * 200 - 1).content is not content


@pytest.mark.parametrize("size", [(50_000, 1), (3, 20_000)])
def test_a_line_of_pixels_fits_too(size):
    after = opened(fitted(written(Image.new("RGB", size), "PNG"), "image/png", MOST).content)
    assert after.width * after.height <= MOST


@pytest.mark.parametrize(
    ("media_type", "content", "why"),
    [
        ("image/gif", written(drawn(), "GIF", save_all=True, append_images=[drawn().rotate(180)]), "it is animated"),
        ("image/png", written(drawn(), "PNG", save_all=True, append_images=[drawn().rotate(180)]), "it is animated"),
        ("image/jpeg", written(drawn(), "JPEG")[:2000], "Pillow can't scale it: image file is truncated"),
    ],
)
def test_what_moves_or_is_broken_is_left(media_type, content, why):
    made = fitted(content, media_type, MOST)
    assert made.content is content
    assert (made.left or "").startswith(why)


def test_without_pillow_the_picture_is_left(monkeypatch):
    content = written(drawn(), "PNG")
    monkeypatch.setitem(sys.modules, "PIL", None)
    made = fitted(content, "image/png", MOST)
    assert (made.content, made.left) == (content, "Pillow is not installed")


@pytest.mark.parametrize("value", [0, -1, True, "4 MP", 1.5])
def test_what_is_no_number_of_pixels_is_refused(value):
    with pytest.raises(ConfigurationError, match="octavo_epub_max_image_pixels"):
        most_pixels(SimpleNamespace(octavo_epub_max_image_pixels=value))


def resolved(store: PictureStore, html: str) -> Page:
    page = Page(docname="index", href="index.xhtml", title="", body=parse(html).body)
    targets = Targets(pages={"index.xhtml": {}}, names={}, downloads={}, images={}, folders=(store.root,))
    Linker(targets, store, AttachmentNames(frozenset())).resolve(page)
    return page


def test_each_picture_that_is_left_is_said_once_and_the_others_are_scaled(tmp_path):
    (tmp_path / "still.png").write_bytes(written(drawn(), "PNG"))
    moving = written(drawn(), "GIF", save_all=True, append_images=[drawn().rotate(180)])
    (tmp_path / "moving.gif").write_bytes(moving)
    html = '<p><img src="still.png" alt="a"><img src="moving.gif" alt="b"><img src="moving.gif" alt="b"></p>'
    page = resolved(PictureStore(tmp_path, MOST), html)
    assert [(f.rule, f.value, f.context) for f in page.findings] == [
        ("epub/image-not-scaled", "moving.gif", "it is animated")
    ]
    still, first, second = (tmp_path / str(image.get("src")) for image in page.body.iter(h("img")))
    assert opened(still.read_bytes()).width < 400
    assert first == second
    assert first.read_bytes() == moving


def test_nothing_is_scaled_unasked_nor_the_cover(tmp_path):
    content = written(drawn(), "PNG")
    (tmp_path / "still.png").write_bytes(content)
    page = resolved(PictureStore(tmp_path), '<p><img src="still.png" alt="a"></p>')
    assert page.findings == []
    assert etree.tostring(page.body).count(b"images/still.png") == 1
    assert (tmp_path / "images" / "still.png").read_bytes() == content
    store = PictureStore(tmp_path / "book", MOST)
    assert (store.root / str(store.stage_cover(tmp_path / "still.png"))).read_bytes() == content
