"""The book of all that a site can show and a book can't: clean, complete, and each change said with its place.

`FOUND` is every finding of both formats, and none other may come; `CONSTRUCTS` says of each construct what stands for
it in the EPUB's XHTML, and what in the PDF's Typst source.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from octavo.checks.epub.epubcheck import epubcheck, find_epubcheck
from octavo.diagnostics import Severity
from octavo_testing import BOOKS, Run
from text_of_pages import missing

TORTURE = BOOKS / "torture"
PIXELS = re.compile(r"[0-9a-f]{64}\.png")
BOTH = ("epub", "pdf")
# file, line (None: no line of a source is meant), rule, value, formats (none: it is of the sources)
FOUND = [
    ("design.md", 3, "sphinx/warning", "card header/footer separators", ()),
    ("extensions.md", 77, "epub/content-replaced", "digraph { a -> b }", ("epub",)),
    ("extensions.md", 77, "pdf/diagram-not-drawn", "Graphviz", ("pdf",)),
    ("extensions.md", 87, "epub/content-replaced", "graph LR", ("epub",)),
    ("extensions.md", 87, "pdf/diagram-not-drawn", "Mermaid", ("pdf",)),
    ("extensions.md", 118, "math/not-converted", "\\undefinedcommand{x}", BOTH),
    ("markup.md", 21, "epub/content-replaced", "javascript:run()", ("epub",)),
    ("markup.md", 29, "epub/remote-media", "https://www.example.org/embed/film", ("epub",)),
    ("markup.md", 29, "pdf/remote-media", "https://www.example.org/embed/film", ("pdf",)),
    ("markup.md", 31, "epub/content-replaced", "film.mp4", ("epub",)),
    ("markup.md", 31, "pdf/content-replaced", "film.mp4", ("pdf",)),
    ("markup.md", 33, "epub/remote-media", "https://example.org/sound.mp3", ("epub",)),
    ("markup.md", 33, "pdf/remote-media", "https://example.org/sound.mp3", ("pdf",)),
    ("markup.md", 35, "epub/remote-media", "https://example.org/thing.swf", ("epub",)),
    ("markup.md", 35, "pdf/remote-media", "https://example.org/thing.swf", ("pdf",)),
    ("markup.md", 49, "pdf/raw-skipped", '<img href="https://example.org/x.png">', ("pdf",)),
    ("markup.md", 49, "pdf/raw-skipped", '<svg width="20" height="20" onload="run()"></svg>', ("pdf",)),
    ("markup.md", 59, "epub/alternative-text-missing", "dot.png", ("epub",)),
    ("markup.md", 73, "epub/alternative-text-missing", "dot.png", ("epub",)),
    ("markup.md", 73, "epub/remote-media", "https://example.org/badge.svg", ("epub",)),
    ("markup.md", 73, "links/image-missing", "gone.png", BOTH),
    ("markup.md", 73, "pdf/alternative-text-missing", "dot.png", ("pdf",)),
    ("markup.md", 73, "pdf/remote-media", "https://example.org/badge.svg", ("pdf",)),
    ("markup.md", 77, "links/case-mismatch", "Markup.html", BOTH),
    ("markup.md", 77, "links/page-missing", "nowhere.html", BOTH),
    ("more.md", 4, "epub/node-unknown", "mystery", ("epub",)),
    ("more.md", 4, "pdf/node-unknown", "unknown_nodes.mystery", ("pdf",)),
    ("more.md", 9, "pdf/node-unknown", "unknown_nodes.framed", ("pdf",)),
    ("more.md", 13, "pdf/node-unknown", "unknown_nodes.printed", ("pdf",)),
    ("more.md", 21, "epub/image-unsupported", "damaged.png", ("epub",)),
    ("more.md", 21, "pdf/image-unsupported", "damaged.png", ("pdf",)),
    ("more.md", 23, "epub/remote-media", "https://example.org/photo.jpg", ("epub",)),
    ("more.md", 23, "pdf/remote-media", "https://example.org/photo.jpg", ("pdf",)),
    ("more.md", 49, "epub/content-replaced", "digraph inheritance {", ("epub",)),
    ("more.md", 49, "pdf/diagram-not-drawn", "Graphviz", ("pdf",)),
    ("more.md", 60, "pdf/raw-skipped", '<iframe srcdoc="&lt;p&gt;x&lt;/p&gt;"></iframe>', ("pdf",)),
    ("notebook.ipynb", None, "epub/alternative-text-missing", "PIXELS", ("epub",)),
    ("notebook.ipynb", None, "epub/content-replaced", "IntSlider(value=1)", ("epub",)),
    ("notebook.ipynb", None, "epub/content-replaced", "alt.Chart(...)", ("epub",)),
    ("notebook.ipynb", None, "pdf/alternative-text-missing", "PIXELS", ("pdf",)),
    ("notebook.ipynb", None, "pdf/content-replaced", "IntSlider(value=1)", ("pdf",)),
    ("notebook.ipynb", None, "pdf/content-replaced", "alt.Chart(...)", ("pdf",)),
    ("restructured.rst", 142, "pdf/raw-skipped", "\\never", ("pdf",)),
]
# construct, document, what stands for it in the EPUB, what stands for it in print (None: nothing to see)
CONSTRUCTS = [
    ("entities", "markup", "An entity:\xa0a space, ©, …, —", "An entity:\xa0a space, ©"),
    ("void elements", "markup", "void<br/>elements", "void#linebreak();elements"),
    ("a block in a paragraph", "markup", "<div>with a block</div>", "with a block"),
    ("a link in a link", "markup", 'href="#two">inner</a>', "inner"),
    ("a button in a link", "markup", 'href="#one"', "first"),
    ("an id twice", "markup", "second of its name", "second of its name"),
    ("an id that is no name", "markup", 'href="#id_2two"|href="#_2two"|href="#2two"', "no XML name"),
    ("a comment with dashes", "markup", "to another", "to another"),
    ("event handlers", "markup", "handlers</p>", "handlers"),
    ("a script for a link", "markup", "a script", "a script"),
    ("a target for a link", "markup", 'href="https://example.org">a target</a>', "a target"),
    ("what stands without a script", "markup", "without a script", None),
    ("a frame", "markup", 'class="octavo-media">A film</a>', "[A film]"),
    ("a film with a poster", "markup", ">no video here</a>", "no video here"),
    ("a sound", "markup", ">a sound</a>", "a sound"),
    ("a picture as object", "markup", 'alt="A drawn dot"', '"A drawn dot"'),
    ("a plug-in", "markup", "https://example.org/thing.swf</a>", "thing.swf"),
    ("a canvas", "markup", "what a canvas would show", "what a canvas would show"),
    ("a form", "markup", "given", "Query"),
    ("details", "markup", 'class="octavo-label">A summary', "A summary"),
    ("an element of its own", "markup", "an element of its own", "an element of its own"),
    ("old elements", "markup", "teletype", "teletype"),
    ("a heading without a rank", "markup", "a heading without a rank", "a heading without a rank"),
    ("a drawing in the text", "markup", "<title>A square</title>", None),
    ("HTML in a drawing", "markup", ">inside</text>", None),
    ("MathML by hand", "markup", "<mi>x</mi>", "x"),
    ("a picture in several sizes", "markup", 'alt="In a picture"', '"In a picture"'),
    ("a template", "markup", "a dialog", "a dialog"),
    ("ruby", "markup", "<rt>kan</rt>", "kan"),
    ("a gauge", "markup", "half way", "half way"),
    ("an image map", "markup", 'alt=""', None),
    ("a table that is not closed", "markup", "<td>cell</td>|>cell", "cell"),
    ("text between items", "markup", "text between items", "text between items"),
    ("a rank that jumps", "markup", "<h2|<h3", "a rank that jumps"),
    ("styles of a page", "markup", "text-align: right|text-align:right", "styles"),
    ("moving text", "markup", "moving", "moving"),
    ("a language", "markup", 'lang="de"', "Ein deutscher Satz"),
    ("a direction", "markup", 'dir="rtl"', "right to left"),
    ("a remote picture", "markup", ">A badge</a>", "A badge"),
    ("a picture that is gone", "markup", "A gone picture", "A gone picture"),
    ("a picture in its address", "markup", 'alt="embedded"', '"embedded"'),
    ("a link by the site's name", "markup", 'href="#one">by the site’s name|href="#one">by the site', "by the site"),
    ("an old anchor", "markup", 'id="old-anchor"', "old-anchor"),
    ("what is not closed", "markup", "<i>both</i></b>|<i>both", "both"),
    ("a card", "design", "Its footer.", "#card(footer"),
    ("a grid", "design", "An item.", "An item"),
    ("a card with a picture", "design", 'alt="A dot on top"', '"A dot on top"'),
    ("a carousel of cards", "design", "two", "Second"),
    ("a set of tabs", "design", "By installer.", "#panel(title: [Windows]"),
    ("tabs of code", "design", "let", "let"),
    ("an open dropdown", "design", "Opened.", "#aside(title: [A dropdown]"),
    ("a closed dropdown", "design", "Unfolded.", "#aside(title: [Closed]"),
    ("buttons that link", "design", "A button to the web", "A button to the web"),
    ("badges", "design", "primary", "primary"),
    ("icons", "design", "<svg", None),
    ("what is said of an article", "design", "5 min read", "5 min read"),
    ("a div", "design", "Centred.", "Centred"),
    ("sphinx-tabs: a tab", "extensions", "In tab one.", "title: [Tab one]"),
    ("sphinx-tabs: a group", "extensions", "In the group.", "In the group"),
    ("sphinx-tabs: code", "extensions", "print", "print"),
    ("sphinx-togglebutton: toggle", "extensions", "What a button would have shown.", "What a button would have shown"),
    ("sphinx-togglebutton: a note", "extensions", "Inside the admonition.", "Inside the admonition"),
    ("sphinx-proof: a theorem", "extensions", "Theorem 3.1", "title: [Theorem 3.1 (Pythagoras)"),
    ("sphinx-proof: a proof", "extensions", "itself", "itself"),
    ("sphinx-proof: an algorithm", "extensions", "Algorithm 3.1", "title: [Algorithm 3.1 (Sorting)"),
    ("sphinx-proof: definition, lemma, axiom", "extensions", "Lemma 3.1", "title: [Lemma 3.1]"),
    ("sphinx-exercise: an exercise", "extensions", "Exercise 3.1 ", "title: [Exercise 3.1 (Add)"),
    ("sphinx-exercise: a solution", "extensions", "Solution to", "Solution to"),
    ("sphinxcontrib-bibtex: citations", "extensions", 'class="bibtex-citation"', "#citation("),
    ("sphinxcontrib-bibtex: a footnote", "extensions", "Turing", "Turing"),
    ("graphviz", "extensions", "A leads to B", "A leads to B"),
    ("mermaid", "extensions", "Source of the diagram", "Source of the diagram"),
    ("sphinx-copybutton", "extensions", "Copied no more", "Copied no more"),
    ("a formula with a number", "extensions", '<span class="eqno">', "#display("),
    ("a formula that fails", "extensions", 'class="octavo-formula" alt="undefinedcommand x"', '"undefinedcommand"'),
    ("a list of tasks", "extensions", "☑", "☑"),
    ("a substitution", "extensions", "<strong>everyone</strong>", "everyone"),
    ("a table of pandas", "notebook", "<td>1</td>", "#tabular("),
    ("a plot", "notebook", "<img", "picture("),
    ("what was printed", "notebook", "printed &amp; &lt;kept&gt;", "printed & <kept>"),
    ("an error", "notebook", "ValueError", "ValueError"),
    ("a formula of sympy", "notebook", "<math", "attach("),
    (
        "a widget",
        "notebook",
        "https://torture.example.org/book/notebook.html",
        "https://torture.example.org/book/notebook.html",
    ),
    ("a chart of a script", "notebook", "alt.Chart(...)", "alt.Chart"),
    ("only for one format", "restructured", "Only in the EPUB.", None),
    ("footnotes", "restructured", 'role="doc-noteref"', "A note"),
    ("an epigraph", "restructured", "An epigraph.", "An epigraph"),
    ("a pull quote", "restructured", "A pull quote.", "A pull quote"),
    ("a sidebar", "restructured", "Beside.", "Beside"),
    ("a tip", "restructured", 'role="doc-tip"', "A tip"),
    ("a table of spans", "restructured", "colspan=", "two columns"),
    ("a table of values", "restructured", 'scope="row"', "table"),
    ("a list in columns", "restructured", "three", "three"),
    ("a glossary", "restructured", 'epub:type="glossterm"', "What it means"),
    ("a grammar", "restructured", "number", "number"),
    ("descriptions of functions", "restructured", "A function.", "#signature("),
    ("a caption with a formula", "restructured", "A caption with", "A caption with"),
    ("a node that nobody knows", "more", "In a node that nobody knows.", "In a node that nobody knows"),
    ("visitors that leave tags open", "more", "In a node that leaves its tags open.", "leaves its tags open"),
    ("visitors for EPUB alone", "more", 'class="printed"', "In a node with visitors for EPUB"),
    ("a page of a PDF", "more", 'alt="A page of a PDF"', '.svg", alt: "A page of a PDF"'),
    ("a TIFF picture", "more", 'alt="A scan"', '.png", alt: "A scan"'),
    ("a damaged picture", "more", "A damaged picture", "A damaged picture"),
    ("a remote picture in a figure", "more", "A photograph on the web", "It is on the web"),
    ("three labels of one section", "more", 'id="third-label"', "With three labels"),
    ("an anchor that is not closed", "more", 'id="never-closed"', "never-closed"),
    ("chemistry", "more", '<mi mathvariant="normal">H</mi><mn>2</mn>|<mn>2</mn>', "attach("),
    ("a quantity", "more", "299\u2009792\u2009458", "299\u2009792\u2009458"),
    ("a reference of a formula", "more", 'class="eqref reference internal"', "equation-euler"),
    ("a macro of a formula", "more", "one half", "frac("),
    ("rows with a tag", "more", "(A)", "(A)"),
    ("a diagram of classes", "more", "digraph inheritance", "digraph inheritance"),
    ("a page in a frame", "more", "Hidden at first.", "Hidden at first"),
    ("foreign words", "more", 'lang="de"', "fremden Worten"),
    ("words in another direction", "more", 'dir="rtl"', "سلام"),
    ("a name of no ASCII", "grosse-and-mass", "<h1", "#chapter("),
]


@pytest.fixture(scope="module")
def out(octavo: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its site, its EPUB and its PDF. One process: sphinx-proof can't be read in several."""
    folder = tmp_path_factory.mktemp("torture")
    formats = ("--format", "html", "--format", "epub", "--format", "pdf")
    run = octavo("build", TORTURE, *formats, "--out", folder, "-D", "html_theme=basic", "--jobs", "1")
    assert run.status == 0, run.err
    return folder


