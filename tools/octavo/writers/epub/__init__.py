"""The EPUB writer: XHTML from the document tree, sanitised at one place, staged for the packager."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.writers.epub.builder import EpubBuilder
    from octavo.writers.epub.settings import register_config

__all__ = ["EpubBuilder", "register_config"]
# loaded when first asked for: what does not need them does not wait for them
_HOMES = {"EpubBuilder": "octavo.writers.epub.builder", "register_config": "octavo.writers.epub.settings"}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
