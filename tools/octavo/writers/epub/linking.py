"""Every reference of the book led to something that is in it, or taken out with a finding that says where it stood.

Owns what a target means: a document, an anchor, a picture, a file, another site. What stays is a link that EPUBCheck
and a reader can follow; what goes leaves its text.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from octavo.writers.epub.anchors import xml_id
from octavo.writers.epub.content_model import EPUB_TYPE, MATHML, PLACE, SVG, h
from octavo.writers.epub.pictures import PictureStore
from octavo.writers.epub.repair import rename
from octavo.writers.epub.soup import Finding, add_class, append_text

# schemes of IANA's register that a link in a book may have
_SCHEMES = frozenset(
    {
        "http", "https", "mailto", "tel", "sms", "ftp", "sftp", "news", "nntp", "irc", "ircs", "xmpp", "urn", "doi",
        "info", "geo", "magnet", "git", "ssh", "svn", "ldap", "ldaps", "webcal", "callto", "sip", "sips", "data",
    }
)  # fmt: skip
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".md", ".rst", ".ipynb", ".txt")
_PLACED = etree.XPath(f"descendant-or-self::*[@{PLACE}]")
_UNSAFE = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
# pages that the site has and a book has no use for
_SITE_ONLY = frozenset({"search"})
# sphinx.ext.viewcode's pages of source code, which the builder's flat names have as one
_SITE_FOLDERS = ("_modules/", "_modules-", "_sources/")


_GONE = etree.Element(h("body"))


@dataclass(slots=True, kw_only=True)
class Page:
    """A document of the book while it is made; folded, its body is bytes, which take a tenth of the memory.

    - docname: of the sources; for documents of the writer's own, a name that no source has.
    - folder: folder of the sources that raw HTML's relative links start from.
    - findings: in document order; each with the index of its node.
    """

    docname: str
    href: str
    title: str
    body: etree._Element
    folder: str = ""
    ids: Mapping[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    semantics: str | None = None
    _folded: bytes | None = None

    def fold(self) -> None:
        """Put the body away until `unfold`."""
        self._folded = etree.tostring(self.body, encoding="utf-8")
        self.release()

    def unfold(self) -> None:
        """Have the body again; nothing happens to one that was not put away."""
        if self._folded is not None:
            self.body, self._folded = etree.fromstring(self._folded, etree.XMLParser(huge_tree=True)), None

    def release(self) -> None:
        """Let the body go, which is written."""
        self.body = _GONE


@dataclass(slots=True, kw_only=True)
class Targets:
    """What links can lead to.

    - pages: href -> ids, each with its place in the document; names: docname -> href.
    - downloads: path below the download folder -> file.
    - files: where files of the sources are looked for, in this order (srcdir first).
    - attachments: file -> href of the document that shows it; filled by `Linker` through `attach`.
    """

    pages: Mapping[str, Mapping[str, int]]
    names: Mapping[str, str]
    downloads: Mapping[str, Path]
    images: Mapping[str, Path]
    folders: tuple[Path, ...]
    attachments: dict[Path, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """Where a link leads.

    - href: in the book; None where the link has to go.
    - rule: what is to be said of it, with value (None for the link as written), context and hint; None for silence.
    """

    href: str | None = None
    rule: str | None = None
    value: str | None = None
    context: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OtherCase:
    """A document, and its path as a link that ignored its case should have been written."""

    docname: str
    path: str


class Linker:
    """Resolves the references of one page after another."""

    def __init__(self, targets: Targets, pictures: PictureStore, attachable: AttachmentNames) -> None:
        self.targets = targets
        self.pictures = pictures
        self.attachable = attachable
        self.without_alternative = 0
        self._docnames = {href: docname for docname, href in reversed(tuple(targets.names.items()))}
        self._folded: dict[str, str] | None = None

    def resolve(self, page: Page) -> None:
        """Resolve in place; findings are added to the page's."""
        for image in list(page.body.iter(h("img"))):
            self._image(page, image)
        for link in list(page.body.iter(h("a"))):
            self._link(page, link)
        for text in page.body.iter(f"{{{MATHML}}}mtext"):
            raw = text.attrib.pop("href", None)
            led = self._target(page, raw) if raw else Led()
            if led.href is not None:
                text.set("href", led.href)
        for element in _PLACED(page.body):
            del element.attrib[PLACE]

    def _link(self, page: Page, link: etree._Element) -> None:
        raw = link.get("href")
        link.attrib.pop("download", None)
        if raw is None or raw.strip() in ("", "#"):
            _unlink(link)
            return
        found = self._target(page, raw.strip())
        if found.rule is not None:
            place = link.get(PLACE)
            page.findings.append(
                Finding(
                    rule=found.rule,
                    value=found.value or raw.strip(),
                    context=found.context,
                    hint=found.hint,
                    place=int(place) if place else None,
                )
            )
        if found.href is None:
            _unlink(link)
        else:
            _lead(link, found.href)

    def _target(self, page: Page, raw: str) -> Led:
        try:
            parts = urlsplit(raw)
        except ValueError:
            return Led(rule="links/url-invalid")
        scheme = parts.scheme.lower()
        if scheme == "file" or re.match(r"[A-Za-z]:[\\/]", raw):
            return Led(rule="links/local-file")
        if scheme in ("javascript", "vbscript", "data"):
            return Led(rule="epub/content-replaced", context="a script" if scheme != "data" else "data")
        if scheme or raw.startswith("//"):
            return _external(raw, scheme)
        if raw.startswith("/"):
            return Led(rule="links/local-file")
        if not parts.path:
            return self._anchor(page.href, page.docname, parts.fragment, own=True)
        return self._relative(page, unquote(parts.path), parts.fragment)

    def _relative(self, page: Page, path: str, fragment: str) -> Led:
        if path in self.targets.pages:
            return self._anchor(path, self._docnames.get(path, path), fragment, own=path == page.href)
        for candidate in self._downloads(path):
            return self._file(candidate)
        # what was written by hand is meant from the folder of its source
        meant = posixpath.normpath(posixpath.join(page.folder, path))
        if meant == ".." or meant.startswith("../"):
            return Led(rule="links/outside-root")
        docname = self._docname(meant)
        if docname is not None:
            return self._document(page, docname, fragment)
        for folder in self.targets.folders:
            file = folder / meant
            if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
                return self._file(file)
        if posixpath.splitext(meant)[0] in _SITE_ONLY or meant.startswith(_SITE_FOLDERS):
            return Led()
        if other := self._in_other_case(meant):
            right = posixpath.relpath(other.path, page.folder or ".")
            return dataclasses.replace(
                self._document(page, other.docname, fragment),
                rule="links/case-mismatch",
                value=path,
                context=right,
                hint=f"did you mean '{right}'?",
            )
        is_page = meant.lower().endswith(_PAGE_SUFFIXES) or not posixpath.splitext(meant)[1]
        return Led(rule="links/page-missing" if is_page else "links/file-missing")

    def _document(self, page: Page, docname: str, fragment: str) -> Led:
        href = self.targets.names[docname]
        return self._anchor(href, docname, fragment, own=href == page.href)

    def _downloads(self, path: str) -> Iterator[Path]:
        if path in self.targets.downloads:
            yield self.targets.downloads[path]
        elif path in self.targets.images:
            yield self.targets.images[path]

    def _docname(self, path: str) -> str | None:
        return next((c for c in _docnames(path) if c in self.targets.names), None)

    def _in_other_case(self, path: str) -> _OtherCase | None:
        """The document that would be meant where file names ignore case: the path as it should have been written."""
        if self._folded is None:
            self._folded = {docname.casefold(): docname for docname in sorted(self.targets.names, reverse=True)}
        for candidate in _docnames(path):
            docname = self._folded.get(candidate.casefold())
            if docname is not None:
                return _OtherCase(docname=docname, path=docname[: len(path)] + path[len(candidate) :])
        return None

    def _anchor(self, href: str, docname: str, fragment: str, *, own: bool) -> Led:
        if not fragment:
            # a link to the page that one is on leads to its start
            return Led(href=href)
        ids = self.targets.pages[href]
        for name in (xml_id(unquote(fragment)), xml_id(fragment)):
            if name in ids:
                return Led(href=("" if own else href) + "#" + quote(name))
        return Led(rule="links/anchor-missing", value=unquote(fragment), context=docname)

    def _file(self, file: Path) -> Led:
        """EPUB can carry any file, but a link may lead only to documents of the spine: a text is shown as one."""
        key = file.resolve()
        href = self.targets.attachments.get(key)
        if href is None:
            href = self.attachable.name_for(key)
            if href is None:
                return Led(rule="epub/content-replaced", value=file.name, context="a download")
            self.targets.attachments[key] = href
        return Led(href=href)

    def _image(self, page: Page, image: etree._Element) -> None:
        raw = (image.get("src") or "").strip()
        place = int(image.get(PLACE, "-1"))
        alt = image.get("alt")
        if alt is None:
            alt = image.get("title", "")
            if not alt:
                self.without_alternative += 1
                self._find(page, "epub/alternative-text-missing", raw, None, place)
        image.set("alt", alt)
        if re.match(r"(?:https?:)?//", raw, re.IGNORECASE):
            self._find(page, "epub/remote-media", raw, "image", place)
            _link_instead(image, f"https:{raw}" if raw.startswith("//") else raw, alt)
            return
        href = self._picture(page, raw)
        if href is not None:
            image.set("src", href)
            left = self.pictures.left.pop(href, None)
            if left is not None:
                self._find(page, "epub/image-not-scaled", raw if not raw.startswith("data:") else raw[:40], left, place)
            return
        if raw.startswith("data:"):
            self._find(page, "epub/image-unsupported", raw[:40], "data", place)
        elif self._path(page, raw) is None:
            self._find(page, "links/image-missing", raw, None, place)
        else:
            self._find(page, "epub/image-unsupported", raw, posixpath.splitext(raw)[1].lstrip(".") or "unknown", place)
        _text_instead(image, alt)

    def _picture(self, page: Page, raw: str) -> str | None:
        if raw.startswith("data:"):
            return self._embedded(raw)
        path = self._path(page, raw)
        return None if path is None else self.pictures.stage(path)

    def _embedded(self, raw: str) -> str | None:
        import base64
        import binascii

        header, _, data = raw.partition(",")
        try:
            content = (
                base64.b64decode(unquote(data), validate=False)
                if header.endswith(";base64")
                else unquote(data).encode()
            )
        except (binascii.Error, ValueError):
            return None
        return self.pictures.stage_bytes(content, "embedded.bin")

    def _path(self, page: Page, raw: str) -> Path | None:
        """The file of a picture: what Sphinx knows, what an extension wrote, what stands in the sources."""
        try:
            path = unquote(urlsplit(raw).path)
        except ValueError:
            return None
        if path in self.targets.images:
            return self.targets.images[path]
        for name in (path, posixpath.join(page.folder, path)):
            for folder in self.targets.folders:
                file = folder / posixpath.normpath(name).lstrip("/")
                if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
                    return file
        return None

    def _find(self, page: Page, rule: str, value: str, context: str | None, place: int) -> None:
        page.findings.append(Finding(rule=rule, value=value, context=context, place=None if place < 0 else place))


