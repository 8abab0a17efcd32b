"""The sums that a page's links to style sheets and scripts bear, looked up once for each file."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.builders.html import _assets


@functools.cache
def checksum_once(outdir: Path, filename: str) -> str:
    """`_file_checksum`, which resolves the file's path each time, though it keeps the sum of a file for good."""
    return str(_assets._file_checksum(outdir, filename))


theme_originals: dict[str, Any] = {}


def theme_path_once() -> object:
    """`get_html_theme_path` of sphinx-book-theme, which asks the disk on each page where the theme is."""
    return _answer(theme_originals["get_html_theme_path"])


@functools.cache
def _answer(theirs: Callable[[], object]) -> object:
    return theirs()
