"""SVG and MathML that stand in a page: kept, without scripts, events, remote pictures and foreign names.

Both are XML in EPUB: names keep their case, attributes their namespaces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from octavo.writers.epub.content_model import MATHML, SVG, XLINK, XML_LANG

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_DEPTH = 100

_SVG_DROPPED = frozenset({"script", "foreignObject", "iframe", "audio", "video", "canvas", "handler", "listener"})
_MATHML_ELEMENTS = frozenset(
    {
        "math", "maction", "maligngroup", "malignmark", "menclose", "merror", "mfenced", "mfrac", "mi", "mlabeledtr",
        "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace",
        "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none",
    }
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_LOCAL_REFERENCE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)
_MATHML_STYLE = re.compile(
    r"text-align: ?(?:left|right|center)|padding-(?:left|right): ?[\d.]+(?:em)?|"
    r"border-(?:top|bottom|left|right): ?[\d.]+em solid|"
    r"font-(?:weight: ?bold|style: ?italic|family: ?(?:monospace|sans-serif))"
)
_STYLE_ONLY = frozenset(
    {
        "background", "background-color", "isolation", "line-height", "mix-blend-mode", "paint-order", "text-align",
        "transform-box", "transform-origin", "white-space", "z-index",
    }
)  # fmt: skip
_VERSIONS = ("1.0", "1.1", "1.2")
_PLAIN_VALUE = re.compile(r"[\w\s.,%#+-]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def fill_svg(svg: etree._Element, node: LexborNode, attributes: dict[str, str]) -> None:
    """Copy an inline picture. Without a name of its own it is hidden from those who listen."""
    _set_svg_attributes(svg, attributes)
    _fill(svg, node, SVG, _SVG_DROPPED, 0)
    title = svg.find(f"{{{SVG}}}title")
    named = bool(svg.get("aria-label")) or (title is not None and bool((title.text or "").strip()))
    if named and not svg.get("aria-hidden"):
        svg.set("role", "img")
    else:
        for name in ("role", "aria-labelledby"):
            svg.attrib.pop(name, None)
    if svg.get("aria-hidden") == "true":
        svg.attrib.pop("aria-label", None)


def fill_mathml(math: etree._Element, node: LexborNode, attributes: dict[str, str]) -> None:
    """Copy a formula that was written as MathML. Its annotations go: a reading system may show them as text."""
    _set_mathml_attributes(math, attributes)
    _fill(math, node, MATHML, frozenset({"annotation", "annotation-xml", "semantics"}), 0)
    words = " ".join("".join(math.itertext()).split())
    if not math.get("alttext") and words:
        # EPUBCheck's ACC-009; what is spoken of a formula of ours is made where its language is known
        math.set("alttext", words)


def clean_svg_attribute(name: str, value: str) -> str | None:
    """The value of an attribute that fetches nothing and runs nothing, or None."""
    text = _NOT_XML.sub("", value)
    if name.lower().startswith("on") or _LOCAL_REFERENCE.search(text) or "javascript:" in text.lower():
        return None
    if name == "style" and ("@import" in text or "expression(" in text):
        return None
    if name == "version" and text not in _VERSIONS:
        # icons of sphinx-design have that of their collection there
        return None
    if name in ("href", "xlink:href", f"{{{XLINK}}}href"):
        return text if text.startswith(("#", "data:image/")) else None
    return text


def settle_styles(element: etree._Element) -> None:
    """Properties that a style may name and an attribute of SVG may not (SVG 1.1, appendix N), as its style."""
    for name in sorted(_STYLE_ONLY & set(element.attrib)):
        value = element.attrib.pop(name).strip()
        if _PLAIN_VALUE.fullmatch(value):
            before = element.get("style", "").strip().rstrip(";")
            element.set("style", f"{before}; {name}: {value}" if before else f"{name}: {value}")


def shows_nothing(element: etree._Element) -> bool:
    """Whether it is a picture in a drawing whose file was elsewhere: without a reference it draws nothing."""
    return element.tag == f"{{{SVG}}}image" and not (element.get("href") or element.get(f"{{{XLINK}}}href"))


def _fill(parent: etree._Element, node: LexborNode, namespace: str, dropped: frozenset[str], depth: int) -> None:
    child = node.child
    while child is not None:
        if child.is_text_node:
            text = _NOT_XML.sub("", child.text_content or "")
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + text
            else:
                parent.text = (parent.text or "") + text
        elif child.is_element_node and depth < MAX_DEPTH:
            tag = child.tag or ""
            attributes = {name: value or "" for name, value in child.attributes.items()}
            if tag == "foreignObject":
                _text_of_html(parent, child, attributes)
            elif tag == "semantics":
                _fill(parent, child, namespace, dropped, depth)
            elif tag in dropped or not _NAME.fullmatch(tag):
                pass
            elif namespace == MATHML and tag not in _MATHML_ELEMENTS:
                _fill(parent, child, namespace, dropped, depth + 1)
            else:
                # a link in a picture would be one that no one checks
                name = "g" if namespace == SVG and tag == "a" else tag
                element = etree.SubElement(parent, f"{{{namespace}}}{name}")
                (_set_svg_attributes if namespace == SVG else _set_mathml_attributes)(element, attributes)
                if shows_nothing(element):
                    parent.remove(element)
                else:
                    _fill(element, child, namespace, dropped, depth + 1)
        child = child.next


def _text_of_html(parent: etree._Element, node: LexborNode, attributes: dict[str, str]) -> None:
    """HTML in a drawing as the drawing's own text, at its place: a reading system need not show the HTML."""
    words = " ".join(_NOT_XML.sub("", node.text(deep=True, separator=" ")).split())
    if words:
        text = etree.SubElement(parent, f"{{{SVG}}}text")
        _set_svg_attributes(text, {name: attributes[name] for name in ("x", "y", "transform") if name in attributes})
        text.set("dy", "1em")
        text.text = words


def _set_svg_attributes(element: etree._Element, attributes: dict[str, str]) -> None:
    for name, raw in attributes.items():
        value = clean_svg_attribute(name, raw)
        if value is None or name.startswith(("xmlns", "data-")):
            continue
        if name == "xlink:href":
            element.set(f"{{{XLINK}}}href", value)
        elif name == "xml:lang":
            element.set(XML_LANG, value)
        elif _NAME.fullmatch(name) and name not in ("tabindex", "focusable", "target"):
            element.set(name, value)
    settle_styles(element)


def _set_mathml_attributes(element: etree._Element, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        if name == "style":
            # what MathML Core says by style alone: sides and rules of cells, weights of words
            declarations = [d.strip() for d in value.split(";")]
            kept = [d for d in declarations if _MATHML_STYLE.fullmatch(d)]
            if kept:
                element.set("style", "; ".join(kept))
        elif _NAME.fullmatch(name) and not name.lower().startswith(("on", "data-", "xmlns")) and name not in (
            "tabindex", "role",
        ) and (name != "href" or element.tag == f"{{{MATHML}}}mtext"):  # fmt: skip
            # a link of a formula's text is checked as any other
            element.set(name, _NOT_XML.sub("", value))
