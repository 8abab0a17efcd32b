"""The picture of the cover: title, subtitle, authors and publisher on a ground whose colour is the title's own.

Refuses nothing but a broken Typst: a character that no font has is left to Typst's fallback.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from octavo.diagnostics import WriterError
from octavo.metadata import Metadata

# the largest height at that width with which Apple Books takes a picture inside a book (4 million pixels)
WIDTH, HEIGHT = 1600, 2500

# dark enough that paper on it, and it on paper, have a contrast of 7:1
_GROUNDS = ("#1f3a4d", "#4a2432", "#2b4435", "#3b3360", "#5a3a1c", "#273b6b", "#5c2a2a", "#234a4a")
# Libertinus has Latin, Greek, Cyrillic and Hebrew; Arabic begins here, and general punctuation is the exception
_BEYOND_OWN_FONTS = 0x2100
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb")


def cover_png(metadata: Metadata) -> bytes:
    """A PNG of 1600 by 2500 pixels. The same metadata give the same bytes.

    Raises: WriterError when Typst can't set it.
    """
    import typst

    authors = metadata.authors
    inputs = {
        "title": metadata.title,
        "subtitle": metadata.subtitle or "",
        "authors": ", ".join(authors[:6]) + (" …" if len(authors) > 6 else ""),
        "publisher": metadata.publisher or "",
        "direction": "rtl" if metadata.language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
        "ground": _ground(metadata.title),
    }
    # fonts of the machine only for scripts that Typst's own don't have: the same bytes everywhere, where it can be
    own = all(ord(c) < _BEYOND_OWN_FONTS for value in inputs.values() for c in value)
    template = Path(__file__).with_name("cover.typ")
    try:
        made = typst.compile(str(template), format="png", ppi=72.0, sys_inputs=inputs, ignore_system_fonts=own)
    except typst.TypstError as error:
        raise WriterError(f"the cover could not be set: {error}", "Name a picture of your own in [cover].") from error
    if not isinstance(made, bytes):
        raise WriterError("the cover came out with more than one page", "Name a picture of your own in [cover].")
    return made


def _ground(title: str) -> str:
    """A colour that stays with the title."""
    return _GROUNDS[hashlib.sha256(title.encode("utf-8", "surrogatepass")).digest()[0] % len(_GROUNDS)]
