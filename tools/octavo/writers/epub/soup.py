"""Whatever an extension wrote as HTML, parsed as HTML5 and rebuilt as XHTML elements that EPUB knows.

Owns names: which element and attribute stands for what was found. What may stand inside what is `repair`'s; ids and
headings are `anchors`'; links are `linking`'s. Nothing that was visible is lost: what can't be kept is replaced by a
link, its text or its static picture, and said as a finding.

The translator leaves marks in the soup (`<!--octavo:12-->`): from them each link, picture and finding knows the node
of the document that it came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from octavo.writers.epub.content_model import (
    ARIA,
    ATTRIBUTES,
    DROPPED,
    EPUB,
    EPUB_TYPE,
    GLOBAL_ATTRIBUTES,
    KEPT,
    MATHML,
    PLACE,
    RENAMED,
    ROLES,
    STYLE_PROPERTIES,
    SVG,
    UNWRAPPED,
    XHTML,
    XLINK,
    XML_LANG,
    h,
)
from octavo.writers.epub.foreign import fill_mathml, fill_svg

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# libxml2 refuses to read what is deeper than 256; a book that is so deep is an accident
MAX_DEPTH = 120

MARK = "octavo:"
_MARK = re.compile(r"octavo:(\d+)")
# everything that XML 1.0 section 2.2 leaves out
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LENGTH = re.compile(r"\d+(?:\.\d+)?(?:px)?")
_STYLE = re.compile(r"\s*([a-z-]+)\s*:\s*([^;:()\\<>\"']*?)\s*(?:!important\s*)?(?:;|$)")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_MEDIA = {"iframe": "src", "video": "src", "audio": "src", "embed": "src", "object": "data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that had to be changed. place: index of the node that it came from, None when unknown."""

    rule: str
    value: str
    context: str | None
    place: int | None
    hint: str | None = None


@dataclass(slots=True)
class Cleaned:
    """The body of a document, and what was found on the way. is_plain: whether its nesting is that of `well_formed`."""

    body: etree._Element
    is_plain: bool = False
    findings: list[Finding] = field(default_factory=list)


def without_forbidden_characters(text: str) -> str:
    """The text without the characters that no XML document can hold."""
    return NOT_XML.sub("", text)


def parse(html: str) -> Cleaned:
    """A `body` of elements and attributes that EPUB allows; their nesting is not yet repaired."""
    from selectolax.lexbor import LexborHTMLParser

    cleaned = Cleaned(etree.Element(h("body"), nsmap={None: XHTML, "epub": EPUB}))
    tree = LexborHTMLParser(f"<!DOCTYPE html><html><body>{without_forbidden_characters(html)}</body></html>")
    if tree.body is not None:
        _Rebuilder(cleaned).children(tree.body, cleaned.body, 0)
    return cleaned


