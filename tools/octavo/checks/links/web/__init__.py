"""Links to the web: one verdict for each URL, with its reason.

The only part of the checks that uses the network, and only through `transport`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.checker import Surroundings, check_urls, real_surroundings
    from octavo.checks.links.web.settings import HostRule, Limits, Settings
    from octavo.checks.links.web.verdict import Finding, Reason, Result, Verdict

__all__ = [
    "Finding",
    "HostRule",
    "Limits",
    "Reason",
    "Result",
    "ResultCache",
    "Settings",
    "Surroundings",
    "Verdict",
    "check_urls",
    "real_surroundings",
]

_MODULES = {
    "Finding": "verdict",
    "HostRule": "settings",
    "Limits": "settings",
    "Reason": "verdict",
    "Result": "verdict",
    "ResultCache": "cache",
    "Settings": "settings",
    "Surroundings": "checker",
    "Verdict": "verdict",
    "check_urls": "checker",
    "real_surroundings": "checker",
}


def __getattr__(name: str) -> object:
    """Load what is asked for, and nothing else: each part costs every run of the command its start."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
