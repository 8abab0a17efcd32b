"""The links of an EPUB, ours or anyone's: documents, navigation, package, overlays, style sheets, manifest.

Every target must be in the zip; every file of the zip in the manifest; every fragment in its document.
"""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from octavo.checks.links.container import Container, UnreadableError
from octavo.checks.links.css import css_references
from octavo.checks.links.follow import (
    WRONG,
    Followed,
    Status,
    did_you_mean,
    follow,
    missing_anchor,
    wrong_file,
)
from octavo.checks.links.lines import Placed, repeated_ids
from octavo.checks.links.markup import Reference, Use
from octavo.checks.links.package import (
    CONTAINER,
    ENCRYPTION,
    ManifestItem,
    encrypted_members,
    ids_of,
    ncx_references,
    overlay_references,
    package_paths,
    read_package,
)
from octavo.checks.links.page import Malformed, parse_xml, read_xml
from octavo.checks.links.places import Finding, diagnose
from octavo.checks.links.report import LinkReport, Tally
from octavo.checks.links.suggest import Suggestions
from octavo.checks.links.tokens import LineCounter
from octavo.checks.links.tree import Tree
from octavo.checks.links.url import Kind, fragment_candidates, resolve
from octavo.reading.trace import Trace

_DOCUMENTS = frozenset({"application/xhtml+xml", "image/svg+xml", "application/x-dtbook+xml", "text/x-oeb1-document"})
_NCX = "application/x-dtbncx+xml"
_OVERLAY = "application/smil+xml"
_SHEETS = frozenset({"text/css", "text/x-oeb1-css"})
# a place by counting nodes, a moment of a recording, a part of a picture: no id says whether they exist
_UNANSWERABLE = ("epubcfi(", "t=", "xywh=", "svgView(", ":~:")


def check_epub(path: Path, *, artefact: str, trace: Trace | None) -> LinkReport:
    """Check every reference inside the EPUB at `path`. artefact: its name for the user."""
    try:
        container = Container(path)
    except UnreadableError as error:
        finding = Finding(rule="artefact/unreadable", value=str(error), context=artefact)
        return Tally().report(diagnose([finding], artefact=artefact, format="epub", trace=None))
    try:
        check = _EpubCheck(container)
        check.read_all()
        check.judge_all()
    finally:
        container.close()
    return check.tally.report(diagnose(check.findings, artefact=artefact, format="epub", trace=trace))


