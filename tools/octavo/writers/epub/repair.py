"""What stands inside what: the nesting of a body put right, so that EPUBCheck's schema finds nothing to say.

Works on the elements that `soup` lets through, from the leaves up: a child is whole before its parent is looked at.
No text is moved or lost; only names change, wrappers are put in, and empty wrappers go.
"""

from __future__ import annotations

import functools

from lxml import etree

from octavo.writers.epub.content_model import (
    BLOCKS,
    HEADINGS,
    INLINE,
    MATHML,
    PARTS,
    PHRASING_ONLY,
    PLACE,
    SECTIONING,
    SVG,
    TRANSPARENT,
    XHTML,
    h,
)
from octavo.writers.epub.soup import add_class, append_text

_PREFIX = f"{{{XHTML}}}"
# parents of the parts, the names of which mean nothing elsewhere
_PARENTS = {
    "li": ("ul", "ol"),
    "dt": ("dl",),
    "dd": ("dl",),
    "figcaption": ("figure",),
    "rt": ("ruby",),
    "rp": ("ruby",),
}
_EMPTY_WRAPPERS = frozenset({*HEADINGS, "p", "ul", "ol", "dl", "table", "figure"})

_NOT_SETTLED_BY_NESTING = tuple(h(name) for name in (*sorted(_EMPTY_WRAPPERS), "dt", "th", "caption"))


def repair(body: etree._Element, *, is_plain: bool = False) -> None:
    """Repair in place. is_plain: whether nothing stands where it may not, so that few elements can be at fault."""
    if is_plain:
        for element in reversed(list(body.iter(*_NOT_SETTLED_BY_NESTING))):
            if element.getparent() is not None:
                _repair(element)
        for element in list(body.iter(h("th"))):
            _contextual(element)
        return
    for element in list(body.iter()):
        if name_of(element) == "dl":
            _unwrap_groups(element)
    for element in reversed(list(body.iter(etree.Element))):
        if element is not body and element.getparent() is not None:
            _repair(element)
    _single_interactive(body)
    for element in list(body.iter(etree.Element)):
        _contextual(element)


def name_of(element: etree._Element) -> str:
    """The local name of an XHTML element; empty for any other."""
    return _local_name(element.tag)


@functools.lru_cache(maxsize=1024)
def _local_name(tag: object) -> str:
    return tag[len(_PREFIX) :] if isinstance(tag, str) and tag.startswith(_PREFIX) else ""


def rename(element: etree._Element, name: str) -> None:
    """Give the element another name, and a class that keeps the old one for the style sheet."""
    old = name_of(element)
    element.tag = h(name)
    if old not in ("span", "div", ""):
        add_class(element, f"as-{old}")
    kept = {"a": ("href",), "img": ("src", "alt", "width", "height")}.get(name, ())
    for attribute in list(element.attrib):
        if attribute in (
            "href", "hreflang", "start", "type", "value", "span", "colspan", "rowspan", "headers", "scope", "abbr",
            "datetime", "role", "aria-label", "aria-labelledby",
        ) and attribute not in kept:  # fmt: skip
            del element.attrib[attribute]


def unwrap(element: etree._Element) -> None:
    """Put the children of the element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    previous = parent[index - 1] if index else None

    def text_before(text: str | None) -> None:
        if not text:
            return
        if previous is not None:
            previous.tail = (previous.tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    text_before(element.text)
    children = list(element)
    tail = element.tail
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    if children:
        children[-1].tail = (children[-1].tail or "") + (tail or "") or None
    else:
        text_before(tail)


def is_block(element: etree._Element) -> bool:
    """Whether the element makes its parent's content flow content."""
    name = name_of(element)
    if name in BLOCKS or name in PARTS - {"rt", "rp"}:
        return True
    return name in TRANSPARENT and any(is_block(child) for child in element)


def _repair(element: etree._Element) -> None:
    name = name_of(element)
    if not name:
        return
    if name in _EMPTY_WRAPPERS and _is_empty(element):
        _leave_ids(element)
        return
    has_blocks = any(is_block(child) for child in element)
    if name in PHRASING_ONLY:
        if has_blocks:
            _demote(element)
    elif has_blocks and (name in INLINE or name == "p"):
        rename(element, "div")
    elif name in ("ul", "ol"):
        _repair_list(element)
    elif name == "dl":
        _repair_definitions(element)
    elif name == "figure":
        _repair_figure(element)
    elif name in ("dt", "th", "caption"):
        _flatten_headings(element)
    elif name == "ruby" and not any(name_of(c) == "rt" for c in element):
        rename(element, "span")


def _contextual(element: etree._Element) -> None:
    """What an element may be called where it stands, now that its parents are settled."""
    name = name_of(element)
    parent = element.getparent()
    if not name or parent is None:
        return
    outer = name_of(parent)
    if name in _PARENTS and outer not in _PARENTS[name]:
        rename(element, "span" if name in ("rt", "rp") or outer in INLINE or outer in PHRASING_ONLY else "div")
    elif name in ("header", "footer", "address"):
        if any(name_of(a) in ("header", "footer", "address", "dt", "th") for a in element.iterancestors()):
            rename(element, "div")
    elif name == "th" and _is_empty(element):
        # a header cell that says nothing is read out as nothing, over and over
        element.tag = h("td")
        for attribute in ("scope", "abbr"):
            element.attrib.pop(attribute, None)
    elif name == "img" and outer == "ruby":
        rename(parent, "span")


