"""Regular expressions that are compiled when they are first used.

A check has asked its first hosts before it could have compiled all of them, and most runs need few.
"""

from __future__ import annotations

import functools
import re
from typing import AnyStr, Generic


class LazyPattern(Generic[AnyStr]):
    """As `re.compile`, later."""

    def __init__(self, source: AnyStr, flags: int = 0) -> None:
        self._source: AnyStr = source
        self._flags = flags

    @functools.cached_property
    def compiled(self) -> re.Pattern[AnyStr]:
        """The expression."""
        return re.compile(self._source, self._flags)
