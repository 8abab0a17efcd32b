"""What parts of a page mean, said in EPUB's vocabulary: notes and their references, glossaries, tips, tables' heads."""

from __future__ import annotations

from lxml import etree

from octavo.writers.epub.content_model import EPUB_TYPE, XHTML, h
from octavo.writers.epub.soup import add_class
from octavo.writers.epub.words import direction

_UNDIRECTED = etree.XPath("descendant-or-self::*[@lang and not(@dir)]")
# program text: what is it by name, what once was, and signatures
_PROGRAM_TEXT = etree.XPath(
    "descendant::*[self::h:pre or self::h:code or self::h:kbd or self::h:samp"
    " or contains(concat(' ', @class, ' '), ' sig ')"
    " or contains(concat(' ', @class, ' '), ' as-code ') or contains(concat(' ', @class, ' '), ' as-kbd ')"
    " or contains(concat(' ', @class, ' '), ' as-samp ')][not(@dir)]",
    namespaces={"h": XHTML},
)
_NOTICES = frozenset({"warning", "caution", "danger", "attention", "important", "error"})


def mark_meaning(body: etree._Element) -> None:
    """Add `epub:type` and roles in place, scopes of heads, and the direction of passages in other languages."""
    for passage in _UNDIRECTED(body):
        language = passage.get("lang")
        if language:
            passage.set("dir", direction(language))
    for table in body.iter(h("table")):
        if "autosummary" in table.get("class", "").split():
            _name_rows(table)
        _scopes(table)
    for quotation in body.iter(h("blockquote")):
        classes = quotation.get("class", "").split()
        if "epigraph" in classes:
            quotation.set(EPUB_TYPE, "epigraph")
            quotation.set("role", "doc-epigraph")
        elif "pull-quote" in classes:
            _pull_quote(quotation)
    for link in body.iter(h("a")):
        classes = link.get("class", "").split()
        if link.get("role") == "doc-noteref" or "footnote-reference" in classes:
            link.set(EPUB_TYPE, "noteref")
            link.set("role", "doc-noteref")
        elif "citation-reference" in classes:
            link.set(EPUB_TYPE, "biblioref")
            link.set("role", "doc-biblioref")
        elif link.get("role") == "doc-backlink":
            link.set(EPUB_TYPE, "backlink")
    for aside in list(body.iter(h("aside"))):
        if aside.get("role") == "doc-footnote" or "footnote" in aside.get("class", "").split():
            aside.set(EPUB_TYPE, "footnote")
            aside.set("role", "doc-footnote")
        elif "footnote-list" in aside.get("class", "").split():
            # docutils' frame around notes says nothing, and an aside is a landmark
            aside.tag = h("div")
        elif aside.get("role") is None and not aside.get("aria-label") and not aside.get("aria-labelledby"):
            # several landmarks of a kind must be told apart by name (WCAG 2.2, 1.3.6): a note is none
            aside.set("role", "note")
    for terms in body.iter(h("dl")):
        if "glossary" in terms.get("class", "").split():
            # `glossary` itself wants a role that a dl can't have: it stands on the document's section
            for child in terms:
                child.set(EPUB_TYPE, "glossterm" if child.tag == h("dt") else "glossdef")
    for block in body.iter(h("div")):
        classes = block.get("class", "").split()
        if "admonition" in classes:
            _admonition(block, classes)
        elif "math" in classes:
            # a wide formula scrolls, and what scrolls must be reached without a mouse (WCAG 2.2, 2.1.1)
            block.set("tabindex", "0")


def set_program_text_left_to_right(body: etree._Element) -> None:
    """For a book in a script that runs the other way, where signs at the ends of a line would change places.

    By attributes: a style sheet of an EPUB may not say it (EPUB 3.3 section 6.3.1.2).
    """
    for element in _PROGRAM_TEXT(body):
        element.set("dir", "ltr")


def _name_rows(table: etree._Element) -> None:
    """A summary of objects, one a row: the first cell, with the object's name, is the row's head."""
    if next(table.iter(h("th")), None) is None:
        for row in table.iter(h("tr")):
            if len(row) > 1 and "".join(row[0].itertext()).strip():
                row[0].tag = h("th")


def _scopes(table: etree._Element) -> None:
    """What a head is the head of: its column in the table's head, its row elsewhere (WCAG 2.2, 1.3.1)."""
    for head in table.iter(h("th")):
        if head.get("scope") is None:
            in_head = any(a.tag == h("thead") for a in head.iterancestors())
            is_wide = head.get("colspan", "1") != "1" if in_head else head.get("rowspan", "1") != "1"
            head.set("scope", ("colgroup" if is_wide else "col") if in_head else "rowgroup" if is_wide else "row")


def _pull_quote(quotation: etree._Element) -> None:
    """Said twice, and so left out by who listens: an aside with the role that says so."""
    quotation.tag = h("aside")
    quotation.set(EPUB_TYPE, "pullquote")
    quotation.set("role", "doc-pullquote")


def _admonition(block: etree._Element, classes: list[str]) -> None:
    if "tip" in classes or "hint" in classes:
        # DPUB-ARIA's doc-tip stands for EPUB's tip
        block.set("role", "doc-tip")
        block.tag = h("aside")
        block.set(EPUB_TYPE, "tip")
    elif _NOTICES & set(classes):
        block.set("role", "note")
        add_class(block, "octavo-notice")
    else:
        block.set("role", "note")
