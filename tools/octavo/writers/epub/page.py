"""One document of the book as XML: the page around a body, and its bytes."""

from __future__ import annotations

from lxml import etree

from octavo.writers.epub.content_model import EPUB, EPUB_TYPE, XHTML, XML_LANG, h

STYLESHEET = "styles/book.css"


def serialise(body: etree._Element, *, title: str, language: str, direction: str, prefix: str | None = None) -> bytes:
    """The document. direction: "ltr" or "rtl", of the language; prefix: of vocabularies beyond the default one."""
    html = etree.Element(h("html"), nsmap={None: XHTML, "epub": EPUB})
    html.set("lang", language)
    html.set(XML_LANG, language)
    if direction == "rtl":
        html.set("dir", direction)
    if prefix is not None:
        html.set(f"{{{EPUB}}}prefix", prefix)
    head = etree.SubElement(html, h("head"))
    etree.SubElement(head, h("meta")).set("charset", "utf-8")
    etree.SubElement(head, h("title")).text = title
    link = etree.SubElement(head, h("link"))
    link.set("rel", "stylesheet")
    link.set("type", "text/css")
    link.set("href", STYLESHEET)
    html.append(body)
    body.tail = "\n"
    head.tail = "\n"
    written: bytes = etree.tostring(html, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n' + written + b"\n"


def section(body: etree._Element, kind: str | None, role: str | None) -> etree._Element:
    """The one section around all of a body, with its meaning; made where it is not there."""
    children = list(body)
    alone = len(children) == 1 and children[0].tag == h("section") and not (body.text or "").strip()
    if alone and not (children[0].tail or "").strip():
        around = children[0]
    elif kind is None:
        return body
    else:
        around = etree.Element(h("section"))
        around.text = body.text
        body.text = "\n"
        for child in children:
            around.append(child)
        body.append(around)
    if kind is not None:
        around.set(EPUB_TYPE, kind)
    if role is not None:
        around.set("role", role)
    return around
