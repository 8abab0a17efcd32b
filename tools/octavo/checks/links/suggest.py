"""The nearest thing that exists, for "did you mean": bounded, however many findings and candidates there are."""

from __future__ import annotations

import heapq
import posixpath
import re
from collections.abc import Collection

_MOST_COMPARED = 2000  # candidates that one missing name is compared with: those nearest in length
_MOST_SEARCHES = 400  # comparisons of a whole report; after them only what differs in punctuation is suggested
_LIKENESS_OF_PATHS = 0.75
_PLAIN = re.compile(r"[\W_]+")


class Suggestions:
    """Near names, each question answered once."""

    def __init__(self) -> None:
        self._searches = 0
        self._answers: dict[tuple[str, str], str | None] = {}
        self._plain: dict[str, dict[str, str]] = {}
        self._sorts: dict[str, frozenset[str]] = {}

    def sort_of_files(self, sort: str, files: Collection[str], suffixes: Collection[str]) -> frozenset[str]:
        """Those of `files` with one of `suffixes`; found once for each name of a sort."""
        if sort not in self._sorts:
            chosen = (f for f in files if posixpath.splitext(f)[1].lower() in suffixes)
            self._sorts[sort] = frozenset(chosen)
        return self._sorts[sort]

    def near(self, wanted: str, group: str, candidates: Collection[str], *, likeness: float = 0.6) -> str | None:
        """The candidate nearest to `wanted`, or None when nothing is near.

        group: a name for these candidates. likeness: the least share of letters in common that is near.
        """
        key = (group, wanted)
        if key not in self._answers:
            self._answers[key] = self._search(wanted, group, candidates, likeness)
        return self._answers[key]

    def _search(self, wanted: str, group: str, candidates: Collection[str], likeness: float) -> str | None:
        if not wanted or not candidates:
            return None
        if group not in self._plain:
            self._plain[group] = {_plain(c): c for c in sorted(candidates, reverse=True)}
        same = self._plain[group].get(_plain(wanted))
        if same is not None and same != wanted:
            return same
        if self._searches >= _MOST_SEARCHES:
            return None
        self._searches += 1
        near = [c for c in candidates if c != wanted and abs(len(c) - len(wanted)) <= max(4, len(wanted) // 2)]
        if len(near) > _MOST_COMPARED:
            near = heapq.nsmallest(_MOST_COMPARED, near, key=lambda c: (abs(len(c) - len(wanted)), c))
        import difflib

        found = difflib.get_close_matches(wanted, sorted(near), n=1, cutoff=likeness)
        return found[0] if found else None

    def near_path(self, wanted: str, sort: str, files: Collection[str]) -> str | None:
        """The file nearest to a missing path: one of the same name elsewhere first, then one of a near path."""
        names = f"\0names {sort}"
        if names not in self._plain:
            self._plain[names] = {posixpath.basename(f).lower(): f for f in sorted(files, reverse=True)}
        elsewhere = self._plain[names].get(posixpath.basename(wanted.rstrip("/")).lower())
        if elsewhere is not None:
            return elsewhere
        # the suffix is in common already
        return self.near(wanted.rstrip("/"), f"\0files {sort}", files, likeness=_LIKENESS_OF_PATHS)


def _plain(name: str) -> str:
    return _PLAIN.sub("", name).casefold()
