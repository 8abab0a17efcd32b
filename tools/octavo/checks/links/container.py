"""An EPUB's zip: its members by name, read under caps, so that a bomb costs bounded time and memory."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

MAXIMUM_MEMBERS = 100_000
MAXIMUM_MEMBER_SIZE = 64 * 1024 * 1024  # bytes unpacked, of one document; a novel's chapter has 0.1 MB
MAXIMUM_TOTAL_SIZE = 1024 * 1024 * 1024  # bytes unpacked, of all documents that one check reads
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, ValueError)


class UnreadableError(Exception):
    """A zip or one of its members can't be read; the message says why."""


class Container:
    """An open zip. Sizes that its directory states are not believed: what is unpacked is counted."""

    def __init__(self, path: Path) -> None:
        """Raises: UnreadableError."""
        try:
            self._zip = opened(path)
        except _BROKEN as error:
            raise UnreadableError(_reason(error)) from error
        self._infos = {i.filename: i for i in self._zip.infolist() if i.filename and not i.filename.endswith("/")}
        self._left = MAXIMUM_TOTAL_SIZE
        if len(self._infos) > MAXIMUM_MEMBERS:
            self.close()
            raise UnreadableError(f"more than {MAXIMUM_MEMBERS} files")

    @property
    def names(self) -> frozenset[str]:
        """Every file, directories excepted."""
        return frozenset(self._infos)

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises: UnreadableError when it is broken, encrypted by the zip itself, or larger than the caps.
        """
        info = self._infos[name]
        if info.flag_bits & 0x1:
            raise UnreadableError("encrypted")
        limit = min(MAXIMUM_MEMBER_SIZE, self._left)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)
        except _BROKEN as error:
            raise UnreadableError(_reason(error)) from error
        if len(data) > limit:
            raise UnreadableError(f"unpacks to more than {limit} bytes")
        self._left -= len(data)
        return data

    def beginning(self, name: str, limit: int) -> bytes:
        """The first bytes of a member: what a picture says of itself; fewer where it is shorter or broken."""
        info = self._infos[name]
        if info.flag_bits & 0x1:
            return b""
        try:
            with self._zip.open(info) as stream:
                return stream.read(limit)
        except _BROKEN:
            return b""

    def size(self, name: str) -> int:
        """How many bytes a member unpacks to, as the zip's directory states it."""
        return self._infos[name].file_size

    def close(self) -> None:
        """Close the file."""
        self._zip.close()


def opened(path: Path) -> zipfile.ZipFile:
    """An EPUB's zip. Its names are UTF-8 (EPUB 3.3, 4.2.2), whether or not the zip says so of each.

    Raises: what `zipfile` does.
    """
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _reason(error: Exception) -> str:
    """Without the path, which the finding says already in the user's own form."""
    text = error.strerror if isinstance(error, OSError) else str(error)
    return text or type(error).__name__
