"""The PDF writer: resolved documents to Typst, Typst to a tagged PDF.

It owns everything between a resolved document and the finished file: the template, the escaping, the mathematics, the
compiler's refusals, the named destinations. It refuses to fetch anything, to run any program, and to know of HTML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.writers.pdf.builder import PdfBuilder
    from octavo.writers.pdf.settings import register_config

__all__ = ["PdfBuilder", "register_config"]
# loaded when first asked for: what does not need them does not wait for them
_HOMES = {"PdfBuilder": "octavo.writers.pdf.builder", "register_config": "octavo.writers.pdf.settings"}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
