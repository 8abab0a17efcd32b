"""How many pages the table of contents will have, judged by the headings that it names.

Typst learns what is in the contents only after it has set the book once. Where it knows beforehand how many pages they
take, all that follows them stands on its page from the beginning; a judgement that is wrong costs time, nothing else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.writers.pdf.settings import Settings

_HEADING = re.compile(r"^#(part|chapter|section)\((.*?)\)\[(.*)\]$", re.MULTILINE)
_LEVEL = re.compile(r"\blevel: (\d+)")
_NUMBER = re.compile(r'\bnumber: "([^"]*)"')
_MARKUP = re.compile(r"#[a-z-]+(?:\([^)]*\))?|[\[\];\\]")
_POINT = 25.4 / 72
_LINE = 1.32
"""From one line to the next, in em of the text; before entries of the first rank more."""
_FIRST_RANK = 0.4
_OPENING = 95
"""What the title of the contents takes, in points."""
_LETTER = 0.47
"""The width of a letter, in em."""


def contents_pages(sources: Iterable[str], settings: Settings, depth: int) -> int:
    """Pages of the contents of documents in Typst. depth: ranks of headings that are named."""
    paper, size = settings.paper, settings.text_size
    height = (paper.height - paper.top - paper.bottom) / _POINT
    room = (paper.width - paper.inside - paper.outside) / _POINT / (size * _LETTER) - 8
    used = _OPENING / size
    for source in sources:
        for kind, arguments, body in _HEADING.findall(source):
            level = _LEVEL.search(arguments)
            rank = int(level[1]) if level and kind != "part" else 1
            if rank > depth:
                continue
            number = _NUMBER.search(arguments)
            letters = len(_MARKUP.sub("", body)) + len(number[1] if number else "") + 3 * rank
            used += math.ceil(letters / room) * _LINE + (_FIRST_RANK if rank == 1 else 0)
    return math.ceil(used * size / height)