@pytest.fixture(scope="module")
def typst_sources(octavo: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> str:
    """What Typst sets, without its escapes: under `sphinx-build`, which keeps it."""
    import subprocess
    import sys

    folder = tmp_path_factory.mktemp("typst")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "octavo-pdf", "-D", "extensions=" + EXTENSIONS]
    done = subprocess.run([*command, str(TORTURE), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((folder / "typst").glob("doc-*.typ")))
    return re.sub(r"\\([^\w\s])", r"\1", text)


def _extensions() -> str:
    source = (TORTURE / "conf.py").read_text(encoding="utf-8")
    found = re.search(r"extensions = \[(.*?)\]", source, re.DOTALL)
    assert found is not None
    return ",".join(["octavo", *re.findall(r'"([^"]+)"', found[1])])


EXTENSIONS = _extensions()


def said(out: Path) -> list[dict[str, Any]]:
    """The findings of the build, but for those of the machine: a program that is not there, fonts that are."""
    found = json.loads((out / ".octavo/build.json").read_text(encoding="utf-8"))["diagnostics"]
    of_machine = ("no-such-program", *"きさ大漢")
    return [d for d in found if not any(part in d["value"] for part in of_machine)]


def key(found: dict[str, Any]) -> tuple[str, int | None, str, str, tuple[str, ...]]:
    place, value = found["location"], found["value"]
    name = Path(place.get("source", "")).name
    if "card header/footer separators" in value:
        value = "card header/footer separators"
    value = "PIXELS" if PIXELS.fullmatch(value) else value
    formats = tuple(sorted(found.get("formats", ())))
    if found["rule"] == "links/image-missing" and not formats:
        formats = BOTH
    return name, place.get("line"), found["rule"], value, formats


@pytest.mark.parametrize("found", FOUND, ids=[f"{rule}:{value}" for _, _, rule, value, _ in FOUND])
def test_each_finding_has_its_place(out: Path, found: tuple[str, int | None, str, str, tuple[str, ...]]) -> None:
    assert [key(d) for d in said(out)].count(found) == 1


def test_no_other_finding_comes(out: Path) -> None:
    assert [k for d in said(out) if (k := key(d)) not in FOUND] == []


def test_there_are_constructs_enough() -> None:
    assert len({name for name, *_ in CONSTRUCTS}) == len(CONSTRUCTS) >= 100


def page(out: Path, name: str) -> str:
    with zipfile.ZipFile(out / "epub/torture.epub") as archive:
        return archive.read(f"EPUB/{name}.xhtml").decode()


@pytest.mark.parametrize(("construct", "document", "part", "_printed"), CONSTRUCTS, ids=[c for c, *_ in CONSTRUCTS])
def test_what_stands_for_it_in_the_epub(out: Path, construct: str, document: str, part: str, _printed: str) -> None:
    text = page(out, document)
    assert any(p in text for p in part.split("|")), construct


@pytest.mark.parametrize(("construct", "_document", "_part", "printed"), CONSTRUCTS, ids=[c for c, *_ in CONSTRUCTS])
def test_what_stands_for_it_in_print(
    typst_sources: str, construct: str, _document: str, _part: str, printed: str | None
) -> None:
    assert printed is None or any(p in typst_sources for p in printed.split("|")), construct


def test_epubcheck_finds_nothing(out: Path) -> None:
    tool = find_epubcheck(os.environ)
    if tool is None:
        pytest.skip("the extra 'validate' is not installed")
    found = epubcheck(out / "epub/torture.epub", tool)
    assert [str(d) for d in found if d.severity is not Severity.INFO] == []


def test_the_pdf_keeps_both_standards(out: Path) -> None:
    with pikepdf.open(out / "pdf/torture.pdf") as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


def test_every_word_of_the_site_is_there(out: Path) -> None:
    count, gone = missing(out)
    # the words in an <object> are the alternative text of the picture that it is
    assert gone.pop("markup") == {"drawn": 1, "dot": 1}
    # an image map of the site, named by a hash, leads from boxes of a diagram that was not drawn
    assert [word for word in gone.pop("more", {}) if not word.startswith("inheritance")] == []
    assert gone == {}
    assert count > 600
    assert 'alt="A drawn dot"' in page(out, "markup")


def test_another_build_gives_the_same_bytes(octavo: Callable[..., Run], out: Path, tmp_path: Path) -> None:
    formats = ("--format", "epub", "--format", "pdf")
    run = octavo("build", TORTURE, *formats, "--out", tmp_path, "--jobs", "1", env={"TZ": "Asia/Tokyo"})
    assert run.status == 0, run.err
    for name in ("epub/torture.epub", "pdf/torture.pdf"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_nothing_of_a_site_is_in_it(out: Path) -> None:
    with zipfile.ZipFile(out / "epub/torture.epub") as archive:
        names = archive.namelist()
        texts = {n: archive.read(n).decode() for n in names if n.endswith((".xhtml", ".css", ".svg"))}
    assert [n for n in names if n.endswith((".js", ".mp4", ".pdf", ".tiff", "late.css"))] == []
    for name, text in texts.items():
        assert [
            w for w in ("<script", "onclick", "onload", "javascript:", "url(https", "<button") if w in text
        ] == [], name
    assert "Never here." not in texts["EPUB/restructured.xhtml"]
