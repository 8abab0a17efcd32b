"""Papers, margins and fonts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf.settings import paper, settings_of

DEFAULTS = {
    "latex_elements": {},
    "octavo_pdf_theme": "book",
    "octavo_pdf_template": None,
    "octavo_pdf_design": {},
    "octavo_pdf_document": None,
    "octavo_pdf_paper": None,
    "octavo_pdf_two_sided": None,
    "octavo_pdf_page_references": None,
    "octavo_pdf_profile": "screen",
    "octavo_pdf_bleed": None,
    "octavo_pdf_lists": [],
    "octavo_pdf_running": {},
    "octavo_pdf_digits": "language",
    "octavo_pdf_attachments": [],
    "octavo_pdf_toc_depth": 2,
    "octavo_pdf_fonts": {},
    "octavo_pdf_font_paths": [],
    "octavo_pdf_system_fonts": False,
}


def config(**changes: object) -> SimpleNamespace:
    return SimpleNamespace(**(DEFAULTS | changes))


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [("a4", 210, 297), ("A5", 148, 210), ("us-letter", 215.9, 279.4), ("170x240mm", 170, 240), ("6x9in", 152.4, 228.6)],
)
def test_paper_by_name_or_size(name: str, width: float, height: float) -> None:
    found = paper(name, two_sided=True)
    assert (found.width, found.height) == (pytest.approx(width), pytest.approx(height))


@pytest.mark.parametrize("name", ["a4", "a5", "170x240mm", "6x9in", "us-letter"])
def test_margins_leave_a_measure(name: str) -> None:
    found = paper(name, two_sided=True)
    measure = found.width - found.inside - found.outside
    assert 110 <= measure <= 135 or found.width < 150
    assert found.outside > found.inside


@pytest.mark.parametrize("name", ["a44", "170x240", "10x10mm", ""])
def test_unknown_paper_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError):
        paper(name, two_sided=True)


def test_latex_paper_is_honoured(tmp_path: Path) -> None:
    found = settings_of(config(latex_elements={"papersize": "a4paper"}), confdir=tmp_path)  # type: ignore[arg-type]
    assert found.paper.width == 210


def test_own_paper_wins(tmp_path: Path) -> None:
    settings = config(latex_elements={"papersize": "a4paper"}, octavo_pdf_paper="a5")
    assert settings_of(settings, confdir=tmp_path).paper.width == 148  # type: ignore[arg-type]


def test_named_fonts_come_before_the_embedded(tmp_path: Path) -> None:
    found = settings_of(config(octavo_pdf_fonts={"text": "Garamond", "code": ["Fira"]}), confdir=tmp_path)  # type: ignore[arg-type]
    assert found.fonts == ("Garamond", "Libertinus Serif")
    assert found.mono_fonts == ("Fira", "DejaVu Sans Mono")


@pytest.mark.parametrize(
    "changes",
    [{"octavo_pdf_fonts": {"serif": "x"}}, {"octavo_pdf_font_paths": ["nowhere"]}, {"octavo_pdf_toc_depth": 0}],
)
def test_unusable_values_are_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        settings_of(config(**changes), confdir=tmp_path)  # type: ignore[arg-type]


def test_digits_by_name(tmp_path: Path) -> None:
    assert settings_of(config(), confdir=tmp_path).own_digits  # type: ignore[arg-type]
    assert not settings_of(config(octavo_pdf_digits="western"), confdir=tmp_path).own_digits  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="octavo_pdf_digits"):
        settings_of(config(octavo_pdf_digits="roman"), confdir=tmp_path)  # type: ignore[arg-type]
