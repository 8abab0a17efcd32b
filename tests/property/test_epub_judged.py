"""Whatever an EPUB holds, it is judged: findings, never a traceback."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.checks.epub.judge import judge
from octavo.checks.epub.pictures import picture
from octavo.checks.epub.shops import SHOPS

CONTAINER = (
    b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
    b'full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
NAMES = st.sampled_from(
    ["img", "h1", "h4", "table", "th", "td", "tr", "a", "math", "svg", "nav", "ol", "li", "span", "audio", "object"]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["alt", "src", "href", "role", "epub:type", "id", "title", "aria-label", "lang", "aria-level"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='<&"'), max_size=12),
    max_size=4,
)


def element(name: str, attributes: dict[str, str], inner: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{inner}</{name}>"


TREES = st.recursive(
    st.sampled_from(["", "x", r"\\(x\\)", "$$", "1"]),
    lambda inner: st.builds(element, NAMES, ATTRIBUTES, st.lists(inner, max_size=3).map("".join)),
    max_leaves=12,
)


def judged(members: dict[str, bytes]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.epub"
        with zipfile.ZipFile(path, "w") as epub:
            for name, content in members.items():
                epub.writestr(name, content)
        return [str(d) for d in judge(path, artefact="b.epub", profiles=SHOPS).diagnostics]


@settings(max_examples=60)
@given(TREES, TREES)
def test_any_markup(nav: str, text: str) -> None:
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
        '<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    page = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{}</body></html>'
    members = {
        "META-INF/container.xml": CONTAINER,
        "p.opf": opf.encode(),
        "n.xhtml": page.format(f'<nav epub:type="toc"><ol>{nav}</ol></nav>').encode(),
        "a.xhtml": page.format(text).encode(),
    }
    # no title: at least that is always found
    assert any("accessibility/document-title-missing" in line for line in judged(members))


@settings(max_examples=60)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes(package: bytes, text: bytes) -> None:
    assert judged({"META-INF/container.xml": CONTAINER, "p.opf": package, "a.xhtml": text})


@settings(max_examples=200)
@given(
    st.sampled_from(
        [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"<svg ", b"II*\0"]
    ),
    st.binary(max_size=64),
)
def test_any_picture(magic: bytes, rest: bytes) -> None:
    seen = picture(magic + rest)
    assert seen.pixels == (seen.width or 0) * (seen.height or 0)
