"""Typst, and what to do when it refuses: the book is compiled until it is a PDF.

Each refusal is traced to the segment it came from, which is then mended or set plainly; where Typst names no place,
the segment is found by halving. When a standard can't be reached, the book is tagged all the same, and it is said why.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from docutils import nodes

from octavo.diagnostics import Diagnostic, WriterError
from octavo.reading.reporting import report
from octavo.writers.pdf import escape, glyphs
from octavo.writers.pdf.translator import Segment

if TYPE_CHECKING:
    import datetime

    import typst

    from octavo.writers.pdf.settings import Settings

Standard = Literal["ua-1", "a-2a", "a-3a"]
STANDARDS: tuple[Standard, ...] = ("ua-1", "a-2a")
WITH_FILES: tuple[Standard, ...] = ("ua-1", "a-3a")
"""PDF/A-2 allows only PDF/A as files in the file."""
_PLACE = re.compile(r"(doc-\d+\.typ):(\d+):")
_HEAD = '#import "theme.typ": *\n#import "palette.typ": *\n'
_LINK_IN_ARTIFACT = "artifacts may not contain links"
"""A refusal that names the line of a template where the link is made, and not the document: one place is no reason to
give up PDF/UA for the book."""
_MOST_ROUNDS = 60
"""Compilations before giving up; each one ends with at least one segment set plainly."""


@dataclass(slots=True, kw_only=True)
class SourceFile:
    """One document as Typst source. matter: "front" or "body" (see `SpineEntry`)."""

    name: str
    matter: str
    segments: list[Segment]
    starts: list[int] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the file, and remember the line on which each segment starts."""
        self.starts, lines, parts = [], _HEAD.count("\n") + 1, [_HEAD]
        for segment in self.segments:
            self.starts.append(lines)
            part = f"{segment.source}\n\n"
            lines += part.count("\n")
            parts.append(part)
        path, text = folder / self.name, "".join(parts)
        # an untouched file keeps its time: editors and tools that watch the folder see only what changed
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")

    def segment_at(self, line: int) -> Segment | None:
        """The segment on a line (1-based)."""
        position = bisect_right(self.starts, line) - 1
        return self.segments[position] if 0 <= position < len(self.segments) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a label is. page: physical, 1-based; x, y: points from the top left."""

    label: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A compiled book. standards: those that it keeps, as Typst names them."""

    pdf: bytes
    targets: tuple[Target, ...]
    standards: tuple[str, ...]


