"""Links that a comment in their own source file leaves out.

    % octavo: ignore-link https://example.org/*        (MyST)
    .. octavo: ignore-link https://example.org/page    (reStructuredText)
    <!-- octavo: ignore-link https://example.org/ -->   (HTML, Markdown)

A comment holds for its whole file. "*" stands for anything; everything else is meant literally.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_COMMENT = re.compile(r"^\s*(?:%|\.\.|<!--|#)\s*octavo:\s*ignore-link\s+(\S+)", re.M)
_LARGEST_SOURCE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreComment:
    """One comment. name: its place, as it is said. pattern: of URLs."""

    name: str
    pattern: re.Pattern[str]


def comments_in(text: str, source: str) -> list[IgnoreComment]:
    """The comments of a source file."""
    return [
        IgnoreComment(name=f"{source}:{text.count(chr(10), 0, found.start(1)) + 1}", pattern=_compiled(found[1]))
        for found in _COMMENT.finditer(text)
    ]


def _compiled(url: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in url.split("*")), re.S)


def reader_of(root: Path) -> Callable[[str], list[IgnoreComment]]:
    """A function from a source's name to its comments. root: what the names are relative to."""
    known: dict[str, list[IgnoreComment]] = {}

    def comments(source: str) -> list[IgnoreComment]:
        if source not in known:
            path = root / source
            try:
                small = path.is_file() and path.stat().st_size <= _LARGEST_SOURCE
                known[source] = comments_in(path.read_text(encoding="utf-8", errors="replace"), source) if small else []
            except OSError:
                known[source] = []
        return known[source]

    return comments


def ignoring_comment(
    url: str, sources: Iterable[str | None], comments: Callable[[str], list[IgnoreComment]]
) -> str | None:
    """The place of a comment that leaves a link out; None when some source of it (None: no source) does not."""
    name = None
    for source in sources:
        known = None if source is None else comments(source)
        found = next((c for c in known if c.pattern.fullmatch(url)), None) if known else None
        if found is None:
            return None
        name = name or found.name
    return name
