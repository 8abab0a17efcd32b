"""The pages of the PDF in the EPUB of the same build: every one at its word, and none where there is no PDF."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from epub_pages import Mark, marks, without_pages
from octavo_testing import BOOKS, ROOT, Run

# below the running head and above the foot, in points: where the text of a page of these books is
_BODY = ("-x", "0", "-y", "52", "-W", "600", "-H", "590")
CLEAN = {
    "index.md": "# A Test\n\n```{toctree}\nfirst\nsecond\n```\n",
    "first.md": "# First\n\n"
    + "\n\n".join(f"Paragraph {'abcdefghij'[n % 10] * 3} {n}: " + "wording " * 90 for n in range(30)),
    "second.md": "# Second\n\nMore text.\n",
}
FAILING_PDF = """
def _break(app, doctree, docname):
    if app.builder.name == "octavo-pdf":
        {how}
def setup(app):
    app.connect("doctree-resolved", _break)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A PDF and an EPUB of one build."""

    pdf: Path
    epub: Path


@pytest.fixture(scope="module")
def small(octavo: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> Both:
    return build(octavo, BOOKS / "small", tmp_path_factory.mktemp("small") / "out")


@pytest.fixture(scope="module")
def sample(octavo: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> Both:
    return build(octavo, ROOT, tmp_path_factory.mktemp("sample") / "out")


def build(octavo: Callable[..., Run], project: Path, out: Path) -> Both:
    run = octavo("build", project, "--format", "pdf", "--format", "epub", "--out", out)
    assert run.status == 0, run.err
    (pdf,), (epub,) = out.glob("pdf/*.pdf"), out.glob("epub/*.epub")
    return Both(pdf=pdf, epub=epub)


def test_the_lists_of_the_small_book(small: Both) -> None:
    found = marks(small.epub)
    assert [(m.label, m.href.partition("#")[0]) for m in found] == [
        ("i", "title-page.xhtml"),
        ("ii", "copyright-page.xhtml"),
        ("iii", "nav.xhtml"),
        ("1", "first.xhtml"),
        ("3", "second.xhtml"),
        ("4", "glossary.xhtml"),
        ("5", "genindex.xhtml"),
    ]
    with zipfile.ZipFile(small.epub) as archive:
        package, ncx = archive.read("EPUB/content.opf").decode(), archive.read("EPUB/toc.ncx").decode()
    pairs = re.findall(r'<pageTarget id="[^"]*" type="(\w+)" value="(\d+)"', ncx)
    assert pairs == [("front", "1"), ("front", "2"), ("front", "3"), *(("normal", n) for n in "1345")]
    assert re.findall(r"<text>(\w+)</text>\s*</navLabel>\s*<content src=\"([^\"]*#page-[^\"]*)\"", ncx) == [
        (m.label, m.href) for m in found
    ]
    assert '<meta name="dtb:maxPageNumber" content="5"/>' in ncx
    assert "A Small Book: With a little of everything (PDF, " in re.findall(r'"pageBreakSource">([^<]*)<', package)[0]
    for feature in ("pageNavigation", "pageBreakMarkers"):
        assert f'"schema:accessibilityFeature">{feature}<' in package


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler")
def test_every_page_of_the_sample_book_begins_with_its_words(sample: Both) -> None:
    found = marks(sample.epub)
    labels = [m.label for m in found]
    assert len(set(labels)) == len(labels)
    order = page_labels(sample.pdf)
    bodies = {label: body_letters(sample.pdf, number) for number, label in enumerate(order, start=1)}
    contents = order.index(next(m.label for m in found if m.href.startswith("nav.xhtml")))
    following = next(n for n in range(contents + 1, len(order)) if order[n] in labels)
    # the contents run on for pages that nothing in the EPUB is
    expected = {label for label, body in bodies.items() if body} - set(order[contents + 1 : following])
    assert set(labels) == expected
    marked = [m for m in found if m.label != order[contents]]
    assert [(m.label, m.after[:60], bodies[m.label][:60]) for m in marked if not begins(m, bodies[m.label])] == []


def begins(mark: Mark, body: str) -> bool:
    """Whether a page of the PDF (its letters) begins with the words after its mark."""
    after = letters(mark.after[:200])
    if mark.href.startswith("genindex"):
        # in two columns, which poppler reads line by line; an entry that goes on is named again, as decoration
        return re.sub(r"^\w{1,60}?continued", "", body).startswith(after[:7])
    at = body.find(after[:30])
    # the rest of a word that is divided belongs to the page before, and heads of tables are printed again
    if 0 <= at <= 40:
        return True
    if at > 0 and after.startswith("figure"):
        return True  # the letters in a drawing, which stand above its caption
    # what floats is set above the text; titles of the first pages are not printed
    return (at > 0 and re.search(r"figure|table", body[:at]) is not None) or 0 < after.find(body[:30]) <= 12


def page_labels(pdf: Path) -> list[str]:
    with pikepdf.open(pdf) as opened:
        return [str(page.label) for page in opened.pages]


def body_letters(pdf: Path, page: int) -> str:
    command = ["pdftotext", "-f", str(page), "-l", str(page), *_BODY, str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return letters(re.sub(r"\(p\.\s*\w+\)", "", text))


def letters(text: str) -> str:
    """Without what the two editions say differently: numbers, hyphens, the ends of lines."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isalpha())


