"""Which way a language is written, by its tag alone (BCP 47)."""

from __future__ import annotations

# languages that are written so where a tag names no script (CLDR 46, orientation of characters)
_RIGHT_TO_LEFT = frozenset(
    {
        "ar", "arc", "azb", "bqi", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd",
        "sdh", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def is_right_to_left(language: str) -> bool:
    """Whether a language (`fa`, `he-IL`, `ku-Arab`) is written from right to left; a script that it names decides."""
    primary, *others = language.lower().replace("_", "-").split("-")
    script = next((tag for tag in others if len(tag) == 4 and tag.isalpha()), None)
    return primary in _RIGHT_TO_LEFT if script is None else script in _RIGHT_TO_LEFT_SCRIPTS
