"""The words of a page, of the site and of the EPUB, so that nothing of a text can be lost unseen.

Formulas are left out on both sides: the site has their LaTeX, and the EPUB has MathML.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

# permalinks, buttons, what a script reads or runs, ways to the next page; in `.math`, LaTeX
_SITE_ONLY = (
    "a.headerlink, .viewcode-link, .viewcode-back, button, script, style, template, noscript, .math, math, "
    "py-script, py-config, py-env, "
    "summary .collapsed, summary .expanded, .related-pages"
)
_EPUB_ONLY = "math, .math, style, script"
# containers of the page's own text in the theme "basic", and in those that others build on it
_MAIN = ("div.body[role=main]", "article.bd-article", "[role=main]", "main", "body")
_WORD = re.compile(r"[^\W_]+")


def words_of_site(html: str) -> Counter[str]:
    """The words of a page of the site, without the theme's furniture."""
    tree = LexborHTMLParser(html)
    main = next(node for selector in _MAIN if (node := tree.css_first(selector)) is not None)
    for node in main.css(_SITE_ONLY):
        node.decompose()
    return _words(main.text(separator=" "))


def words_of_epub(xhtml: str) -> Counter[str]:
    """The words of a document of the EPUB."""
    tree = LexborHTMLParser(xhtml)
    for node in tree.css(_EPUB_ONLY):
        node.decompose()
    assert tree.body is not None
    return _words(tree.body.text(separator=" "))


def lost(site: str, epub: str) -> Counter[str]:
    """Words that the page of the site has and the document of the EPUB has not, with how often they are missing."""
    return words_of_site(site) - words_of_epub(epub)


def missing(out: Path) -> tuple[int, dict[str, dict[str, int]]]:
    """How many words the site has, and the words that each document of the EPUB lacks."""
    pages = {n: json.loads(next(out.glob(f"**/trace-{n}.json")).read_text(encoding="utf-8")) for n in ("html", "epub")}
    book = next((out / "epub").glob("*.epub"))
    count, found = 0, {}
    with zipfile.ZipFile(book) as archive:
        for docname, page in pages["html"]["pages"].items():
            site = (out / "html" / unquote(page)).read_text(encoding="utf-8")
            count += words_of_site(site).total()
            gone = lost(site, archive.read(f"EPUB/{pages['epub']['pages'][docname]}").decode())
            if gone:
                found[docname] = dict(gone)
    return count, found


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.replace("\u00ad", "")))
