"""A file that the text offers for download, shown as a document: the form in which a reader of a book can use it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from octavo.writers.epub import soup
from octavo.writers.epub.content_model import h
from octavo.writers.epub.repair import repair

if TYPE_CHECKING:
    from sphinx.highlighting import PygmentsBridge

MAX_ROWS = 2_000


def attachment(path: Path, highlighter: PygmentsBridge) -> etree._Element:
    """The body of the document: a table of a CSV file, program text or plain text of any other.

    Raises: OSError or UnicodeDecodeError when the file is no longer the text that it was.
    """
    text = soup.without_forbidden_characters(path.read_text(encoding="utf-8-sig"))
    rows = _rows(path, text)
    if rows is not None:
        body = _table(rows)
    else:
        highlighted = highlighter.highlight_block(text, _language(path))
        body = soup.parse(highlighted).body
        repair(body)
    heading = etree.Element(h("h1"))
    etree.SubElement(heading, h("code")).text = path.name
    body.insert(0, heading)
    heading.tail = "\n"
    return body


def _language(path: Path) -> str:
    from pygments.lexers import get_lexer_for_filename
    from pygments.util import ClassNotFound

    try:
        return str(get_lexer_for_filename(path.name).aliases[0])
    except (ClassNotFound, IndexError):
        return "text"


def _rows(path: Path, text: str) -> list[list[str]] | None:
    """The rows of a table that has a head and the same number of cells throughout; None for anything else."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        return None
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(text), "excel-tab" if path.suffix.lower() == ".tsv" else "excel")
            if row
        ]
    except csv.Error:
        return None
    return rows if 1 < len(rows) <= MAX_ROWS and len({len(row) for row in rows}) == 1 and all(rows[0]) else None


def _table(rows: list[list[str]]) -> etree._Element:
    body = etree.Element(h("body"))
    table = etree.SubElement(body, h("table"))
    head = etree.SubElement(etree.SubElement(table, h("thead")), h("tr"))
    for cell in rows[0]:
        etree.SubElement(head, h("th"), {"scope": "col"}).text = cell
    content = etree.SubElement(table, h("tbody"))
    for row in rows[1:]:
        line = etree.SubElement(content, h("tr"))
        for cell in row:
            etree.SubElement(line, h("td")).text = cell
    return body
