"""Documents as they were translated the last time, for a builder that sets the same book again and again.

A translation is taken again where all that it was made from is as it was: the resolved document, its place in the
book, the settings, and what the documents before it have left to it in the assembly. What it left there itself is put
there again. Never kept is what asks for other documents' equations, or for a picture that can't be had.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.writers.pdf.translator import Segment

if TYPE_CHECKING:
    from octavo.writers.pdf.assembly import Assembly, Reference
    from octavo.writers.pdf.images import Picture
    from octavo.writers.pdf.numbering import Numbering

_MARK = re.compile("\x02([0-9]+)\x03")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What one document leaves to the next in an assembly."""

    last_rank: int
    part: str | None
    parts: int
    numbering: Numbering | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Translation:
    """A document's translation, and what it was made from.

    - version, place: compared by identity and by value.
    - first_reference: the number of the first reference in `segments`.
    - targets, citations, titles, references: what it adds to the assembly; pictures: those that it has.
    """

    version: object
    place: object
    before: _Standing
    after: _Standing
    segments: tuple[tuple[str, object], ...]
    first_reference: int
    references: tuple[Reference, ...]
    targets: Mapping[str, str]
    citations: frozenset[str]
    titles: Mapping[str, str]
    pictures: tuple[tuple[Path, Picture], ...]


class Translations:
    """What was translated, by document."""

    def __init__(self) -> None:
        self._made: dict[str, _Translation] = {}
        self._setting: object = None

    def begin(self, assembly: Assembly) -> None:
        """A book is translated: what was made with other settings or characters is forgotten."""
        setting = (
            assembly.settings,
            dict(assembly.substitutes),
            assembly.publisher,
            assembly.page_word,
            assembly.start,
            assembly.elsewhere,
            dict(assembly.sources),
        )
        if setting != self._setting:
            self._made.clear()
            self._setting = setting

    def segments(
        self, assembly: Assembly, docname: str, version: object, place: object, translate: Callable[[], list[Segment]]
    ) -> list[Segment]:
        """The segments of a document, made now or before.

        - version: an object that is another one when the document is; None where that isn't known.
        - place: all that the translator is told besides.
        """
        if version is None:
            return translate()
        before = _standing(assembly)
        known = self._made.get(docname)
        if (
            known is not None
            and known.version is version
            and (known.place, known.before) == (place, before)
            and known.targets.keys().isdisjoint(assembly.targets)
            and _has_pictures(assembly, known)
        ):
            return _given_back(assembly, known)
        first, targets, titles = len(assembly.references), set(assembly.targets), set(assembly.titles)
        citations, asked = set(assembly.citations), assembly.formulas.equations.asked
        staged = len(assembly.pictures.asked)
        made = translate()
        pictures = assembly.pictures.asked[staged:]
        self._made.pop(docname, None)
        if assembly.formulas.equations.asked == asked and all(picture is not None for _path, picture in pictures):
            self._made[docname] = _Translation(
                version=version,
                place=place,
                before=before,
                after=_standing(assembly),
                segments=tuple((segment.source, segment.node) for segment in made),
                first_reference=first,
                references=tuple(assembly.references[first:]),
                targets={name: label for name, label in assembly.targets.items() if name not in targets},
                citations=frozenset(assembly.citations - citations),
                titles={label: title for label, title in assembly.titles.items() if label not in titles},
                pictures=tuple((path, picture) for path, picture in pictures if picture is not None),
            )
        return made


def _standing(assembly: Assembly) -> _Standing:
    return _Standing(
        last_rank=assembly.last_rank,
        part=assembly.part,
        parts=assembly.parts,
        numbering=copy.deepcopy(assembly.numbering),
    )


def _has_pictures(assembly: Assembly, known: _Translation) -> bool:
    """Whether its pictures are as they were; those that are staged by this are staged in the same order anyway."""
    for path, picture in known.pictures:
        try:
            if assembly.pictures.stage(path) != picture:
                return False
        except (OSError, ValueError):
            return False
    return True


def _given_back(assembly: Assembly, known: _Translation) -> list[Segment]:
    moved = len(assembly.references) - known.first_reference
    assembly.references.extend(known.references)
    assembly.targets.update(known.targets)
    assembly.citations |= known.citations
    assembly.titles.update(known.titles)
    assembly.last_rank, assembly.part, assembly.parts = known.after.last_rank, known.after.part, known.after.parts
    assembly.numbering = copy.deepcopy(known.after.numbering)
    return [Segment(_renumbered(source, moved), node) for source, node in known.segments]


def _renumbered(source: str, moved: int) -> str:
    """Source with the numbers of its references as they are now."""
    return _MARK.sub(lambda mark: f"\x02{int(mark[1]) + moved}\x03", source) if moved else source
