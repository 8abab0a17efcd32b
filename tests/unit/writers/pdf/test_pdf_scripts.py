"""Fonts for scripts that the shipped ones lack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import typst

from octavo.covers import scripts


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("äöß", "de", ()),
        ("שלום", "he", ()),
        ("かな漢字", "ja", ("Japanese",)),
        ("漢字", "ja", ("Japanese",)),
        ("かな漢字", "en", ("Japanese",)),
        ("汉字", "zh-CN", ("Chinese",)),
        ("漢字", "zh-TW", ("Traditional Chinese",)),
        ("한글漢字", "ko", ("Korean",)),
        ("سلام 漢字", "fa", ("Chinese", "Arabic")),
        ("漢字かな", "zh", ("Chinese", "Japanese")),
    ],
)
def test_scripts_of_a_book(text: str, language: str, expected: tuple[str, ...]) -> None:
    assert scripts.scripts_of(text, language) == expected


class Machine:
    """A machine with some fonts, each a file of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *families: str) -> None:
        fonts = [type("Font", (), {"family": f, "path": f"/fonts/{f}.otf"})() for f in families]
        monkeypatch.setattr(typst, "Fonts", lambda **_: type("Fonts", (), {"fonts": lambda self: fonts})())


def test_the_first_family_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, "Noto Sans CJK JP", "Yu Mincho", "Noto Sans")
    found = scripts.families_of_machine(["Japanese", "Thai"])
    assert found.families == ("Yu Mincho",)
    assert found.files == (Path("/fonts/Yu Mincho.otf"),)
    assert list(found.lacking) == ["Thai"]


def test_a_book_in_shipped_letters_looks_at_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typst, "Fonts", lambda **_: pytest.fail("looked at the machine's fonts"))
    assert scripts.families_of_machine([]) == scripts.Found(families=(), files=(), lacking={})


def test_a_script_without_a_font_is_said_once_for_each_document(
    build: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Machine(monkeypatch)
    book = build({"index.rst": "Book\n====\n\nText.\n\nひらがな and カタカナ.\n"})
    assert len(book.warnings) == 1
    assert book.warnings[0].startswith("index.rst:6: ")
    assert "U+304C, Japanese" in book.warnings[0]
    assert "install one of Noto Serif CJK JP" in book.warnings[0]


def test_fonts_of_the_machine_are_embedded(build: Callable[..., Any]) -> None:
    there = scripts.families_of_machine(["Arabic"])
    if not there.families:
        pytest.skip("the machine has no Arabic font")
    book = build({"index.rst": "کتاب\n====\n\nسلام دنیا\n"}, 'language = "fa"')
    assert book.warnings == ()
    assert book.builder.standards == ("ua-1", "a-2a")
    wanted = there.families[0].replace(" ", "")
    with pikepdf.open(book.builder.artefact) as pdf:
        fonts = [str(o.BaseFont) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o]
    assert any(wanted in name for name in fonts)
    assert not any("DejaVu" in name for name in fonts)


def test_titles_of_ours_need_a_font_as_well(build: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch)
    book = build({"index.rst": "Book\n====\n\nText, and an :index:`entry`.\n"}, "language = 'ja'\n")
    assert book.builder.standards == ("ua-1", "a-2a")
    assert "cjk unified" in book.book
    assert "\u76ee" not in book.book
