"""Pages that need no HTML parser: well-formed, with nothing in them that HTML5 would read in another way.

What Sphinx's own visitors write is such a page, and nearly all of a book is written by them. libxml2 reads it, and each
element is looked at once; whatever is not as expected sends the whole page the long way (`soup`), with the same result
as far as both can read it.
"""

from __future__ import annotations

import re

from lxml import etree

from octavo.writers.epub.content_model import (
    EPUB,
    EPUB_TYPE,
    HEADINGS,
    MATHML,
    PLACE,
    VOID,
    XHTML,
    XML_LANG,
    h,
)
from octavo.writers.epub.soup import MARK, MAX_DEPTH, NOT_XML, Cleaned, fill_picture, is_control, set_attributes

_OPEN = f'<body xmlns="{XHTML}" xmlns:epub="{EPUB}">'
_CLOSE = "</body>"
_MATH = f"{{{MATHML}}}math"
_FORMULAS = etree.XPath("count(descendant::m:math)", namespaces={"m": MATHML})
_OWN_MARK = f"<!--{MARK}"
# characters by number that libxml2 and HTML5 read alike: ASCII, and from the no-break space upward
_OTHER_NUMBER = re.compile(
    r"&#(?!(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3}|[1-4]\d{4}|x[1-9][\dA-Fa-f]{2,3});)"
)
_EMPTY_IN_HTML = VOID | {
    "mspace", "mprescripts", "none", "mrow", "mo", "mi", "mn", "mtext", "mtd", "mtr", "mphantom", "mpadded", "mstyle",
}  # fmt: skip
# an empty tag as XML has it, of an element that is not empty in HTML
_EMPTY_TAG = re.compile(rf"<(?!(?:{'|'.join(sorted(_EMPTY_IN_HTML))})[\s/])[A-Za-z][\w:-]*(?:\s[^<>]*)?/>")
# HTML drops the first line break in it
_BREAK_IN_PRE = re.compile(r"(<pre(?:\s[^<>]*)?>)\n")
_PHRASING = frozenset(
    {
        *map(
            h,
            (
                "a", "abbr", "b", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q", "s",
                "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
            ),
        ),
        _MATH,
    }
)  # fmt: skip
_FLOW = _PHRASING | {
    *map(
        h,
        (
            "aside",
            "blockquote",
            "div",
            "dl",
            "figure",
            "hr",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "ul",
            *HEADINGS,
        ),
    )
}
_NOTHING: frozenset[str] = frozenset()
# what may stand in what, so that HTML5 reads it as it stands and no more than its parts has to be repaired
_CHILDREN: dict[str, frozenset[str]] = {
    **{tag: _PHRASING for tag in _PHRASING if tag != _MATH},
    **dict.fromkeys(map(h, ("p", "pre", *HEADINGS)), _PHRASING),
    **dict.fromkeys(
        map(
            h,
            (
                "body",
                "section",
                "nav",
                "div",
                "aside",
                "blockquote",
                "li",
                "dd",
                "dt",
                "td",
                "th",
                "figcaption",
                "caption",
            ),
        ),
        _FLOW,
    ),
    **dict.fromkeys(map(h, ("br", "hr", "img", "wbr", "col")), _NOTHING),
    h("figure"): _FLOW | {h("figcaption")},
    h("ul"): frozenset({h("li")}),
    h("ol"): frozenset({h("li")}),
    h("dl"): frozenset({h("dt"), h("dd")}),
    h("table"): frozenset(map(h, ("caption", "colgroup", "thead", "tbody", "tfoot"))),
    h("colgroup"): frozenset({h("col")}),
    **dict.fromkeys(map(h, ("thead", "tbody", "tfoot")), frozenset({h("tr")})),
    h("tr"): frozenset({h("td"), h("th")}),
}
# HTML5 puts text that stands here before the table, and what is void holds none
_TEXTLESS = frozenset(map(h, ("table", "colgroup", "thead", "tbody", "tfoot", "tr", "br", "hr", "img", "wbr", "col")))
_LINK = h("a")
_PLACED = (_LINK, h("img"), _MATH)
_NAMES = {EPUB_TYPE: "epub:type", XML_LANG: "xml:lang"}
_PLAIN = frozenset({"class", "id"})
_PLAIN_IN_LINKS = _PLAIN | {"href", "title", PLACE}
_MAYBE_CONTROLS = frozenset({_LINK, h("p")})
_BLANK = " \t\n\r"  # in HTML a no-break space is a text


def read(html: str, formulas: int) -> Cleaned | None:
    """The page, or None for one that has to go the long way.

    formulas: how many the writer has put in itself; a `math` that is not one of them has to be cleaned.
    """
    if (
        html.count("<!") != html.count(_OWN_MARK)
        or "<?" in html
        or NOT_XML.search(html)
        or _OTHER_NUMBER.search(html)
        or _EMPTY_TAG.search(html)
    ):
        return None
    try:
        body = etree.fromstring(_OPEN + _BREAK_IN_PRE.sub(r"\1", html) + _CLOSE, etree.XMLParser(no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    if _FORMULAS(body) != formulas:
        return None
    if _OWN_MARK in html:
        _take_marks(body)
    return Cleaned(body, is_plain=True) if _settle(body) else None


def _take_marks(body: etree._Element) -> None:
    """Put the number of the last mark before it on each element that a finding may be about."""
    place: str | None = None
    for node in body.iter(etree.Comment, *_PLACED):
        if node.tag is etree.Comment:
            place = (node.text or "").strip().removeprefix(MARK)
        elif place is not None:
            node.set(PLACE, place)
    etree.strip_tags(body, etree.Comment)


def _settle(body: etree._Element) -> bool:
    """Look at each element, and leave it those attributes that it may have. False where one is not as expected."""
    stack = [(body, 0, False)]
    while stack:
        element, depth, in_link = stack.pop()
        tag = element.tag
        is_link = tag == _LINK
        if depth > MAX_DEPTH or (is_link and in_link):
            return False
        allowed = _CHILDREN[tag]
        if tag in _TEXTLESS and _holds_text(element):
            return False
        for child in element:
            name = child.tag
            if name not in allowed:
                return False
            if name != _MATH:
                stack.append((child, depth + 1, in_link or is_link))
        if not _settle_attributes(element, tag):
            return False
    return True


def _holds_text(element: etree._Element) -> bool:
    return bool((element.text or "").strip(_BLANK)) or any((child.tail or "").strip(_BLANK) for child in element)


def _settle_attributes(element: etree._Element, tag: str) -> bool:
    items = element.items()
    if tag == _LINK and all(
        name in _PLAIN_IN_LINKS and value and value.isascii() and value == value.strip() for name, value in items
    ):
        return not is_control("a", dict(items))
    if all(name in _PLAIN and value and value == value.strip() for name, value in items) and tag != h("img"):
        return not (items and tag in _MAYBE_CONTROLS and is_control(_local(tag), dict(items)))
    name = _local(tag)
    attributes = {_NAMES.get(key, key): value for key, value in items if key != PLACE}
    if is_control(name, attributes):
        return False
    place = element.get(PLACE)
    element.attrib.clear()
    if place is not None:
        element.set(PLACE, place)
    if name == "img":
        fill_picture(element, attributes)
    else:
        set_attributes(element, name, attributes)
    return True


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
