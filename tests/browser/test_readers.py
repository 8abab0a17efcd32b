"""The book opens in two real readers, epub.js and Foliate's, in Chromium.

OCTAVO_SCREENSHOTS names a folder for pictures of the pages by day and by night, to be looked at.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from loopback_library import library
from lxml import etree

HERE = Path(__file__).resolve().parent
READERS = ("epubjs", "foliate")
XHTML = "{http://www.w3.org/1999/xhtml}"
MOST_PAGES = 2000  # a reader that never comes to the end
ENOUGH_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
PAPER = {"light": (255, 255, 255), "dark": (18, 18, 18)}
OF_FOLIATE = "An iframe which has both allow-scripts and allow-same-origin"  # its own frame, whatever the book
THEMES = {"night": ("#dddddd", "#121212"), "sepia": ("#4f321c", "#f6ecd9")}


@dataclass(kw_only=True)
class Reader:
    """A book that is open in a reader."""

    page: Any
    opened: dict[str, Any]
    complaints: list[str] = field(default_factory=list)

    def ask(self, name: str, *arguments: object) -> Any:
        """Call one of the words of readers/*.js."""
        return self.page.evaluate("([name, given]) => window.reader[name](...given)", [name, list(arguments)])

    def follow(self, selector: str, nth: int = 0) -> dict[str, Any]:
        """Click on a link and wait until its target is seen. The link: its href and its text."""
        link: dict[str, Any] = self.ask("click", selector, nth)
        target = link["href"].partition("#")[2]
        self.page.wait_for_function("id => window.reader.shows(id)", arg=target)
        return link


@pytest.fixture
def opened(browser: Any, node_modules: Path, sample: Path, torture: Path) -> Iterator[Callable[..., Reader]]:
    """Open a book in a reader; after the test there must be no error in the console and no request to the web."""
    readers: list[Reader] = []
    shelves = {"modules": node_modules, "readers": HERE / "readers", "sample": sample.parent, "torture": torture.parent}
    with library(shelves) as address:

        def open_in(reader: str, book: Path = sample, *, scheme: str = "light") -> Reader:
            context = browser.new_context(viewport={"width": 700, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            made = Reader(page=page, opened={})
            readers.append(made)
            listen(made, address)
            page.goto(f"{address}/readers/{reader}.html")
            page.wait_for_function("() => window.ready")
            shelf = "sample" if book == sample else "torture"
            made.opened = made.ask("open", f"{address}/{shelf}/{book.name}")
            return made

        yield open_in
        for reader in readers:
            reader.page.context.close()
    assert [complaint for reader in readers for complaint in reader.complaints] == []


def listen(reader: Reader, address: str) -> None:
    def from_console(message: Any) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OF_FOLIATE):
            reader.complaints.append(f"{message.type}: {message.text}")

    def from_request(request: Any) -> None:
        if not request.url.startswith((address, "blob:", "data:", "about:")):
            reader.complaints.append(f"asked for {request.url}")

    reader.page.on("console", from_console)
    reader.page.on("pageerror", lambda error: reader.complaints.append(f"error: {error}"))
    reader.page.on("requestfailed", lambda request: reader.complaints.append(f"failed: {request.url}"))
    reader.page.on("request", from_request)


def document(book: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(book) as archive:
        return etree.fromstring(archive.read(f"EPUB/{name}"))


def listed(book: Path) -> list[tuple[str, str]]:
    """The table of contents as the nav has it: labels and targets, in order."""
    nav = document(book, "nav.xhtml").find(f".//{XHTML}nav[@id='toc']")
    assert nav is not None
    return [(" ".join("".join(a.itertext()).split()), str(a.get("href"))) for a in nav.iter(f"{XHTML}a")]


def spine(book: Path) -> list[str]:
    package = document(book, "content.opf")
    files = {item.get("id"): str(item.get("href")) for item in package.iterfind(".//{*}manifest/{*}item")}
    return [files[ref.get("idref")] for ref in package.iterfind(".//{*}itemref") if ref.get("linear") != "no"]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize("reader", READERS)
def test_finds_title_cover_and_contents(opened: Callable[..., Reader], sample: Path, reader: str) -> None:
    book = opened(reader).opened
    assert book["title"] == "Party Wall"
    width, height = book["cover"]
    assert height > width > 1000
    assert [(" ".join(item["label"].split()), item["href"]) for item in book["toc"]] == listed(sample)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("book", ["sample", "torture"])
def test_turns_every_page_to_the_end(
    opened: Callable[..., Reader], request: pytest.FixtureRequest, reader: str, book: str
) -> None:
    epub: Path = request.getfixturevalue(book)
    view = opened(reader, epub)
    place, turned, seen = view.ask("place"), [], {}
    for _ in range(MOST_PAGES):
        turned.append((place["href"], place["page"]))
        if place["href"] not in seen:
            seen[place["href"]] = words(view.ask("text"))
            assert all(width > 0 for width in view.ask("pictures")), place
            assert view.ask("overflowing") == [], place
        if place["atEnd"]:
            break
        place = view.ask("next")
    assert list(seen) == spine(epub)
    assert len(set(turned)) == len(turned), "a page came twice"
    for name, found in seen.items():
        pages = [page for href, page in turned if href == name]
        assert pages == list(range(1, len(pages) + 1))
        body = document(epub, name).find(f"{XHTML}body")
        assert body is not None
        assert words("".join(body.itertext())) == found, name


@pytest.mark.parametrize("reader", READERS)
def test_goes_to_each_entry_of_the_contents(opened: Callable[..., Reader], sample: Path, reader: str) -> None:
    view = opened(reader)
    for label, href in listed(sample):
        view.ask("goTo", href)
        name, _, anchor = href.partition("#")
        assert view.ask("place")["href"] == name
        view.page.wait_for_function("id => window.reader.shows(id)", arg=anchor)
        assert label in " ".join(view.ask("text").split())


@pytest.mark.parametrize("reader", READERS)
def test_follows_a_cross_reference(opened: Callable[..., Reader], reader: str) -> None:
    view = opened(reader)
    view.ask("goTo", "ch1-crossing.xhtml")
    link = view.follow("a.internal[href*='.xhtml#']")
    assert view.ask("place")["href"] == link["href"].partition("#")[0] != "ch1-crossing.xhtml"


@pytest.mark.parametrize("reader", READERS)
def test_follows_a_note_and_comes_back(opened: Callable[..., Reader], reader: str) -> None:
    view = opened(reader)
    view.ask("goTo", "ch1-crossing.xhtml")
    note = view.follow("a[role=doc-noteref]")
    back = view.follow(f"{note['href']} a[role=doc-backlink]")
    assert view.ask("hrefOf", back["href"]) == note["href"]
    assert view.ask("place")["href"] == "ch1-crossing.xhtml"


def test_a_note_pops_up(opened: Callable[..., Reader]) -> None:
    view = opened("foliate")
    view.ask("goTo", "ch1-crossing.xhtml")
    before = view.ask("place")
    view.page.evaluate("() => { window.reader.popUps = true; }")
    link = view.ask("click", "a[role=doc-noteref]")
    view.page.wait_for_function("() => window.reader.note()")
    note = view.ask("note")
    assert (note["type"], note["hidden"]) == ("footnote", True)
    assert note["text"].split() == view.ask("textOf", link["href"]).split()
    view.ask("closeNote")
    assert view.ask("place") == before


@pytest.mark.parametrize("reader", READERS)
def test_follows_entries_of_the_index(opened: Callable[..., Reader], reader: str) -> None:
    view = opened(reader)
    for nth in (0, 40, 90):
        view.ask("goTo", "genindex.xhtml")
        link = view.follow("section[role=doc-index] a", nth)
        assert view.ask("place")["href"] == link["href"].partition("#")[0]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("book", ["sample", "torture"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_is_read_by_day_and_by_night(
    opened: Callable[..., Reader], request: pytest.FixtureRequest, reader: str, book: str, scheme: str
) -> None:
    epub: Path = request.getfixturevalue(book)
    view = opened(reader, epub, scheme=scheme)
    assert too_faint(view, epub, PAPER[scheme], f"{reader}-{book}-{scheme}") == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("theme", THEMES)
def test_is_read_in_a_theme_of_the_reader(
    opened: Callable[..., Reader], torture: Path, reader: str, theme: str
) -> None:
    """The reader's own colours, while the system stays at light."""
    view = opened(reader, torture)
    text, paper = THEMES[theme]
    view.ask("theme", {"text": text, "paper": paper})
    ground = tuple(bytes.fromhex(paper[1:]))
    assert too_faint(view, torture, ground, f"{reader}-torture-{theme}") == []


def too_faint(view: Reader, epub: Path, paper: tuple[int, ...], name: str) -> list[str]:
    """Texts whose colour is too near to what lies behind them."""
    found = []
    for number, href in enumerate(spine(epub)):
        view.ask("goTo", href)
        measured = view.ask("contrasts", paper)
        found += [f"{href}: {m}" for m in measured if m["ratio"] < ENOUGH_CONTRAST]
        if folder := os.environ.get("OCTAVO_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            view.page.screenshot(path=Path(folder) / f"{name}-{number:02}.png")
    return found
