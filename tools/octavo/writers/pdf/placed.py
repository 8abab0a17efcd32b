"""Which labels stand in a Typst source: what was claimed for an element that came to nothing does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Quotes of the book's own text are escaped in markup and in strings, so no text can look like one of these.
_LABEL = re.compile(r'(?:\bid: |#anchor\(|#label\()"((?:[^"\\]|\\.)*)"')


def without_repeats(sources: Iterable[str]) -> Iterator[str]:
    """The same sources with each label once: what stands twice gets a name of its own, for Typst refuses the book."""
    seen: set[str] = set()

    def renamed(match: re.Match[str]) -> str:
        name, number = match[1], 2
        if name not in seen:
            seen.add(name)
            return match[0]
        while f"{name}//{number}" in seen:
            number += 1
        seen.add(f"{name}//{number}")
        start, end = match.start(1) - match.start(), match.end(1) - match.start()
        return f"{match[0][:start]}{name}//{number}{match[0][end:]}"

    for source in sources:
        yield _LABEL.sub(renamed, source)


def placed_labels(sources: Iterable[str]) -> set[str]:
    """The names of all labels that these sources put somewhere."""
    return {re.sub(r"\\(.)", r"\1", name) for source in sources for name in _LABEL.findall(source)}
