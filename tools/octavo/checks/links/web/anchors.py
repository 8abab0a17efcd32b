"""Which fragments of a page of the web lead to an element of it, and which only a script could answer."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from octavo.checks.links.encoding import as_utf8
from octavo.checks.links.nesting import is_too_deep
from octavo.checks.links.tokens import start_tags
from octavo.checks.links.url import first_line_anchor, fragment_candidates, is_top

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.\-]+)", re.I)
_XML = re.compile(r"\s*(?:text/xml|application/xml|[^;]*\+xml)\s*(?:;|\Z)", re.I)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)
_TEXT_DIRECTIVE = ":~:"
# routes, lines of code, comments and moments, that scripts put in or jump to
_SCRIPTED = re.compile(
    r"!|/|\?|(?:L|line-?)\d+|\d+[-:]\d+\Z|issue-?comment-?\d|issue-\d+\Z|discussion_r?\d|discussioncomment-\d"
    r"|pullrequestreview-\d|diff-[0-9a-f]{6}|note_\d|start-of-content\Z"
    r"|t=\d|page=\d|xywh=|svgView\(|slide=|gid=\d|heading=h\.|[a-zA-Z_]\w*=[^&]*",
    re.I,
)
# sites whose pages are made by scripts after loading: what is not in the bytes may be on the screen
_SCRIPTED_HOSTS = (
    "docs.google.com", "drive.google.com", "groups.google.com", "sites.google.com", "colab.research.google.com",
    "app.element.io", "matrix.to", "play.rust-lang.org", "go.dev/play", "godbolt.org", "regex101.com", "codepen.io",
    "observablehq.com", "www.npmjs.com", "crates.io", "x.com", "twitter.com", "www.youtube.com", "www.notion.so",
    "web.archive.org", "hackmd.io", "learn.microsoft.com", "discord.com", "stackblitz.com", "tools.wmflabs.org",
)  # fmt: skip
_LEAST_WORDS = 200  # characters of text; a page with less and with scripts is a shell that they fill
_SHELL_IDS = 4
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnchors:
    """What a page offers. is_shell: it is (next to) empty until a script has run."""

    ids: frozenset[str]
    is_shell: bool


def read_anchors(body: bytes, content_type: str) -> PageAnchors:
    """The anchors of a page. content_type: the value of the header, "" where there was none.

    The charset is that of the byte order mark, else of the header, else of the page itself (Encoding Standard 6.1).
    """
    if _XML.match(content_type):
        read = _of_xml(body)
        if read is not None:
            return read
    utf8 = _decoded(body, content_type)
    if is_too_deep(utf8):
        return _by_tags(utf8)
    from selectolax.lexbor import LexborHTMLParser

    document = LexborHTMLParser(utf8)
    ids: set[str] = set()
    for node in document.css("[id],a[name]"):
        attributes = node.attributes
        if identifier := attributes.get("id"):
            ids.add(identifier)
        if node.tag == "a" and (name := attributes.get("name")):
            ids.add(name)
    return PageAnchors(ids=frozenset(ids), is_shell=len(ids) <= _SHELL_IDS and _is_shell(document))


def _of_xml(body: bytes) -> PageAnchors | None:
    """The anchors of what a browser reads as XML, where `<title/>` ends at once; None for what is not well-formed."""
    from octavo.checks.links.page import parse_xml

    page, _, malformed = parse_xml(body)
    return PageAnchors(ids=page.anchors, is_shell=False) if malformed is None else None


def _decoded(body: bytes, content_type: str) -> bytes:
    if not body.startswith(_BOMS):
        charset = _CHARSET.search(content_type)
        if charset is not None:
            # a declaration before all others, in the words that the encoding module reads
            declared = b'<?xml encoding="' + charset[1].encode("ascii") + b'"?>'
            utf8 = as_utf8(declared + body)
            return utf8[len(declared) :] if utf8.startswith(declared) else utf8
    return as_utf8(body)


def _by_tags(utf8: bytes) -> PageAnchors:
    ids: set[str] = set()
    for tag in start_tags(utf8.decode("utf-8", "replace").replace("\0", "\ufffd")):
        if identifier := tag.attributes.get("id"):
            ids.add(identifier)
        if tag.name == "a" and (name := tag.attributes.get("name")):
            ids.add(name)
    return PageAnchors(ids=frozenset(ids), is_shell=False)


def _is_shell(document: LexborHTMLParser) -> bool:
    if document.css_first("script") is None or document.body is None:
        return False
    document.strip_tags(["script", "style", "noscript", "template"])
    return len(_SPACE.sub(" ", document.body.text() or "")) < _LEAST_WORDS


def element_part(fragment: str) -> str:
    """A fragment without its text directive."""
    return fragment.partition(_TEXT_DIRECTIVE)[0]


def is_found(fragment: str, ids: frozenset[str]) -> bool:
    """Whether an element answers a fragment, or the top of the page does."""
    for candidate in fragment_candidates(fragment):
        # "user-content-": code hosts prefix the ids of what users write, and a script takes the prefix away
        if candidate in ids or f"user-content-{candidate}" in ids or f"user-content-{candidate.lower()}" in ids:
            return True
    line = first_line_anchor(fragment)
    return is_top(fragment) or (line is not None and line in ids)


def is_scripted(fragment: str, host: str) -> bool:
    """Whether a script may answer a fragment that no element has."""
    name = host.removeprefix("www.")
    if any(name == known.removeprefix("www.") for known in _SCRIPTED_HOSTS):
        return True
    return _SCRIPTED.match(unquote(fragment)) is not None


def has_text_directive(fragment: str) -> bool:
    """Whether a fragment also names words of the page (`:~:text=`)."""
    return _TEXT_DIRECTIVE in fragment


def needles_of(fragments: Iterable[str]) -> tuple[bytes, ...]:
    """Bytes that stand in a page, in any ASCII-compatible charset, when it may have all of these anchors."""
    needles = set()
    for fragment in fragments:
        longest = max(
            re.findall(r"[A-Za-z0-9_.\-]+", fragment_candidates(element_part(fragment))[-1]), key=len, default=""
        )
        needles.add(longest.encode("ascii"))
    return tuple(sorted(needles))