class Compilation:
    """One book in a folder of Typst sources."""

    def __init__(
        self, folder: Path, files: Sequence[SourceFile], settings: Settings, timestamp: datetime.datetime
    ) -> None:
        self._folder = folder
        self._files = list(files)
        self._settings = settings
        self._timestamp = timestamp
        self._refused: set[int] = set()

    def run(self) -> Compiled:
        """Compile.

        Raises: WriterError when Typst refuses even what is ours.
        """
        for file in self._files:
            file.write(self._folder)
        standards = WITH_FILES if self._settings.attachments else STANDARDS
        for _ in range(_MOST_ROUNDS):
            error = self._attempt(standards)
            if error is None:
                return self._finished(standards)
            if self._mend(error):
                continue
            if standards:
                reason = _first_line(error)
                if _LINK_IN_ARTIFACT in reason and self._halve(standards):
                    continue
                if self._attempt(()) is None:
                    if "PDF/A" in reason and self._attempt(("ua-1",)) is None:
                        standards = ("ua-1",)
                        continue
                    report(Diagnostic(rule="pdf/not-accessible", value=reason, formats=("pdf",)))
                    standards = ()
                    continue
            if not self._halve(standards):
                raise WriterError(
                    f"Typst refuses the book: {_first_line(error)}", f"Its sources are in {self._folder}."
                )
        raise WriterError(f"Typst still refuses the book after {_MOST_ROUNDS} mended places", None)

    def _compiler(self) -> typst.Compiler:
        import typst

        return typst.Compiler(
            str(self._folder / "book.typ"),
            root=str(self._folder),
            ignore_system_fonts=not self._settings.system_fonts,
            font_paths=[str(p) for p in self._settings.font_paths],
        )

    def _attempt(self, standards: tuple[Standard, ...]) -> str | None:
        """Typst's refusal, or None when it compiled (the PDF is then kept)."""
        import typst

        self._current = self._compiler()
        try:
            made, _ = self._current.compile_with_warnings(
                format="pdf", pdf_standards=[*standards], timestamp=self._timestamp
            )
        except typst.TypstError as error:
            trace = "\n".join(map(str, error.trace or ()))
            return f"{error.diagnostic}\n{trace}"
        if not isinstance(made, bytes):
            raise TypeError(f"Typst gave {type(made).__name__} for a PDF")
        self._pdf = made
        return None

    def _finished(self, standards: tuple[Standard, ...]) -> Compiled:
        found = json.loads(self._current.query("<octavo-targets>", field="value"))
        targets = tuple(Target(label=label, page=page, x=x, y=y) for group in found for label, page, x, y in group)
        return Compiled(pdf=self._pdf, targets=targets, standards=standards)

    # ---- mending

    def _mend(self, error: str) -> bool:
        """Mend every segment that the refusal names; whether there was any that was not mended before."""
        without_glyph = glyphs.named_in(error)
        mended = False
        by_name = {file.name: file for file in self._files}
        touched: set[str] = set()
        for name, line in dict.fromkeys(_PLACE.findall(error)):
            file = by_name.get(name)
            segment = file.segment_at(int(line)) if file is not None else None
            if file is None or segment is None or id(segment) in self._refused:
                continue
            if not (without_glyph and self._without_glyphs(segment, without_glyph)):
                self._set_plainly(segment, _first_line(error))
            touched.add(file.name)
            mended = True
        if without_glyph and not mended:
            # a heading is refused where it is repeated (the contents, a bookmark), and no place is named
            for file in self._files:
                changed = [self._without_glyphs(segment, without_glyph) for segment in file.segments]
                if any(changed):
                    touched.add(file.name)
                    mended = True
        for name in touched:
            by_name[name].write(self._folder)
        return mended

    @staticmethod
    def _without_glyphs(segment: Segment, texts: Sequence[str]) -> bool:
        source = segment.source
        for text in texts:
            # in a string as in markup: words, and no brackets that would need to be escaped in one of them
            readable = "".join(glyphs.substitutes([c])[c].strip("[]") if ord(c) > 126 else c for c in text)
            codes = " ".join(f"\\u{{{ord(c):x}}}" for c in text)
            replaced = source.replace(codes, escape.string(readable)).replace(text, readable)
            if replaced != source and readable != text:
                report(
                    Diagnostic(rule="pdf/glyph-missing", value=text, context=_code_points(text), formats=("pdf",)),
                    segment.node,
                )
                source = replaced
        changed = source != segment.source
        segment.source = source
        return changed

    def _set_plainly(self, segment: Segment, reason: str) -> None:
        self._refused.add(id(segment))
        report(Diagnostic(rule="pdf/part-refused", value=reason, formats=("pdf",)), segment.node)
        segment.source = plain_source(segment)

    def _halve(self, standards: tuple[Standard, ...]) -> bool:
        """Find one segment without which the book compiles, by setting halves of all of them plainly."""
        places = [(file, n) for file in self._files for n in range(len(file.segments))]
        places = [(file, n) for file, n in places if id(file.segments[n]) not in self._refused]
        original = {(file.name, n): file.segments[n].source for file, n in places}

        def attempt(plain: Sequence[tuple[SourceFile, int]]) -> bool:
            chosen = {(file.name, n) for file, n in plain}
            for file, n in places:
                segment = file.segments[n]
                segment.source = (
                    plain_source(segment, original[file.name, n])
                    if (file.name, n) in chosen
                    else original[file.name, n]
                )
            for file in self._files:
                file.write(self._folder)
            return self._attempt(standards) is None

        suspects = places
        if not attempt(suspects):
            attempt(())
            return False
        while len(suspects) > 1:
            half = suspects[: len(suspects) // 2]
            rest = suspects[len(suspects) // 2 :]
            if attempt(half):
                suspects = half
            elif attempt(rest):
                suspects = rest
            else:
                break  # the fault needs parts of both halves: set all of them plainly
        attempt(())
        reason = _first_line(self._attempt(standards) or "no reason given")
        for file, n in suspects:
            self._set_plainly(file.segments[n], reason)
            file.write(self._folder)
        return True


_HEADING = re.compile(r'#(?:chapter|section|part)\((?:[^"()]|"(?:[^"\\]|\\.)*")*\)(?=\[)')


def plain_source(segment: Segment, source: str | None = None) -> str:
    """A segment as its text, with every label that it has: references elsewhere still need them."""
    text = segment.node.astext() if not isinstance(segment.node, nodes.document) else ""
    heading = _HEADING.match(segment.source if source is None else source)
    if heading and isinstance(segment.node, nodes.title):
        return f"{heading[0]}[{escape.markup(text)}]"
    anchors = "".join(f"#anchor({escape.string(label)});" for label in segment.labels)
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip()]
    return anchors + "\n\n".join(escape.markup(p) for p in paragraphs)


def _first_line(error: str) -> str:
    line = next((line for line in error.splitlines() if line.strip()), "unknown error")
    return line.removeprefix("error: ").strip()


def _code_points(text: str) -> str:
    return " ".join(f"U+{ord(c):04X}" for c in text)