class _EpubCheck:
    """One check while it runs: read every document, then judge every reference."""

    def __init__(self, container: Container) -> None:
        self.findings: list[Finding] = []
        self.tally = Tally()
        self._container = container
        self._tree = Tree(container.names, index_names=())
        self._near = Suggestions()
        self._references: dict[str, list[Placed]] = {}
        self._bases: dict[str, str] = {}
        self._anchors: dict[str, frozenset[str]] = {}
        self._duplicates: dict[str, frozenset[str]] = {}
        self._manifested: set[str] = set()
        self._ambiguous: dict[tuple[str, str], None] = {}
        self._encrypted: frozenset[str] = frozenset()

    def read_all(self) -> None:
        """Container, packages, then every document of the manifests."""
        names = self._container.names
        if CONTAINER not in names:
            self._unreadable(CONTAINER, "not there", None)
            return
        encryption = self._xml(ENCRYPTION) if ENCRYPTION in names else None
        if encryption is not None:
            self._encrypted = encrypted_members(encryption)
        root = self._xml(CONTAINER)
        packages = [] if root is None else package_paths(root)
        if root is not None and not packages:
            self._unreadable(CONTAINER, "names no package document", None)
        for package in packages:
            if package in names:
                self._manifested.add(package)
                self._read_package(package)
            else:
                self._unreadable(package, "not there", None)
        if packages and all(package in names for package in packages):
            self._report_unmanifested()

    def judge_all(self) -> None:
        """Follow every reference, now that every anchor is known."""
        for member, placed in self._references.items():
            for reference, line in placed:
                finding = self._judge(reference, member, self._bases.get(member, member))
                if finding is not None:
                    self._say(finding, line)
        for member, identifier in self._ambiguous:
            line = repeated_ids(self._container.read(member)).get(identifier)
            self._say(
                Finding(
                    rule="links/id-duplicate",
                    value=identifier,
                    member=member,
                    target=f"#{identifier}",
                    context=member,
                ),
                line,
            )

    def _say(self, finding: Finding, line: int | None) -> None:
        self.findings.append(dataclasses.replace(finding, line=line))

    def _unreadable(self, member: str, reason: str, line: int | None) -> None:
        self.findings.append(
            Finding(rule="artefact/unreadable", value=reason, member=member, line=line, context=member)
        )

    def _malformed(self, member: str, malformed: Malformed | None) -> None:
        if malformed is not None:
            self._unreadable(member, malformed.reason, malformed.line)

    def _bytes(self, member: str) -> bytes | None:
        try:
            data = self._container.read(member)
        except UnreadableError as error:
            self._unreadable(member, str(error), None)
            self.tally.unread += 1
            return None
        self.tally.documents += 1
        return data

    def _xml(self, member: str) -> etree._Element | None:
        data = self._bytes(member)
        if data is None:
            return None
        root, malformed = read_xml(data)
        self._malformed(member, malformed)
        return root

    def _read_package(self, member: str) -> None:
        root = self._xml(member)
        if root is None:
            return
        package = read_package(root)
        self._anchors[member] = package.anchors
        self._references[member] = list(package.references)
        for idref, line in package.unknown_ids:
            ids = [item.id for item in package.items]
            self._say(
                Finding(
                    rule="links/target-missing",
                    value=idref,
                    member=member,
                    hint=did_you_mean(self._near.near(idref, f"{member} items", ids)),
                ),
                line,
            )
        for href in package.linked:
            followed = follow(resolve(href, member), self._tree)
            if followed.status is Status.FOUND:
                self._manifested.add(followed.member)
        for item in package.items:
            self._read_item(item, member)

    def _read_item(self, item: ManifestItem, package: str) -> None:
        followed = self._follow(Reference(Use.FILE, "href", item.href), package, package)
        self._count(followed, package)
        if followed.status is Status.MISSING:
            near = self._near.near_path(followed.member, "manifest", self._tree.files)
            self._say(
                Finding(
                    rule="epub/manifest-missing",
                    value=item.href,
                    member=package,
                    hint=did_you_mean(posixpath.relpath(near, posixpath.dirname(package) or ".") if near else None),
                ),
                item.line,
            )
        elif followed.status in WRONG:
            reference = Reference(Use.FILE, "href", item.href)
            self._say(wrong_file(reference, followed, package, self._tree, self._near), item.line)
        if followed.status in {Status.FOUND, Status.OTHER_CASE} and followed.member not in self._manifested:
            self._manifested.add(followed.member)
            self._read_document(followed.member, item.media_type)

    def _read_document(self, member: str, media_type: str) -> None:
        known = media_type in _DOCUMENTS or media_type in _SHEETS or media_type in {_NCX, _OVERLAY}
        if not known:
            return
        if member in self._encrypted:
            self.tally.unread += 1
            self._say(Finding(rule="links/not-checked", value=f"{member} is encrypted", member=member), None)
            return
        data = self._bytes(member)
        if data is None:
            return
        if media_type in _SHEETS:
            self._references[member] = _sheet_references(data)
        elif media_type in _DOCUMENTS:
            page, placed, malformed = parse_xml(data)
            self._malformed(member, malformed)
            self._references[member] = placed
            self._anchors[member] = page.anchors
            self._duplicates[member] = page.duplicates
            if page.base is not None:
                resolved = resolve(page.base, member)
                if resolved.kind is Kind.INTERNAL:
                    self._bases[member] = resolved.path
        else:
            root, malformed = read_xml(data)
            self._malformed(member, malformed)
            if root is not None:
                self._references[member] = list(
                    ncx_references(root) if media_type == _NCX else overlay_references(root)
                )
                self._anchors[member] = ids_of(root)

    def _report_unmanifested(self) -> None:
        """EPUB 3.3 section 3.4: the container's own files excepted."""
        for member in sorted(self._container.names - self._manifested):
            if member != "mimetype" and not member.startswith("META-INF/"):
                self._say(Finding(rule="epub/unmanifested", value=member, member=member), None)

    def _follow(self, reference: Reference, member: str, base: str) -> Followed:
        value = reference.value.strip()
        if reference.use is Use.NONE or (not value and reference.use is not Use.PAGE):
            return Followed(Status.IGNORED)
        if value.startswith("/") and not value.startswith("//"):
            return Followed(Status.OUTSIDE)  # a URL inside an EPUB is relative to a path (EPUB 3.3 section 4.2.5)
        local = value.startswith("#") and reference.attribute not in {"href", "xlink:href", "srcdoc"}
        followed = follow(resolve(value, member if local else base), self._tree)
        if reference.attribute == "base" and followed.status is Status.MISSING:
            return Followed(Status.IGNORED)
        return followed

    def _count(self, followed: Followed, member: str) -> None:
        if followed.status is Status.EXTERNAL:
            self.tally.see_external(followed.url, member)
        elif followed.status is Status.IGNORED or self._is_unanswerable(followed):
            self.tally.see_ignored(followed.url, member)
        else:
            self.tally.internal += 1

    def _is_unanswerable(self, followed: Followed) -> bool:
        """Whether a fragment is of a kind, or of a document, that no ids answer."""
        fragment = followed.fragment
        if not fragment or followed.status is not Status.FOUND:
            return False
        return fragment.startswith(_UNANSWERABLE) or followed.member not in self._anchors

    def _judge(self, reference: Reference, member: str, base: str) -> Finding | None:
        followed = self._follow(reference, member, base)
        self._count(followed, member)
        if followed.status in WRONG:
            return wrong_file(reference, followed, member, self._tree, self._near)
        target, fragment = followed.member, followed.fragment
        if followed.status is not Status.FOUND or not fragment or self._is_unanswerable(followed):
            return None
        anchors = self._anchors[target]
        for candidate in fragment_candidates(fragment):
            if candidate in anchors:
                if candidate in self._duplicates.get(target, ()):
                    self._ambiguous[target, candidate] = None
                return None
        return missing_anchor(reference, followed, member, anchors=anchors, near=self._near)


def _sheet_references(data: bytes) -> list[Placed]:
    text = data.decode("utf-8-sig", "replace")
    lines = LineCounter(text)
    found: Iterable[tuple[Reference, int | None]] = (
        (Reference(Use.STYLE if r.imported else Use.FILE, "", r.value), lines.line_at(r.offset))
        for r in css_references(text)
        if r.value and not r.value.startswith("#")
    )
    return [Placed(reference, line) for reference, line in found]
