"""The digits of a language: those in which a book counts its pages, its chapters and the items of its lists.

What the author wrote stays as it is, and so do formulas and code.
"""

from __future__ import annotations

WESTERN = "0123456789"

# CLDR, defaultNumberingSystem of each language; scripts as `octavo.covers.scripts` names them
_PERSIAN, _ARABIC = ("۰۱۲۳۴۵۶۷۸۹", "Arabic"), ("٠١٢٣٤٥٦٧٨٩", "Arabic")
_BENGALI, _DEVANAGARI = ("০১২৩৪৫৬৭৮৯", "Bengali"), ("०१२३४५६७८९", "Devanagari")
_DIGITS = {
    "fa": _PERSIAN, "ps": _PERSIAN, "ks": _PERSIAN, "mzn": _PERSIAN, "ar": _ARABIC, "ckb": _ARABIC, "sd": _ARABIC,
    "bn": _BENGALI, "as": _BENGALI, "mr": _DEVANAGARI, "ne": _DEVANAGARI, "sa": _DEVANAGARI, "bho": _DEVANAGARI,
}  # fmt: skip
_WITH_WESTERN = {"ar-ae", "ar-dz", "ar-eh", "ar-ly", "ar-ma", "ar-tn"}


def digits_of(language: str) -> tuple[str, str | None]:
    """The digits of a language (`fa`, `ar-EG`) from nought on, and the script whose letters they go with.

    None for the script where the digits are those of all scripts.
    """
    if language.lower() in _WITH_WESTERN:
        return WESTERN, None
    return _DIGITS.get(language.partition("-")[0].lower(), (WESTERN, None))


def in_digits(text: str, digits: str) -> str:
    """A number, or a word with one, in these digits."""
    return text if digits == WESTERN else text.translate(dict(zip(map(ord, WESTERN), digits, strict=True)))
