"""Addresses in Markdown, each taken apart and put together once.

Books that keep their addresses in one file include it in every document, with all of them.
"""

from __future__ import annotations

import functools
from typing import Any

originals: dict[str, Any] = {}
_KEPT = 8_192


def normalized(url: str) -> str:
    """`normalizeLink`."""
    return _normalized(url, originals["normalizeLink"])


@functools.lru_cache(maxsize=_KEPT)
def _normalized(url: str, theirs: Any) -> str:
    return str(theirs(url))
