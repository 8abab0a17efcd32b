"""Where a finding is: in the sources, in an artefact, or in both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in the sources, in what was built from them, or in both. Every field may be unknown (None).

    - source: path of the source file, POSIX form, relative to the project's root (or absolute when outside of it).
    - line, column: 1-based place in `source`; column without line means nothing.
    - artefact: path of the built file or site as the user would name it ("_build/epub/book.epub").
    - member: file inside the artefact, relative to its root ("chapter-1.html", "EPUB/chapter-1.xhtml").
    - member_line: 1-based line in `member`.
    - page: 1-based physical page of a PDF.
    """

    source: str | None = None
    line: int | None = None
    column: int | None = None
    artefact: str | None = None
    member: str | None = None
    member_line: int | None = None
    page: int | None = None

    def __str__(self) -> str:
        """The place in the sources (`book/ch3.md:41:7`), else in the artefact (`site/ch3.html:12`)."""
        return self.source_text() or self.artefact_text() or "-"

    def source_text(self) -> str | None:
        """`path:line:column` in the sources as far as known, or None."""
        if self.source is None:
            return None
        numbers = [self.line, self.column] if self.line is not None else []
        return ":".join([self.source, *(str(n) for n in numbers if n is not None)])

    def artefact_text(self) -> str | None:
        """The place in the artefact (`book.epub!EPUB/ch3.xhtml:12`, `book.pdf p. 7`), or None."""
        if self.artefact is None and self.member is None:
            return None
        if self.artefact is None or self.member is None:
            text = self.artefact or self.member or ""
        else:
            text = f"{self.artefact}{'!' if self.artefact.endswith('.epub') else '/'}{self.member}"
        if self.member_line is not None:
            text += f":{self.member_line}"
        if self.page is not None:
            text += f" p. {self.page}"
        return text

    def sort_key(self) -> tuple[str, int, int, str, str, int, int]:
        """Order of path, then of line, then of the artefact's place; unknown sorts first."""
        return (
            self.source or "",
            self.line or 0,
            self.column or 0,
            self.artefact or "",
            self.member or "",
            self.page or 0,
            self.member_line or 0,
        )
