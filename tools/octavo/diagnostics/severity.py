"""How bad a finding is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """From harmless to fatal. With -W a warning fails a run as an error does."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
