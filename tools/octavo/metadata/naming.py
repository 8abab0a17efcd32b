"""The name of a book's files: one ASCII slug, made from the title, that every file system and every shop takes.

Refuses nothing: a title without a single Latin letter gets a name made from its digest, the same on every machine.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from octavo.metadata.model import Metadata

MAX_LENGTH = 80

# letters that Unicode's compatibility decomposition leaves whole
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "ŋ": "n", "ſ": "s",
        "’": "", "'": "", "ʼ": "", "&": " and ",
    }
)  # fmt: skip
# names that Windows keeps for devices, whatever their suffix
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})


def slug(text: str, *, fallback: str = "book") -> str:
    """Lower-case ASCII letters, digits and single hyphens; at most `MAX_LENGTH` characters, never empty.

    What has no ASCII form at all becomes `fallback` and eight hexadecimal digits of its digest.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii")
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(name) > MAX_LENGTH:
        cut = name[: MAX_LENGTH + 1].rpartition("-")[0]
        name = cut if len(cut) >= MAX_LENGTH // 2 else name[:MAX_LENGTH].strip("-")
    if not name:
        return f"{fallback}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"{fallback}-{name}" if name in _DEVICES else name


def file_name(metadata: Metadata) -> str:
    """File name of the book's artefacts, without suffix."""
    return slug(metadata.title)
