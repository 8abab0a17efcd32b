"""Putting what was built into place: whole or not at all.

Everything is built in a staging folder on the same file system as its place, and then moved. A file is replaced by
the system in one step. A folder is exchanged with its predecessor in one step where the system can (Linux and macOS);
elsewhere by two renames, with a note on disk from which the next run mends a crash between them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from octavo.diagnostics import ConfigurationError

STATE = ".octavo"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS
_ATTEMPT_NOT_POSSIBLE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


class OutputFolder:
    """The folder that holds the artefacts of a project, with the state that is kept between builds.

    - state: kept from build to build (doctrees, traces, the report).
    - staging: where artefacts are made; of what is in it, only `parts` are taken away before and after a build.
    """

    def __init__(self, root: Path, parts: Sequence[str] = ()) -> None:
        self.root = root
        self.state = root / STATE
        self.staging = self.state / "staging"
        self._parts = tuple(parts)
        self._previous = self.state / "previous"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other builds out of this folder, and clear the staging folder of what an earlier one left.

        Raises: ConfigurationError when another build is at work in it, or when it can't be written.
        """
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.state / "lock", timeout=0)
            with lock:
                self._recover()
                self.staging.mkdir(exist_ok=True)
                self._clear_staging()
                try:
                    yield
                finally:
                    self._clear_staging()
        except Timeout as error:
            raise ConfigurationError(
                f"another build is at work in '{self.root}'", "Wait for it, or name another folder with --out."
            ) from error
        except PermissionError as error:
            raise ConfigurationError(
                f"can't write to '{self.root}': {error.strerror}", "Name another folder with --out."
            ) from error

    def place_file(self, staged: Path, name: str) -> Path:
        """Move a staged file to `name` (relative to the output folder) in one step; returns its new path."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(staged)
        staged.replace(target)
        return target

    def place_folder(self, staged: Path, name: str) -> Path:
        """Move a staged folder to `name`, and take away what stood there; returns its new path."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            staged.rename(target)
        elif not _exchange(staged, target):
            self._swap_in_two_steps(staged, target)
        shutil.rmtree(staged, ignore_errors=True)
        shutil.rmtree(self._previous, ignore_errors=True)
        return target

    def _clear_staging(self) -> None:
        for part in self._parts:
            shutil.rmtree(self.staging / part, ignore_errors=True)
        for file in self.staging.iterdir():
            if file.is_file():
                file.unlink()

    def _swap_in_two_steps(self, staged: Path, target: Path) -> None:
        shutil.rmtree(self._previous, ignore_errors=True)
        self._previous.mkdir()
        target.rename(self._previous / target.name)
        staged.rename(target)

    def _recover(self) -> None:
        """Bring back a folder that was moved away by a build that died before its successor stood in its place."""
        if not self._previous.is_dir():
            return
        for kept in self._previous.iterdir():
            if not (self.root / kept.name).exists():
                kept.rename(self.root / kept.name)
        shutil.rmtree(self._previous, ignore_errors=True)


def write_aside(target: Path, content: bytes) -> None:
    """Write a small file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(target) as aside:
        aside.write_bytes(content)


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """A file beside `target` to write to, which takes its place at the end; nothing is left of it after a failure."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield aside
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two paths in one step; False when the system has no call for it or the file system refuses."""
    names = os.fsencode(first), os.fsencode(second)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            status = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            status = libc.renamex_np(names[0], names[1], _RENAME_SWAP)
        else:
            return False
    except (AttributeError, OSError, TypeError):  # no such call in this C library, or no C library to ask
        return False
    if status == 0:
        return True
    number = ctypes.get_errno()
    if number in _ATTEMPT_NOT_POSSIBLE:
        return False
    raise OSError(number, os.strerror(number), str(second))


def _sync(path: Path) -> None:
    """Have the content on disk before the name points to it, so that a power cut leaves the old file or the new."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