def _is_empty(element: etree._Element) -> bool:
    """Whether nothing of the element shows."""
    if (element.text or "").strip():
        return False
    return all(
        name_of(child) in ("span", "p", "li", "tbody", "thead", "tr", "colgroup", "col", "dt", "dd")
        and _is_empty(child)
        and not (child.tail or "").strip()
        for child in element
    )


def _leave_ids(element: etree._Element) -> None:
    """Remove an empty element; what links lead to stays, as empty spans."""
    parent = element.getparent()
    if parent is None:
        return
    ids = [e.get("id") for e in element.iter(etree.Element) if e.get("id")]
    index = parent.index(element)
    tail = element.tail
    element.tail = None
    parent.remove(element)
    anchors = [etree.Element(h("span"), id=name) for name in ids]
    for offset, anchor in enumerate(anchors):
        parent.insert(index + offset, anchor)
    if not tail:
        return
    if anchors:
        anchors[-1].tail = tail
    elif index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def _demote(element: etree._Element) -> None:
    """Everything in the element as spans that the style sheet sets as blocks."""
    for inner in list(element.iterdescendants(etree.Element)):
        name = name_of(inner)
        if name == "hr":
            inner.tag = h("br")
        elif name in BLOCKS or name in PARTS:
            rename(inner, "span")
            add_class(inner, "as-block")


def _repair_list(element: etree._Element) -> None:
    """Only items in a list: runs of anything else become items of their own."""
    _wrap_strays(element, ("li",), "li")


def _wrap_strays(element: etree._Element, parts: tuple[str, ...], wrapper: str) -> None:
    text = element.text
    element.text = None
    current: etree._Element | None = None
    if text and text.strip():
        current = etree.Element(h(wrapper))
        current.text = text
        element.insert(0, current)
    for child in list(element):
        if child is current:
            continue
        tail = child.tail
        if name_of(child) in parts:
            current = None
            child.tail = None
            if tail and tail.strip():
                current = etree.Element(h(wrapper))
                current.text = tail
                child.addnext(current)
            continue
        if current is None:
            current = etree.Element(h(wrapper))
            child.addprevious(current)
        current.append(child)
    for child in element:
        child.tail = "\n"
    if len(element):
        element.text = "\n"


def _unwrap_groups(element: etree._Element) -> None:
    """A `div` around terms in a `dl` is allowed, but says nothing, and some reading systems stumble on it."""
    for child in list(element):
        if name_of(child) == "div" and any(name_of(c) in ("dt", "dd") for c in child):
            unwrap(child)


def _repair_definitions(element: etree._Element) -> None:
    """Terms and their definitions in turns, as the content model wants them."""
    _wrap_strays(element, ("dt", "dd"), "dd")
    previous = ""
    for child in list(element):
        name = name_of(child)
        if name == "dd" and previous == "":
            child.addprevious(etree.Element(h("dt")))
        previous = name
    if previous == "dt":
        etree.SubElement(element, h("dd"))


def _repair_figure(element: etree._Element) -> None:
    """One caption, at one end."""
    captions = [c for c in element if name_of(c) == "figcaption"]
    for extra in captions[1:]:
        rename(extra, "div")
    if captions and captions[0] is not element[0] and captions[0] is not element[-1]:
        append_text(element, "")
        tail = captions[0].tail
        captions[0].tail = None
        if tail and tail.strip():
            previous = captions[0].getprevious()
            if previous is not None:
                previous.tail = (previous.tail or "") + tail
        element.append(captions[0])


def _flatten_headings(element: etree._Element) -> None:
    """No headings or sections in a term, a header cell or a caption."""
    for inner in list(element.iterdescendants(etree.Element)):
        name = name_of(inner)
        if name in HEADINGS:
            rename(inner, "p")
        elif name in SECTIONING or name in ("header", "footer", "address"):
            rename(inner, "div")
        elif name == "table" and name_of(element) == "caption":
            _demote(element)


def _single_interactive(body: etree._Element) -> None:
    """No link in a link; and no link without a target."""
    for link in list(body.iter(h("a"))):
        if any(name_of(a) == "a" for a in link.iterancestors()):
            rename(link, "div" if any(is_block(c) for c in link) else "span")
            link.attrib.pop(PLACE, None)


def has_foreign(root: etree._Element, namespace: str) -> bool:
    """Whether an element of SVG or MathML is in the document."""
    return next(root.iter(f"{{{namespace}}}*"), None) is not None


def manifest_properties(root: etree._Element) -> tuple[str, ...]:
    """The manifest properties that the content asks for (EPUB 3.3 section 5.5.3.1), sorted."""
    return tuple(n for n, ns in (("mathml", MATHML), ("svg", SVG)) if has_foreign(root, ns))
