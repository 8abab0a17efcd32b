"""The links of a site: every page of a directory of HTML, whoever made it.

Each page is read once. A fragment of a page that was not read yet waits for it; only pages on which something is
wrong are read again, for the lines and the hints. What a tag leads to is the same for all pages of a directory, so it
is followed once for all of them, until it is known to be fine.
"""

from __future__ import annotations

import dataclasses
import os
import posixpath
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from octavo.checks.links.documents import references_of_page, sheet_of, with_lines
from octavo.checks.links.encoding import as_utf8
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
from octavo.checks.links.lines import base_reference, repeated_ids, tag_lines
from octavo.checks.links.markup import LINKS, Reference, Use
from octavo.checks.links.page import Page, parse_html, parse_xml
from octavo.checks.links.places import Finding, diagnose
from octavo.checks.links.plain import PlainPage, PlainReader, Route, places_of
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
_CACHED_REFERENCES = 50_000  # references come again on every page; beyond this the cache starts anew
_SETTLED_TAGS = 50_000  # the same, of tags
_MOST_NEEDLES = 8
_WORD = re.compile(r"[A-Za-z0-9_./#-]+")  # bytes of a page that can only stand for themselves
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
        self._prefix, self._tree, self._site, self._artefact = f"{root}{os.sep}", tree, site, artefact
        self._near = Suggestions()
        self._anchors: dict[str, frozenset[str] | None] = {}  # None: the page could not be read
        self._duplicates: dict[str, frozenset[str]] = {}
        self._ambiguous: set[tuple[str, str]] = set()
        # target -> fragment -> pages that lead there, while the target is not read
        self._pending: dict[str, dict[str, list[str]]] = {}
        self._suspects: dict[str, set[bytes]] = {}  # page -> words that stand in each tag which may be wrong
        self._cache: dict[tuple[str, str], Followed] = {}
        self._prefixes: dict[tuple[str, int], str] = {}  # (directory, length of its "../"s) -> the path above
        self._plain = PlainReader()
        self._plain_pages: set[str] = set()
        self._bases: dict[str, str] = {}  # of plain pages that have one
        # directory -> tag -> how many references it has, all of which are fine on every page of the directory
        self._settled: dict[str, dict[bytes, int]] = {}
        self._settled_tags = 0
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
            if data is None:
                self._learn(drawing, None, frozenset())
            else:
                self._learn(drawing, parse_html(data).anchors, frozenset())
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
            if member in self._plain_pages:
                yield from self._wrong_tags(member, as_utf8(data))
            else:
                yield from self._wrong_elements(member, data)

    def _wrong_tags(self, member: str, utf8: bytes) -> Iterator[Finding]:
        frame, lines = self._frame_of(self._bases.get(member), member), LineCounter(utf8)
        needles = self._suspects[member]
        if len(needles) > _MOST_NEEDLES:
            needles = {b""}
        for tag, offset in places_of(utf8):
            # an escape may stand for any letter
            if not (any(needle in tag for needle in needles) or b"&" in tag or b"\\" in tag):
                continue
            facts = self._plain[tag]
            if facts.base is None and not any(self._is_wrong(reference, frame) for reference in facts.references):
                continue
            for reference, line in tag_lines(tag):
                finding = self._judge(reference, frame)
                if finding is not None:
                    yield _at_line(finding, lines.line_at(offset) + line - 1)

    def _wrong_elements(self, member: str, data: bytes) -> Iterator[Finding]:
        page, placed = with_lines(member, data)
        frame = self._frame_of(page.base, member)
        lines: dict[Reference, deque[int | None]] = {}
        for reference, line in placed:
            lines.setdefault(reference, deque()).append(line)
        for reference in references_of_page(page):
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
        try:
            with open(f"{self._prefix}{member}", "rb", buffering=0) as file:  # noqa: PTH123 -- a Path for each is dear
                if os.fstat(file.fileno()).st_size > MAXIMUM_PAGE_SIZE:
                    self._unread(member, f"larger than {MAXIMUM_PAGE_SIZE} bytes")
                    return None
                return file.readall()
        except OSError as error:
            self._unread(member, error.strerror or str(error))
            return None

    def _unread(self, member: str, reason: str) -> None:
        self.tally.unread += 1
        self.findings.append(Finding(rule="artefact/unreadable", value=reason, member=member, context=member))

    def _read_page(self, member: str) -> None:
        data = self._read(member)
        if data is None:
            self._learn(member, None, frozenset())
            return
        self.tally.documents += 1
        plain = None if suffix_of(member) in XML_SUFFIXES else self._plain.read(as_utf8(data))
        if plain is None:
            page = self._parsed(member, data)
            self._learn(member, page.anchors, page.duplicates)
            self._see_all(references_of_page(page), self._frame_of(page.base, member))
            return
        self._plain_pages.add(member)
        identifiers, names, base = plain.identifiers(), plain.names(), plain.base()
        anchors, duplicates = frozenset(identifiers), frozenset[str]()
        if len(anchors) < len(identifiers):
            duplicates = frozenset(i for i, times in Counter(identifiers).items() if times > 1)
        self._learn(member, anchors.union(names) if names else anchors, duplicates)
        if base is not None:
            self._bases[member] = base
            self._see_all([base_reference(base)], self._frame_of(base, member))
        self._see_tags(plain, self._frame_of(base, member))

    def _see_tags(self, plain: PlainPage, frame: _Frame) -> None:
        """The same as `_see_all`, tag by tag: one that is fine for its whole directory is only counted."""
        settled = self._settled.get(frame.directory)
        if settled is None or self._settled_tags > _SETTLED_TAGS:
            if settled is not None:
                self._settled.clear()
                self._settled_tags = 0
            settled = self._settled[frame.directory] = {}
        internal, before, member = 0, len(settled), frame.member
        own = (self._anchors[frame.member] if frame.base == frame.member else None) or frozenset()
        unclear = self._duplicates.get(frame.member, frozenset())
        for tag, fact in zip(plain.tags, plain.facts, strict=True):
            references = fact.references
            if not references:
                continue
            fine = settled.get(tag)
            if fine is not None:
                internal += fine
                continue
            route = fact.route
            if route is not None and (target := self._follow_route(route, frame)) is not None:
                internal += 1
                fragment = route[2]
                if fragment is None or self._ask(target, fragment, member):
                    settled[tag] = 1
                continue
            use, _, value = references[0]
            is_permalink = own and value[:1] == "#" and use is Use.PAGE and len(references) == 1
            if is_permalink and value[1:] in own and value[1:] not in unclear:
                internal += 1
            elif self._see_all(references, frame):
                settled[tag] = len(references)
        self.tally.internal += internal
        self._settled_tags += len(settled) - before

    def _see_all(self, references: Iterable[Reference], frame: _Frame) -> bool:
        """Follow references and count them; what is wrong is told later. True when all are fine: see `_see_one`."""
        return min([self._see_one(reference, frame) for reference in references], default=True)

    def _see_one(self, reference: Reference, frame: _Frame) -> bool:
        """Follow one reference. True when it is known to be fine, from every page of the directory."""
        member = frame.member
        followed = self._follow(reference, frame)
        status = followed.status
        if status is Status.FOUND:
            self.tally.internal += 1
            is_known = not followed.fragment or self._ask(followed.member, followed.fragment, member)
            return is_known and not _depends_on_page(reference.value)
        if status is Status.EXTERNAL:
            self.tally.see_external(followed.url, member)
        elif status in WRONG:
            self.tally.internal += 1
            # in a document of its own base the value is not as it is written
            self._suspect(member, "" if reference.attribute == "srcdoc" else reference.value)
        else:
            self.tally.see_ignored(followed.url, member)
        return False

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

    def _ask(self, target: str, fragment: str, member: str) -> bool:
        """Look for a fragment that `member` leads to, now or when its page is read. True when it is there."""
        anchors = self._anchors.get(target, _NOT_READ)
        if anchors is _NOT_READ:
            waiting = self._pending.get(target)
            if waiting is None:
                waiting = self._pending[target] = {}
            pages = waiting.get(fragment)
            if pages is None:
                waiting[fragment] = [member]
            elif pages[-1] != member:
                pages.append(member)
            return False
        if (anchors and fragment in anchors and target not in self._duplicates) or self._has_anchor(target, fragment):
            return True
        self._suspect(member, fragment)
        return False

    def _suspect(self, member: str, words: str) -> None:
        """Something on a page, in a tag with these words, has to be looked at again."""
        needle = words.encode() if _WORD.fullmatch(words) else b""
        self._suspects.setdefault(member, set()).add(needle)

    def _is_unanswerable(self, fragment: str, suffix: str) -> bool:
        """Whether no file says if a fragment exists: a script's route, a page of a PDF, a moment of a film."""
        if suffix == ".svg":
            return fragment.startswith(_MEDIA_FRAGMENTS)
        return suffix not in PAGE_SUFFIXES or is_scripted(fragment)

    def _learn(self, member: str, anchors: frozenset[str] | None, duplicates: frozenset[str]) -> None:
        """Take a page's anchors (None when it can't be read), and answer those who waited for them."""
        self._anchors[member] = anchors
        if duplicates:
            self._duplicates[member] = duplicates
        for fragment, pages in self._pending.pop(member, {}).items():
            if not self._has_anchor(member, fragment):
                for page in pages:
                    self._suspect(page, fragment)

    def _has_anchor(self, target: str, fragment: str) -> bool:
        anchors = self._anchors[target]
        if anchors is None:
            return True
        if fragment in anchors and target not in self._duplicates:
            return True
        for candidate in fragment_candidates(fragment):
            if candidate in anchors:
                if candidate in self._duplicates.get(target, ()):
                    self._ambiguous.add((target, candidate))
                return True
        return is_top(fragment) or first_line_anchor(fragment) in anchors

    def _frame_of(self, base_value: str | None, member: str) -> _Frame:
        base = member
        if base_value is not None:
            resolved = resolve(base_value, member, self._site)
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
            if not _depends_on_page(value):
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
        if reference.attribute not in LINKS:
            # url(#id) is of the document itself, whatever <base> says (CSS Values 4, 4.5.1)
            frame = _Frame(frame.member, frame.member, "", False)
        if frame.base != frame.member:
            return self._follow_anew(reference, frame)
        fragment = resolve(reference.value, frame.base).fragment
        if fragment and self._is_unanswerable(fragment, suffix_of(frame.member)):
            return Followed(Status.UNANSWERABLE, frame.member)
        return Followed(Status.FOUND, frame.member, fragment)

    def _follow_route(self, route: Route, frame: _Frame) -> str | None:
        """What most references are, a relative path to a page that is there, in a tenth of the time; else None."""
        ups, path, _ = route
        key = (frame.directory, ups)
        prefix = self._prefixes.get(key)
        if prefix is None:
            parts = frame.directory.split("/") if frame.directory else []
            kept = len(parts) - ups
            is_outside = kept < 0 or frame.is_external
            prefix = self._prefixes[key] = "\0" if is_outside else "".join(f"{part}/" for part in parts[:kept])
        member = prefix + path
        if member not in self._met or member.endswith(".css"):
            if member not in self._tree.files or suffix_of(member) not in PAGE_SUFFIXES:
                return None
            self._meet(member, self._pages)
        return member

    def _follow_anew(self, reference: Reference, frame: _Frame) -> Followed:
        value = reference.value
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

    def _is_wrong(self, reference: Reference, frame: _Frame) -> bool:
        """Now that every anchor is known."""
        followed = self._follow(reference, frame)
        return followed.status in WRONG or self._lacks_anchor(followed)

    def _lacks_anchor(self, followed: Followed) -> bool:
        if followed.status is not Status.FOUND or not followed.fragment:
            return False
        return self._anchors.get(followed.member) is not None and not self._has_anchor(
            followed.member, followed.fragment
        )

    def _judge(self, reference: Reference, frame: _Frame) -> Finding | None:
        """What is wrong with a reference."""
        followed, member = self._follow(reference, frame), frame.member
        if followed.status in WRONG:
            return wrong_file(reference, followed, member, self._tree, self._near)
        if not self._lacks_anchor(followed):
            return None
        anchors = self._anchors[followed.member] or frozenset()
        return missing_anchor(reference, followed, member, anchors=anchors, near=self._near)

    def _read_sheet(self, member: str) -> None:
        data = self._read(member)
        if data is None:
            return
        self.tally.documents += 1
        self._see_all(sheet_of(data)[0].references, _Frame(member, member, posixpath.dirname(member), False))


def _depends_on_page(value: str) -> bool:
    """Whether a reference means something else on each page of a directory: it names nothing but a place in it."""
    return value[:1] in "?#" or value.lstrip()[:1] in "?#"


_IGNORED = Followed(Status.IGNORED)
_NOT_READ: frozenset[str] = frozenset({"\0"})
_NO_BASE = frozenset({Status.OUTSIDE, Status.LOCAL, Status.INVALID})


def _at_line(finding: Finding, line: int | None) -> Finding:
    return dataclasses.replace(finding, line=line)
