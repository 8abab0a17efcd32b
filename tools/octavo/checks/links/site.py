"""The links of a site: every page of a directory of HTML, whoever made it.

Each page is parsed once. A fragment of a page that was not read yet waits for it; only pages on which something is
wrong are read again, for the lines and the hints.
"""

from __future__ import annotations

import dataclasses
import posixpath
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from octavo.checks.links.css import css_references
from octavo.checks.links.follow import (
    PAGE_SUFFIXES,
    WRONG,
    XML_SUFFIXES,
    Followed,
    Status,
    follow,
    missing_anchor,
    suffix_of,
    wrong_file,
)
from octavo.checks.links.markup import Reference, Use
from octavo.checks.links.page import Page, Placed, base_reference, html_lines, parse_html, parse_xml
from octavo.checks.links.places import Finding, diagnose
from octavo.checks.links.report import LinkReport, Tally
from octavo.checks.links.suggest import Suggestions
from octavo.checks.links.tokens import LineCounter
from octavo.checks.links.tree import Tree, tree_of
from octavo.checks.links.url import (
    BaseUrl,
    Kind,
    first_line_anchor,
    fragment_candidates,
    is_scripted,
    is_top,
    parse_base_url,
    resolve,
    resolve_external,
)
from octavo.diagnostics import ConfigurationError
from octavo.reading.trace import Trace

MAXIMUM_PAGE_SIZE = 64 * 1024 * 1024  # bytes; a larger document is named and not read
_CACHED_REFERENCES = 50_000  # a sidebar's references come again on every page; beyond this the cache starts anew
_MEDIA_FRAGMENTS = ("t=", "xywh=", "svgView(")


def check_site(root: Path, *, artefact: str, trace: Trace | None, base_url: str | None = None) -> LinkReport:
    """Check every reference of the site in the directory `root`.

    artefact: the site's name for the user. base_url: where it will be served; absolute links to there are internal.

    Raises: ConfigurationError when `root` is no directory, or `base_url` no http(s) URL.
    """
    if not root.is_dir():
        raise ConfigurationError(f"{artefact}: no such directory", "Build the site first.")
    site = None
    if base_url:
        site = parse_base_url(base_url)
        if site is None:
            raise ConfigurationError(f"'{base_url}' is not an http(s) URL", "Give the URL that the site is served at.")
    check = _SiteCheck(root, tree_of(root), site, artefact)
    check.read_all()
    findings = [*check.findings, *check.wrong_references(), *check.ambiguous_ids()]
    return check.tally.report(diagnose(findings, artefact=artefact, format="html", trace=trace))