class _Rebuilder:
    """Walks the parsed tree in document order; `place` is that of the last mark passed."""

    def __init__(self, cleaned: Cleaned) -> None:
        self.cleaned = cleaned
        self.place: int | None = None

    def find(self, rule: str, value: str, context: str | None) -> None:
        self.cleaned.findings.append(Finding(rule=rule, value=value, context=context, place=self.place))

    def children(self, node: LexborNode, parent: etree._Element, depth: int) -> None:
        child = node.child
        while child is not None:
            if child.is_text_node:
                append_text(parent, without_forbidden_characters(child.text_content or ""))
            elif child.is_comment_node:
                mark = _MARK.fullmatch((child.comment_content or "").strip())
                if mark:
                    self.place = int(mark.group(1))
            elif child.is_element_node:
                self.element(child, parent, depth)
            child = child.next

    def element(self, node: LexborNode, parent: etree._Element, depth: int) -> None:
        tag = node.tag or ""
        attributes = {name: value or "" for name, value in node.attributes.items()}
        if depth >= MAX_DEPTH:
            append_text(parent, without_forbidden_characters(node.text(deep=True)))
        elif tag == "svg":
            fill_svg(self._append(parent, f"{{{SVG}}}svg", {None: SVG, "xlink": XLINK}), node, attributes)
        elif tag == "math":
            fill_mathml(self._append(parent, f"{{{MATHML}}}math", {None: MATHML}), node, attributes)
        elif tag in DROPPED or is_control(tag, attributes) or (tag == "textarea" and not node.text(deep=True).strip()):
            self._keep_id(parent, attributes)
        elif tag == "input":
            self._input(parent, attributes)
        elif tag == "select":
            self._select(node, parent, attributes)
        elif tag in _MEDIA:
            self._media(node, parent, tag, attributes, depth)
        elif tag == "img":
            self._picture(parent, attributes)
        elif tag in ("details", "summary", "label"):
            self._unfolded(node, parent, tag, attributes, depth)
        elif tag in UNWRAPPED:
            self.children(node, parent, depth)
        else:
            self._kept(node, parent, tag, attributes, depth)

    def _append(
        self, parent: etree._Element, name: str, namespaces: dict[str | None, str] | None = None
    ) -> etree._Element:
        # with a prefix, what a reading system reads as HTML would not be known
        element = etree.SubElement(parent, name, nsmap=namespaces)
        if self.place is not None:
            element.set(PLACE, str(self.place))
        return element

    def _kept(self, node: LexborNode, parent: etree._Element, tag: str, attributes: dict[str, str], depth: int) -> None:
        name = RENAMED.get(tag, tag)
        if name not in KEPT:
            # an element that HTML does not know shows as a span does; `repair` makes a div of it where it must
            name = "span"
        element = etree.SubElement(parent, h(name))
        if name in ("a", "img", "area") and self.place is not None:
            element.set(PLACE, str(self.place))
        set_attributes(element, name, attributes)
        self.children(node, element, depth + 1)

    def _keep_id(self, parent: etree._Element, attributes: dict[str, str]) -> None:
        """A link may lead to what is dropped."""
        if attributes.get("id"):
            etree.SubElement(parent, h("span")).set("id", attributes["id"])

    def _unfolded(
        self, node: LexborNode, parent: etree._Element, tag: str, attributes: dict[str, str], depth: int
    ) -> None:
        """`details` open, its summary a bold line; a tab's label likewise."""
        classes = attributes.get("class", "").split()
        is_tab = tag == "label" and any("tab" in c for c in classes)
        name = "div" if tag == "details" else "p" if tag == "summary" or is_tab else "span"
        element = etree.SubElement(parent, h(name))
        set_attributes(element, name, attributes)
        if name == "p":
            add_class(element, "octavo-label")
        self.children(node, element, depth + 1)
        if name == "p" and not len(element) and not (element.text or "").strip():
            parent.remove(element)

    def _input(self, parent: etree._Element, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text").lower()
        names = attributes.get("class", "") + attributes.get("name", "") + attributes.get("id", "")
        is_switch = "tab" in names or "toggle" in names
        if kind == "checkbox" and not is_switch:
            box = etree.SubElement(parent, h("span"))
            set_attributes(box, "span", {k: v for k, v in attributes.items() if k in ("id", "class")})
            box.text = "\u2611" if "checked" in attributes else "\u2610"
        elif kind in ("text", "email", "search", "url", "number", "submit", "button") and attributes.get("value"):
            etree.SubElement(parent, h("span")).text = without_forbidden_characters(attributes["value"])
        else:
            self._keep_id(parent, attributes)

    def _select(self, node: LexborNode, parent: etree._Element, attributes: dict[str, str]) -> None:
        element = etree.SubElement(parent, h("span"))
        set_attributes(element, "span", attributes)
        element.text = " / ".join(" ".join(option.text(deep=True).split()) for option in node.css("option"))

    def _picture(self, parent: etree._Element, attributes: dict[str, str]) -> None:
        fill_picture(self._append(parent, h("img")), attributes)

    def _media(
        self, node: LexborNode, parent: etree._Element, tag: str, attributes: dict[str, str], depth: int
    ) -> None:
        """A titled link in the place of what plays, frames or is plugged in; a local picture as a picture."""
        source = node.css_first("source")
        target = attributes.get(_MEDIA[tag]) or (source.attributes.get("src") if source is not None else "") or ""
        target = target.strip()
        kind = attributes.get("type", "").lower()
        is_picture = kind.startswith("image/") or re.search(r"\.(svg|png|gif|jpe?g|webp)$", target.lower())
        text = " ".join(node.text(deep=True).split())
        if tag in ("object", "embed") and is_picture:
            alt = text or attributes.get("aria-label") or attributes.get("title") or attributes.get("alt") or ""
            self._picture(parent, {**attributes, "src": target, "alt": alt})
            return
        if not target:
            self.children(node, parent, depth)
            return
        if attributes.get("poster"):
            self._picture(parent, {"src": attributes["poster"], "alt": attributes.get("aria-label", "")})
        is_remote = re.match(r"(?:https?:)?//", target)
        self.find("epub/remote-media" if is_remote else "epub/content-replaced", target, f"<{tag}>")
        link = self._append(parent, h("a"))
        if is_remote:
            link.set("href", f"https:{target}" if target.startswith("//") else target)
        else:
            link.set("href", target)
        add_class(link, "octavo-media")
        self._keep_id(link, attributes)
        title = attributes.get("title") or attributes.get("aria-label") or (text if tag != "object" else "")
        append_text(link, without_forbidden_characters(title) or target)


def fill_picture(element: etree._Element, attributes: dict[str, str]) -> None:
    """Give an `img` its attributes: a size that is no number of pixels as a style, a first source, no hidden words."""
    for name in ("width", "height"):
        value = attributes.get(name, "").strip()
        if value and not _LENGTH.fullmatch(value):
            attributes["style"] = f"{name}: {value}; {attributes.get('style', '')}"
            del attributes[name]
        elif value:
            attributes[name] = str(max(1, round(float(value.removesuffix("px")))))
    if not attributes.get("src"):
        attributes["src"] = attributes.get("srcset", "").split(",")[0].strip().split(" ")[0]
    if attributes.get("role") in ("presentation", "none") or attributes.get("aria-hidden") == "true":
        attributes["alt"] = ""
        attributes.pop("aria-hidden", None)
    set_attributes(element, "img", attributes)


def is_control(tag: str, attributes: dict[str, str]) -> bool:
    """What works only on a site: copy buttons, permalinks, search boxes, toggles."""
    classes = attributes.get("class", "").split()
    if tag == "button":
        return True
    if tag == "p" and "admonition-title" in classes and ("collapsed" in classes or "expanded" in classes):
        # MyST-NB's "Show code cell source" and "Hide ...": what they hide is open here
        return True
    if tag in ("span", "div") and "sd-summary-state-marker" in classes:
        # sphinx-design's arrow on what is open here
        return True
    if tag == "a":
        return "headerlink" in classes or "viewcode-link" in classes
    return tag == "input" and attributes.get("type", "").lower() in ("hidden", "radio", "password", "file", "image")


def append_text(parent: etree._Element, text: str) -> None:
    """Add text after the last child, or as the first text."""
    if not text:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def add_class(element: etree._Element, name: str) -> None:
    """Add a class, once."""
    classes = element.get("class", "").split()
    if name not in classes:
        element.set("class", " ".join([*classes, name]))


def set_attributes(element: etree._Element, tag: str, attributes: dict[str, str]) -> None:
    """Those attributes that EPUB allows on the element and that mean something without a script."""
    allowed = ATTRIBUTES.get(tag, frozenset())
    for name, raw in attributes.items():
        value = without_forbidden_characters(raw)
        if name == "style":
            style = safe_style(value)
            if style:
                element.set("style", style)
        elif name in ("lang", "xml:lang"):
            if _LANGUAGE.fullmatch(value.strip()):
                element.set("lang", value.strip())
                element.set(XML_LANG, value.strip())
        elif name == "role":
            if tag in ROLES.get(value, ()):
                element.set("role", value)
        elif name == "epub:type":
            if re.fullmatch(r"[a-z][a-z -]*", value):
                element.set(EPUB_TYPE, value)
        elif name in ARIA:
            _set_aria(element, tag, name, value, attributes)
        elif (name in GLOBAL_ATTRIBUTES or name in allowed) and _is_valid(tag, name, value):
            element.set(name, value.strip() if name != "alt" else value)
        elif name == "align" and value.lower() in ("left", "right", "center") and tag != "img":
            element.set("style", f"text-align: {value.lower()}; {element.get('style', '')}".rstrip("; "))
        elif name == "name" and tag == "a" and "id" not in attributes and value.strip():
            element.set("id", value)


def _set_aria(element: etree._Element, tag: str, name: str, value: str, attributes: dict[str, str]) -> None:
    # ARIA 1.2 section 5.2.8.6: generic elements take no name
    is_named = tag in ("a", "nav", "section", "table", "figure", "img") or attributes.get("role") in ROLES
    if name == "aria-hidden":
        if value == "true" and tag not in ("a", "section"):
            element.set(name, "true")
    elif value.strip() and (is_named or name == "aria-describedby"):
        element.set(name, value.strip())


def _is_valid(tag: str, name: str, value: str) -> bool:
    """Whether a value is one that the attribute can have."""
    text = value.strip()
    match name:
        case "colspan" | "span":
            return text.isascii() and text.isdecimal() and 0 < int(text) <= 1000
        case "rowspan":
            return text.isascii() and text.isdecimal() and 0 <= int(text) <= 65534
        case "start" | "value" if tag in ("ol", "li"):
            return re.fullmatch(r"-?\d{1,9}", text, re.ASCII) is not None
        case "type":
            return text in ("1", "a", "A", "i", "I")
        case "scope":
            return text in ("row", "col", "rowgroup", "colgroup")
        case "dir":
            return text in ("ltr", "rtl", "auto")
        case "datetime":
            return re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?", text) is not None
        case "reversed" | "download" | "alt":
            return name == "alt"
        case "hreflang":
            return _LANGUAGE.fullmatch(text) is not None
        case _:
            return bool(text)


def safe_style(style: str) -> str:
    """Those declarations that leave size, colour and layout of the page to the reader."""
    kept = [
        f"{name}: {value}"
        for name, value in _STYLE.findall(style)
        if name in STYLE_PROPERTIES and value and re.fullmatch(r"[\w%.#, -]+", value)
    ]
    return "; ".join(kept)
