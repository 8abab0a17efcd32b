"""`octavo serve` in Chromium: an edit is on the screen without a reload, and the books follow.

OCTAVO_SCREENSHOTS names a folder for pictures, to be looked at.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from octavo_testing import BOOKS

pytest.importorskip("uvicorn", reason="the extra octavo[serve] is not installed")
Error = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").Error

BOOKS_BUILT = 120_000  # milliseconds
HARMLESS = ("net::ERR_", "Got invalid theme mode", "404", "503", "searchindex.js")  # the theme's own, and what waits
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
LONG = "\n\n".join(
    f"Paragraph {number} of many, with some words in it so that it fills a line." for number in range(60)
)
FILES: dict[str, str | bytes] = {
    "index.md": "# The book\n\n```{toctree}\none\ntwo\n```\n",
    "one.md": f"# One\n\n![A square](square.svg)\n\n```python\nprint(1)\n```\n\n{LONG}\n\nLast words.\n",
    "two.md": "# Two\n\nWords of two.\n",
    "square.svg": SVG.format(9),
    "_static/own.css": "article p { background-color: rgb(250, 251, 252) }",
}
CONF = """
html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["own.css"]
"""


class Shown:
    """A project in a running preview, and a page in the browser that shows it."""

    def __init__(self, root: Path, address: str, page: Any) -> None:
        self.root = root
        self.address = address
        self.page = page

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def open(self, path: str) -> None:
        """Go to a page; a mark on its window tells later whether it was loaded again."""
        self.page.goto(f"{self.address}{path}")
        until(self.page, "!document.documentElement.dataset.octavoWaiting && document.readyState === 'complete'")
        self.page.evaluate("window.notReloaded = true")

    def picture(self, name: str) -> None:
        """Make a screenshot where they are wanted."""
        if folder := os.environ.get("OCTAVO_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture
def shown(browser: Any, project: Callable[..., Path]) -> Iterator[Callable[..., Shown]]:
    """Start `octavo serve` on a project; at the end there must have been no error in any console."""
    started: list[tuple[subprocess.Popen[str], Any]] = []
    complaints: list[str] = []

    def start(root: Path | None = None, *options: str, conf: str = CONF, scheme: str = "light") -> Shown:
        root = root or project(dict(FILES), conf=conf)
        process = subprocess.Popen(
            [sys.executable, "-m", "octavo", "serve", str(root), "--port", "0", "--jobs", "1", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout is not None
        found = re.search(r"http://\S+/", process.stdout.readline())
        assert found
        context = browser.new_context(viewport={"width": 1400, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
        started.append((process, context))
        return Shown(root, found[0], page)

    yield start
    for process, context in started:
        context.close()
        process.terminate()
        process.communicate(timeout=30)
    assert "\n".join(c for c in complaints if not any(known in c for known in HARMLESS)) == ""


def until(place: Any, expression: str, argument: object = None, *, seconds: float = 30) -> None:
    """Wait until an expression is true in a page or frame. Playwright's own way is refused by the pages' policy."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(Error):  # the page is being left
            if place.evaluate(expression, argument):
                return
        time.sleep(0.02)
    raise AssertionError(f"never true: {expression}")


def wait_for_text(place: Any, text: str) -> None:
    until(place, "text => document.body?.innerText.includes(text)", text)


def test_edit_to_pixel(shown: Callable[..., Shown]) -> None:
    """In place: scroll, scripts' work and the theme's buttons stay; the changed block alone is lit."""
    book = shown(None, "--format", "html")
    book.open("site/one.html")
    wait_for_text(book.page, "Last words")
    page = book.page
    page.wait_for_load_state("networkidle")
    buttons = page.locator("button").count()
    assert buttons > 0
    page.evaluate("""() => {
      window.lit = [];
      document.addEventListener('octavo:lit', ({ detail }) => window.lit.push(...detail.map(e => e.innerText)));
      document.querySelector('pre').insertAdjacentHTML('afterend', '<button id="own">Copy</button>');
    }""")
    page.evaluate("scrollTo({ top: 400, behavior: 'instant' })")
    for number in range(3):
        before = page.evaluate("scrollY")
        started = time.perf_counter()
        book.edit("one.md", "Paragraph 7 of" if not number else f"Edited {number - 1} of", f"Edited {number} of")
        wait_for_text(page, f"Edited {number} of many")
        seconds = time.perf_counter() - started
        assert seconds < 10
        assert page.evaluate("[scrollY, window.notReloaded]") == [before, True]
        if not number:
            assert page.evaluate("document.getAnimations().length") > 0
            book.picture("preview-lit")
    assert [text.split(" of ")[0] for text in page.evaluate("window.lit")] == ["Edited 0", "Edited 1", "Edited 2"]
    assert page.locator("#own").count() == 1
    assert page.locator("button").count() == buttons + 1
    book.edit("one.md", "Last words", "The very last words")
    page.locator("octavo-pointer button").click()
    until(page, "scrollY > 1000")


