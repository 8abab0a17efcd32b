"""The line of a reference: parsers know where a paragraph starts, not where in it a link stands."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

PARAGRAPH_LINES = 40  # how far below the start of its block a reference is looked for


def exact_line(path: Path, block: int | None, needles: tuple[str, ...]) -> int | None:
    """The 1-based line, from the one where the block starts to its end, that has the first needle that any line has.

    The block's own line where no needle is found or the file can't be read; None when that is unknown.
    """
    if block is None:
        return None
    lines = _lines(path)
    last = min(block + PARAGRAPH_LINES, len(lines))
    end = next((n for n in range(block, last) if not lines[n].strip()), last)
    for needle in needles:
        for number, text in enumerate(lines[block - 1 : end], start=block):
            if needle in text:
                return number
    return block


@lru_cache(maxsize=64)
def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError:  # generated, or included from elsewhere
        return ()
