"""Labels in Typst source: marked while documents are translated, made into strings when all are there.

A mark is the label's name between two control characters, which no text of the book can hold (`escape` takes them
out); so a label is never mistaken for something that only looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from octavo.writers.pdf.escape import string

_MARK = re.compile("\x04([^\x05]*)\x05")


def marked(label: str) -> str:
    """Where a label is put, as an argument."""
    return f"\x04{label}\x05"


def placed_labels(sources: Iterable[str]) -> set[str]:
    """The names of all labels that these sources put somewhere: what was claimed for an element that came to nothing
    is not among them."""
    return {name for source in sources for name in _MARK.findall(source)}


class Labels:
    """The labels of a book, each of which stands once; Typst refuses a book in which one stands twice."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def settled(self, source: str) -> tuple[str, tuple[str, ...]]:
        """The source with its marks as strings, and their names; a repeated label gets a name of its own."""
        names: list[str] = []

        def name_of(match: re.Match[str]) -> str:
            name, number = match[1], 2
            while name in self._seen:
                name, number = f"{match[1]}//{number}", number + 1
            self._seen.add(name)
            names.append(name)
            return string(name)

        return _MARK.sub(name_of, source), tuple(names)
