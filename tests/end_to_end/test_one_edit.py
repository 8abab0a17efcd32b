"""After an edit, a build writes the pages that it changed, and the site is the one that a clean build makes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from octavo_testing import Run

CONF = """
numfig = True
html_static_path = ["static"]
templates_path = ["templates"]
html_theme = "{theme}"
"""
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="10"/>'
GLOBAL = 'html_sidebars = {"**": ["globaltoc.html"]}\n'
NAMES = [f"page{number}" for number in range(8)]


def files() -> dict[str, str]:
    found = {
        "index.md": "# Book\n\n```{toctree}\n:numbered:\n\n" + "\n".join(NAMES) + "\n```\n",
        "glossary.md": "---\norphan: true\n---\n\n# Glossary\n\n```{glossary}\nword\n  A meaning.\n```\n",
        "a.svg": SVG.format(10),
        "part.txt": "Included.\n",
        "static/own.css": "p { color: red }\n",
        "templates/footer.html": "",
    }
    for number, name in enumerate(NAMES):
        found[f"{name}.md"] = (
            f"(label-{number})=\n# Page {number}\n\nText {number}, {{term}}`word`, "
            f"{{ref}}`label-{(number + 3) % 8}`.\n\n```{{figure}} a.svg\n:name: figure-{number}\n:alt: A\n\n"
            f"Caption {number}\n```\n\n"
            f"See {{numref}}`figure-{(number + 1) % 8}` and {{ref}}`broken-{number}`.\n\n## Section {number}\n\nMore.\n"
        )
    found["page6.md"] += "\n```{include} part.txt\n```\n"
    return found


def edit(name: str, before: str, after: str) -> Callable[[Path], object]:
    def change(source: Path) -> None:
        text = (source / name).read_text()
        assert before in text
        (source / name).write_text(text.replace(before, after))

    return change


def delete(source: Path) -> None:
    (source / "page7.md").unlink()
    edit("index.md", "page7\n", "")(source)


def draw(source: Path) -> None:
    (source / "b.svg").write_text(SVG.format(30))
    edit("page3.md", "More.", FIGURE.format("b") + "More.")(source)


def add(source: Path) -> None:
    (source / "page8.md").write_text("# Another\n\nText.\n")
    edit("index.md", "page7\n", "page7\npage8\n")(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """pages: how many pages of documents are written after it; conf: what else is in conf.py."""

    apply: Callable[[Path], object]
    pages: int
    theme: str = "basic"
    conf: str = ""


ALL = len(NAMES) + 2
NEW_SECTION = edit("page3.md", "More.", "More.\n\n## New section\n\nText.")
NEW_TITLE = edit("page3.md", "# Page 3", "# New title")
FIGURE = "```{{figure}} {}.svg\n:name: new\n:alt: A\n\nNew\n```\n\n"
REFERRING = 3  # two refer to page 3, the index lists its sections
EDITS = {
    "text": Edit(apply=edit("page3.md", "Text 3", "Words of nowhere else"), pages=1, theme="sphinx_book_theme"),
    "text above a heading": Edit(apply=edit("page3.md", "Text 3", "One\n\nTwo\n\nThree\n\nText 3"), pages=1),
    "a finding mended": Edit(apply=edit("page3.md", " and {ref}`broken-3`", ""), pages=1),
    "an index entry": Edit(apply=edit("page3.md", "More.", "```{index} single: entry\n```\n\nMore."), pages=1),
    "a term's meaning": Edit(apply=edit("glossary.md", "A meaning", "Another meaning"), pages=1),
    "a term's name": Edit(apply=edit("glossary.md", "word\n", "word\nwords\n"), pages=ALL - 1),
    "title": Edit(apply=NEW_TITLE, pages=ALL, theme="sphinx_book_theme"),
    "title that no navigation shows": Edit(apply=NEW_TITLE, pages=1 + REFERRING + 1),  # and the next page
    "title in another theme": Edit(apply=NEW_TITLE, pages=ALL, theme="furo"),
    "a section": Edit(apply=NEW_SECTION, pages=1 + REFERRING),
    "a section below titles": Edit(apply=NEW_SECTION, pages=1 + REFERRING, theme="sphinx_book_theme"),
    "a section that all show": Edit(apply=NEW_SECTION, pages=ALL, theme="classic", conf=GLOBAL),
    "a figure": Edit(apply=edit("page3.md", "More.", FIGURE.format("a") + "More."), pages=1 + REFERRING),
    "a figure that moves all numbers": Edit(
        apply=edit("page0.md", "More.", FIGURE.format("a") + "More."),
        pages=ALL - 1,
        conf="numfig_secnum_depth = 0\n",
    ),
    "a caption": Edit(apply=edit("page3.md", "Caption 3", "Another"), pages=1 + REFERRING),
    "a new picture": Edit(apply=draw, pages=1 + REFERRING),
    "a label": Edit(apply=edit("page3.md", "(label-3)=", "(label-3)=\n(label-new)="), pages=1 + REFERRING),
    "a label that one page looks for": Edit(
        apply=edit("page3.md", "(label-3)=", "(label-3)=\n(broken-5)="), pages=1 + REFERRING + 1
    ),
    "a label gone": Edit(apply=edit("page3.md", "(label-3)=\n", ""), pages=1 + REFERRING),
    "order": Edit(apply=edit("index.md", "page1\npage2", "page2\npage1"), pages=ALL),
    "a picture": Edit(apply=lambda source: (source / "a.svg").write_text(SVG.format(20)), pages=len(NAMES)),
    "included": Edit(apply=lambda source: (source / "part.txt").write_text("Included otherwise.\n"), pages=1),
    "a label that is included": Edit(
        apply=lambda source: (source / "part.txt").write_text("(included)=\n\n## Included section\n"),
        pages=1 + REFERRING,
    ),
    "a style sheet": Edit(
        apply=lambda source: (source / "static/own.css").write_text("p { color: blue }\n"), pages=ALL
    ),
    "a template": Edit(
        apply=lambda source: (source / "templates/footer.html").write_text("<footer>New</footer>"), pages=ALL
    ),
    "configuration": Edit(apply=edit("conf.py", "numfig = True", 'numfig = True\nhtml_title = "New"'), pages=ALL),
    "a document gone": Edit(apply=delete, pages=ALL - 1),
    "a document more": Edit(apply=add, pages=ALL + 1),
}


def site(source: Path) -> dict[str, bytes]:
    folder = source / "_build/html"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }


def findings(run: Run) -> list[str]:
    """Lines that name a place and a rule."""
    return [line for line in run.err.splitlines() if ": error " in line or ": warning " in line]


def written_pages(source: Path, before: dict[str, int]) -> int:
    """How many pages of documents are no longer the file that they were."""
    names = [path for path in (source / "_build/html").glob("*.html") if path.stem not in {"genindex", "search"}]
    return sum(path.stat().st_ino != before.get(path.name) for path in names)


@pytest.mark.parametrize("change", EDITS)
def test_same_site_as_a_clean_build(
    change: str, octavo: Callable[..., Run], project: Callable[..., Path], tmp_path: Path
) -> None:
    made = EDITS[change]
    source = project(files(), conf=CONF.format(theme=made.theme) + made.conf)
    assert octavo("build", source, "-f", "html", env=EPOCH).status == 0
    inodes = {path.name: path.stat().st_ino for path in (source / "_build/html").glob("*.html")}
    kept = tmp_path / "kept"  # so that no file number is given again
    shutil.copytree(source / "_build/html", kept, copy_function=lambda a, b: Path(b).hardlink_to(a))
    made.apply(source)
    second = octavo("build", source, "-f", "html", env=EPOCH)
    incremental = site(source)
    assert written_pages(source, inodes) == made.pages
    trace = (source / "_build/.octavo/trace-html.json").read_bytes()
    shutil.rmtree(source / "_build")
    clean = octavo("build", source, "-f", "html", env=EPOCH)
    assert findings(second) == findings(clean) != []
    assert second.status == clean.status
    expected = site(source)
    assert sorted(incremental) == sorted(expected)
    assert [name for name in expected if expected[name] != incremental[name]] == []
    assert trace == (source / "_build/.octavo/trace-html.json").read_bytes()


def test_a_second_edit(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    source = project(files(), conf=CONF.format(theme="basic"))
    octavo("build", source, "-f", "html", env=EPOCH)
    for name in ("page1.md", "page2.md", "page1.md"):
        edit(name, "More.", "More words.")(source)
        octavo("build", source, "-f", "html", env=EPOCH)
        edit(name, "More words.", "More.")(source)
    octavo("build", source, "-f", "html", env=EPOCH)
    incremental = site(source)
    shutil.rmtree(source / "_build")
    octavo("build", source, "-f", "html", env=EPOCH)
    assert site(source) == incremental


@pytest.mark.parametrize(
    "hand",
    [
        "def setup(app):\n    app.connect('build-finished', lambda *_: None)\n",
        "extensions.append('sphinx.ext.todo')\n",
    ],
    ids=["conf.py's own", "an extension that collects"],
)
def test_with_an_unknown_hand_all_is_written(
    hand: str, octavo: Callable[..., Run], project: Callable[..., Path]
) -> None:
    source = project(files(), conf="extensions = ['myst_parser']\n" + CONF.format(theme="basic") + hand)
    octavo("build", source, "-f", "html", env=EPOCH)
    assert not (source / "_build/.octavo/pages-html.pickle").exists()
    before = (source / "_build/html/page1.html").stat().st_mtime_ns
    edit("page3.md", "More.", "More words.")(source)
    octavo("build", source, "-f", "html", env=EPOCH)
    assert (source / "_build/html/page1.html").stat().st_mtime_ns != before


def test_a_page_changed_by_hand_is_written_again(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    source = project(files(), conf=CONF.format(theme="basic"))
    octavo("build", source, "-f", "html", env=EPOCH)
    page = source / "_build/html/page1.html"
    page.write_text("changed by hand")
    edit("page3.md", "More.", "More words.")(source)
    octavo("build", source, "-f", "html", env=EPOCH)
    assert "changed by hand" not in page.read_text()
