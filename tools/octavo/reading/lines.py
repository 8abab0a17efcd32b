"""The line of a reference: parsers know where a paragraph starts, not where in it a link stands."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

PARAGRAPH_LINES = 40  # how far below the start of its block a reference is looked for
_FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})\{")
_DIRECTIVE = re.compile(r"\s*\.\. .*::")


def exact_line(path: Path, block: int | None, needles: tuple[str, ...]) -> int | None:
    """The 1-based line, from the one where the block starts to its end, that has the first needle that any line has.

    The block's own line where no needle is found or the file can't be read; None when that is unknown.
    """
    if block is None:
        return None
    lines = _lines(path)
    end = _end(lines, block, min(block + PARAGRAPH_LINES, len(lines)))
    for needle in needles:
        for number, text in enumerate(lines[block - 1 : end], start=block):
            if needle in text:
                return number
    return block


def _end(lines: tuple[str, ...], block: int, last: int) -> int:
    """How many lines there are up to the end of the block: of a paragraph, a fence, or a directive with its content."""
    first = lines[block - 1] if 0 < block <= len(lines) else ""
    if fence := _FENCE.match(first):
        return next((n for n in range(block, last) if lines[n].strip() == fence[1]), last)
    if _DIRECTIVE.match(first):
        return next((n for n in range(block, last) if lines[n].strip() and _depth(lines[n]) <= _depth(first)), last)
    return next((n for n in range(block, last) if not lines[n].strip()), last)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


@lru_cache(maxsize=64)
def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_bytes().decode("utf-8", "replace").splitlines())
    except OSError:  # generated, or included from elsewhere
        return ()
