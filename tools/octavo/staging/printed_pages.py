"""What the PDF writer leaves of its pages, so that the EPUB of the same build can name the same pages.

The types stand between the two writers so that neither knows the other; this module holds the values, their JSON form,
and the order in which pages follow each other where something floats.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FORMAT_VERSION = 1
OBJECT = "\ufffc"
"""Stands in a page's text for each picture and each formula (U+FFFC, object replacement character)."""


class PageKind(StrEnum):
    """What a printed page holds. Others than TEXT have no place inside the text."""

    TEXT = "text"
    TITLE = "title"
    COPYRIGHT = "copyright"
    CONTENTS = "contents"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPage:
    """A page of the PDF.

    - label: as the page names itself ("xii", "37").
    - after: the first words of the text on it, as far as `TEXT_KEPT` characters, going on to the next page where it is
      short; without running heads, notes at the foot, and what floats. before: the last words of the text before it.
    """

    label: str
    kind: PageKind
    before: str = ""
    after: str = ""


TEXT_KEPT = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfTarget:
    """Where a target of the book is printed.

    - anchor: id in the document, or "" for its beginning.
    - page: physical page, 1-based; label: as the page names itself ("xii", "37").
    """

    docname: str
    anchor: str
    page: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPages:
    """The pages of a PDF in order, and where in it the targets of the book are."""

    pages: tuple[PrintedPage, ...]
    targets: tuple[PageOfTarget, ...]

    def save(self, path: Path) -> None:
        """Write as JSON."""
        data = {
            "version": FORMAT_VERSION,
            "pages": [[p.label, p.kind, p.before, p.after] for p in self.pages],
            "targets": [[t.docname, t.anchor, t.page, t.label] for t in self.targets],
        }
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> PrintedPages:
        """Read what `save` wrote in the same build.

        Raises: OSError, ValueError when the file is not there or not whole.
        """
        text = path.read_text(encoding="utf-8")
        try:
            data = json.loads(text)
            if data["version"] != FORMAT_VERSION:
                raise ValueError(f"version {data['version']}, expected {FORMAT_VERSION}")  # noqa: TRY301 -- see below
            return cls(
                pages=tuple(
                    PrintedPage(label=label, kind=PageKind(kind), before=before, after=after)
                    for label, kind, before, after in data["pages"]
                ),
                targets=tuple(
                    PageOfTarget(docname=docname, anchor=anchor, page=page, label=label)
                    for docname, anchor, page, label in data["targets"]
                ),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: no readable list of pages ({error})") from error


def heaviest_ascent(pages: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Positions of the heaviest subsequence in which pages never go back.

    The text of a book goes on from page to page; what floats to a later page stands in its order before text that is
    printed earlier, and drops out here, being lighter.
    """
    # of the subsequences so far, the best for each last page: weight ascends with page, or the later one is of no use
    last: list[int] = []
    weight: list[int] = []
    end: list[int] = []
    previous: list[int] = []
    for position, (page, own) in enumerate(zip(pages, weights, strict=True)):
        at = bisect_right(last, page)
        total = own + (weight[at - 1] if at else 0)
        previous.append(end[at - 1] if at else -1)
        start = at - 1 if at and last[at - 1] == page else at
        stop = at
        while stop < len(last) and weight[stop] <= total:
            stop += 1
        last[start:stop], weight[start:stop], end[start:stop] = [page], [total], [position]
    found: list[int] = []
    position = end[-1] if end else -1
    while position >= 0:
        found.append(position)
        position = previous[position]
    return found[::-1]
