"""The picture of the cover: title, subtitle, authors and publisher on a ground whose colour is the title's own.

Refuses nothing but a broken Typst: a character that no font has is left to Typst's fallback. `letters_lacking` tells.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from octavo.covers import scripts
from octavo.diagnostics import WriterError
from octavo.metadata import Metadata
from octavo.metadata.directions import is_right_to_left

# the largest height at that width with which Apple Books takes a picture inside a book (4 million pixels)
WIDTH, HEIGHT = 1600, 2500

# dark enough that paper on it, and it on paper, have a contrast of 7:1
_GROUNDS = ("#1f3a4d", "#4a2432", "#2b4435", "#3b3360", "#5a3a1c", "#273b6b", "#5c2a2a", "#234a4a")
# Libertinus has Latin, Greek, Cyrillic and Hebrew; from here on, general punctuation is the exception
_BEYOND_OWN_FONTS = 0x2100


def cover_png(metadata: Metadata) -> bytes:
    """A PNG of 1600 by 2500 pixels, without an alpha channel. The same metadata give the same bytes.

    Raises: WriterError when Typst can't set it.
    """
    import typst

    words = _words(metadata)
    inputs = {
        **words,
        "direction": "rtl" if _runs_leftward(metadata) else "ltr",
        "ground": _ground(metadata.title),
    }
    needed = scripts.scripts_of("".join(words.values()), metadata.language)
    found = scripts.families_of_machine(needed)
    inputs["families"] = "\n".join(found.families)
    with _folder_of(found.files) as fonts:
        try:
            made = typst.compile(
                str(Path(__file__).with_name("cover.typ")),
                format="png",
                ppi=72.0,
                sys_inputs=inputs,
                font_paths=fonts,
                ignore_system_fonts=not found.lacking and not _has_stray(words, needed),
            )
        except typst.TypstError as error:
            advice = "Name a picture of your own in [cover]."
            raise WriterError(f"the cover could not be set: {error}", advice) from error
    if not isinstance(made, bytes):
        raise WriterError("the cover came out with more than one page", "Name a picture of your own in [cover].")
    return _opaque(made)


def letters_lacking(metadata: Metadata) -> Mapping[str, Sequence[str]]:
    """Scripts on the cover that no family on the list for them has on this machine, and those families."""
    needed = scripts.scripts_of("".join(_words(metadata).values()), metadata.language)
    return scripts.families_of_machine(needed).lacking


def _runs_leftward(metadata: Metadata) -> bool:
    """Whether the cover is read from right to left; a title in Latin letters is not, whatever the book's language."""
    is_title = any(unicodedata.bidirectional(c) in ("R", "AL") for c in metadata.title)
    return is_title and is_right_to_left(metadata.language)


def _words(metadata: Metadata) -> dict[str, str]:
    authors = metadata.authors
    return {
        "title": metadata.title,
        "subtitle": metadata.subtitle or "",
        "authors": ", ".join(authors[:6]) + (" …" if len(authors) > 6 else ""),
        "publisher": metadata.publisher or "",
    }


def _has_stray(words: Mapping[str, str], needed: Sequence[str]) -> bool:
    """Whether there are characters that neither Typst's fonts have nor those of the scripts, as far as one can tell."""
    return any(
        ord(c) >= _BEYOND_OWN_FONTS and not any(scripts.is_of(c, script) for script in needed)
        for value in words.values()
        for c in value
    )


@contextlib.contextmanager
def _folder_of(files: Sequence[Path]) -> Iterator[list[str]]:
    if not files:
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="octavo-cover-") as folder:
        yield [str(scripts.gather(files, Path(folder)))]


def _opaque(png: bytes) -> bytes:
    """The same picture without the alpha channel that Typst gives it, and that KDP refuses."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(out, "PNG")
    return out.getvalue()


def _ground(title: str) -> str:
    """A colour that stays with the title."""
    return _GROUNDS[hashlib.sha256(title.encode("utf-8", "surrogatepass")).digest()[0] % len(_GROUNDS)]