class AttachmentNames:
    """Names of the documents that show downloads: texts that are not too long for a page."""

    MAX_BYTES = 200_000

    def __init__(self, taken: frozenset[str]) -> None:
        self._taken = set(taken)

    def name_for(self, file: Path) -> str | None:
        """The href of the document that will show the file, or None when it is no readable text."""
        from octavo.writers.epub.names import SUFFIX, asset_name

        try:
            if file.stat().st_size > self.MAX_BYTES:
                return None
            text = file.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        if "\x00" in text:
            return None
        name = asset_name(f"file-{file.name.replace('.', '-')}.x", SUFFIX, self._taken)
        self._taken.add(name)
        return name


def _docnames(path: str) -> tuple[str, ...]:
    """Documents that a path of the site or of the sources may mean."""
    stem, suffix = posixpath.splitext(path)
    return (path, posixpath.join(path, "index"), *((stem,) if suffix.lower() in _PAGE_SUFFIXES else ()))


def _external(raw: str, scheme: str) -> Led:
    """Another site. What EPUBCheck would call malformed is encoded where that is safe."""
    url = f"https:{raw}" if not scheme else raw
    if scheme and scheme not in _SCHEMES:
        return Led(rule="links/url-invalid")
    url = _UNSAFE.sub(lambda m: quote(m.group()), url.replace(" ", "%20"))
    url = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url)
    first, mark, rest = url.partition("#")
    url = first + mark + rest.replace("#", "%23")
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port is None or parts.port >= 0
    except ValueError:
        return Led(rule="links/url-invalid")
    if parts.scheme.lower() in ("http", "https", "ftp"):
        host = parts.hostname or ""
        if not host or not port_is_valid or not re.fullmatch(r"[A-Za-z0-9._~%:-]+", host):
            return Led(rule="links/url-invalid")
        rest_of = url.split("://", 1)[-1].partition("/")[2]
        if "[" in rest_of or "]" in rest_of:
            head, _, tail = url.partition("://")
            authority, slash, path = tail.partition("/")
            url = f"{head}://{authority}{slash}{path.replace('[', '%5B').replace(']', '%5D')}"
    elif not url.partition(":")[2]:
        return Led(rule="links/url-invalid")
    return Led(href=url)


