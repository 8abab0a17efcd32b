"""Our own rules over one EPUB, as diagnostics that name the source where the trace knows it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from octavo.checks.epub.accessibility import accessibility
from octavo.checks.epub.opened import open_epub
from octavo.checks.epub.retailers import retailers
from octavo.checks.links.places import diagnose
from octavo.diagnostics import Diagnostic
from octavo.reading.trace import Trace

_FILE = re.compile(r"[\w.-]+\.[A-Za-z]{3,4}\b")
_LEAST_WORDS = 4  # characters: shorter ones stand anywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """is_sound: whether a validator may be given it: there is a package document, and no text that expands without end.

    documents, pictures: how many were looked at.
    """

    diagnostics: tuple[Diagnostic, ...]
    is_sound: bool
    documents: int = 0
    pictures: int = 0


def judge(
    path: Path, *, artefact: str, trace: Trace | None = None, root: Path | None = None, profiles: Iterable[str] = ()
) -> Judged:
    """Judge the EPUB at `path` by our accessibility rules and by the profiles of shops.

    artefact: its name for the user. root: of the project that the trace's sources are relative to, None for none.
    """
    book, found = open_epub(path)
    if book is None:
        return Judged(diagnostics=diagnose(found, artefact=artefact, format="epub", trace=None), is_sound=False)
    try:
        is_sound = not book.is_beyond_reading and not any(f.rule == "epub/entity-nested" for f in found)
        own, facts, nav = accessibility(book)
        sold = retailers(path, book, facts, nav, profiles)
    finally:
        book.container.close()
    made = diagnose([*found, *own, *sold], artefact=artefact, format="epub", trace=trace)
    return Judged(
        diagnostics=tuple(_with_lines(made, root)),
        is_sound=is_sound,
        documents=facts.documents,
        pictures=facts.pictures + facts.decorative,
    )


def _with_lines(found: tuple[Diagnostic, ...], root: Path | None) -> Iterator[Diagnostic]:
    """The source line of what the trace knows by its page alone: the one line on which its words or its file stand."""
    texts: dict[str, list[str]] = {}
    for diagnostic in found:
        source = diagnostic.location.source
        if root is None or source is None or diagnostic.location.line is not None:
            yield diagnostic
            continue
        if source not in texts:
            texts[source] = _lines(root / source)
        line = next((n for words in _words(diagnostic) if (n := _only_line(texts[source], words)) is not None), None)
        yield dataclasses.replace(diagnostic, location=dataclasses.replace(diagnostic.location, line=line))


def _words(diagnostic: Diagnostic) -> Iterator[str]:
    """What may stand in the source: the value, else a file that value or context names."""
    yield diagnostic.value.removesuffix("…").strip()
    for text in (diagnostic.value, diagnostic.context or ""):
        yield from _FILE.findall(text)


def _only_line(lines: list[str], words: str) -> int | None:
    if len(words) < _LEAST_WORDS:
        return None
    numbers = [n for n, line in enumerate(lines, start=1) if words in line]
    return numbers[0] if len(numbers) == 1 else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # generated
        return []
