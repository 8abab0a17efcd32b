"""An EPUB's package: which documents it has and what its own files (container, OPF, NCX, SMIL) refer to.

EPUB 3.3 sections 4.2.6 (container), 5 (package document), 9 (media overlays); EPUB 2.0.1 for NCX and guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from octavo.checks.links.lines import Placed
from octavo.checks.links.markup import Reference, Use

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
# hides a font from a simple unzip; everything else that is encrypted can't be read (EPUB 3.3 section 4.3)
_OBFUSCATION = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_IDREFS = {
    "itemref": ("idref",),
    "item": ("fallback", "media-overlay", "fallback-style"),
    "spine": ("toc",),
    "mediaType": ("handler",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestItem:
    """An `item` of the manifest. href: as written, relative to the package document."""

    id: str
    href: str
    media_type: str
    line: int | None


@dataclass(slots=True, kw_only=True)
class Package:
    """A package document.

    - references: `href` of guide and links, `refines`, in document order (the manifest's own are not among them).
    - linked: those of them that are `link`s: a linked record is in the EPUB without being in the manifest.
    - unknown_ids: idrefs to items that the manifest does not have, with their lines.
    - anchors: all ids.
    """

    items: list[ManifestItem] = field(default_factory=list)
    references: list[Placed] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    unknown_ids: list[tuple[str, int | None]] = field(default_factory=list)
    anchors: frozenset[str] = frozenset()


def package_paths(container: etree._Element) -> list[str]:
    """The package documents that container.xml names, in order, as written."""
    return [path for e in _elements(container) if _name(e) == "rootfile" and (path := e.get("full-path"))]


def encrypted_members(encryption: etree._Element) -> frozenset[str]:
    """The members that encryption.xml says can't be read without a key."""
    members: set[str] = set()
    for data in _elements(encryption):
        if _name(data) != "EncryptedData":
            continue
        methods = {e.get("Algorithm") for e in _elements(data) if _name(e) == "EncryptionMethod"}
        if not methods & _OBFUSCATION:
            members.update(str(e.get("URI", "")) for e in _elements(data) if _name(e) == "CipherReference")
    return frozenset(members)


def read_package(root: etree._Element) -> Package:
    """What a package document says, however wrong."""
    package = Package()
    idrefs: list[tuple[str, int | None]] = []
    anchors = set()
    for element in _elements(root):
        name, line = _name(element), element.sourceline
        if identifier := element.get("id"):
            anchors.add(identifier)
        if name == "item":
            package.items.append(
                ManifestItem(
                    id=identifier or "",
                    href=element.get("href", ""),
                    media_type=element.get("media-type", "").strip().lower(),
                    line=line,
                )
            )
        elif name in {"reference", "link", "site"} and (href := element.get("href")):
            package.references.append(Placed(Reference(Use.PAGE if name != "link" else Use.FILE, "href", href), line))
            if name == "link":
                package.linked.append(href)
        if refines := element.get("refines"):
            package.references.append(Placed(Reference(Use.PAGE, "refines", refines), line))
        for attribute in _IDREFS.get(name, ()):
            idrefs.extend((idref, line) for idref in (element.get(attribute) or "").split())
        if name == "meta" and element.get("name") == "cover" and (cover := element.get("content")):
            idrefs.append((cover, line))
    known = {item.id for item in package.items}
    package.unknown_ids = [(idref, line) for idref, line in idrefs if idref not in known]
    package.anchors = frozenset(anchors)
    return package


def ncx_references(root: etree._Element) -> Iterator[Placed]:
    """The targets of an NCX."""
    for element in _elements(root):
        if _name(element) in {"content", "img", "audio"} and (src := element.get("src")):
            use = {"content": Use.PAGE, "img": Use.IMAGE, "audio": Use.FILE}[_name(element)]
            yield Placed(Reference(use, "src", src), element.sourceline)


def overlay_references(root: etree._Element) -> Iterator[Placed]:
    """What a media overlay (SMIL) speaks and what it follows."""
    for element in _elements(root):
        if _name(element) in {"text", "audio"} and (src := element.get("src")):
            use = Use.PAGE if _name(element) == "text" else Use.FILE
            yield Placed(Reference(use, "src", src), element.sourceline)
        for key, value in element.attrib.items():
            if str(key).rpartition("}")[2] == "textref":
                yield Placed(Reference(Use.PAGE, "epub:textref", str(value)), element.sourceline)


def ids_of(root: etree._Element) -> frozenset[str]:
    """Every id in a document."""
    return frozenset(identifier for e in _elements(root) if (identifier := e.get("id")))


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter(etree.Element)


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
