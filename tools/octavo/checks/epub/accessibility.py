"""Our own accessibility rules over a whole EPUB: what EPUBCheck does not see, and a browser is not needed for.

Documents are parsed one after the other and let go, so that memory does not grow with their number.
"""

from __future__ import annotations

from octavo.checks.epub.claims import Claims
from octavo.checks.epub.document import DocumentRules
from octavo.checks.epub.facts import Facts
from octavo.checks.epub.navigation import Navigation, ids_wanted, navigation, order_findings, positions
from octavo.checks.epub.opened import Opened
from octavo.checks.links.container import UnreadableError
from octavo.checks.links.page import read_xml
from octavo.checks.links.places import Finding
from octavo.diagnostics import Severity, rule_of


def accessibility(book: Opened) -> tuple[tuple[Finding, ...], Facts, Navigation]:
    """What is found, what was counted, and the navigation."""
    facts = Facts()
    nav = _navigation(book)
    found: list[Finding] = []
    wanted = ids_wanted(nav.places)
    cover = book.cover.member if book.cover is not None else None
    number = 0
    for member, data in book.documents():
        root, _ = read_xml(data)
        if root is None:
            continue  # the check of links says so
        rules = DocumentRules(
            member,
            root,
            facts,
            is_navigation=member == nav.member,
            cover=cover,
            may_hold_latex=b"\\" in data or b"$$" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"),
        )
        found += rules.findings()
        here, number = positions(member, root, wanted, number)
        facts.positions |= here
    is_sourced = bool(book.values("pageBreakSource") or book.values("a11y:pageBreakSource") or book.values("dc:source"))
    found += order_findings(nav, facts.positions, is_sourced=is_sourced or book.is_fixed, breaks=len(facts.page_breaks))
    weighty = sum(rule_of(f.rule).severity is not Severity.INFO for f in found)
    found += Claims(book, facts, nav).findings(weighty)
    return tuple(found), facts, nav


def _navigation(book: Opened) -> Navigation:
    if book.navigation is None or book.navigation in book.encrypted:
        return Navigation()
    try:
        root, _ = read_xml(book.container.read(book.navigation))
    except UnreadableError:
        return Navigation()
    return Navigation() if root is None else navigation(book.navigation, root)
