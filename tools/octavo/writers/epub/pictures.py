"""The pictures of the book: each staged once, under an ASCII name, with the media type of its content.

Formats outside EPUB's core media types (EPUB 3.3 section 3.2) are converted (bitmaps where Pillow is installed); SVG
files are rewritten without scripts and remote references; what has more pixels than the author wants is scaled. A
picture that can't be had is answered with None.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from lxml import etree

from octavo.reading.pictures import as_png, is_damaged_png, pdf_as_svg
from octavo.writers.epub.anchors import settle_svg_ids
from octavo.writers.epub.content_model import SVG, XLINK
from octavo.writers.epub.foreign import clean_svg_attribute, settle_styles, shows_nothing
from octavo.writers.epub.names import asset_name
from octavo.writers.epub.scaling import fitted

FOLDER = "images"
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}
_SVG_DROPPED = ("script", "foreignObject", "iframe", "audio", "video", "handler", "listener", "metadata")


class PictureStore:
    """Stages pictures below `root`; the same bytes are staged once. most: pixels of a picture; None for any number."""

    def __init__(self, root: Path, most: int | None = None) -> None:
        self.root = root
        self.most = most
        # href -> media type, in order of first use
        self.staged: dict[str, str] = {}
        self.animated = False
        # href -> why the picture has more pixels than it may have
        self.left: dict[str, str] = {}
        self._by_path: dict[Path, str | None] = {}
        self._by_digest: dict[str, str] = {}
        self._taken: set[str] = set()

    def stage(self, path: Path) -> str | None:
        """The href of a picture in the book, or None when it can't be read or shown."""
        key = path.resolve()
        if key not in self._by_path:
            self._by_path[key] = self._stage(key, self.most)
        return self._by_path[key]

    def stage_cover(self, path: Path) -> str | None:
        """The same for the cover, which shops want large: with all its pixels."""
        return self._stage(path, None)

    def stage_bytes(self, content: bytes, name: str) -> str | None:
        """The same for a picture that has no file. name: as it would be called, with suffix."""
        return self._stage_content(content, name, self.most)

    def _stage(self, path: Path, most: int | None) -> str | None:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        return self._stage_content(content, path.name, most, path)

    def _stage_content(self, content: bytes, name: str, most: int | None, original: Path | None = None) -> str | None:
        found = self._prepared(content)
        if found is None:
            return None
        prepared, media_type = found
        if most is None:
            return self._put(prepared, media_type, name, original if prepared is content else None)
        picture = fitted(prepared, media_type, most)
        href = self._put(picture.content, media_type, name, original if picture.content is content else None)
        if picture.left is not None:
            self.left[href] = picture.left
        return href

    def _prepared(self, content: bytes) -> tuple[bytes, str] | None:
        media_type = media_type_of(content)
        if media_type == "image/svg+xml":
            cleaned = clean_svg(content)
            return None if cleaned is None else (cleaned, media_type)
        if media_type == "image/png" and is_damaged_png(content):
            return None
        if media_type in SUFFIXES:
            self.animated = self.animated or _is_animated(content, media_type)
            return content, media_type
        if content.startswith(b"%PDF-"):
            drawn = pdf_as_svg(content)
            cleaned = None if drawn is None else clean_svg(drawn)
            return None if cleaned is None else (cleaned, "image/svg+xml")
        converted = as_png(content)
        return None if converted is None else (converted, "image/png")

    def _put(self, content: bytes, media_type: str, name: str, original: Path | None = None) -> str:
        digest = hashlib.sha256(content).hexdigest()
        if digest in self._by_digest:
            return self._by_digest[digest]
        suffix = SUFFIXES[media_type]
        file_name = asset_name(name, suffix, self._taken)
        if file_name in self._taken:
            file_name = f"{digest[:16]}{suffix}"
        self._taken.add(file_name)
        target = self.root / FOLDER / file_name
        target.parent.mkdir(parents=True, exist_ok=True)
        if original is not None:
            shutil.copyfile(original, target)
        else:
            target.write_bytes(content)
        href = f"{FOLDER}/{file_name}"
        self.staged[href] = media_type
        self._by_digest[digest] = href
        return href


def media_type_of(content: bytes) -> str | None:
    """The media type by the content's own marks; None when it is no picture that we know."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[:2] in (b"BM", b"II", b"MM"):
        return "image/x-other"
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "image/svg+xml" if head.startswith(b"<") and b"<svg" in content[:65536] else None


def clean_svg(content: bytes) -> bytes | None:
    """An SVG file without scripts, events and remote references; None when it is not XML."""
    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if root.tag != f"{{{SVG}}}svg":
        return None
    seen: set[str] = set()
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _remove(element)
            continue
        name = etree.QName(element)
        if element is not root and (name.localname in _SVG_DROPPED or name.namespace != SVG):
            _remove(element)
            continue
        if name.localname == "a":
            element.tag = f"{{{SVG}}}g"
        if name.localname == "style" and element.text and ("@import" in element.text or "//" in element.text):
            element.text = ""
        _clean_attributes(element, seen)
        settle_styles(element)
        if shows_nothing(element):
            _remove(element)
    settle_svg_ids(root)
    etree.cleanup_namespaces(root, top_nsmap={None: SVG, "xlink": XLINK}, keep_ns_prefixes=["xlink"])
    cleaned: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return cleaned


def _clean_attributes(element: etree._Element, seen: set[str]) -> None:
    for name, value in list(element.attrib.items()):
        foreign = name.startswith("{") and not name.startswith(
            (f"{{{XLINK}}}", "{http://www.w3.org/XML/1998/namespace}")
        )
        cleaned = None if foreign else clean_svg_attribute(name, value)
        if cleaned is None or name.startswith("data-"):
            del element.attrib[name]
        elif name == "id":
            # the first of a name is the one that is meant; an empty one can't be
            if value in seen or not value.strip():
                del element.attrib[name]
            seen.add(value)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _is_animated(content: bytes, media_type: str) -> bool:
    if media_type == "image/gif":
        return content.count(b"\x00\x21\xf9\x04") > 1
    return (media_type == "image/png" and b"acTL" in content[:200]) or (
        media_type == "image/webp" and b"ANIM" in content[:200]
    )
