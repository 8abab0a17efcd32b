"""Which version of a distribution is installed: what was looked at in one version is left alone in any other."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

Version = tuple[int, int]
"""Major and minor version."""


@functools.cache
def installed(package: str) -> Version | None:
    """The version of a distribution; None when it is not there, or is numbered otherwise."""
    try:
        major, minor = version(package).split(".")[:2]
    except (PackageNotFoundError, ValueError):
        return None
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None


def listed(versions: Iterable[Version]) -> str:
    """Versions as one says them: 1.2 or 1.3."""
    return " or ".join(".".join(map(str, each)) for each in versions)
