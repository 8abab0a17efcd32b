"""What was counted while the documents of an EPUB were read: what its claims are held against."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Facts:
    """Counts over all documents.

    - pictures: that convey something, the cover left out; decorative: that say themselves that they don't (`alt=""`).
    - without_alternative: pictures that say nothing of themselves.
    - formulas: `math` elements; without_words: of those the ones without `alttext` or label.
    - formulas_otherwise: formulas that are pictures, or LaTeX left in the text.
    - page_breaks: ("member#id") in reading order. skipped_ranks: headings that leave a rank out.
    - positions: ("member#id", or "member" alone) -> place in the reading order, for targets that were asked for.
    - alternatives: (member, line, source, length) of each alternative text, length in characters.
    - embedded: picture members by the document that shows them.
    """

    documents: int = 0
    pictures: int = 0
    decorative: int = 0
    without_alternative: int = 0
    long_descriptions: int = 0
    formulas: int = 0
    without_words: int = 0
    formulas_otherwise: int = 0
    tables: int = 0
    tables_without_headers: int = 0
    headings: int = 0
    skipped_ranks: int = 0
    audio: int = 0
    video: int = 0
    captioned: int = 0
    scripts: int = 0
    has_index: bool = False
    alternatives: list[tuple[str, int | None, str, int]] = field(default_factory=list)
    page_breaks: list[str] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    embedded: dict[str, set[str]] = field(default_factory=dict)
