"""Letters of mathematical alphabets as the characters that Unicode has for them.

MathML Core (the MathML of browsers, and so of most reading systems) knows no `mathvariant` but "normal": a script L
that is only marked as such is shown as a plain one.
"""

from __future__ import annotations

# offset of the capital A, of the small a, and of the digit 0 (0 where the alphabet has none); Unicode, block 1D400
_ALPHABETS = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, 0),
    "bold-italic": (0x1D468, 0x1D482, 0),
    "script": (0x1D49C, 0x1D4B6, 0),
    "bold-script": (0x1D4D0, 0x1D4EA, 0),
    "fraktur": (0x1D504, 0x1D51E, 0),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8),
    "bold-fraktur": (0x1D56C, 0x1D586, 0),
    "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2),
    "bold-sans-serif": (0x1D5D4, 0x1D5EE, 0x1D7EC),
    "sans-serif-italic": (0x1D608, 0x1D622, 0),
    "sans-serif-bold-italic": (0x1D63C, 0x1D656, 0),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6),
}
# capital alpha, small alpha
_GREEK = {
    "bold": (0x1D6A8, 0x1D6C2),
    "italic": (0x1D6E2, 0x1D6FC),
    "bold-italic": (0x1D71C, 0x1D736),
    "bold-sans-serif": (0x1D756, 0x1D770),
    "sans-serif-bold-italic": (0x1D790, 0x1D7AA),
}
# what follows the Greek letters of an alphabet, counted from its capital alpha
_BEYOND_GREEK = {"∇": 25, "∂": 51, "ϵ": 52, "ϑ": 53, "ϰ": 54, "ϕ": 55, "ϱ": 56, "ϖ": 57}
# letters that Unicode had before the block, and which the block leaves out
_ELSEWHERE = {
    ("italic", "h"): "ℎ",
    **{("script", a): b for a, b in zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)},
    **{("fraktur", a): b for a, b in zip("CHIRZ", "ℭℌℑℜℨ", strict=True)},
    **{("double-struck", a): b for a, b in zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)},
}


def in_alphabet(text: str, variant: str) -> str | None:
    """The text in a mathematical alphabet, or None when one of its characters is not in it."""
    letters = [_letter(character, variant) for character in text]
    return None if None in letters else "".join(letter for letter in letters if letter is not None)


def _letter(character: str, variant: str) -> str | None:
    if variant not in _ALPHABETS:
        return None
    if (variant, character) in _ELSEWHERE:
        return _ELSEWHERE[variant, character]
    capital, small, digit = _ALPHABETS[variant]
    if "A" <= character <= "Z":
        return chr(capital + ord(character) - ord("A"))
    if "a" <= character <= "z":
        return chr(small + ord(character) - ord("a"))
    if "0" <= character <= "9":
        return chr(digit + ord(character) - ord("0")) if digit else None
    if variant in _GREEK and character in _BEYOND_GREEK:
        return chr(_GREEK[variant][0] + _BEYOND_GREEK[character])
    if variant in _GREEK and "Α" <= character <= "Ω":
        return chr(_GREEK[variant][0] + ord(character) - ord("Α"))
    if variant in _GREEK and "α" <= character <= "ω":
        return chr(_GREEK[variant][1] + ord(character) - ord("α"))
    return None
