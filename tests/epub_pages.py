"""The pages of a printed edition in an EPUB, as tests see them: the list, and the text around each mark."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

NS = {"h": "http://www.w3.org/1999/xhtml", "e": "http://www.idpf.org/2007/ops"}
_MARK = re.compile(r'<span id="page-[^"]*" role="doc-pagebreak" aria-label="[^"]*" epub:type="pagebreak"/>')
_LIST = re.compile(r'<nav id="page-list".*?</nav>|\s*<pageList>.*?</pageList>', re.DOTALL)
_OF_PACKAGE = re.compile(
    r'\s*<meta property="(?:pageBreakSource">[^<]*|schema:accessibilityFeature">'
    r"(?:pageNavigation|pageBreakMarkers))</meta>"
)
_OF_NCX = re.compile(r'(<meta name="dtb:(?:totalPageCount|maxPageNumber)" content=)"\d+"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A page of the list. before, after: the text of the document around its mark."""

    label: str
    href: str
    before: str
    after: str


def marks(epub: Path) -> list[Mark]:
    """The pages in the order of the list, each with its one mark."""
    with zipfile.ZipFile(epub) as archive:
        nav = etree.fromstring(archive.read("EPUB/nav.xhtml"))
        found, documents = [], {}
        for link in nav.xpath("//h:nav[@e:type='page-list']//h:a", namespaces=NS):
            href = link.get("href")
            name, _, anchor = href.partition("#")
            if name not in documents:
                documents[name] = etree.fromstring(archive.read(f"EPUB/{name}"))
            (mark,) = documents[name].xpath("//*[@id=$i]", i=anchor)
            assert mark.get(f"{{{NS['e']}}}type") == "pagebreak"
            assert mark.get("aria-label") == link.text
            before, after = ("".join(mark.xpath(f"{axis}::text()")) for axis in ("preceding", "following"))
            found.append(Mark(label=link.text, href=href, before=before, after=after))
        count = sum(len(_MARK.findall(archive.read(n).decode())) for n in archive.namelist() if n.endswith(".xhtml"))
        assert count == len(found), "marks that the list does not have"
    return found


def without_pages(epub: Path) -> dict[str, bytes]:
    """Every file of an EPUB, without what it says of printed pages."""
    with zipfile.ZipFile(epub) as archive:
        return {name: _stripped(name, archive.read(name)) for name in archive.namelist()}


def _stripped(name: str, content: bytes) -> bytes:
    if not name.endswith((".xhtml", ".ncx", ".opf")):
        return content
    text = _OF_NCX.sub(r'\1"0"', _OF_PACKAGE.sub("", _LIST.sub("", _MARK.sub("", content.decode()))))
    return text.encode()
