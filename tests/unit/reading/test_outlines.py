"""Numbering by outlines gives the numbers that Sphinx gives, and is left out when nothing was read."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import docutils_namespace

from octavo.reading.outlines import kept_outlines

FIGURE = "```{{figure}} a.svg\n:name: {0}\n:alt: A\n\nCaption {0}.\n```\n"
TABLE = "```{{list-table}} Title\n:name: {0}\n\n* - {{numref}}`one`\n  - {{numref}}`{0}`\n```\n"
BOOK = {
    "index.md": "# Root\n\n```{toctree}\n:numbered:\n:hidden:\n\none\nsub/two\n```\n\n" + FIGURE.format("root"),
    "one.md": "# One\n\n## Section\n\n"
    + FIGURE.format("one")
    + "\n> quoted\n>\n> "
    + "text\n\n"
    + TABLE.format("three"),
    "sub/two.md": "(two)=\n# Two\n\n```{code-block} python\n:name: four\n:caption: Code\n\npass\n```\n\n"
    + FIGURE.format("five").replace("a.svg", "../a.svg")
    + "\n{numref}`one`, {numref}`three`, {numref}`four`, {numref}`root`, {numref}`two` and {numref}`five`.\n\n"
    + "| a |\n|---|\n| b |\n",
    "a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>',
}
CONF = "numfig = True\nnumfig_secnum_depth = 2\n"


def build(source: Path, out: Path, *, octavo: bool) -> tuple[Sphinx, dict[str, str]]:
    """Build the texts of all pages, and return them with the application."""
    extensions = {"extensions": "myst_parser,octavo"} if octavo else {}
    with docutils_namespace():
        app = Sphinx(source, source, out, out / "doctrees", "pseudoxml", confoverrides=extensions, status=None)
        app.build()
    return app, {f.relative_to(out).as_posix(): f.read_text() for f in out.rglob("*.pseudoxml")}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_same_numbers(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project(BOOK, conf=CONF)
    theirs, their_texts = build(source, tmp_path / "plain", octavo=False)
    ours, our_texts = build(source, tmp_path / "ours", octavo=True)
    assert ours.env.toc_fignumbers == theirs.env.toc_fignumbers
    assert ours.env.toc_secnumbers == theirs.env.toc_secnumbers
    assert list(ours.env.toc_fignumbers["one"]["figure"].values()) == [(1, 1, 1)]
    assert our_texts == their_texts


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_document_is_loaded_to_number_it(
    project: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = project(BOOK, conf=CONF)
    build(source, tmp_path / "out", octavo=True)
    page = source / "one.md"
    page.write_text(page.read_text().replace("## Section", "## Section\n\n" + FIGURE.format("new") + "\n"))
    loaded: list[str] = []
    load = BuildEnvironment.get_doctree

    def counted(env: BuildEnvironment, docname: str) -> object:
        loaded.append(docname)
        return load(env, docname)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", counted)
    app, _ = build(source, tmp_path / "out", octavo=True)
    assert list(app.env.toc_fignumbers["one"]["figure"].values()) == [(1, 1, 1), (1, 1, 2)]
    assert set(loaded) <= {"index"}  # for the toctree of a page that is written


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_an_outline_keeps(project: Callable[..., Path], tmp_path: Path) -> None:
    app, _ = build(project(BOOK, conf=CONF), tmp_path / "ours", octavo=True)
    found = kept_outlines(app.env)
    assert sorted(found) == ["index", "one", "sub/two"]
    assert [len(list(found[name].findall(addnodes.toctree))) for name in found] == [1, 0, 0]
    assert {"five", "four", "two"} <= found["sub/two"].ids.keys()
    assert "quoted" not in found["one"].astext()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_outline_leads_to_no_document(project: Callable[..., Path], tmp_path: Path) -> None:
    """Else each document would stay in memory, and be pickled with the environment."""
    app, _ = build(project(BOOK, conf=CONF), tmp_path / "ours", octavo=True)
    found = kept_outlines(app.env)
    assert [node for made in found.values() for node in made.findall() if node.document is not None] == []
    assert b"quoted" not in pickle.dumps(found)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_document_that_is_gone(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project(BOOK, conf=CONF)
    build(source, tmp_path / "out", octavo=True)
    (source / "one.md").unlink()
    app, _ = build(source, tmp_path / "out", octavo=True)
    assert sorted(kept_outlines(app.env)) == ["index", "sub/two"]


NESTED = """\
# Nested

````{list-table} A *table* with words
:name: outer

* - text

    ```{figure} a.svg
    :name: inner
    :alt: A

    In a cell
    ```
  - more
````

```{table} Of titles
:name: titles

| a |
|---|
| b |
```

```{math}
:label: equation

a
```

{numref}`outer`, {numref}`inner`, {numref}`titles`, {eq}`equation`
"""
TITLED = """
from docutils import nodes
def title_of(node): return node[0][0].astext()
from docutils.parsers.rst import Directive
class MakeBoard(Directive):
    has_content = True
    def run(self):
        made = nodes.compound("", nodes.paragraph("", "", nodes.strong("", "Deep")), ids=["made"], names=["made"])
        self.state.document.note_explicit_target(made)
        return [made]
def setup(app):
    app.registry.add_enumerable_node(nodes.compound, "figure", title_of)
    app.add_directive("board", MakeBoard)
"""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_stands_in_another_is_numbered(project: Callable[..., Path], tmp_path: Path) -> None:
    """A figure in a table, and a node whose title is found by a function of its own."""
    book = {"index.md": NESTED + "\n```{board}\n```\n\n{numref}`made`\n", "a.svg": BOOK["a.svg"]}
    source = project(book, conf=CONF + TITLED)
    theirs, their_texts = build(source, tmp_path / "plain", octavo=False)
    ours, our_texts = build(source, tmp_path / "ours", octavo=True)
    assert theirs.env.toc_fignumbers["index"].keys() == {"table", "figure", "displaymath"}
    assert len(theirs.env.toc_fignumbers["index"]["figure"]) == 2
    assert ours.env.toc_fignumbers == theirs.env.toc_fignumbers
    assert our_texts == their_texts
    kept = kept_outlines(ours.env)["index"]
    assert "more" not in kept.astext()
    assert {"outer", "inner", "titles", "made"} <= kept.ids.keys()
