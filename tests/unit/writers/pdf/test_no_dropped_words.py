"""Every word of a project's HTML is in its PDF: the sample book, and any other project that is named.

`OCTAVO_WORDS_OF=folder` (with conf.py, in an environment that has its extensions) compares that project as well.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).parents[4]
# what only a screen needs: navigation, scripts, and what MathML or a picture says in another way
NOT_TEXT = "script, style, .headerlink, .toctree-wrapper, nav, .linenos, footer, button, svg, math, .math, .footer"
PAGES_OF_THE_SITE = ("genindex", "search", "_modules/", "py-modindex", "_static/", "_sources/")


def made(source: Path, conf: Path, out: Path, builder: str) -> Path:
    settings = {"html_theme": "basic", "html_theme_options": {}} if builder == "html" else {}
    with patch_docutils(conf), docutils_namespace():
        app = Sphinx(
            source, conf, out / builder, out / "doctrees", builder, settings, status=None, warning=io.StringIO()
        )
        app.build(force_all=True)
    return out / builder


def html_words(folder: Path) -> dict[str, set[str]]:
    """Each word of three letters and more, with the pages that have it."""
    found: dict[str, set[str]] = {}
    for file in sorted(folder.rglob("*.html")):
        name = file.relative_to(folder).as_posix()
        if name.startswith(PAGES_OF_THE_SITE):
            continue
        body = LexborHTMLParser(file.read_text(encoding="utf-8")).css_first("[role=main], .body")
        assert body is not None, name
        for unseen in body.css(NOT_TEXT):
            unseen.decompose()
        for word in re.findall(r"\w{3,}", body.text(separator=" ")):
            found.setdefault(letters(word), set()).add(name)
    return found


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def dropped(source: Path, conf: Path, out: Path) -> dict[str, set[str]]:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    words = html_words(made(source, conf, out, "html"))
    artefact = next(made(source, conf, out, "octavo-pdf").glob("*.pdf"))
    text = subprocess.run(["pdftotext", str(artefact), "-"], capture_output=True, check=True, text=True).stdout
    # a hyphen at a line's end is the word's own or the line's
    forms = (letters(re.sub(r"[-\u2010\u00ad]\n", "", text)), letters(text))
    assert len(words) > 100
    return {word: pages for word, pages in words.items() if not any(word in form for form in forms)}


def test_sample_book(tmp_path: Path) -> None:
    pytest.importorskip("sphinxcontrib.bibtex", reason="the sample book has a bibliography")
    lost = dropped(ROOT / "book", ROOT / "conf", tmp_path)
    # a dedication is known by its look: its heading is a bookmark, and not printed
    assert lost == {"dedication": {"dedication.html"}}


if "OCTAVO_WORDS_OF" in os.environ:  # a project to try by hand, not a test that is left out without it

    def test_named_project(tmp_path: Path) -> None:
        folder = Path(os.environ["OCTAVO_WORDS_OF"])
        assert dropped(folder, folder, tmp_path) == {}