def _lead(link: etree._Element, href: str) -> None:
    """Set the target; a link in which nothing shows gets its address for a text, or is none."""
    link.set("href", href)
    shows = "".join(link.itertext()).strip() or next(link.iter(h("img"), f"{{{SVG}}}svg"), None) is not None
    if shows:
        return
    if re.match(r"[a-z]+:", href):
        append_text(link, unquote(href))
    else:
        _unlink(link)


def _unlink(link: etree._Element) -> None:
    """Keep text, id and classes; a link no more."""
    from octavo.writers.epub.repair import is_block

    place = link.get(PLACE)
    link.attrib.pop(EPUB_TYPE, None)
    rename(link, "div" if any(is_block(c) for c in link) else "span")
    classes = [c for c in link.get("class", "").split() if c not in ("as-a", "reference", "internal", "external")]
    if classes:
        link.set("class", " ".join(classes))
    else:
        link.attrib.pop("class", None)
    if place:
        link.set(PLACE, place)


def _link_instead(image: etree._Element, url: str, alt: str) -> None:
    """A titled link for a picture that is elsewhere; its words alone where it stands in a link already."""
    in_link = any(a.tag == h("a") for a in image.iterancestors())
    for name in ("src", "alt", "width", "height", "style"):
        image.attrib.pop(name, None)
    image.tag = h("span") if in_link else h("a")
    if not in_link:
        image.set("href", url)
    add_class(image, "octavo-media")
    image.text = None
    append_text(image, alt or unquote(url))


def _text_instead(image: etree._Element, alt: str) -> None:
    for name in ("src", "alt", "width", "height", "style"):
        image.attrib.pop(name, None)
    image.tag = h("span")
    add_class(image, "octavo-media")
    append_text(image, alt)
