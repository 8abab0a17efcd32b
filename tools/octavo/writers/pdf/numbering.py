"""Numbers of chapters and sections where the project gives none, as Sphinx's LaTeX has them: 1, 1.1, 1.1.1, A, A.1."""

from __future__ import annotations

from dataclasses import dataclass, field

DEPTH = 2
"""The deepest rank with a number: 0 is a chapter's (`secnumdepth` of Sphinx's class `sphinxmanual`)."""


@dataclass(slots=True)
class Numbering:
    """Counts headings in the order of the book."""

    _counts: list[int] = field(default_factory=lambda: [0] * (DEPTH + 1))
    _matter: str = ""

    def next(self, depth: int, matter: str) -> str | None:
        """The number of the next heading, or None for one that has none.

        - depth: 0 for a chapter, 1 for a section in it, and so on.
        - matter: where it stands (`SpineEntry`); appendices begin anew with letters, and what is before and behind
          the body has no number.
        """
        if matter not in ("body", "appendix"):
            return None
        if matter != self._matter and "appendix" in (matter, self._matter):
            self._counts = [0] * (DEPTH + 1)
        self._matter = matter
        if depth > DEPTH:
            return None
        self._counts[depth] += 1
        self._counts[depth + 1 :] = [0] * (DEPTH - depth)
        first, *rest = self._counts[: depth + 1]
        head = letters(first) if matter == "appendix" else str(first)
        return ".".join([head, *map(str, rest)])


def letters(number: int) -> str:
    """A number from 1 on in letters: A to Z, then AA and so on."""
    made = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        made = chr(ord("A") + digit) + made
    return made


def roman(number: int) -> str:
    """A number from 1 on as a Roman numeral."""
    made = ""
    for value, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        count, number = divmod(number, value)
        made += letters * count
    return made
