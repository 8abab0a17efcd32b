"""An EPUB as its package document describes it: metadata, manifest, spine. Read once, under the caps of the container.

Holds no content document: those are parsed one after the other by whoever looks at them, and let go.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from octavo.checks.links.container import MAXIMUM_MEMBER_SIZE, MAXIMUM_TOTAL_SIZE, Container, UnreadableError
from octavo.checks.links.package import CONTAINER, ENCRYPTION, encrypted_members, package_paths
from octavo.checks.links.page import read_xml
from octavo.checks.links.places import Finding

XHTML = "application/xhtml+xml"
SVG = "image/svg+xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_NESTED_ENTITY = re.compile(rb"""<!ENTITY\s+(?:%\s+)?\S+\s+(?:"[^"]*&(?!#)[^"]*"|'[^']*&(?!#)[^']*')""")
_DECLARATIONS = 64 * 1024  # bytes from the beginning of a file in which they are looked for
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A statement of the metadata.

    - name: "dc:title", or the property ("schema:accessMode", "dcterms:modified"), or the relation of a `link`.
    - value: as text without white space around it; of a `link` its address.
    - refines: id of what it is about, None for the whole book.
    """

    name: str
    value: str
    line: int | None
    id: str | None = None
    refines: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file of the manifest. member: its path in the zip, None when it is remote or not there."""

    id: str
    href: str
    member: str | None
    media_type: str
    properties: frozenset[str]
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An EPUB.

    - package: path of the package document; language: its `xml:lang`, None where it has none.
    - spine: members of the reading order; linear and not.
    - cover: the item that is the cover's picture by its property (EPUB 3) or by `<meta name="cover">` (EPUB 2).
    - encrypted: members that no reader can open without a key (obfuscated fonts are not among them).
    """

    container: Container
    package: str
    language: str | None
    version: str
    entries: tuple[Entry, ...]
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    cover: Item | None
    encrypted: frozenset[str]
    is_fixed: bool

    def values(self, name: str) -> tuple[str, ...]:
        """The values of one property that concern the whole book, in order."""
        return tuple(e.value for e in self.entries if e.name == name and e.refines is None and e.value)

    def entry(self, name: str) -> Entry | None:
        """The first statement of that name."""
        return next((e for e in self.entries if e.name == name and e.refines is None), None)

    @property
    def navigation(self) -> str | None:
        """The navigation document."""
        return next((i.member for i in self.items if "nav" in i.properties), None)

    @property
    def is_beyond_reading(self) -> bool:
        """Whether a text in it, or all of it, unpacks to more than any book."""
        texts = (i.member for i in self.items if i.member is not None and "xml" in i.media_type)
        sizes = [self.container.size(member) for member in texts]
        return max(sizes, default=0) > MAXIMUM_MEMBER_SIZE or sum(sizes) > MAXIMUM_TOTAL_SIZE

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """The XHTML documents: those of the spine in reading order, then the others; unreadable ones are left out."""
        texts = [i.member for i in self.items if i.media_type == XHTML and i.member is not None]
        known = set(texts)
        ordered = [m for m in self.spine if m in known]
        for member in dict.fromkeys([*ordered, *texts]):
            if member in self.encrypted:
                continue
            try:
                yield member, self.container.read(member)
            except UnreadableError:
                continue  # the check of links says so


def open_epub(path: Path) -> tuple[Opened | None, tuple[Finding, ...]]:
    """The EPUB and what is wrong with its frame; None where there is no package document that could be read.

    Whoever gets one closes its container.
    """
    try:
        container = Container(path)
    except UnreadableError as error:
        return None, (Finding(rule="artefact/unreadable", value=str(error), context=path.name),)
    try:
        opened = _opened(container)
    except UnreadableError as error:
        container.close()
        return None, (Finding(rule="artefact/unreadable", value=str(error), context=path.name),)
    return opened, (*_names(container), *_bombs(opened))


def _names(container: Container) -> Iterator[Finding]:
    """Names that lead out of the folder that an EPUB is unpacked to (EPUB 3.3 section 4.2.3)."""
    for name in sorted(container.names):
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or parts[0].endswith(":"):
            yield Finding(rule="epub/member-name", value=name)


def _bombs(book: Opened) -> Iterator[Finding]:
    """XML whose entities name one another: a few lines that expand to gigabytes."""
    texts = [i.member for i in book.items if i.member is not None and ("xml" in i.media_type or i.media_type == SVG)]
    for member in dict.fromkeys([CONTAINER, book.package, *texts]):
        # without the zeros that UTF-16 has between its letters
        if _NESTED_ENTITY.search(book.container.beginning(member, _DECLARATIONS).replace(b"\0", b"")):
            yield Finding(rule="epub/entity-nested", value=member, member=member)


def _opened(container: Container) -> Opened:
    names = container.names
    if CONTAINER not in names:
        raise UnreadableError(f"no {CONTAINER}")
    root, _ = read_xml(container.read(CONTAINER))
    paths = [] if root is None else package_paths(root)
    if not paths or paths[0] not in names:
        raise UnreadableError(f"{CONTAINER} names no package document that is there")
    package, malformed = read_xml(container.read(paths[0]))
    if package is None:
        raise UnreadableError(f"{paths[0]}: {malformed.reason if malformed else 'empty'}")
    encryption, _ = read_xml(container.read(ENCRYPTION)) if ENCRYPTION in names else (None, None)
    folder = posixpath.dirname(paths[0])
    items = tuple(_items(package, folder, names))
    by_id = {item.id: item for item in items}
    spine = [by_id[e.get("idref", "")].member for e in _named(package, "itemref") if e.get("idref", "") in by_id]
    entries = tuple(_entries(package))
    return Opened(
        container=container,
        package=paths[0],
        language=package.get(_XML_LANG),
        version=package.get("version", ""),
        entries=entries,
        items=items,
        spine=tuple(m for m in spine if m is not None),
        cover=_cover(package, items, by_id),
        encrypted=frozenset() if encryption is None else encrypted_members(encryption),
        is_fixed=any(e.name == "rendition:layout" and e.value == "pre-paginated" for e in entries),
    )


def _items(package: etree._Element, folder: str, names: frozenset[str]) -> Iterator[Item]:
    for element in _named(package, "item"):
        href = element.get("href", "")
        member = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
        yield Item(
            id=element.get("id", ""),
            href=href,
            member=member if member in names else None,
            media_type=element.get("media-type", "").strip().lower(),
            properties=frozenset(element.get("properties", "").split()),
            line=element.sourceline,
        )


def _entries(package: etree._Element) -> Iterator[Entry]:
    for element in package.iter(etree.Element):
        tag = str(element.tag)
        name, value = "", " ".join("".join(element.itertext()).split())
        if tag.startswith(_DC):
            name = f"dc:{tag[len(_DC) :]}"
        elif tag == f"{_OPF}meta":
            name = element.get("property") or element.get("name") or ""
            value = value or element.get("content", "").strip()
        elif tag == f"{_OPF}link":
            name, value = element.get("rel", ""), element.get("href", "").strip()
        if name:
            refines = element.get("refines")
            yield Entry(
                name=name.strip(),
                value=value,
                line=element.sourceline,
                id=element.get("id"),
                refines=refines.lstrip("#") if refines else None,
            )


def _cover(package: etree._Element, items: tuple[Item, ...], by_id: dict[str, Item]) -> Item | None:
    marked = next((i for i in items if "cover-image" in i.properties), None)
    if marked is not None:
        return marked
    old = next((e.get("content", "") for e in _named(package, "meta") if e.get("name") == "cover"), "")
    return by_id.get(old)


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from root.iter(f"{_OPF}{name}")
