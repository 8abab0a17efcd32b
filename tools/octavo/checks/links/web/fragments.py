"""Judging the fragments of a page that was fetched."""

from __future__ import annotations

from dataclasses import dataclass

from octavo.checks.links.url import is_top
from octavo.checks.links.web.anchors import (
    PageAnchors,
    element_part,
    has_text_directive,
    is_found,
    is_scripted,
    read_anchors,
)
from octavo.checks.links.web.body import Ending, PageBody, is_markup, media_type
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.verdict import OK, Finding, Reason, broken, unknown
from octavo.checks.links.web.weburl import WebUrl

_MOST_COMPARED = 1000  # ids that a missing one is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """A page with what can be read of it. anchors: None for what is no markup, or was not wanted."""

    url: WebUrl
    media_type: str
    anchors: PageAnchors | None
    is_cut: bool

    @classmethod
    def of(cls, url: WebUrl, status: int, body: PageBody) -> FetchedPage:
        """Read a body, where anchors are wanted of it."""
        anchors = read_anchors(body.data(), body.content_type) if body.is_wanted(status) else None
        return cls(
            url=url,
            media_type=media_type(body.content_type) if not is_markup(body.content_type) else "",
            anchors=anchors,
            is_cut=body.ending is Ending.CAPPED,
        )

    def has(self, fragment: str) -> bool:
        """Whether an element answers a fragment."""
        return self.anchors is not None and is_found(element_part(fragment), self.anchors.ids)

    def judge(self, fragment: str | None, settings: Settings) -> Finding:
        """What a link with this fragment is."""
        if fragment is None or not settings.wants_anchor(self.url, fragment):
            return OK
        element = element_part(fragment)
        if is_top(element) or self.has(fragment):
            return unknown(Reason.ANCHOR_SCRIPTED, "words of the page") if has_text_directive(fragment) else OK
        if self.anchors is None:
            return unknown(Reason.ANCHOR_UNREADABLE, self.media_type or "no markup")
        if self.is_cut:
            return broken(Reason.TOO_LARGE, "no end of the page in what is read of one")
        if is_scripted(element, self.url.host):
            return unknown(Reason.ANCHOR_SCRIPTED, f"'{element}' is a script's")
        if self.anchors.is_shell:
            return unknown(Reason.ANCHOR_SCRIPTED, "a script makes the page")
        return broken(Reason.ANCHOR_MISSING, self._missing(element))

    def _missing(self, element: str) -> str:
        import difflib

        ids = self.anchors.ids if self.anchors else frozenset()
        near = sorted(i for i in ids if abs(len(i) - len(element)) <= max(4, len(element) // 2))[:_MOST_COMPARED]
        found = difflib.get_close_matches(element, near, n=1)
        hint = f"; did you mean '{found[0]}'?" if found else ""
        return f"no anchor '{element}'{hint}"
