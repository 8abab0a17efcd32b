"""Characters without a glyph, and what is printed in their place."""

from __future__ import annotations

import pytest

from octavo.writers.pdf.glyphs import missing_characters, named_in, substitutes, used_characters
from octavo.writers.pdf.settings import Settings, paper

SETTINGS = Settings(
    paper=paper("a5", two_sided=True),
    two_sided=True,
    open_right=True,
    page_references=True,
    toc_depth=2,
    fonts=("Libertinus Serif",),
    mono_fonts=("DejaVu Sans Mono",),
    math_fonts=("New Computer Modern Math",),
    font_paths=(),
    system_fonts=False,
)


def test_every_missing_character_is_found() -> None:
    emoji = "".join(chr(c) for c in range(0x1F400, 0x1F440))
    assert "".join(missing_characters(f"éΩж✓→{emoji}漢字", SETTINGS)) == f"字漢{emoji}"


def test_nothing_is_missing_in_western_text() -> None:
    assert missing_characters("äéñßŒłøžαβγДж—–“”„«»…€№ﬁ", SETTINGS) == ()


def test_used_characters_are_each_once_and_printable() -> None:
    assert used_characters(["aéb\x00é", "ж\u00a0"]) == "éж"


@pytest.mark.parametrize(
    ("character", "printed"),
    [("\N{WHITE HEAVY CHECK MARK}", "✓"), ("\N{GRINNING FACE}", "[grinning face]"), ("\ufe0f", ""), ("Ａ", "A")],
)
def test_substitutes(character: str, printed: str) -> None:
    assert substitutes([character]) == {character: printed}


def test_named_in() -> None:
    assert named_in('the text `"\\u{20d7}"` could not be displayed with font `"X"`') == ("\u20d7",)
