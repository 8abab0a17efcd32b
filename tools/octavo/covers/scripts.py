"""Letters that the fonts shipped with Typst lack: which scripts a book has, and which font of the machine has them.

The wheel ships Latin, Greek, Cyrillic and Hebrew letters. For other scripts a family of the machine is taken, of a
short list for each, so that two machines with the same families make the same book; no other font of the machine is
looked at. A book that must not depend on the machine names its own fonts (`octavo_pdf_fonts`, `octavo_pdf_font_paths`).
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_HAN = ((0x2E80, 0x2FDF), (0x3000, 0x303F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
_RANGES: Mapping[str, Sequence[tuple[int, int]]] = {
    "Japanese": ((0x3040, 0x30FF), (0x31F0, 0x31FF)),
    "Korean": ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
    "Chinese": _HAN,
    "Arabic": ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE)),
    "Armenian": ((0x0530, 0x058F),),
    "Georgian": ((0x10A0, 0x10FF), (0x1C90, 0x1CBF)),
    "Devanagari": ((0x0900, 0x097F),),
    "Bengali": ((0x0980, 0x09FF),),
    "Tamil": ((0x0B80, 0x0BFF),),
    "Telugu": ((0x0C00, 0x0C7F),),
    "Thai": ((0x0E00, 0x0E7F),),
    "Ethiopic": ((0x1200, 0x137F),),
    "Khmer": ((0x1780, 0x17FF),),
}
"""Blocks of Unicode by script; Han characters are Chinese, unless the book is in Japanese or Korean."""

_FAMILIES: Mapping[str, Sequence[str]] = {
    "Japanese": ("Noto Serif CJK JP", "Noto Serif JP", "Source Han Serif", "Hiragino Mincho ProN", "Yu Mincho",
                 "IPAexMincho", "MS Mincho", "Noto Sans CJK JP", "IPAexGothic", "Yu Gothic"),
    "Korean": ("Noto Serif CJK KR", "Noto Serif KR", "Source Han Serif K", "AppleMyungjo", "Batang",
               "Noto Sans CJK KR", "Malgun Gothic"),
    "Chinese": ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Songti SC", "SimSun",
                "Noto Sans CJK SC", "Microsoft YaHei"),
    "Traditional Chinese": ("Noto Serif CJK TC", "Noto Serif TC", "Source Han Serif TC", "Songti TC", "PMingLiU",
                            "Noto Sans CJK TC"),
    "Arabic": ("Vazirmatn", "Noto Naskh Arabic", "Amiri", "Scheherazade New", "Geeza Pro", "Arabic Typesetting",
               "Noto Sans Arabic"),
    "Armenian": ("Noto Serif Armenian", "Mshtakan", "Sylfaen"),
    "Georgian": ("Noto Serif Georgian", "Sylfaen"),
    "Devanagari": ("Noto Serif Devanagari", "Kohinoor Devanagari", "Nirmala UI", "Noto Sans Devanagari"),
    "Bengali": ("Noto Serif Bengali", "Kohinoor Bangla", "Nirmala UI", "Noto Sans Bengali"),
    "Tamil": ("Noto Serif Tamil", "Nirmala UI", "Noto Sans Tamil"),
    "Telugu": ("Noto Serif Telugu", "Nirmala UI", "Noto Sans Telugu"),
    "Thai": ("Noto Serif Thai", "Thonburi", "Leelawadee UI", "Noto Sans Thai"),
    "Ethiopic": ("Noto Serif Ethiopic", "Kefa", "Nyala", "Noto Sans Ethiopic"),
    "Khmer": ("Noto Serif Khmer", "Khmer MN", "Khmer UI"),
}  # fmt: skip


def only_left_to_right(text: str) -> bool:
    """Whether a text has letters that run from left to right and no others."""
    kinds = {unicodedata.bidirectional(character) for character in text}
    return "L" in kinds and not kinds & {"R", "AL"}


def is_east_asian_letter(character: str) -> bool:
    """Whether it is a kana or a Han character, which Latin letters and formulas keep a distance from (JLREQ 3.2.6)."""
    return unicodedata.category(character) in ("Lo", "Lm") and is_of(character, "Japanese")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """families: by script, those that the machine has; lacking: script -> the families that would do."""

    families: tuple[str, ...]
    files: tuple[Path, ...]
    lacking: Mapping[str, Sequence[str]]


def scripts_of(characters: str, language: str) -> tuple[str, ...]:
    """The scripts of some characters that the shipped fonts don't have, that of the book's language first."""
    points = [ord(c) for c in characters]
    found = [
        script for script, ranges in _RANGES.items() if any(start <= p <= end for p in points for start, end in ranges)
    ]
    primary, _, region = language.lower().partition("-")
    own = {"ja": "Japanese", "ko": "Korean", "zh": "Chinese"}.get(primary)
    if "Chinese" in found and own in ("Japanese", "Korean"):
        found[found.index("Chinese")] = own
    elif "Chinese" in found and own is None and "Japanese" in found:
        found.remove("Chinese")
    if own == "Chinese" and region in ("tw", "hk", "mo", "hant"):
        found = ["Traditional Chinese" if script == "Chinese" else script for script in found]
    ordered = dict.fromkeys(found)
    if own in ordered:
        ordered = dict.fromkeys([own, *ordered])
    return tuple(ordered)


def is_of(character: str, script: str) -> bool:
    """Whether a character belongs to a script, as `scripts_of` names it."""
    ranges = _RANGES.get(script, ())
    if script in ("Japanese", "Korean", "Traditional Chinese"):
        ranges = (*ranges, *_HAN)
    return any(start <= ord(character) <= end for start, end in ranges)


def families_of_machine(scripts: Iterable[str]) -> Found:
    """The families of this machine for some scripts, and the files that hold them."""
    import typst

    wanted = tuple(scripts)
    there: dict[str, set[Path]] = {}
    for font in typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts() if wanted else ():
        if font.path:
            there.setdefault(font.family, set()).add(Path(font.path))
    chosen = {script: next((f for f in _FAMILIES[script] if f in there), None) for script in wanted}
    families = tuple(dict.fromkeys(family for family in chosen.values() if family))
    return Found(
        families=families,
        files=tuple(sorted({path for family in families for path in there[family]})),
        lacking={script: _FAMILIES[script] for script, family in chosen.items() if family is None},
    )


def gather(files: Iterable[Path], folder: Path) -> Path:
    """A folder with these fonts and no others, for Typst takes whole folders."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(files):
        beside = folder / f"{number:02}-{file.name}"
        try:
            beside.symlink_to(file)
        except OSError:  # file systems and users that may make no links
            shutil.copyfile(file, beside)
    return folder
