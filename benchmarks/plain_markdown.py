"""The synthetic book for other tools: the same pages, words, links, pictures, tables, code and notes.

Most want plain Markdown; jupyter-book reads MyST as Sphinx does, with the table of contents in a file.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from synthetic_book import PART

MKDOCS = """\
site_name: A Synthetic Book
docs_dir: src
site_dir: site
theme:
  name: material
markdown_extensions: [admonition, attr_list, def_list, footnotes, tables, toc, pymdownx.highlight, pymdownx.superfences]
"""
ZENSICAL = """\
[project]
site_name = "A Synthetic Book"
docs_dir = "src"
site_dir = "site"
"""
MDBOOK = '[book]\ntitle = "A Synthetic Book"\nsrc = "src"\n\n[build]\nbuild-dir = "site"\n'
JUPYTER_BOOK = """\
title: A Synthetic Book
author: N. N.
only_build_toc_files: true
execute:
  execute_notebooks: "off"
parse:
  myst_enable_extensions: [dollarmath, amsmath, deflist, colon_fence]
"""


def make_jupyter_book(sphinx: Path, folder: Path) -> None:
    """Copy the sources in `sphinx` for jupyter-book 1: its two files instead of conf.py and the toctrees."""
    shutil.copytree(sphinx, folder, ignore=shutil.ignore_patterns("_build", "conf.py"))
    lines = ["format: jb-book", "root: index", "chapters:"]
    for part in parts(folder):
        path = folder / part.name / "index.md"
        path.write_text(without_toctrees(path.read_text(encoding="utf-8")), encoding="utf-8")
        lines += [f"- file: {part.name}/index", "  sections:"]
        lines += [f"  - file: {part.name}/{page.stem}" for page in pages(part)]
    root = folder / "index.md"
    root.write_text(without_toctrees(root.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "_toc.yml").write_text("\n".join([*lines, "- file: glossary", ""]), encoding="utf-8")
    (folder / "_config.yml").write_text(JUPYTER_BOOK, encoding="utf-8")


def make_plain_book(sphinx: Path, folder: Path) -> None:
    """Rewrite the sources in `sphinx` for mkdocs, Zensical and mdBook, with the configuration of each."""
    source = folder / "src"
    for path in sorted(sphinx.rglob("*")):
        target = source / path.relative_to(sphinx)
        if path.suffix == ".md":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8")
        elif path.suffix == ".png":
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for name, content in (("mkdocs.yml", MKDOCS), ("zensical.toml", ZENSICAL), ("book.toml", MDBOOK)):
        (folder / name).write_text(content, encoding="utf-8")
    (source / "SUMMARY.md").write_text(summary(source), encoding="utf-8")


def summary(source: Path) -> str:
    """mdBook's table of contents."""
    lines = ["# Summary", "", "[A Synthetic Book](index.md)", ""]
    for part in parts(source):
        lines.append(f"- [{part.name}]({part.name}/index.md)")
        lines += [f"  - [{page.stem}]({part.name}/{page.name})" for page in pages(part)]
    return "\n".join([*lines, "- [Glossary](glossary.md)", ""])


def parts(source: Path) -> list[Path]:
    """The folders of the parts, in order."""
    return sorted(source.glob("part*"), key=lambda path: int(path.name[4:]))


def pages(part: Path) -> list[Path]:
    """The pages of a part, in order."""
    return sorted(part.glob("page*.md"), key=lambda path: int(path.stem[4:]))


def without_toctrees(text: str) -> str:
    """The text of a page that has other pages below it elsewhere."""
    return re.sub(r"```\{toctree\}.*?```", "", text, flags=re.DOTALL)


def rewritten(text: str) -> str:
    """Directives and roles as plain Markdown that says the same."""

    def page(number: str) -> str:
        return f"../part{int(number) // PART}/page{number}.md"

    text = without_toctrees(text)
    text = re.sub(r"```\{index\}.*?```\n*", "", text, flags=re.DOTALL)
    text = re.sub(r"^\([\w-]+\)=\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\{ref\}`page-(\d+)-section-\d+`", lambda m: f"[section of page {m[1]}]({page(m[1])})", text)
    text = re.sub(r"\[link\]\(#page-(\d+)\)", lambda m: f"[link]({page(m[1])})", text)
    text = re.sub(r"\{doc\}`([^<]+) </([^>]+)>`", r"[\1](../\2.md)", text)
    text = re.sub(r"\{term\}`([^`]+)`", r"[\1](../glossary.md)", text)
    text = re.sub(r"\{(?:eq|numref)\}`([^`]+)`", r"\1", text)
    text = re.sub(r"\$\$ \(eq-\d+\)", "$$", text)
    text = re.sub(r"```\{figure\} (\S+)\n(?::.*\n)*\n(.*?)\n```", r"![\2](\1)\n\n*\2*", text)
    text = re.sub(r"```\{list-table\} (.*)\n(?::.*\n)*\n((?:.|\n)*?)```", lambda m: table(m[1], m[2]), text)
    text = re.sub(r"```\{glossary\}\n((?:.|\n)*?)```", lambda m: glossary(m[1]), text)
    return re.sub(r":::\{note\}\n((?:.|\n)*?):::", lambda m: "> " + m[1].strip().replace("\n", "\n> "), text)


def table(title: str, rows: str) -> str:
    cells = re.findall(r"^ +(\*)? ?- (.*)$", rows, flags=re.MULTILINE)
    lines: list[list[str]] = []
    for first, cell in cells:
        if first:
            lines.append([])
        lines[-1].append(cell)
    lines.insert(1, ["---"] * len(lines[0]))
    return f"*{title}*\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def glossary(entries: str) -> str:
    return re.sub(r"^(\S.*)\n    ", r"\1\n:   ", entries, flags=re.MULTILINE)
