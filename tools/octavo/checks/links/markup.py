"""Which attributes of which elements of HTML, SVG and MathML are references, and to what kind of thing.

The one table for every parser that reads markup here: names in, references out.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urljoin

from octavo.checks.links.css import css_references
from octavo.checks.links.tokens import StartTag, start_tags
from octavo.checks.links.url import fragment_candidates


class Use(enum.Enum):
    """What a reference is for; it decides what its absence is called."""

    PAGE = enum.auto()
    IMAGE = enum.auto()
    FILE = enum.auto()
    STYLE = enum.auto()
    NONE = enum.auto()  # names something without leading to it (`rel=preconnect`)


class Reference(NamedTuple):
    """attribute: where it stands ("href", "style"), "" for the text of an element. value: as written, decoded."""

    use: Use
    attribute: str
    value: str


# what an element's `src` (and `data` of object) is
_SOURCES: dict[str, Use] = {
    "img": Use.IMAGE,
    "input": Use.IMAGE,
    "iframe": Use.PAGE,
    "frame": Use.PAGE,
    **dict.fromkeys(("script", "embed", "source", "track", "audio", "video"), Use.FILE),
}
_HREFS: dict[str, Use] = {"image": Use.IMAGE, "feimage": Use.IMAGE, "script": Use.FILE}
_ONLY_ON: dict[str, tuple[frozenset[str], Use]] = {
    "poster": (frozenset({"video"}), Use.IMAGE),
    "cite": (frozenset({"blockquote", "q", "ins", "del"}), Use.PAGE),
    "data": (frozenset({"object"}), Use.FILE),
    "formaction": (frozenset({"button", "input"}), Use.PAGE),
    "manifest": (frozenset({"html"}), Use.FILE),
    "background": (frozenset({"body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"}), Use.IMAGE),
    "longdesc": (frozenset({"img", "iframe", "frame"}), Use.PAGE),
}
_SETS: dict[str, frozenset[str]] = {"srcset": frozenset({"img", "source"}), "imagesrcset": frozenset({"link"})}
# SVG presentation attributes that take `url(#id)` (SVG 2, chapters 6, 13 and 14)
PAINT_ATTRIBUTES = (
    "fill", "stroke", "filter", "mask", "clip-path", "marker-start", "marker-mid", "marker-end", "cursor",
)  # fmt: skip
_PAINT = frozenset(PAINT_ATTRIBUTES)
_REFRESH = re.compile(r"\s*[\d.]*\s*(?:[;,]\s*|\s)(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.I | re.S)
_CANDIDATE = re.compile(r"[\s,]*([^\s]+)")

# every attribute in the table, for a parser that selects elements by their attributes
ATTRIBUTES = ("href", "xlink:href", "src", "srcdoc", "action", "style", "content", *_SETS, *_ONLY_ON)
# where a fragment alone leads to a place of the page that the document's base is, and not of the document
LINKS = frozenset({"href", "action", "formaction", "srcdoc"})
_MOST_FRAMES = 3  # documents in documents in a page


def references_of(tag: str, attributes: Mapping[str, str | None], frames: int = 0) -> Iterator[Reference]:
    """The references in the attributes of one start tag (`tag` in lower case), in order of attribute.

    An attribute without a value refers to the document itself where it refers at all; `<base>` is none of them.
    frames: how many documents this one stands in.
    """
    if tag == "base":
        return
    for name, given in attributes.items():
        value = given or ""
        if name in {"href", "xlink:href"}:
            yield Reference(_use_of_href(tag, attributes), name, value)
        elif name == "src":
            if tag in _SOURCES and (tag != "input" or (attributes.get("type") or "").strip().lower() == "image"):
                yield Reference(_SOURCES[tag], name, value)
        elif name in _ONLY_ON:
            if tag in _ONLY_ON[name][0]:
                yield Reference(_ONLY_ON[name][1], name, value)
        elif name in _SETS:
            if tag in _SETS[name]:
                yield from (Reference(Use.IMAGE, name, url) for url in srcset_urls(value))
        elif name == "action":
            if tag == "form":
                # what a form posts to is a program, and no file shows whether it is there
                posted = (attributes.get("method") or "").strip().lower() == "post"
                yield Reference(Use.NONE if posted else Use.PAGE, name, value)
        elif name == "style" or (name in _PAINT and "url" in value.lower()):
            yield from (reference for reference, _ in style_references(value, name))
        elif name == "content" and tag == "meta":
            url = _refresh_url(attributes)
            if url is not None:
                yield Reference(Use.PAGE, name, url)
        elif name == "srcdoc" and tag == "iframe" and frames < _MOST_FRAMES:
            yield from _framed_references(value, frames + 1)


def _framed_references(document: str, frames: int) -> Iterator[Reference]:
    """The references of an `<iframe srcdoc>`, but those to places of its own, as its container would write them.

    They are relative to the container's base (HTML 2.4.3); a browser that looks for a fragment in the document itself
    finds its ids, one that asks for the container those of the page.
    """
    tags = list(start_tags(document))
    base = next((t.attributes["href"] for t in tags if t.name == "base" and "href" in t.attributes), None)
    own = {t.attributes.get("id") for t in tags} | {t.attributes.get("name") for t in tags if t.name == "a"}
    for tag in tags:
        for use, attribute, value in _tag_references(tag, frames):
            is_local = value.startswith("#") and base is None
            if is_local and (attribute not in LINKS or not own.isdisjoint(fragment_candidates(value[1:]))):
                continue
            yield Reference(use, "srcdoc", value if base is None else _joined(base, value))


def _tag_references(tag: StartTag, frames: int) -> Iterator[Reference]:
    yield from references_of(tag.name, tag.attributes, frames)
    yield from (reference for reference, _ in style_references(tag.text))


def _joined(base: str, value: str) -> str:
    try:
        return urljoin(base, value)
    except ValueError:  # what is no URL is said of it as it stands
        return value


def style_references(text: str, attribute: str = "") -> Iterator[tuple[Reference, int]]:
    """The references of a style sheet's text or of a style attribute, with their offsets in it."""
    for reference in css_references(text):
        if not reference.value:
            continue  # an empty url() is invalid and asks for nothing (CSS Values 4, 4.5)
        use = Use.STYLE if reference.imported else Use.FILE
        yield Reference(use, attribute, reference.value), reference.offset


