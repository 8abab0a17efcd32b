"""Books with many pictures: what a build needs of memory doesn't grow with them."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

PICTURE = 600_000
"""Bytes of a picture, about."""


def noise(seed: int) -> bytes:
    """A picture of no pattern, which can't be compressed: the bytes in the book are those of the source."""
    width, height = 500, PICTURE // 1500
    rows = random.Random(seed).randbytes(3 * width * height)
    data = b"".join(b"\0" + rows[3 * width * n : 3 * width * (n + 1)] for n in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data, 0)) + chunk(b"IEND", b"")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the system does not say what a process has used")
def test_ten_times_the_pictures_need_no_more_memory(project: Callable[..., Path]) -> None:
    peaks = {}
    for count in (10, 100):
        pages = {f"p{n}.md": f"# P{n}\n\n![noise](i{n}.png)\n" for n in range(count)}
        toctree = "# Root\n\n```{toctree}\n" + "\n".join(f"p{n}" for n in range(count)) + "\n```\n"
        pictures = {f"i{n}.png": noise(n) for n in range(count)}
        root = project({"index.md": toctree, **pages, **pictures}, folder=f"book-{count}")
        peaks[count] = peak(root)
        (epub,) = (root / "_build/epub").glob("*.epub")
        assert epub.stat().st_size > count * PICTURE
        with zipfile.ZipFile(epub) as archive:
            assert sum(name.startswith("EPUB/images/i") for name in archive.namelist()) == count
    # a page more needs some memory; 90 pictures are 54 MB
    assert peaks[100] - peaks[10] < 20_000_000, peaks


def peak(root: Path) -> int:
    """Bytes that the largest process of a build held at most."""
    command = [sys.executable, "-m", "octavo", "build", str(root), "--format", "epub", "--jobs", "1"]
    measuring = (
        "import resource, subprocess, sys\n"
        f"subprocess.run({command!r}, check=True, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    run = subprocess.run([sys.executable, "-c", measuring], check=True, capture_output=True, text=True, timeout=600)
    return int(run.stdout) * (1 if sys.platform == "darwin" else 1024)