class _SiteCheck:
    """One check while it runs."""

    def __init__(self, root: Path, tree: Tree, site: BaseUrl | None, artefact: str) -> None:
        self.findings: list[Finding] = []  # those that need no second look at a page
        self.tally = Tally()
        self._root, self._tree, self._site, self._artefact = root, tree, site, artefact
        self._near = Suggestions()
        self._anchors: dict[str, frozenset[str] | None] = {}  # None: the page could not be read
        self._duplicates: dict[str, frozenset[str]] = {}
        self._ambiguous: set[tuple[str, str]] = set()
        # target -> fragment -> pages that lead there, while the target is not read
        self._pending: dict[str, dict[str, list[str]]] = {}
        self._suspects: set[str] = set()
        self._cache: dict[tuple[str, str], Followed] = {}
        self._pages: deque[str] = deque()
        self._sheets: deque[str] = deque()
        self._met: set[str] = set()

    def read_all(self) -> None:
        """Read every page, then every style sheet that one of them uses, then SVG that fragments lead into."""
        pages = sorted(name for name in self._tree.files if suffix_of(name) in PAGE_SUFFIXES)
        # what is in _static is a theme's: templates too, which are pages only if something leads to them
        for page in pages:
            if "_static" not in page.split("/")[:-1]:
                self._meet(page, self._pages)
        while self._pages or self._sheets:
            if self._pages:
                self._read_page(self._pages.popleft())
            else:
                self._read_sheet(self._sheets.popleft())
        for drawing in sorted(self._pending):
            data = self._read(drawing)
            self._learn(drawing, parse_html(data) if data is not None else None)
        self.tally.unread += sum(1 for page in pages if page not in self._met)
        for directory in self._tree.unlisted:
            self.tally.unread += 1
            value = f"the directory {directory.rstrip('/')} is a link out of {self._artefact}"
            self.findings.append(Finding(rule="links/not-checked", value=value))

    def wrong_references(self) -> Iterator[Finding]:
        """What is wrong on each page, with lines."""
        for member in sorted(self._suspects):
            data = self._read(member)
            if data is None:
                continue
            page, placed = _with_lines(member, data)
            base = self._base_of(page, member)
            lines: dict[Reference, deque[int | None]] = {}
            for reference, line in placed:
                lines.setdefault(reference, deque()).append(line)
            for reference in _references(page):
                waiting = lines.get(reference)
                line = None
                if waiting:  # a repaired tree may repeat an element: the last line stands for the rest
                    line = waiting.popleft() if len(waiting) > 1 else waiting[0]
                finding = self._judge(reference, member, base)
                if finding is not None:
                    yield _at_line(finding, line)

    def ambiguous_ids(self) -> Iterator[Finding]:
        """Ids that stand more than once and that something leads to, at the second place where they stand."""
        pages: dict[str, list[str]] = {}
        for member, identifier in sorted(self._ambiguous):
            pages.setdefault(member, []).append(identifier)
        for member, identifiers in pages.items():
            data = self._read(member)
            ids = html_lines(data)[1] if data is not None else {}
            for identifier in identifiers:
                line = ids.get(identifier, [None])[:2][-1]
                yield Finding(
                    rule="links/id-duplicate",
                    value=identifier,
                    member=member,
                    line=line,
                    target=f"#{identifier}",
                    context=member,
                )

    def _meet(self, member: str, queue: deque[str]) -> None:
        if member not in self._met:
            self._met.add(member)
            queue.append(member)

    def _read(self, member: str) -> bytes | None:
        path = self._root / member
        try:
            if path.stat().st_size > MAXIMUM_PAGE_SIZE:
                self._unread(member, f"larger than {MAXIMUM_PAGE_SIZE} bytes")
                return None
            return path.read_bytes()
        except OSError as error:
            self._unread(member, error.strerror or str(error))
            return None

    def _unread(self, member: str, reason: str) -> None:
        self.tally.unread += 1
        self.findings.append(Finding(rule="artefact/unreadable", value=reason, member=member, context=member))

    def _read_page(self, member: str) -> None:
        data = self._read(member)
        if data is None:
            self._learn(member, None)
            return
        self.tally.documents += 1
        page = self._parsed(member, data)
        self._learn(member, page)
        base = self._base_of(page, member)
        for reference in _references(page):
            followed = self._follow(reference, member, base)
            self._count(followed, member)
            if followed.status in WRONG:
                self._suspects.add(member)
            elif followed.status is Status.FOUND:
                self._enter(reference, followed, member)

    def _parsed(self, member: str, data: bytes) -> Page:
        if suffix_of(member) not in XML_SUFFIXES:
            return parse_html(data)
        page, _, malformed = parse_xml(data)
        if malformed is None:
            return page
        self.findings.append(
            Finding(
                rule="artefact/unreadable",
                value=malformed.reason,
                member=member,
                line=malformed.line,
                context=member,
            )
        )
        return parse_html(data)

    def _enter(self, reference: Reference, followed: Followed, member: str) -> None:
        """Go on to what a reference leads to: read it in its turn, ask for its fragment."""
        target = followed.member
        suffix = suffix_of(target)
        if suffix in PAGE_SUFFIXES:
            self._meet(target, self._pages)
        elif reference.use is Use.STYLE or suffix == ".css":
            self._meet(target, self._sheets)
        fragment = followed.fragment
        if not fragment or self._is_unanswerable(fragment, suffix):
            return
        if target not in self._anchors:
            pages = self._pending.setdefault(target, {}).setdefault(fragment, [])
            if not pages or pages[-1] != member:
                pages.append(member)
        elif not self._has_anchor(target, fragment):
            self._suspects.add(member)

    def _is_unanswerable(self, fragment: str, suffix: str) -> bool:
        """Whether no file says if a fragment exists: a script's route, a page of a PDF, a moment of a film."""
        if suffix == ".svg":
            return fragment.startswith(_MEDIA_FRAGMENTS)
        return suffix not in PAGE_SUFFIXES or is_scripted(fragment)

    def _learn(self, member: str, page: Page | None) -> None:
        """Take a page's anchors (None when it can't be read), and answer those who waited for them."""
        self._anchors[member] = None if page is None else page.anchors
        if page is not None and page.duplicates:
            self._duplicates[member] = page.duplicates
        for fragment, pages in self._pending.pop(member, {}).items():
            if not self._has_anchor(member, fragment):
                self._suspects.update(pages)

    def _has_anchor(self, target: str, fragment: str) -> bool:
        anchors = self._anchors[target]
        if anchors is None:
            return True
        for candidate in fragment_candidates(fragment):
            if candidate in anchors:
                if candidate in self._duplicates.get(target, ()):
                    self._ambiguous.add((target, candidate))
                return True
        return is_top(fragment) or first_line_anchor(fragment) in anchors

    def _base_of(self, page: Page, member: str) -> str:
        """What the page's references are relative to: a path in the site, or an absolute URL."""
        if page.base is None:
            return member
        resolved = resolve(page.base, member, self._site)
        if resolved.kind is Kind.EXTERNAL:
            return resolved.url
        return resolved.path if resolved.kind is Kind.INTERNAL else member

    def _follow(self, reference: Reference, member: str, base: str) -> Followed:
        value = reference.value
        if reference.use is Use.NONE or (not value.strip() and reference.use is not Use.PAGE):
            return _IGNORED
        if reference.attribute == "base":
            followed = follow(resolve(value, member, self._site), self._tree)
            return followed if followed.status in _NO_BASE else _IGNORED
        if value.startswith("#") and (base == member or reference.attribute not in {"href", "action"}):
            base = member  # url(#id) is of the document itself, whatever <base> says (CSS Values 4, 4.5.1)
            return follow(resolve(value, member), self._tree)
        key = (posixpath.dirname(base) if value.strip() and not value.startswith("?") else base, value)
        cached = self._cache.get(key)
        if cached is not None:
            followed = cached
        else:
            absolute = "://" in base
            resolved = resolve_external(value, base) if absolute else resolve(value, base, self._site)
            followed = follow(resolved, self._tree)
            if resolved.kind is Kind.INTERNAL and resolved.path == base:
                return followed  # of this page alone
            if len(self._cache) >= _CACHED_REFERENCES:
                self._cache.clear()
            self._cache[key] = followed
        if followed.status is Status.MISSING and self._is_placed_by_server(value, member):
            return _IGNORED
        return followed

    def _is_placed_by_server(self, value: str, member: str) -> bool:
        """A 404 page answers at every depth, so it links from the server's root, which may be above the site's."""
        return self._site is None and posixpath.basename(member) == "404.html" and value.startswith("/")

    def _count(self, followed: Followed, member: str) -> None:
        if followed.status is Status.EXTERNAL:
            self.tally.see_external(followed.url, member)
        elif followed.status is Status.IGNORED or (
            followed.fragment
            and followed.status is Status.FOUND
            and self._is_unanswerable(followed.fragment, suffix_of(followed.member))
        ):
            self.tally.ignored += 1
        else:
            self.tally.internal += 1

    def _judge(self, reference: Reference, member: str, base: str) -> Finding | None:
        """What is wrong with a reference, now that every anchor is known."""
        followed = self._follow(reference, member, base)
        if followed.status in WRONG:
            return wrong_file(reference, followed, member, self._tree, self._near)
        target, fragment = followed.member, followed.fragment
        if followed.status is not Status.FOUND or not fragment or self._is_unanswerable(fragment, suffix_of(target)):
            return None
        anchors = self._anchors.get(target)
        if anchors is None or self._has_anchor(target, fragment):
            return None
        return missing_anchor(reference, followed, member, anchors=anchors, near=self._near)

    def _read_sheet(self, member: str) -> None:
        data = self._read(member)
        if data is None:
            return
        self.tally.documents += 1
        text = data.decode("utf-8-sig", "replace")
        lines = LineCounter(text)
        for found in css_references(text):
            if not found.value or found.value.startswith("#"):
                self.tally.ignored += 1  # of whatever document uses the sheet
                continue
            reference = Reference(Use.STYLE if found.imported else Use.FILE, "", found.value)
            followed = self._follow(reference, member, member)
            self._count(followed, member)
            if followed.status in WRONG:
                finding = wrong_file(reference, followed, member, self._tree, self._near)
                self.findings.append(_at_line(finding, lines.line_at(found.offset)))
            elif followed.status is Status.FOUND:
                self._enter(reference, followed, member)


_IGNORED = Followed(Status.IGNORED)
_NO_BASE = frozenset({Status.OUTSIDE, Status.LOCAL, Status.INVALID})


def _references(page: Page) -> list[Reference]:
    return page.references if page.base is None else [base_reference(page.base), *page.references]


def _with_lines(member: str, data: bytes) -> tuple[Page, list[Placed]]:
    if suffix_of(member) in XML_SUFFIXES:
        page, placed, malformed = parse_xml(data)
        if malformed is None:
            return page, placed
    return parse_html(data), html_lines(data)[0]


def _at_line(finding: Finding, line: int | None) -> Finding:
    return dataclasses.replace(finding, line=line)
