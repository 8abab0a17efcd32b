"""The themes, an own template and an own design, and the numbers that a manual gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf import theming
from octavo.writers.pdf.numbering import Numbering, letters, roman
from octavo_testing import ROOT

Build = Callable[..., Any]

MANUAL = 'octavo_pdf_theme = "manual"\nrelease = "1.5"\n'
PROJECT = {
    "index.rst": "Tool\n====\n\n.. toctree::\n\n   start\n   use\n",
    "start.rst": (
        "Start\n=====\n\nText.\n\nInstall\n-------\n\nMore.\n\nFrom source\n~~~~~~~~~~~\n\nX.\n\nDeep\n^^^^\n\nY.\n"
    ),
    "use.rst": "Use\n===\n\nText.\n\nRun\n---\n\n.. py:function:: run(a, b)\n\n   It runs.\n",
}


def test_manual_is_one_sided_a4_and_numbers_its_sections(build: Build) -> None:
    built = build(PROJECT, MANUAL)
    assert built.warnings == ()
    with pikepdf.open(built.builder.artefact) as pdf:
        width, height = (float(v) * 25.4 / 72 for v in pdf.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (210, 297)
        assert [str(p.label) for p in pdf.pages] == [str(n) for n in range(1, len(pdf.pages) + 1)]
    assert built.bookmarks()[:-1] == [
        (1, "1 Start"),
        (2, "1.1 Install"),
        (3, "1.1.1 From source"),
        (4, "Deep"),
        (1, "2 Use"),
        (2, "2.1 Run"),
    ]
    texts = built.texts()
    assert "1.5" in texts[0]
    assert "© 2026" in texts[0]
    assert built.builder.standards == ("ua-1", "a-2a")


def test_manual_keeps_the_numbers_of_the_project(build: Build) -> None:
    files = {**PROJECT, "index.rst": "Tool\n====\n\n.. toctree::\n   :numbered: 1\n\n   start\n   use\n"}
    titles = [title for _rank, title in build(files, MANUAL).bookmarks()[:-1]]
    assert titles == ["1 Start", "Install", "From source", "Deep", "2 Use", "Run"]


def test_book_numbers_nothing_by_itself(build: Build) -> None:
    titles = [title for _rank, title in build(PROJECT).bookmarks()[:-1]]
    assert titles == ["Start", "Install", "From source", "Deep", "Use", "Run"]


def test_numbering_as_latex_has_it() -> None:
    numbering = Numbering()
    asked = [(0, "front"), (0, "body"), (1, "body"), (2, "body"), (3, "body"), (1, "body"), (0, "body"), (1, "body")]
    asked += [(0, "appendix"), (1, "appendix"), (0, "appendix"), (0, "back")]
    assert [numbering.next(*a) for a in asked] == [
        None, "1", "1.1", "1.1.1", None, "1.2", "2", "2.1", "A", "A.1", "B", None,
    ]  # fmt: skip


def test_letters_and_roman_numerals() -> None:
    assert [letters(n) for n in (1, 26, 27, 53)] == ["A", "Z", "AA", "BA"]
    assert [roman(n) for n in (1, 4, 9, 14, 40, 59)] == ["I", "IV", "IX", "XIV", "XL", "LIX"]


def test_own_design_reaches_the_sources(build: Build) -> None:
    conf = 'octavo_pdf_design = {"accent": "#7a1f1f", "text_size": "12pt", "code-scale": 0.7, "heading_fonts": "Foo"}'
    built = build({"index.rst": "Book\n====\n\nText.\n"}, conf)
    design = (Path(built.builder.outdir) / "typst" / "design.typ").read_text(encoding="utf-8")
    assert '#let accent = rgb("#7a1f1f")' in design
    assert "#let text-size = 12pt" in design
    assert "#let code-scale = 0.7" in design
    assert '#let heading-fonts = ("Foo", )' in design


@pytest.mark.parametrize(
    "given",
    [{"accent": "red"}, {"text_size": "3pt"}, {"code_scale": "big"}, {"heading_fonts": []}, {"margin": "3mm"}],
)
def test_a_design_that_is_none_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        theming.design_of(given)


def test_theme_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        theming.theme_of("novel")


def test_own_template_changes_what_it_names(build: Build) -> None:
    template = (
        '#import "theme-book.typ": *\n'
        "#let section(id: none, level: 2, body, ..rest) = labelled(id, heading(level: level, [§ #body]))\n"
    )
    files = {"index.rst": "Book\n====\n\nText.\n\nPlace\n-----\n\nMore.\n", "house.typ": template}
    built = build(files, 'octavo_pdf_template = "house.typ"')
    assert built.warnings == ()
    assert [title for _rank, title in built.bookmarks()][-2:] == ["Book", "§ Place"]


def test_own_template_that_typst_refuses_is_named_with_its_line(build: Build) -> None:
    files = {
        "index.rst": "Book\n====\n",
        "house.typ": '#import "theme-book.typ": *\n\n#let chapter(..a) = no-such-thing\n',
    }
    with pytest.raises(ConfigurationError, match=r"house\.typ:3: .*no-such-thing"):
        build(files, 'octavo_pdf_template = "house.typ"')


def test_own_template_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        theming.template_of("none.typ", tmp_path)


def test_template_of_the_reference_works(build: Build) -> None:
    reference = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    template = reference.partition("```typst\n")[2].partition("```")[0]
    files = {
        "index.rst": "Book\n====\n\n"
        ".. toctree::\n   :caption: One\n\n   a\n   b\n\n.. toctree::\n   :caption: Two\n\n   c\n   d\n",
        **{f"{name}.rst": f"Chapter {name}\n=========\n\nText.\n" for name in "abcd"},
        "house.typ": template,
    }
    built = build(files, 'octavo_pdf_template = "house.typ"')
    assert built.warnings == ()
    assert built.builder.standards == ("ua-1", "a-2a")
    assert [title for _rank, title in built.bookmarks()][:2] == ["One", "Chapter a"]