def srcset_urls(value: str) -> list[str]:
    """The URLs of a `srcset` (HTML, "parsing a srcset attribute")."""
    urls, position = [], 0
    while matched := _CANDIDATE.match(value, position):
        url, position = matched[1], matched.end()
        bare = url.rstrip(",")
        if bare:
            urls.append(bare)
        if bare == url:  # descriptors follow up to the next comma that is not inside parentheses
            position = _end_of_descriptors(value, position)
    return urls


def _end_of_descriptors(value: str, position: int) -> int:
    depth = 0
    for i in range(position, len(value)):
        if value[i] == "(":
            depth += 1
        elif value[i] == ")":
            depth = max(0, depth - 1)
        elif value[i] == "," and depth == 0:
            return i + 1
    return len(value)


def _use_of_href(tag: str, attributes: Mapping[str, str | None]) -> Use:
    if tag != "link":
        return _HREFS.get(tag, Use.PAGE)
    relations = set((attributes.get("rel") or "").lower().split())
    if not relations and not ("itemprop" in attributes or "property" in attributes):
        return Use.NONE  # it makes no link (HTML 4.2.4), as `rev=made` of old
    if "stylesheet" in relations:
        return Use.STYLE
    if relations & {"preconnect", "dns-prefetch"}:
        return Use.NONE
    if "canonical" in relations and (attributes.get("href") or "").strip().lower().startswith("file:"):
        return Use.NONE  # the page's own address where it was built to be read from disk: nobody follows it
    if any("icon" in relation for relation in relations):
        return Use.IMAGE
    if relations & {"preload", "modulepreload", "manifest"}:
        return Use.FILE
    return Use.PAGE


def _refresh_url(attributes: Mapping[str, str | None]) -> str | None:
    """The URL of `<meta http-equiv=refresh>`, None when it only reloads or is something else."""
    if (attributes.get("http-equiv") or "").strip().lower() != "refresh":
        return None
    matched = _REFRESH.match(attributes.get("content") or "")
    if matched is None:
        return None
    return (matched[1] or matched[2] or matched[3] or "").strip() or None
