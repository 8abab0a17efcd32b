"""The links of a site: every page of a directory of HTML, whoever made it.

Each page is parsed once. A fragment of a page that was not read yet waits for it; only pages on which something is
wrong are read again, for the lines and the hints.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
from octavo.checks.links.markup import Reference, Use, style_references
from octavo.checks.links.page import Page, Placed, base_reference, html_lines, parse_html, parse_xml, repeated_ids
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
# letters that need no decoding, no segment that begins with a dot but "../" at the start, a fragment that is an id
_PLAIN = re.compile(
    r"((?:\.\./)*)((?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*)(?:#([A-Za-z0-9_-][A-Za-z0-9_.-]*))?\Z"
)
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


class _Frame(NamedTuple):
    """What a document's references are relative to.

    - base: a path in the site, or an absolute URL when `is_external`; `member` itself without a `<base>`.
    - directory: of `base`; the same references in the same directory lead to the same places.
    """

    member: str
    base: str
    directory: str
    is_external: bool


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
        self._prefixes: dict[tuple[str, int], str] = {}  # (directory, length of its "../"s) -> the path above
        self._suffixes: dict[str, str] = {}
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
            frame = self._frame_of(page, member)
            lines: dict[Reference, deque[int | None]] = {}
            for reference, line in placed:
                lines.setdefault(reference, deque()).append(line)
            for reference in _references(page):
                waiting = lines.get(reference)
                line = None
                if waiting:  # a repaired tree may repeat an element: the last line stands for the rest
                    line = waiting.popleft() if len(waiting) > 1 else waiting[0]
                finding = self._judge(reference, frame)
                if finding is not None:
                    yield _at_line(finding, line)

    def ambiguous_ids(self) -> Iterator[Finding]:
        """Ids that stand more than once and that something leads to, at the second place where they stand."""
        pages: dict[str, list[str]] = {}
        for member, identifier in sorted(self._ambiguous):
            pages.setdefault(member, []).append(identifier)
        for member, identifiers in pages.items():
            data = self._read(member)
            lines = repeated_ids(data) if data is not None else {}
            for identifier in identifiers:
                if identifier in lines:
                    yield Finding(
                        rule="links/id-duplicate",
                        value=identifier,
                        member=member,
                        line=lines[identifier],
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
        self._see(_references(page), self._frame_of(page, member))

    def _see(self, references: list[Reference], frame: _Frame) -> None:
        """Follow the references of a document and count them; what is wrong with them is told later."""
        member = frame.member
        for reference in references:
            followed = self._follow(reference, frame)
            status = followed.status
            if status is Status.FOUND:
                self.tally.internal += 1
                if followed.fragment:
                    self._ask(followed.member, followed.fragment, member)
            elif status is Status.EXTERNAL:
                self.tally.see_external(followed.url, member)
            elif status in WRONG:
                self.tally.internal += 1
                self._suspects.add(member)
            else:
                self.tally.see_ignored(followed.url, member)

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

    def _ask(self, target: str, fragment: str, member: str) -> None:
        """Look for a fragment that `member` leads to, now or when its page is read."""
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

    def _frame_of(self, page: Page, member: str) -> _Frame:
        base = member
        if page.base is not None:
            resolved = resolve(page.base, member, self._site)
            if resolved.kind is Kind.EXTERNAL:
                return _Frame(member, resolved.url, resolved.url, True)
            if resolved.kind is Kind.INTERNAL:
                base = resolved.path
        return _Frame(member, base, posixpath.dirname(base), False)

    def _follow(self, reference: Reference, frame: _Frame) -> Followed:
        value = reference.value
        if value.startswith("#"):
            return self._follow_fragment(reference, frame)
        key = (frame.directory, value)
        followed = self._cache.get(key)
        if followed is None:
            followed = self._follow_anew(reference, frame)
            if value.strip() and not value.lstrip().startswith(("?", "#")):  # others depend on the page's own name
                if len(self._cache) >= _CACHED_REFERENCES:
                    self._cache.clear()
                self._cache[key] = followed
        if reference.use is not Use.PAGE or reference.attribute == "base":
            followed = self._for_use(followed, reference)
        if followed.status is Status.MISSING and self._is_placed_by_server(value, frame.member):
            return _IGNORED
        return followed

    def _follow_fragment(self, reference: Reference, frame: _Frame) -> Followed:
        if reference.use is Use.NONE:
            return _IGNORED
        if reference.attribute not in {"href", "action", "formaction"}:
            # url(#id) is of the document itself, whatever <base> says (CSS Values 4, 4.5.1)
            frame = _Frame(frame.member, frame.member, "", False)
        if frame.base != frame.member:
            return self._follow_anew(reference, frame)
        fragment = resolve(reference.value, frame.base).fragment
        if fragment and self._is_unanswerable(fragment, suffix_of(frame.member)):
            return Followed(Status.UNANSWERABLE, frame.member)
        return Followed(Status.FOUND, frame.member, fragment)

    def _follow_plain(self, value: str, frame: _Frame) -> Followed | None:
        """What most references are, a relative path to a page that is there, in a tenth of the time; else None."""
        matched = None if frame.is_external else _PLAIN.match(value)
        if matched is None:
            return None
        ups, path, fragment = matched.groups()
        key = (frame.directory, len(ups))
        prefix = self._prefixes.get(key)
        if prefix is None:
            parts = frame.directory.split("/") if frame.directory else []
            kept = len(parts) - len(ups) // 3
            prefix = self._prefixes[key] = "\0" if kept < 0 else "".join(f"{part}/" for part in parts[:kept])
        member = prefix + path
        if member not in self._tree.files:
            return None
        suffix = self._suffixes.get(member)
        if suffix is None:
            suffix = self._suffixes[member] = suffix_of(member)
        if suffix not in PAGE_SUFFIXES:
            return None
        self._meet(member, self._pages)
        return Followed(Status.FOUND, member, fragment)

    def _follow_anew(self, reference: Reference, frame: _Frame) -> Followed:
        value = reference.value
        plain = self._follow_plain(value, frame)
        if plain is not None:
            return plain
        resolved = resolve_external(value, frame.base) if frame.is_external else resolve(value, frame.base, self._site)
        followed = follow(resolved, self._tree)
        if followed.status is not Status.FOUND:
            return followed
        suffix = suffix_of(followed.member)
        if suffix in PAGE_SUFFIXES:
            self._meet(followed.member, self._pages)
        elif suffix == ".css":
            self._meet(followed.member, self._sheets)
        if followed.fragment and self._is_unanswerable(followed.fragment, suffix):
            return followed._replace(status=Status.UNANSWERABLE)
        return followed

    def _for_use(self, followed: Followed, reference: Reference) -> Followed:
        """What a reference's use makes of where it leads."""
        if reference.attribute == "base":
            return followed if followed.status in _NO_BASE else _IGNORED
        if reference.use is Use.NONE or not reference.value.strip():
            return _IGNORED
        if reference.use is Use.STYLE and followed.status is Status.FOUND:
            self._meet(followed.member, self._sheets)
        return followed

    def _is_placed_by_server(self, value: str, member: str) -> bool:
        """A 404 page answers at every depth, so it links from the server's root, which may be above the site's."""
        return self._site is None and posixpath.basename(member) == "404.html" and value.startswith("/")

    def _judge(self, reference: Reference, frame: _Frame) -> Finding | None:
        """What is wrong with a reference, now that every anchor is known."""
        followed, member = self._follow(reference, frame), frame.member
        if followed.status in WRONG:
            return wrong_file(reference, followed, member, self._tree, self._near)
        target, fragment = followed.member, followed.fragment
        if followed.status is not Status.FOUND or not fragment:
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
        self._see(_sheet(data)[0].references, _Frame(member, member, posixpath.dirname(member), False))


def _sheet(data: bytes) -> tuple[Page, list[Placed]]:
    """A style sheet as a page without anchors; `url(#id)` is of whatever document uses the sheet."""
    text = data.decode("utf-8-sig", "replace")
    lines = LineCounter(text)
    placed = [
        Placed(
            reference._replace(use=Use.NONE) if reference.value.startswith("#") else reference, lines.line_at(offset)
        )
        for reference, offset in style_references(text)
    ]
    return Page([p.reference for p in placed], frozenset(), frozenset(), None), placed


_IGNORED = Followed(Status.IGNORED)
_NO_BASE = frozenset({Status.OUTSIDE, Status.LOCAL, Status.INVALID})


def _references(page: Page) -> list[Reference]:
    return page.references if page.base is None else [base_reference(page.base), *page.references]


def _with_lines(member: str, data: bytes) -> tuple[Page, list[Placed]]:
    suffix = suffix_of(member)
    if suffix in XML_SUFFIXES:
        page, placed, malformed = parse_xml(data)
        if malformed is None:
            return page, placed
    return (parse_html(data), html_lines(data)) if suffix in PAGE_SUFFIXES else _sheet(data)


def _at_line(finding: Finding, line: int | None) -> Finding:
    return dataclasses.replace(finding, line=line)