@pytest.mark.parametrize("book", ["small", pytest.param("sample", marks=pytest.mark.slow)])
def test_epubcheck_has_nothing_to_say(book: str, request: pytest.FixtureRequest) -> None:
    from octavo.checks.epub.epubcheck import epubcheck, find_epubcheck

    checker = find_epubcheck(os.environ)
    if checker is None:
        pytest.skip("needs EPUBCheck")
    assert list(epubcheck(request.getfixturevalue(book).epub, checker)) == []


def test_without_a_pdf_there_is_no_list(octavo: Callable[..., Run], small: Both, tmp_path: Path) -> None:
    run = octavo("build", BOOKS / "small", "--format", "epub", "--out", tmp_path / "out")
    assert run.status == 0, run.err
    assert "page" not in run.err.replace("pages", "")
    (epub,) = (tmp_path / "out/epub").glob("*.epub")
    assert marks(epub) == []
    with zipfile.ZipFile(epub) as archive:
        assert "page-list" not in archive.read("EPUB/nav.xhtml").decode()
        assert not re.search("pageBreak|pageNavigation", archive.read("EPUB/content.opf").decode())
    alone, both = without_pages(epub), without_pages(small.epub)
    assert list(alone) == list(both)
    assert [name for name in alone if alone[name] != both[name]] == []


@pytest.mark.parametrize("how", ['raise RuntimeError("broke")', "import os; os.kill(os.getpid(), 9)"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_pdf_that_fails_leaves_an_epub_without_a_list(
    octavo: Callable[..., Run], project: Callable[..., Path], how: str, jobs: str
) -> None:
    root = project(CLEAN, conf=FAILING_PDF.format(how=how))
    run = octavo("build", root, "--format", "epub", "--format", "pdf", "--jobs", jobs)
    assert run.status in (1, 2)
    assert "epub/page-list-missing: the EPUB does not name the pages of the PDF: the pdf writer failed" in run.err
    assert marks(root / "_build/epub/a-test.epub") == []


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_pages_in_the_midst_of_a_document(octavo: Callable[..., Run], project: Callable[..., Path], jobs: str) -> None:
    """The same however many work at a time: with one, the PDF comes first."""
    root = project(CLEAN)
    run = octavo("build", root, "--format", "epub", "--format", "pdf", "--jobs", jobs)
    assert run.status == 0, run.err
    found = marks(root / "_build/epub/a-test.epub")
    inside = [m for m in found if m.href.startswith("first.xhtml")]
    assert len(inside) > 5
    with pikepdf.open(root / "_build/pdf/a-test.pdf") as pdf:
        assert [m.label for m in found if m.label.isdigit()] == [
            str(p.label) for p in pdf.pages if str(p.label).isdigit() and b"MCID" in p.Contents.read_bytes()
        ]
    # the pages follow each other in the text
    assert [len(m.before) for m in inside] == sorted(len(m.before) for m in inside)
