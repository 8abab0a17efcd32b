"""Which files are watched, and which of their changes mean nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import awatch

from octavo.reading.project import Project

if TYPE_CHECKING:
    import anyio
    from watchfiles import Change

STEP = 8  # milliseconds without a further change, after which the changes are handed on
LONGEST = 40  # milliseconds that they are held back at most, though files go on changing

ROOT_FILES = ("pyproject.toml", "book.toml")
_NO_FOLDERS = frozenset({"__pycache__", "node_modules"})
_NO_FILES = re.compile(r"^(?:\..*|#.*#|.*~|.*\.(?:sw[a-z]|tmp|bak|pyc|part|crdownload)|4913|.*\.tmp\.\d+.*)$")


class OfTheBook:
    """A filter: what is part of the book, not of its output, of a version control system or of an editor."""

    def __init__(self, project: Project) -> None:
        self._out = project.out
        self._homes = (project.source, project.conf)

    def __call__(self, _change: Change, path: str) -> bool:
        """Whether a change of this path is handed on."""
        changed = Path(path)
        if changed == self._out or changed.is_relative_to(self._out):
            return False
        home = next((h for h in self._homes if changed.is_relative_to(h)), None)
        if home is None:
            return False
        *folders, name = changed.relative_to(home).parts or ("",)
        if any(folder.startswith(".") or folder in _NO_FOLDERS for folder in folders):
            return False
        return not _NO_FILES.match(name)


async def watch_folders(project: Project, stop: anyio.Event) -> AsyncIterator[tuple[str, ...]]:
    """Changed files in the folders of the sources and of conf.py, as they change; the paths absolute, sorted."""
    roots = {project.source}
    if not project.conf.is_relative_to(project.source):
        roots = {project.conf} if project.source.is_relative_to(project.conf) else {project.source, project.conf}
    async for changes in awatch(
        *roots, watch_filter=OfTheBook(project), debounce=LONGEST, step=STEP, stop_event=stop, recursive=True
    ):
        yield tuple(sorted({path for _, path in changes}))


async def watch_files(files: Iterable[str], stop: anyio.Event) -> AsyncIterator[tuple[str, ...]]:
    """The same for single files, wherever they are; one that is not there yet is waited for, its folder is not."""
    wanted = frozenset(files)
    folders = sorted({str(Path(path).parent) for path in wanted if Path(path).parent.is_dir()})
    if not folders:
        await stop.wait()
        return
    async for changes in awatch(
        *folders,
        watch_filter=lambda _change, path: path in wanted,
        debounce=LONGEST,
        step=STEP,
        stop_event=stop,
        recursive=False,
    ):
        yield tuple(sorted({path for _, path in changes}))
