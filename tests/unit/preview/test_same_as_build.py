"""After any edits, the site of the preview is the site of a build of the whole book, byte for byte."""

from __future__ import annotations

import filecmp
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from reader_at_work import at_work

from octavo_testing import Run

CHAPTERS = ("one", "two", "three", "deep/four")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
CONF = """
numfig = True
html_static_path = ["_static"]
html_css_files = ["own.css"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
exclude_patterns = ["parts"]
"""
ROUNDS, EDITS = 3, 6


class Author:
    """Edits a book at random, always the same with the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.files: dict[str, str] = {
            "_static/own.css": "p { color: black }",
            "parts/included.txt": "Included words.\n",
            "square.svg": SVG,
            "index.md": self._index(CHAPTERS),
            "glossary.md": "# Glossary\n\n```{glossary}\nmeasure\n  A line's length.\n```\n",
        }
        for name in CHAPTERS:
            self.files[f"{name}.md"] = self._chapter(name)

    def edit(self) -> dict[str, str | None]:
        """The files that one edit writes, or deletes."""
        edits = (
            self._words,
            self._words,
            self._heading,
            self._figure,
            self._label,
            self._add,
            self._remove,
            self._order,
            self._include,
            self._style,
            self._term,
            self._broken,
        )
        changed = self._random.choice(edits)()
        for name, content in changed.items():
            if content is None:
                del self.files[name]
            else:
                self.files[name] = content
        return changed

    def _chapters(self) -> list[str]:
        return sorted(name for name in self.files if name.endswith(".md") and name not in {"index.md", "glossary.md"})

    def _some(self) -> str:
        return self._random.choice(self._chapters())

    def _index(self, names: tuple[str, ...]) -> str:
        return "# The book\n\n```{toctree}\n:numbered:\n\n" + "\n".join(names) + "\nglossary\n```\n"

    def _chapter(self, name: str) -> str:
        other = self._random.choice(CHAPTERS)
        label = name.replace("/", "-")
        up = "../" * name.count("/")
        return (
            f"({label})=\n# Chapter {name}\n\nWords {self._random.random()}, see {{ref}}`{other.replace('/', '-')}`,"
            f" {{doc}}`/{other}` and {{term}}`measure`.\n\n## A section\n\n$a^2$\n\n"
            f"```{{index}} single: {label}\n```\n\n"
            f":::{{figure}} {up}square.svg\n:name: fig-{label}\n\nA square.\n:::\n\nSee {{numref}}`fig-{label}`.\n"
        )

    def _words(self) -> dict[str, str | None]:
        name = self._some()
        return {name: self.files[name] + f"\nMore words: {self._random.random()}.\n"}

    def _heading(self) -> dict[str, str | None]:
        name = self._some()
        return {name: self.files[name] + f"\n## Section {self._random.randrange(1000)}\n\nIts words.\n"}

    def _figure(self) -> dict[str, str | None]:
        name = self._some()
        up = "../" * name.count("/")
        number = self._random.randrange(10**6)
        return {
            name: self.files[name]
            + f"\n:::{{figure}} {up}square.svg\n:name: f{number}\n\nOne more.\n:::\n\n{{numref}}`f{number}`\n"
        }

    def _label(self) -> dict[str, str | None]:
        one, other = self._some(), self._some()
        number = self._random.randrange(10**6)
        changed: dict[str, str | None] = {
            one: self.files[one] + f"\n(label-{number})=\n## Labelled {number}\n\nWords.\n"
        }
        changed[other] = (changed.get(other) or self.files[other]) + f"\nTo {{ref}}`label-{number}`.\n"
        return changed

    def _add(self) -> dict[str, str | None]:
        name = f"new{self._random.randrange(1000)}"
        index = self.files["index.md"].replace("\nglossary\n", f"\n{name}\nglossary\n")
        return {f"{name}.md": self._chapter(name), "index.md": index}

    def _remove(self) -> dict[str, str | None]:
        new = [name for name in self._chapters() if name.startswith("new")]
        if not new:
            return self._words()
        name = self._random.choice(new)
        return {name: None, "index.md": self.files["index.md"].replace(f"\n{name.removesuffix('.md')}\n", "\n")}

    def _order(self) -> dict[str, str | None]:
        names = [name.removesuffix(".md") for name in self._chapters()]
        self._random.shuffle(names)
        return {"index.md": self._index(tuple(names))}

    def _include(self) -> dict[str, str | None]:
        name = self._some()
        up = "../" * name.count("/")
        changed: dict[str, str | None] = {"parts/included.txt": f"Included words {self._random.random()}.\n"}
        if "included.txt" not in self.files[name]:
            changed[name] = self.files[name] + f"\n```{{include}} {up}parts/included.txt\n```\n"
        return changed

    def _style(self) -> dict[str, str | None]:
        return {"_static/own.css": f"p {{ line-height: {self._random.random()} }}"}

    def _term(self) -> dict[str, str | None]:
        more = f"term {self._random.randrange(10**6)}\n  Its meaning.\n```\n"
        return {"glossary.md": self.files["glossary.md"].removesuffix("```\n") + more}

    def _broken(self) -> dict[str, str | None]:
        name = self._some()
        return {name: self.files[name] + f"\n{{ref}}`nowhere-{self._random.randrange(99)}`\n"}


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "theme"), [(1, "alabaster"), (2, "sphinx_book_theme")])
def test_site_after_edits(
    seed: int, theme: str, project: Callable[..., Path], octavo: Callable[..., Run], tmp_path: Path
) -> None:
    author = Author(seed)
    root = project(dict(author.files), conf=f"{CONF}html_theme = {theme!r}\n")
    with at_work(root) as reader:
        reader.open()
        reader.settled()
        compare(reader.site, root, octavo, tmp_path / "first")
        for number in range(ROUNDS):
            edits = [author.edit() for _ in range(EDITS)]
            for files in edits:
                reader.change(files)
            reader.settled()
            compare(reader.site, root, octavo, tmp_path / f"round-{number}", edits)


def compare(site: Path, root: Path, octavo: Callable[..., Run], out: Path, edits: object = None) -> None:
    """The same files with the same bytes as a build of the same sources into another folder."""
    run = octavo("build", root, "--format", "html", "--out", out, "--jobs", "1")
    assert run.status == 0, run.err
    built = out / "html"
    names = {file.relative_to(built) for file in built.rglob("*") if file.is_file()}
    assert {file.relative_to(site) for file in site.rglob("*") if file.is_file()} == names
    different = [str(name) for name in sorted(names) if not filecmp.cmp(built / name, site / name, shallow=False)]
    assert different == [], edits
