"""A book of as many pages as asked for, with all that a technical book holds; the same bytes each time.

    python benchmarks/synthetic_book.py FOLDER [--pages N]

Each page is a document: sections, cross references to other pages, terms of a glossary, index entries, a figure, a
table, program text, notes, formulas and an admonition. Twenty pages are a part.
"""

from __future__ import annotations

import argparse
import random
import struct
import zlib
from pathlib import Path

PART = 20
TERMS = 60
SECTIONS = 4
TEXT = """
the measure of a page is set before its margins and a line that is too long tires whoever reads it so that printers
kept to sixty or seventy letters while the leading follows from the face and its weight on paper of a given colour
folded sheets are gathered sewn and cut then bound between boards that outlast them when the binder knows the trade
"""
WORDS = TEXT.split()
CONF = """\
project = "A Synthetic Book"
author = "N. N."
copyright = "2026, N. N."
version = release = "1.0"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence"]
html_theme = "basic"
numfig = True
exclude_patterns = ["_build"]
"""
FORMULAS = (
    r"\int_0^1 x^{n}\,dx = \frac{1}{n+1}",
    r"\sum_{k=1}^{n} k^2 = \frac{n(n+1)(2n+1)}{6}",
    r"e^{i\pi} + 1 = 0",
    r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\lim_{x \to 0} \frac{\sin x}{x} = 1",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    options = parser.parse_args()
    make_book(options.folder, options.pages)


def make_book(folder: Path, pages: int) -> None:
    """Write the sources of a book into a folder that does not exist yet."""
    chance = random.Random(1)
    folder.mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    parts = [range(start, min(start + PART, pages)) for start in range(0, pages, PART)]
    listed = "\n".join(f"part{number}/index" for number in range(len(parts)))
    (folder / "index.md").write_text(
        f"# A Synthetic Book\n\n```{{toctree}}\n:numbered:\n\n{listed}\nglossary\n```\n", encoding="utf-8"
    )
    terms = "\n".join(f"term {n}\n    {sentence(chance, 20)}\n" for n in range(TERMS))
    (folder / "glossary.md").write_text(f"# Glossary\n\n```{{glossary}}\n{terms}```\n", encoding="utf-8")
    for number, part in enumerate(parts):
        inside = folder / f"part{number}"
        inside.mkdir()
        names = "\n".join(f"page{page}" for page in part)
        (inside / "index.md").write_text(
            f"# Part {number + 1}\n\n{paragraph(chance)}\n\n```{{toctree}}\n{names}\n```\n", encoding="utf-8"
        )
        (inside / "picture.png").write_bytes(picture(number))
        for page in part:
            (inside / f"page{page}.md").write_text(text_of(page, pages, chance), encoding="utf-8")


def text_of(page: int, pages: int, chance: random.Random) -> str:
    blocks = [f"(page-{page})=\n# Page {page}, on {' '.join(chance.choices(WORDS, k=3))}", paragraph(chance)]
    for section in range(SECTIONS):
        other = chance.randrange(pages)
        blocks += [
            f"(page-{page}-section-{section})=\n## Section {section} of page {page}",
            f"```{{index}} single: {chance.choice(WORDS)}; of page {page}\n```",
            f"{paragraph(chance)} See {{ref}}`page-{other}-section-{chance.randrange(SECTIONS)}`, and {{doc}}`its part "
            f"</part{other // PART}/index>`; a {{term}}`term {chance.randrange(TERMS)}`, and a [link](#page-{other}).",
            f"{paragraph(chance)} A note.[^n{section}] So $a_{{{section}}} + b^2$ is *never* **ever** `code_{page}`.",
            "\n".join(f"- {sentence(chance, 8)}" for _ in range(4)),
        ]
    rows = "\n".join(
        f"   * - {chance.choice(WORDS)}\n     - {n * page}\n     - {sentence(chance, 5)}" for n in range(6)
    )
    blocks += [
        f"$$\n{chance.choice(FORMULAS)}\n$$ (eq-{page})",
        f"Formula {{eq}}`eq-{page}` holds, as {{numref}}`fig-{page}` and {{numref}}`tbl-{page}` show.",
        f"```{{figure}} picture.png\n:name: fig-{page}\n:alt: A field of one colour\n\n{sentence(chance, 8)}\n```",
        f"```{{list-table}} A table, {sentence(chance, 5)}\n:name: tbl-{page}\n:header-rows: 1\n\n"
        f"   * - Word\n     - Number\n     - Sentence\n{rows}\n```",
        f'```python\ndef page_{page}(value: int) -> str:\n    """{sentence(chance, 8)}"""\n    total = 0\n'
        f'    for number in range(value):\n        total += number * {page}  # as said\n    return f"{{total}}"\n```',
        f":::{{note}}\n{paragraph(chance)}\n:::",
        "\n".join(f"[^n{section}]: {sentence(chance, 14)}" for section in range(SECTIONS)),
    ]
    return "\n\n".join(blocks) + "\n"


def sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length)).capitalize() + "."


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance, chance.randrange(8, 24)) for _ in range(5))


def picture(number: int) -> bytes:
    """A PNG of one colour, 320 by 200."""
    width, height = 320, 200
    row = b"\0" + bytes((40 + number * 7 % 180, 90, 120)) * width

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    main()
