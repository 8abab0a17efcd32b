"""Stand-ins: what comes out of the PDF is what went in, pixel for pixel."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from octavo.writers.pdf.stand_ins import stand_in_for_all

SIZE = (301, 211)


def drawn(mode: str, kind: str = "PNG", **options: Any) -> bytes:
    bands = len(mode)
    places = ((x, y, band) for y in range(SIZE[1]) for x in range(SIZE[0]) for band in range(bands))
    out = io.BytesIO()
    pixels = bytes((x * 3 + y * 5 + band * 70) % 256 for x, y, band in places)
    Image.frombytes(mode, SIZE, pixels).save(out, kind, **options)
    return out.getvalue()


def streams_in(path: Path) -> list[tuple[tuple[int, int], bytes, bytes | None]]:
    """Size, pixels and alpha of each picture."""
    found = []
    with pikepdf.open(path) as pdf:
        images = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        masks = {o.SMask.objgen for o in images if "/SMask" in o}
        for image in (o for o in images if o.objgen not in masks):
            alpha = image.SMask.read_bytes() if "/SMask" in image else None
            pixels = pikepdf.PdfImage(image).as_pil_image().convert("RGB").tobytes()
            found.append(((int(image.Width), int(image.Height)), pixels, alpha))
    return found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rgb.png", drawn("RGB")),
        ("grey.png", drawn("L")),
        ("alpha.png", drawn("RGBA")),
        ("grey-alpha.png", drawn("LA")),
        ("photo.jpg", drawn("RGB", "JPEG", quality=90)),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_picture_comes_out_as_it_went_in(build: Callable[..., Any], name: str, content: bytes) -> None:
    book = build({"index.rst": f"Book\n====\n\n.. image:: {name}\n   :alt: A pattern\n", name: content})
    staged = next((Path(book.builder.outdir) / "typst" / "images").iterdir())
    assert staged.stat().st_size < 2000, "Typst has seen the picture itself"
    original = Image.open(io.BytesIO(content))
    alpha = original.getchannel("A").tobytes() if "A" in original.mode else None
    plain = original.convert("RGBA").convert("RGB") if alpha else original.convert("RGB")
    assert streams_in(book.builder.artefact) == [(SIZE, plain.tobytes(), alpha)]
    assert book.builder.standards == ("ua-1", "a-2a")
    assert book.warnings == ()


def test_what_would_lose_is_left_to_typst(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    deep = io.BytesIO()
    Image.new("I;16", SIZE, 40_000).save(deep, "PNG")
    turned = Image.Exif()
    turned[0x0112] = 6
    left = {
        "deep.png": deep.getvalue(),
        "turned.jpg": drawn("RGB", "JPEG", exif=turned),
        "cut.jpg": drawn("RGB", "JPEG")[:2000],
        "drawing.svg": b"<svg/>",
    }
    small = io.BytesIO()
    Image.new("RGB", (20, 20)).save(small, "PNG")
    left["small.png"] = small.getvalue()
    for name, content in left.items():
        (folder / name).write_bytes(content)
    assert stand_in_for_all(folder, tmp_path / "waiting") == ()
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == left


def test_a_stand_in_has_the_proportions_of_its_picture(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for number, size in enumerate([(1000, 41), (41, 1000), (640, 479), (1999, 1501)]):
        Image.new("L", size).save(folder / f"{number}.png")
    for made, path in zip(stand_in_for_all(folder, tmp_path / "waiting"), sorted(folder.iterdir()), strict=True):
        with Image.open(path) as small:
            width, height = small.size
        assert width * height < 40_000
        assert width / height == pytest.approx(made.width / made.height, rel=2e-3)
