"""The files of an artefact by the names that they really have, whatever the file system thinks of case."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_SLASHES = re.compile("//+")
INDEX_NAMES = ("index.html", "index.htm", "index.xhtml")


class Tree:
    """Which files there are, by path from the root with "/" between; a lookup touches no disk."""

    def __init__(
        self, files: Iterable[str], unlisted: Iterable[str] = (), index_names: tuple[str, ...] = INDEX_NAMES
    ) -> None:
        """unlisted: directories whose content is not known (links that lead out of the root).

        index_names: what stands for a directory; empty where a directory is nothing that can be linked to.
        """
        self.files = frozenset(files)
        self._index_names = index_names
        self.unlisted = tuple(f"{directory}/" for directory in unlisted)
        self.directories = frozenset(_parents(self.files)) | {""}
        self._folded: dict[str, str] | None = None

    def find(self, path: str) -> str | None:
        """The file that a server sends for `path`: itself, or a directory's index. None when there is none."""
        if path in self.files:
            return path
        if "//" in path and self._index_names:  # servers and file systems take several for one
            return self.find(_SLASHES.sub("/", path))
        directory = path.rstrip("/") if path.endswith("/") else path
        if directory in self.directories:
            for name in self._index_names:
                index = f"{directory}/{name}" if directory else name
                if index in self.files:
                    return index
        return None

    def find_ignoring_case(self, path: str) -> str | None:
        """The file whose name is `path` but for case or Unicode normalisation, or None.

        A directory is found by its index; the answer is then the directory with "/".
        """
        if self._folded is None:
            self._folded = {_fold(name): name for name in sorted(self.files, reverse=True)}
        found = self._folded.get(_fold(path))
        if found is not None:
            return found
        directory = path.rstrip("/")
        for name in self._index_names:
            index = self._folded.get(_fold(f"{directory}/{name}" if directory else name))
            if index is not None:
                return posixpath.dirname(index) + "/"
        return None

    def is_unlisted(self, path: str) -> bool:
        """Whether `path` is in a directory that was not looked into."""
        return bool(self.unlisted) and f"{path}/".startswith(self.unlisted)


def tree_of(root: Path) -> Tree:
    """List a directory. Symbolic links are followed inside of it, and named as unlisted where they lead out."""
    real_root = os.path.realpath(root)
    files: list[str] = []
    unlisted: list[str] = []
    waiting = [("", real_root)]
    seen = {real_root}
    while waiting:
        prefix, directory = waiting.pop()
        with os.scandir(directory) as entries:
            for entry in entries:
                name = f"{prefix}{entry.name}"
                if not entry.is_dir():
                    if entry.is_file():  # a symbolic link to nothing is not
                        files.append(name)
                    continue
                real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
                if os.path.commonpath([real_root, real]) != real_root:
                    unlisted.append(name)
                elif real not in seen:
                    seen.add(real)
                    waiting.append((f"{name}/", real))
    return Tree(files, unlisted)


def _parents(files: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for name in files:
        directory = posixpath.dirname(name)
        while directory and directory not in seen:
            seen.add(directory)
            directory = posixpath.dirname(directory)
    return seen


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold() if not name.isascii() else name.lower()
