"""EbookLib 0.20 as it is used here, with each of its defects worked around.

The numbers are lines of `ebooklib/epub.py` in 0.20; the version is pinned, and tests/unit/packaging has a test for
each of them. What EbookLib still does: the package document with its refinements, the container, the order of files.
"""

from __future__ import annotations

import datetime
import shutil
import zipfile
from pathlib import Path
from typing import IO, Any

from ebooklib import epub
from lxml import etree

from octavo.packaging import ncx
from octavo.packaging.package_metadata import PREFIXES, add_metadata
from octavo.staging import Publication, Resource

# the earliest moment that a zip file can hold
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
FOLDER = "EPUB"
NCX_HREF = "toc.ncx"
# already compressed: deflating them again costs time and gains nothing
_COMPRESSED = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "font/woff2", "font/woff", "audio/mpeg", "audio/mp4"}
)
_XML = "{http://www.w3.org/XML/1998/namespace}"


class _Book(epub.EpubBook):  # type: ignore[misc]
    """A book without the random identifier and the metadata that EbookLib's constructor puts in."""

    FOLDER_NAME = FOLDER

    def reset(self) -> None:
        """L608: the identifier would be a random uuid4; L610: EbookLib named as generator, with its version."""
        super().reset()
        self.metadata: dict[object, object] = {}


class _StagedItem(epub.EpubItem):  # type: ignore[misc]
    """A file that stays on disk until it is written.

    A plain EpubItem, never EpubHtml: L426-476 `EpubHtml.get_content` parses our XHTML again as HTML4, which loses the
    head, the attributes of body and the case of `viewBox`, and puts spaces between inline elements; L431 makes an empty
    chapter of a `str` with an XML declaration. Its properties are given, for L1022 never computes them.
    """

    def __init__(self, resource: Resource, identifier: str, source: Path) -> None:
        super().__init__(uid=identifier, file_name=resource.href, media_type=resource.media_type)
        self.properties = list(resource.properties)
        self.source = source


class _FixedZip(zipfile.ZipFile):
    """A zip whose entries have fixed times, systems and permissions.

    `writestr` with a name (as EbookLib calls it, L1397-1420) takes the time of the clock.
    """

    def entry(self, name: str, *, stored: bool = False) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, date_time=ZIP_EPOCH)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        # the level is set by hand: until Python 3.13 an entry of one's own does not take it from the archive
        info._compresslevel = None if stored else 9  # type: ignore[attr-defined]
        info.create_system = 3
        info.external_attr = 0o100644 << 16
        return info

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(self.entry(name, stored=compress_type == zipfile.ZIP_STORED), data)

    def copy(self, source: IO[bytes], name: str, *, size: int, stored: bool) -> None:
        """Write a file without holding it in memory."""
        info = self.entry(name, stored=stored)
        info.file_size = size
        with self.open(info, "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer over our zip."""

    def _write_opf_file(self, root: etree._Element) -> None:
        # L1119: no language on the package element, so that a title in Arabic is read out as English
        root.set(f"{_XML}lang", self.book.language)
        # L1145-1150: one fixed prefix, which nothing here uses, and prefixes that are joined by hand
        root.set("prefix", " ".join(f"{name}: {uri}" for name, uri in PREFIXES))
        super()._write_opf_file(root)

    def _write_items(self) -> None:
        for item in self.book.get_items():
            name = f"{FOLDER}/{item.file_name}"
            if isinstance(item, _StagedItem):
                size = item.source.stat().st_size
                with item.source.open("rb") as source:
                    self.out.copy(source, name, size=size, stored=item.media_type in _COMPRESSED)
            else:
                self.out.writestr(name, item.content)

    def write(self) -> None:
        # L1417 opens a ZipFile of its own; L1784-1794 `write_epub` answers False where a path can't be written
        with _FixedZip(self.file_name, "w", zipfile.ZIP_DEFLATED) as self.out:
            self.out.writestr("mimetype", "application/epub+zip", compress_type=zipfile.ZIP_STORED)
            self._write_container()
            self._write_opf()
            self._write_items()


def write(publication: Publication, path: Path) -> None:
    """Write a valid publication.

    Raises: OSError when `path` can't be written or a staged file can't be read.
    """
    metadata = publication.metadata
    book = _Book()
    book.language = metadata.language
    book.title = metadata.full_title
    book.direction = publication.direction
    book.IDENTIFIER_ID = "pub-id"
    add_metadata(book, publication)
    identifiers: dict[str, str] = {}
    for number, resource in enumerate(publication.resources):
        # L669-686 numbers ids by Python class; ours are in order of the manifest
        identifiers[resource.href] = f"r{number:05d}"
        book.add_item(_StagedItem(resource, identifiers[resource.href], publication.root / resource.href))
    # L1297-1300: EbookLib's own NCX has depth 0 and counts no pages; L1038: the spine says toc="ncx" in any case
    table = epub.EpubItem(
        uid="ncx", file_name=NCX_HREF, media_type="application/x-dtbncx+xml", content=ncx.document(publication)
    )
    book.add_item(table)
    book.spine = [(identifiers[item.href], "yes" if item.linear else "no") for item in publication.spine]
    options = {
        # L1250: each element with epub:type and an id would be a page; L1212: landmarks from the EPUB 2 guide alone
        "epub3_pages": False,
        "epub3_landmark": False,
        # L963: `now()` of the local clock, stamped as UTC
        "mtime": metadata.modified.astimezone(datetime.UTC),
    }
    _Writer(str(path), book, options).write()
