"""Pages as nearly every generator writes them, read by one regular expression: exactly as the real parser reads them.

Whatever a tree builder might see otherwise (a tag left open, a row outside of a table, a form in a form) makes the
page not plain, and the caller asks the real parser. A start tag says the same on every page, so each distinct one is
looked into once: a sidebar that stands on three thousand pages costs a look-up in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from octavo.checks.links.markup import Reference, Use, references_of, style_references
from octavo.checks.links.tokens import unescape_attribute

_KEPT = 30_000  # distinct tags that are remembered; beyond this the table starts anew
_LONGEST_KEPT = 600  # bytes; a longer tag (a script with its text) hardly comes again
_S = r"[ \t\n\r\f]"
_NAME = r"[a-z][a-z0-9-]*+"
_ATTRIBUTES = rf"""(?:{_S}++[a-zA-Z_:@][a-zA-Z0-9_:.@-]*+(?:="[^"]*+"|='[^']*+'|=[^ \t\n\r\f"'=<>`]++)?)*"""
_TEXT_ONLY = ("title", "textarea", "iframe", "xmp", "noembed", "noframes")
_RAW = "|".join((*_TEXT_ONLY, "script", "style", "plaintext", "template"))
# elements with their text, where each state of a tokenizer takes it for the same text
_WITH_TEXT = "|".join((
    rf"script{_ATTRIBUTES}{_S}*+>(?:[^<]++|<(?!/script[ \t\n\r\f/>]|!--))*</script{_S}*+>",
    rf"style{_ATTRIBUTES}{_S}*+>(?:[^<]++|<(?!/style[ \t\n\r\f/>]))*</style{_S}*+>",
    *(rf"{name}{_ATTRIBUTES}{_S}*+>[^<]*+</{name}{_S}*+>" for name in _TEXT_ONLY),
))  # fmt: skip
# what says nothing here: end tags, start tags with a class at most, comments, declarations, a "<" that is text
_SILENT = "|".join((
    rf"/(?!form[ \t\n\r\f>]){_NAME}{_S}*+>",
    rf"(?!(?:{_RAW}|form|base|select|svg|math|frameset|image)[ \t\n\r\f/>]){_NAME}"
    rf'(?:{_S}++class="[^"]*+")?{_S}*+/?>',
    r"!--(?!-?>)(?:[^-]++|-(?!-!?>))*-->",
    r"!(?!--|\[)[^>]*+>",
    r"\?[^>]*+>",
    r"title>[^<]*+</title>",
    r"(?![a-zA-Z/!?])",
))  # fmt: skip
# No group that repeats alternatives is possessive: before Python 3.11.5 such groups may match wrongly. Nothing is tried
# twice all the same, since the last alternative takes whatever the others refuse, up to the end of the page.
_TAG = re.compile(
    rf"(?:[^<]*+<(?:{_SILENT}))*[^<]*+"
    rf"(?:<((?!(?:{_RAW})[ \t\n\r\f/>]){_NAME}{_ATTRIBUTES}{_S}*+/?>|/form{_S}*+>|{_WITH_TEXT}"
    r"|[a-zA-Z/!?](?s:.*+))|\Z)".encode()
)
_START = re.compile(rf"({_NAME})({_ATTRIBUTES}){_S}*+/?>")
_WHOLE_WITH_TEXT = re.compile(_WITH_TEXT)
_END_OF_A_FORM = re.compile(rf"/form{_S}*+>")
_ATTRIBUTE = re.compile(
    rf"""{_S}++([a-zA-Z_:@][a-zA-Z0-9_:.@-]*+)(?:="([^"]*+)"|='([^']*+)'|=([^ \t\n\r\f"'=<>`]++))?"""
)
# nine tags of ten, each with one thing to say; the others take ten times as long
_LINK = re.compile(
    r'a (?:class="[^"]*+" )?href="(((?:\.\./)*)'
    # letters that need no decoding, no segment that begins with a dot, a fragment that is an id
    r"((?:[A-Za-z0-9_-][A-Za-z0-9_.-]*+/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*+)(?:#([A-Za-z0-9_-][A-Za-z0-9_.-]*+))?)\""
    r'(?: (?:class|title|target|rel|accesskey)="[^"]*+")*>'
)
_IDENTIFIED = re.compile(
    r"(?:h[1-6]|section|d(?:iv|t|d|l)|span|p|li|code|figure|nav) "
    r'(?:class="[^"]*+" )?id="([^"&\r]++)"(?: class="[^"]*+")?>'
)
_RAW_NAMES = frozenset(_RAW.split("|"))
# what changes how the rest of a page is read
_UNPLAIN = frozenset({"template", "plaintext", "select", "frameset", "image"})
# what exists only at its own place in a page
_PLACED = frozenset(
    {"head", "noscript", "caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr", "frame"}
)
_ONCE = frozenset({"html", "body"})
_PAGE = Use.PAGE
_new = tuple.__new__


class Route(NamedTuple):
    """A relative path as most links have it. ups: how many directories up it begins. fragment: None without one."""

    ups: int
    path: str
    fragment: str | None


class TagFacts(NamedTuple):
    """What a start tag says, wherever it stands.

    - identifier: its `id`. name: of `<a name>`. base: of `<base href>`. None where there is none.
    - references: in order of attribute, then those of a `style` element's text.
    - route: of its only reference, where that is such a path.
    - kind: what the page as a whole must be asked about it (see `_is_plain`); "" for nearly all.
    """

    identifier: str | None
    name: str | None
    references: tuple[Reference, ...]
    base: str | None
    kind: str
    route: Route | None


class PlainPage(NamedTuple):
    """A plain page: its start tags that may say something, as they are written, each with what it says."""

    tags: Sequence[bytes]
    facts: Sequence[TagFacts]
    has_base: bool

    def identifiers(self) -> list[str]:
        """Its ids in order, those that stand more than once as often as they stand."""
        return [fact.identifier for fact in self.facts if fact.identifier]

    def names(self) -> list[str]:
        """The names of its `<a name>`."""
        return [fact.name for fact in self.facts if fact.name]

    def base(self) -> str | None:
        """Of the first `<base href>`."""
        if not self.has_base:
            return None
        return next((fact.base for fact in self.facts if fact.kind == "base"), None)


class PlainReader(dict[bytes, TagFacts]):
    """What tags say, by how they are written: a table that fills itself."""

    def read(self, utf8: bytes) -> PlainPage | None:
        """The tags of a page; None when only a tree builder can tell them."""
        if b"\0" in utf8:
            return None
        tags = _tags(utf8)
        facts = [self[tag] for tag in tags]
        kinds = [fact.kind for fact in facts if fact.kind]
        return PlainPage(tags, facts, "base" in kinds) if not kinds or _is_plain(kinds) else None

    def __missing__(self, tag: bytes) -> TagFacts:
        text = tag.decode("utf-8", "replace")
        if link := _LINK.fullmatch(text):
            value, ups, path, fragment = link.groups()
            # as the constructors make them, in half of the time: a large site has a million such tags
            route = _new(Route, (len(ups) // 3, path, fragment))
            reference = _new(Reference, (_PAGE, "href", value))
            facts = _new(TagFacts, (None, None, (reference,), None, "", route))
        elif identified := _IDENTIFIED.fullmatch(text):
            facts = _new(TagFacts, (identified[1], None, (), None, "", None))
        else:
            facts = _facts(text)
        if len(tag) <= _LONGEST_KEPT:
            if len(self) >= _KEPT:
                self.clear()
            self[tag] = facts
        return facts


def places_of(utf8: bytes) -> Iterator[tuple[bytes, int]]:
    """The tags of a plain page, each with the offset of its "<"."""
    for matched in _TAG.finditer(utf8):
        if matched[1]:
            yield matched[1], matched.start(1) - 1


def is_whole(tag: bytes) -> bool:
    """Whether the last of `places_of` is a tag, and not all that follows the place where a page ceased to be plain."""
    text = tag.decode("utf-8", "replace")
    return any(form.fullmatch(text) for form in (_START, _END_OF_A_FORM, _WHOLE_WITH_TEXT))


def _tags(utf8: bytes) -> list[bytes]:
    tags: list[bytes] = _TAG.findall(utf8)
    while tags and not tags[-1]:  # the end of the page matches as nothing
        tags.pop()
    return tags


def _is_plain(kinds: list[str]) -> bool:
    """Whether every tag makes an element (HTML 13.2.6), and raw text is raw.

    - "tree": nobody but a tree builder can tell. "form", "/form": a form in a form is none.
    - "html", "body": a second one gives its attributes to the first. "foreign": SVG or MathML begins, where "markup"
      (raw text that holds a "<") would be markup.
    """
    if "tree" in kinds or kinds.count("html") > 1 or kinds.count("body") > 1:
        return False
    if "foreign" in kinds and "markup" in kinds[kinds.index("foreign") :]:
        return False
    is_open = False
    for kind in kinds:
        if kind == "form":
            if is_open:
                return False
            is_open = True
        elif kind == "/form":
            is_open = False
    return True


def _facts(tag: str) -> TagFacts:
    matched = _START.match(tag)
    if matched is None:
        return _END_OF_FORM if tag.startswith("/form") else _TREE
    name = matched[1]
    content = tag[matched.end() :]
    if name in _UNPLAIN or "\r" in tag or (name in _RAW_NAMES and _WHOLE_WITH_TEXT.fullmatch(tag) is None):
        return _TREE
    if name not in _RAW_NAMES and content:
        return _TREE
    attributes: dict[str, str | None] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(matched[2]):
        attributes.setdefault(key.lower(), unescape_attribute(double or single or bare))
    references = tuple(references_of(name, attributes))
    if name == "style":
        text = content[: content.rindex("</")]
        references += tuple(reference for reference, _ in style_references(text))
    identifier = attributes.get("id") or None
    return TagFacts(
        identifier,
        (attributes.get("name") or None) if name == "a" else None,
        references,
        attributes.get("href") if name == "base" else None,
        _kind(name, content, speaks=identifier is not None or bool(references)),
        None,
    )


def _kind(name: str, content: str, *, speaks: bool) -> str:
    if name in _PLACED:
        return "tree" if speaks else ""
    if name in _ONCE:
        return name if speaks else ""
    if name in {"svg", "math"}:
        return "foreign"
    if name in {"form", "base"}:
        return name
    if name in _RAW_NAMES and content.count("<") > 1:
        return "markup"
    return ""


_TREE = TagFacts(None, None, (), None, "tree", None)
_END_OF_FORM = TagFacts(None, None, (), None, "/form", None)
