"""The sums that a page's links to style sheets and scripts bear, looked up once for each file."""

from __future__ import annotations

import functools
from pathlib import Path

from sphinx.builders.html import _assets


@functools.cache
def checksum_once(outdir: Path, filename: str) -> str:
    """`_file_checksum`, which resolves the file's path each time, though it keeps the sum of a file for good."""
    return str(_assets._file_checksum(outdir, filename))
