"""The committed figures are what the script draws, and can be read on any page."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIGURES = sorted((ROOT / "book" / "figures").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, section 'Terms') of ``#rrggbb``."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_committed_figures_are_what_the_script_draws() -> None:
    script = ROOT / "tools" / "figures" / "draw.py"
    run = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "out of date: none\n"), run.stderr


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_says_what_it_shows(path: Path) -> None:
    root = ET.parse(path).getroot()
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_stands_alone(path: Path) -> None:
    elements = list(ET.parse(path).getroot().iter())
    assert {element.tag.removeprefix(SVG) for element in elements} <= {
        "svg", "title", "desc", "rect", "path", "circle", "text", "tspan",
    }  # fmt: skip
    assert not [key for element in elements for key in element.attrib if key.endswith("href") or key.startswith("on")]
    names = [element.attrib["id"] for element in elements if "id" in element.attrib]
    assert len(names) == len(set(names))
    assert all(NAME.fullmatch(name) for name in names)


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_its_words_are_dark_and_large_enough_on_its_own_paper(path: Path) -> None:
    root = ET.parse(path).getroot()
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    paper = root.find(f"{SVG}rect")
    assert paper is not None
    assert [float(paper.attrib[key]) for key in ("x", "y", "width", "height")] == [0, 0, width, height]
    for text in root.iter(f"{SVG}text"):
        colour = text.get("fill", root.attrib["fill"])
        grounds = [root.attrib["fill"]] if colour == paper.attrib["fill"] else [paper.attrib["fill"], "#f1dfd2"]
        assert all(contrast(colour, ground) >= 4.5 for ground in grounds), "".join(text.itertext())
        points_at_11_cm = float(text.get("font-size", root.attrib["font-size"])) * 11 / 2.54 * 72 / width
        assert points_at_11_cm >= 7
