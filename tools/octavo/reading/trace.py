"""The way back from an artefact to the sources: which file and line each reference of a format comes from.

A trace is written beside the artefacts while they are built, and read by the checks; this module holds the value and
its JSON form, and knows nothing of Sphinx.
"""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from octavo.diagnostics import ConfigurationError, Location

FORMAT_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedReference:
    """A reference as it stands in the resolved document of one format.

    - target: what it leads to, as the writer was given it (URI, relative URI with fragment, `#id`, image path).
    - kind: "link", "image" or "download".
    - source: path of the source file, relative to the project's root where it is inside; line: 1-based or None.
    """

    docname: str
    target: str
    kind: str
    source: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """All references of one format.

    - pages: docname -> path of its page in the artefact, without fragment ("chapter-1.html").
    - sources: docname -> path of its source file.
    - base: directory in the artefact that `pages` are relative to ("" or "EPUB").
    - base_url: where the site will be published (`html_baseurl`), or None.
    """

    format: str
    pages: dict[str, str]
    sources: dict[str, str]
    references: tuple[TracedReference, ...]
    base: str = ""
    base_url: str | None = None
    _by_page: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_target: dict[tuple[str, str], list[TracedReference]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def _sort(self) -> None:
        """Make what places are looked up in, when somebody asks: who writes a trace does not."""
        if self._by_page or self._by_target:
            return
        for reference in self.references:
            key = (reference.docname, _normal(self.pages.get(reference.docname, ""), reference.target))
            self._by_target.setdefault(key, []).append(reference)
        for docname, page in self.pages.items():
            self._by_page.setdefault(posixpath.normpath(posixpath.join(self.base, page)), docname)

    def docname_of(self, member: str) -> str | None:
        """The document whose page `member` (a path in the artefact) is, or None."""
        self._sort()
        return self._by_page.get(posixpath.normpath(member))

    def locate(self, member: str, target: str) -> tuple[Location, ...]:
        """Places in the sources of the references on page `member` that lead to `target`, in order of line.

        `target` is the reference as written in the artefact, relative to `member`. When the page is known and the
        reference is not, the page's source file without a line; when nothing is known, empty.
        """
        docname = self.docname_of(member)
        if docname is None:
            return ()
        wanted = _normal(self.pages[docname], target)
        # a table of contents lists the sections of a page of which the sources name only the page
        found = self._by_target.get((docname, wanted)) or self._by_target.get((docname, wanted.partition("#")[0]), [])
        places = sorted({(r.source, r.line) for r in found}, key=lambda p: (p[0], p[1] or 0))
        if not places:
            return (Location(source=self.sources[docname]),)
        return tuple(Location(source=source, line=line) for source, line in places)

    def locate_anywhere(self, target: str) -> tuple[Location, ...]:
        """Places of every reference to `target` (an absolute URI, or docname-based target), whatever its page."""
        places = sorted(
            {(r.source, r.line) for r in self.references if r.target == target}, key=lambda p: (p[0], p[1] or 0)
        )
        return tuple(Location(source=source, line=line) for source, line in places)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        data = {
            "version": FORMAT_VERSION,
            "format": self.format,
            "base": self.base,
            "base_url": self.base_url,
            "pages": self.pages,
            "sources": self.sources,
            "references": [[r.docname, r.target, r.kind, r.source, r.line] for r in self.references],
        }
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Trace:
        """Read what `save` wrote.

        Raises: ConfigurationError when the file is unreadable or of another version.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] != FORMAT_VERSION:
                raise ConfigurationError(
                    f"{path}: trace of version {data['version']}, expected {FORMAT_VERSION}", "Build the project again."
                )
            return cls(
                format=data["format"],
                base=data["base"],
                base_url=data["base_url"],
                pages=data["pages"],
                sources=data["sources"],
                references=tuple(
                    TracedReference(docname=d, target=t, kind=k, source=s, line=line)
                    for d, t, k, s, line in data["references"]
                ),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(f"{path}: not a readable trace ({error})", "Build the project again.") from error


def _normal(page: str, target: str) -> str:
    """A target as one comparable form: internal ones become `path#fragment` from the artefact's base, decoded."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return target
    if parts.scheme or parts.netloc:
        return target
    path = unquote(parts.path)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else posixpath.normpath(page)
    return f"{joined}#{unquote(parts.fragment)}" if parts.fragment else joined
