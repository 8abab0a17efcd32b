"""The site is, byte for byte, the one that Sphinx's own builder writes with the same theme."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CONF = """
exclude_patterns = ["_build"]
numfig = True
html_baseurl = "https://example.org/"
root_doc = "index"
"""


def toctree(*entries: str, **options: str) -> str:
    lines = [f":{name}: {value}".rstrip() for name, value in options.items()]
    return "\n".join(["```{toctree}", *lines, *entries, "```", ""])


def book() -> dict[str, str]:
    """What navigation has to cope with, in one book."""
    files = {
        "index.md": "# A *very* good & short book\n\n"
        + toctree("part1/index", "Other name <part2/index>", "self", caption="Parts & more", maxdepth="2", numbered="")
        + toctree("flat", "Elsewhere <https://example.com/a?b=1&c=2#d>", "twice", hidden="", caption="Rest"),
        "flat.md": "# Flat\n\n"
        + toctree("twice", "only/index", "genindex")
        + "\n```{index} single: something\n```\n\n## Below\n\nText.\n",
        "twice.md": '# In *two* toctrees "quoted"\n\n## A section `code`\n\nSee {doc}`part1/index`.\n',
        "orphan.md": "---\norphan: true\n---\n\n# Nobody's\n\n{numref}`figure`\n",
        "untitled.md": "---\norphan: true\n---\n\nNo title at all.\n",
        "only/index.md": "# Only\n\n" + toctree("a"),
        "only/a.rst": "Only sections\n=============\n\n.. only:: html\n\n   Seen\n   ----\n\n"
        "   .. toctree::\n\n      b\n",
        "only/b.md": "# Below only\n\nText.\n",
    }
    for part in ("part1", "part2"):
        chapters = [f"chapter{n}" for n in range(4)]
        files[f"{part}/index.md"] = f"# {part}\n\nIntroduction.\n\n" + toctree(*chapters, titlesonly="")
        for chapter in chapters:
            below = toctree("deep/*", glob="") if chapter == "chapter1" else ""
            files[f"{part}/{chapter}.md"] = f"# {chapter} of {part}\n\n## First $x^2$\n\n### Deeper\n\n{below}\n"
        files[f"{part}/deep/one.md"] = f"# Deep in {part}\n\n" + toctree("two")
        files[f"{part}/deep/two.md"] = f"# Deeper in {part}\n\n## And a section\n\nText.\n"
    files["part1/chapter2.md"] += "```{figure} ../a.svg\n:name: figure\n:alt: A\n\nThe caption.\n```\n"
    files["a.svg"] = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    return files


def built(source: Path, outdir: Path, *options: str, extensions: str = "", builder: str = "html") -> dict[str, bytes]:
    """All files of a site that `sphinx-build` makes."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", str(outdir) + ".doctrees", *options]
    if extensions:
        command += ["-D", f"extensions={extensions}"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([*command, str(source), str(outdir)], check=True, timeout=600, env=environment)
    return {
        path.relative_to(outdir).as_posix(): path.read_bytes()
        for path in outdir.rglob("*")
        if path.is_file() and path.name != ".buildinfo"  # a digest of the configuration, extensions among it
    }


def assert_same(plain: dict[str, bytes], ours: dict[str, bytes]) -> None:
    assert sorted(ours) == sorted(plain)
    assert [name for name, content in ours.items() if content != plain[name]] == []


THEMES = {
    "sphinx_book_theme": (),
    "sphinx_book_theme with everything": (
        "html_theme_options.show_navbar_depth=0",
        "html_theme_options.home_page_in_toc=true",
        "html_theme_options.max_navbar_depth=2",
    ),
    "pydata_sphinx_theme": (),
    "pydata_sphinx_theme collapsed": ("html_theme_options.collapse_navigation=true",),
    "furo": (),
    "alabaster": (),
    "alabaster not collapsed": ("html_theme_options.sidebar_collapse=false",),
    "classic": ("html_theme_options.globaltoc_collapse=false",),
}


@pytest.mark.parametrize("theme", THEMES)
def test_navigation_of(theme: str, project: Callable[..., Path], tmp_path: Path) -> None:
    source = project(book(), conf=CONF)
    options = [f"-Dhtml_theme={theme.partition(' ')[0]}", *(f"-D{option}" for option in THEMES[theme])]
    plain = built(source, tmp_path / "plain", *options)
    ours = built(source, tmp_path / "ours", *options, extensions="myst_parser,octavo")
    assert_same(plain, ours)


@pytest.mark.parametrize("theme", ["sphinx_book_theme", "furo"])
def test_a_folder_for_each_page(theme: str, project: Callable[..., Path], tmp_path: Path) -> None:
    source = project(book(), conf=CONF)
    plain = built(source, tmp_path / "plain", f"-Dhtml_theme={theme}", builder="dirhtml")
    ours = built(source, tmp_path / "ours", f"-Dhtml_theme={theme}", extensions="myst_parser,octavo", builder="dirhtml")
    assert_same(plain, ours)


BUILT_ON_FURO = """
from furo import get_navigation_tree

def furo_compute_navigation_tree(context):
    toctree = context.get("toctree")
    options = {"collapse": False, "titles_only": True, "maxdepth": -1, "includehidden": True}
    return get_navigation_tree(toctree(**options) if toctree else "")

def _html_page_context(app, pagename, templatename, context, doctree):
    context["ng_navigation_tree"] = furo_compute_navigation_tree(context)
"""
CONNECTED = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_themes"))
templates_path = ["_templates"]

def setup(app):
    import crate.theme.rtd.conf.furo

    app.connect("html-page-context", crate.theme.rtd.conf.furo._html_page_context)
"""


def test_a_theme_that_makes_the_navigation_of_furo_itself(project: Callable[..., Path], tmp_path: Path) -> None:
    files = book() | {
        "_themes/crate/theme/rtd/conf/furo.py": BUILT_ON_FURO,
        "_templates/sidebar/navigation.html": "<nav>{{ ng_navigation_tree }}</nav>",
    }
    source = project(files, conf=CONF + CONNECTED)
    plain = built(source, tmp_path / "plain", "-Dhtml_theme=furo")
    ours = built(source, tmp_path / "ours", "-Dhtml_theme=furo", extensions="myst_parser,octavo")
    assert b"toctree-checkbox-1" in plain["part1/chapter1.html"]
    assert_same(plain, ours)


def test_a_source_with_the_name_of_an_index(project: Callable[..., Path], tmp_path: Path) -> None:
    """Sphinx takes what leads to the index for the document's own, and forgets it before the document is read."""
    source = project(book() | {"py-modindex.md": "---\norphan: true\n---\n\n# Modules\n"}, conf=CONF)
    plain = built(source, tmp_path / "plain", "-Dhtml_theme=alabaster")
    ours = built(source, tmp_path / "ours", "-Dhtml_theme=alabaster", extensions="myst_parser,octavo")
    assert_same(plain, ours)


LINKS_OF_ITS_OWN = """
def replace(app, pagename, templatename, context, doctree):
    if pagename == "part1/chapter1":
        theirs = context["toctree"]
        context["toctree"] = lambda **options: theirs(**options).replace('href="', 'href="/elsewhere/')

def setup(app):
    app.connect("html-page-context", replace, priority=100)
"""


@pytest.mark.parametrize("theme", ["sphinx_book_theme", "furo"])
def test_a_page_whose_navigation_has_other_links(theme: str, project: Callable[..., Path], tmp_path: Path) -> None:
    """As a page for addresses that are not found has."""
    source = project(book(), conf=CONF + LINKS_OF_ITS_OWN)
    plain = built(source, tmp_path / "plain", f"-Dhtml_theme={theme}")
    ours = built(source, tmp_path / "ours", f"-Dhtml_theme={theme}", extensions="myst_parser,octavo")
    assert b'href="/elsewhere/' in plain["part1/chapter1.html"]
    assert_same(plain, ours)


IN_USE = """
from sphinx.builders.html import StandaloneHTMLBuilder

def look(app, exception):
    assert type(app.builder) is StandaloneHTMLBuilder  # extensions ask
    pages = app.builder.render_partial.__self__
    made = [tree is not None for tree in pages._trees.values()]
    (app.outdir / "trees.txt").write_text(f"{made} {not app.builder.templates.environment.auto_reload}")

def setup(app):
    app.connect("build-finished", look)
"""


@pytest.mark.parametrize(
    ("theme", "trees"),
    [
        ("sphinx_book_theme", "[True, True]"),  # Sphinx's, for the comparison, and the theme's
        ("furo", "[True, True]"),
        ("pydata_sphinx_theme", "[True, True]"),  # one for each part
        ("alabaster", "[True]"),  # collapses its navigation
    ],
)
def test_one_tree_serves_all_pages(theme: str, trees: str, project: Callable[..., Path], tmp_path: Path) -> None:
    """Guards the tests above: they don't compare Sphinx with itself."""
    files = book()
    for part in ("part1", "part2"):
        chapters = [f"more{n}" for n in range(6)]
        files[f"{part}/index.md"] += toctree(*chapters)
        files |= {f"{part}/{chapter}.md": f"# {chapter} of {part}\n" for chapter in chapters}
    source = project(files, conf=CONF + IN_USE)
    ours = built(source, tmp_path / "ours", f"-Dhtml_theme={theme}", extensions="myst_parser,octavo")
    assert ours["trees.txt"].decode() == f"{trees} True"
