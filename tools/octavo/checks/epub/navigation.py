"""The navigation document: contents, page list and landmarks, and whether they follow the reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from octavo.checks.epub import markup
from octavo.checks.epub.markup import H
from octavo.checks.links.places import Finding

_IDENTIFIERS = etree.XPath("//*/@id", smart_strings=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A link of the navigation. place: "member#id", or "member" where it leads to a whole document."""

    place: str
    href: str
    title: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """The lists of a navigation document, in order. depth: levels of the table of contents."""

    member: str | None = None
    toc: tuple[Target, ...] = ()
    pages: tuple[Target, ...] = ()
    landmarks: tuple[str, ...] = ()
    has_landmarks: bool = False
    depth: int = 0

    @property
    def places(self) -> frozenset[str]:
        """Everything that it leads to."""
        return frozenset(t.place for t in (*self.toc, *self.pages))


def navigation(member: str, root: etree._Element) -> Navigation:
    """What the navigation document at `member` holds."""
    toc: tuple[Target, ...] = ()
    pages: tuple[Target, ...] = ()
    landmarks: list[str] = []
    has_landmarks, depth = False, 0
    for nav in root.iter(f"{H}nav"):
        kinds = markup.types(nav) | {r.removeprefix("doc-") for r in markup.roles(nav)}
        if "toc" in kinds and not toc:
            toc, depth = tuple(_targets(nav, member)), _depth(nav)
        elif kinds & {"page-list", "pagelist"} and not pages:
            pages = tuple(_targets(nav, member))
        elif "landmarks" in kinds:
            has_landmarks = True
            landmarks += [kind for a in nav.iter(f"{H}a") for kind in markup.types(a)]
    return Navigation(
        member=member, toc=toc, pages=pages, landmarks=tuple(landmarks), has_landmarks=has_landmarks, depth=depth
    )


def ids_wanted(places: frozenset[str]) -> dict[str, set[str]]:
    """Places as the ids of each document; a document that is wanted as a whole is there as well."""
    wanted: dict[str, set[str]] = {}
    for place in places:
        member, _, identifier = place.partition("#")
        ids = wanted.setdefault(member, set())
        if identifier:
            ids.add(identifier)
    return wanted


def positions(member: str, root: etree._Element, wanted: dict[str, set[str]], start: int) -> tuple[dict[str, int], int]:
    """Where the wanted places of one document stand in the reading order, and where the next document begins.

    start: where this one begins. What has an id is counted.
    """
    identifiers = _IDENTIFIERS(root)
    found = {member: start} if member in wanted else {}
    ids = wanted.get(member)
    if ids:
        for number, identifier in enumerate(identifiers, start=start):
            if identifier in ids:
                found.setdefault(f"{member}#{identifier}", number)
    return found, start + len(identifiers) + 1


def order_findings(nav: Navigation, where: dict[str, int], *, is_sourced: bool, breaks: int) -> Iterator[Finding]:
    """What is not as the text has it (WCAG 2.4.3, EPUB Accessibility 1.1 sections 3.3.1 and 3.3.3)."""
    yield from _in_order(nav, nav.toc, where, "accessibility/contents-order")
    yield from _in_order(nav, nav.pages, where, "accessibility/page-list-order")
    labels: set[str] = set()
    for page in nav.pages:
        if page.title in labels:
            yield _say(nav, "accessibility/page-label-twice", page)
        labels.add(page.title)
    if nav.pages and not is_sourced:
        yield Finding(rule="accessibility/page-source-missing", value=f"{len(nav.pages)} pages", member=nav.member)
    if breaks and not nav.pages:
        yield Finding(rule="accessibility/page-list-missing", value=f"{breaks} page breaks", member=nav.member)
    if nav.member is not None:
        missing = [kind for kind in ("toc", "bodymatter") if kind not in nav.landmarks]
        if missing:
            yield Finding(rule="accessibility/landmark-missing", value=" and ".join(missing), member=nav.member)


def _in_order(nav: Navigation, targets: tuple[Target, ...], where: dict[str, int], rule: str) -> Iterator[Finding]:
    last = -1
    for target in targets:
        at = where.get(target.place)
        if at is None:
            continue  # the check of links says what leads nowhere
        if at < last:
            yield _say(nav, rule, target)
            continue
        last = at


def _say(nav: Navigation, rule: str, target: Target) -> Finding:
    return Finding(rule=rule, value=target.title, member=nav.member, line=target.line, target=target.href)


def _targets(nav: etree._Element, member: str) -> Iterator[Target]:
    for link in nav.iter(f"{H}a"):
        href = link.get("href", "")
        path, _, fragment = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(member), unquote(path))) if path else member
        place = f"{target}#{unquote(fragment)}" if fragment else target
        yield Target(place=place, href=href, title=markup.spoken(link), line=link.sourceline)


def _depth(nav: etree._Element) -> int:
    return max((sum(1 for _ in item.iterancestors(f"{H}ol")) for item in nav.iter(f"{H}li")), default=0)
