"""A site whose pages share one navigation file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo_testing import Run

CONF = """
html_theme = "{theme}"
octavo_html_shared_navigation = {shared}
"""
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
PARTS, CHAPTERS = 3, 10


def files() -> dict[str, str]:
    found = {
        "index.md": "# Book\n\n```{toctree}\n:caption: Parts & more\n\n",
        "orphan.md": "---\norphan: true\n---\n\n# O\n",
    }
    for part in range(PARTS):
        found["index.md"] += f"part {part}/index\n"
        names = [f"c{n}" for n in range(CHAPTERS)]
        found[f"part {part}/index.md"] = f"# Part {part}\n\n```{{toctree}}\n" + "\n".join(names) + "\n```\n"
        for name in names:
            found[f"part {part}/{name}.md"] = f'# Chapter {part}{name} & "more"\n\n## Section\n\nText.\n'
    found["part 1/c3.md"] += "\n```{toctree}\ndeep/one\n```\n"
    found["part 1/deep/one.md"] = "# Deep\n\nText.\n"
    found["index.md"] += "Elsewhere <https://example.org/>\n```\n"
    return found


def site(source: Path) -> dict[str, bytes]:
    folder = source / "_build/html"
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != ".buildinfo")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def sidebar(page: bytes) -> str:
    found = re.search(r'<nav class="[^"]*\bbd-docs-nav\b.*?</nav>', page.decode(), re.DOTALL)
    assert found is not None
    return found[0]


def links(html: str) -> list[str]:
    return re.findall(r'<a [^>]*href="([^"]*)"', html)


def shared_trees(built: dict[str, bytes]) -> list[str]:
    files = [content.decode() for name, content in sorted(built.items()) if "octavo-navigation-" in name]
    return [json.loads(text[text.index("] = ") + 4 :].rstrip(";\n")) for text in files]


@pytest.fixture
def build(octavo: Callable[..., Run], project: Callable[..., Path]) -> Callable[..., tuple[Path, dict[str, bytes]]]:
    def run(theme: str, *options: str, shared: bool = True) -> tuple[Path, dict[str, bytes]]:
        source = project(files(), conf=CONF.format(theme=theme, shared=shared), folder=f"{theme}-{shared}")
        done = octavo("build", source, "-f", "html", *options, env=EPOCH)
        assert done.status == 0, done.err
        return source, site(source)

    return run


Build = Callable[..., tuple[Path, dict[str, bytes]]]


def test_a_page_holds_its_branch_and_all_share_the_tree(build: Build, octavo: Callable[..., Run]) -> None:
    source, built = build("sphinx_book_theme")
    here = links(sidebar(built["part 1/c3.html"]))
    chapters = [f"c{n}.html" for n in range(CHAPTERS)]
    chapters[3:4] = ["#", "deep/one.html"]
    assert here == ["index.html", *chapters, "../complete-contents.html"]
    assert sidebar(built["part 1/c3.html"]).count('aria-current="page"') == 1
    assert links(sidebar(built["index.html"])) == [
        *(f"part%20{part}/index.html" for part in range(PARTS)),
        "https://example.org/",
        "complete-contents.html",
    ]
    [tree] = shared_trees(built)
    documents = [f"{name[:-3].replace(' ', '%20')}.html" for name in files() if name not in {"index.md", "orphan.md"}]
    assert sorted(links(tree)) == sorted([*documents, "https://example.org/"])
    contents = built["complete-contents.html"].decode()
    assert set(documents) <= set(links(contents[contents.index('<section id="complete-contents">') :]))
    checked = octavo("check", "links", source, "--offline")
    assert checked.status == 0, checked.out


def test_a_file_for_each_section_that_the_theme_shows(build: Build, octavo: Callable[..., Run]) -> None:
    source, built = build("pydata_sphinx_theme")
    assert len(shared_trees(built)) == PARTS
    assert sorted(len(links(tree)) for tree in shared_trees(built)) == [CHAPTERS, CHAPTERS, CHAPTERS + 1]
    assert links(sidebar(built["part 2/c4.html"])) == [
        *("#" if n == 4 else f"c{n}.html" for n in range(CHAPTERS)),
        "../complete-contents.html",
    ]
    assert octavo("check", "links", source, "--offline").status == 0


@pytest.mark.parametrize("theme", ["sphinx_book_theme", "pydata_sphinx_theme"])
def test_every_way_to_build_makes_the_same_site(theme: str, build: Build, octavo: Callable[..., Run]) -> None:
    source, one = build(theme, "--jobs", "1")
    page = source / "part 0/c1.md"
    before = page.read_text()
    page.write_text(before.replace("Text.", "Another text."))
    assert octavo("build", source, "-f", "html", "--jobs", "1", env=EPOCH).status == 0
    edited = site(source)
    shutil.rmtree(source / "_build")
    assert octavo("build", source, "-f", "html", "--jobs", "2", env=EPOCH).status == 0
    assert site(source) == edited != one
    page.write_text(before)
    shutil.rmtree(source / "_build")
    assert octavo("build", source, "-f", "html", "--jobs", "2", env=EPOCH).status == 0
    assert site(source) == one


def test_folders_for_pages(project: Callable[..., Path], tmp_path: Path, octavo: Callable[..., Run]) -> None:
    conf = CONF.format(theme="sphinx_book_theme", shared=True) + 'extensions.append("octavo")\n'
    source = project(files(), conf=conf)
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "dirhtml", source, tmp_path / "out"], check=True, timeout=600
    )
    page = (tmp_path / "out/part 1/c3/index.html").read_bytes()
    assert links(sidebar(page))[:3] == ["../", "../c0/", "../c1/"]
    assert links(sidebar(page))[-1] == "../../complete-contents/"
    assert 'data-octavo-root="../../"' in sidebar(page)
    assert octavo("check", "links", tmp_path / "out", "--offline").status == 0


def test_a_theme_that_is_not_known_is_left_alone_and_that_is_said(
    octavo: Callable[..., Run], project: Callable[..., Path]
) -> None:
    sites = []
    for shared in (False, True):
        source = project(files(), conf=CONF.format(theme="alabaster", shared=shared), folder=f"alabaster-{shared}")
        done = octavo("build", source, "-f", "html", env=EPOCH)
        assert done.err.count("html/navigation-not-shared") == shared
        sites.append(site(source))
    assert sites[0] == sites[1]