def test_overlay(shown: Callable[..., Shown]) -> None:
    """A finding is shown with file and line, over the page itself and over the page at `/`; mended, it is gone."""
    book = shown(None, "--format", "html")
    for path in ("site/two.html", ""):
        book.open(path)
        page = book.page
        site = page.frame(name="site") or page
        if not path:
            site.wait_for_url("**/site/index.html")
            site.goto(f"{book.address}site/two.html")
        wait_for_text(site, "Words of two.")
        book.edit("two.md", "Words of two.", "Words of two. {ref}`nowhere`")
        item = page.locator("octavo-overlay li")
        item.wait_for()
        assert item.locator(".place").inner_text() == "two.md:3"
        assert "nowhere" in item.locator(".text").inner_text()
        assert site.locator("octavo-overlay").count() == (1 if path else 0)
        book.picture(f"preview-overlay-{'page' if path else 'shell'}")
        page.locator("octavo-overlay .close").click()
        assert page.locator("octavo-overlay .badge").inner_text() == "1 error"
        book.edit("two.md", " {ref}`nowhere`", "")
        page.locator("octavo-overlay .badge").wait_for(state="hidden")
        item.wait_for(state="hidden")
        assert site.evaluate("document.body.innerText.includes('Words of two.')")


def test_title_changes_everywhere(shown: Callable[..., Shown]) -> None:
    """A heading that other pages show reaches a page that was not edited, without a reload."""
    book = shown(None, "--format", "html")
    book.open("site/one.html")
    wait_for_text(book.page, "Last words")
    book.edit("two.md", "# Two", "# The second")
    wait_for_text(book.page, "The second")
    assert book.page.evaluate("window.notReloaded") is True


def test_pictures_and_styles(shown: Callable[..., Shown]) -> None:
    book = shown(None, "--format", "html")
    book.open("site/one.html")
    wait_for_text(book.page, "Last words")
    page = book.page
    width = "document.querySelector('main img').naturalWidth"
    until(page, f"{width} === 9")
    (book.root / "square.svg").write_text(SVG.format(33), encoding="utf-8")
    until(page, f"{width} === 33")
    book.edit("_static/own.css", "rgb(250, 251, 252)", "rgb(251, 252, 253)")
    until(page, "getComputedStyle(document.querySelector('article p')).backgroundColor === 'rgb(251, 252, 253)'")
    assert page.evaluate("window.notReloaded") is True


def test_document_that_goes(shown: Callable[..., Shown]) -> None:
    book = shown(None, "--format", "html")
    book.open("site/two.html")
    wait_for_text(book.page, "Words of two")
    (book.root / "two.md").unlink()
    book.page.wait_for_url("**/site/index.html")
    book.edit("index.md", "\ntwo\n", "\nthree\n")
    (book.root / "three.md").write_text("# Three\n\nWords.\n", encoding="utf-8")
    wait_for_text(book.page, "Three")


def test_waiting_for_the_book(shown: Callable[..., Shown]) -> None:
    """A browser that comes too early waits, and one whose server ends is told."""
    book = shown(None, "--format", "html")
    book.page.goto(f"{book.address}site/index.html", wait_until="commit")
    wait_for_text(book.page, "The book")
    assert book.page.locator("article h1").inner_text().startswith("The book")


@pytest.mark.slow
def test_epub_and_pdf(shown: Callable[..., Shown], project: Callable[..., Path]) -> None:
    """Both are shown in readers, and stay at their place when they are built anew."""
    files = {file.name: file.read_bytes() for file in (BOOKS / "small").iterdir() if file.is_file()}
    conf = files.pop("conf.py").decode()
    root = project(files)
    (root / "conf.py").write_text(conf, encoding="utf-8")
    book = shown(root)
    book.open("")
    page = book.page
    for name in ("pdf", "epub"):
        page.wait_for_selector(f"#tab-{name}:not(.missing):not(.building)", timeout=BOOKS_BUILT)
    page.click("#together")
    views = {name: page.frame(name=name) for name in ("epub", "pdf")}
    for view in views.values():
        until(view, "window.octavoBook")
    first = {name: view.evaluate("octavoBook.version") for name, view in views.items()}
    epub, pdf = views["epub"], views["pdf"]
    epub.evaluate("octavoBook.view.goTo(octavoBook.view.book.toc.find(t => /second/.test(t.label)).href)")
    until(epub, "/second/.test(document.querySelector('#place').innerText)")
    pdf.evaluate("octavoBook.viewer.currentPageNumber = 5")
    until(pdf, "document.querySelector('.page[data-page-number=\"5\"] .textLayer')")
    top = pdf.evaluate("document.querySelector('#pages').scrollTop")
    assert top > 0
    book.picture("preview-together")
    path = root / "second.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n\nMarvellous new words.\n", encoding="utf-8")
    for name, view in views.items():
        until(view, "version => window.octavoBook.version !== version", first[name], seconds=BOOKS_BUILT / 1000)
    words = "octavoBook.view.renderer.getContents()[0].doc.body.textContent"
    until(epub, f"{words}.includes('Marvellous new words')")
    assert "second" in epub.locator("#place").inner_text()
    assert pdf.evaluate("octavoBook.viewer.currentPageNumber") == 5
    assert abs(pdf.evaluate("document.querySelector('#pages').scrollTop") - top) < 2
    for name in views:
        page.click(f"#tab-{name}")
        book.picture(f"preview-{name}")
