"""Which labels stand in a Typst source: what was claimed for an element that came to nothing does not."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Quotes of the book's own text are escaped in markup and in strings, so no text can look like one of these.
_LABEL = re.compile(r'(?:\bid: |#anchor\(|#label\()"((?:[^"\\]|\\.)*)"')


def placed_labels(sources: Iterable[str]) -> set[str]:
    """The names of all labels that these sources put somewhere."""
    return {re.sub(r"\\(.)", r"\1", name) for source in sources for name in _LABEL.findall(source)}
