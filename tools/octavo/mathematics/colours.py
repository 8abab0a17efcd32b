"""Colours of formulas, by the names of TeX, dark enough to be read on paper (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

_NAMED = {
    "black": "000000", "white": "ffffff", "red": "ff0000", "green": "00ff00", "blue": "0000ff", "cyan": "00ffff",
    "magenta": "ff00ff", "yellow": "ffff00", "gray": "808080", "grey": "808080", "darkgray": "404040",
    "lightgray": "c0c0c0", "brown": "bf8040", "lime": "bfff00", "olive": "808000", "orange": "ff8000", "pink": "ffbfbf",
    "purple": "bf0040", "teal": "008080", "violet": "800080", "navy": "000080", "maroon": "800000", "gold": "ffd700",
    "silver": "c0c0c0", "crimson": "dc143c", "indigo": "4b0082", "salmon": "fa8072", "tomato": "ff6347",
    "turquoise": "40e0d0", "steelblue": "4682b4", "royalblue": "4169e1", "darkred": "8b0000", "darkgreen": "006400",
    "darkblue": "00008b", "darkorange": "ff8c00", "firebrick": "b22222", "forestgreen": "228b22", "limegreen": "32cd32",
    "midnightblue": "191970", "plum": "8e4585", "orchid": "da70d6", "periwinkle": "8c8cff", "rawsienna": "8c2700",
    "redorange": "ff3b21", "yellowgreen": "8fe242", "seagreen": "2e8b57", "skyblue": "87ceeb", "cerulean": "0f7ba2",
    "emerald": "00a99d", "fuchsia": "8c368c", "goldenrod": "ffdf42", "mahogany": "a9341f", "bittersweet": "c04f17",
}  # fmt: skip
# relative luminance that has a contrast of 4.6 : 1 to white
_DARK_ENOUGH = 0.178


def colour(text: str, model: str | None = None) -> str | None:
    """A colour of xcolor as `#rrggbb`; None when it is not known, and the formula keeps its own."""
    name = "".join(text.split())
    if model is not None:
        return _of_model(name, model)
    if re.fullmatch(r"#[0-9a-fA-F]{6}", name):
        return name.lower()
    if re.fullmatch(r"#[0-9a-fA-F]{3}", name):
        return "#" + "".join(2 * c for c in name[1:].lower())
    base, *mixed = name.split("!")
    if base.casefold() not in _NAMED:
        return None
    channels = _channels(_NAMED[base.casefold()])
    share = int(mixed[0]) / 100 if mixed and mixed[0].isdecimal() and int(mixed[0]) <= 100 else 1.0
    other = _channels(_NAMED.get(mixed[1].casefold(), "ffffff") if len(mixed) > 1 else "ffffff")
    return _hex([round(share * a + (1 - share) * b) for a, b in zip(channels, other, strict=True)])


def readable(shade: str) -> str:
    """The colour itself, or as much darker as it must be to be read on white."""
    channels = _channels(shade.removeprefix("#"))
    low, high = 0.0, 1.0
    if _luminance(channels) <= _DARK_ENOUGH:
        return shade
    for _ in range(12):
        middle = (low + high) / 2
        if _luminance([round(middle * c) for c in channels]) <= _DARK_ENOUGH:
            low = middle
        else:
            high = middle
    return _hex([round(low * c) for c in channels])


def is_dark(shade: str) -> bool:
    """Whether white letters are read on it rather than black ones."""
    return _luminance(_channels(shade.removeprefix("#"))) <= _DARK_ENOUGH


def _of_model(value: str, model: str) -> str | None:
    if model == "HTML" and re.fullmatch(r"[0-9a-fA-F]{6}", value):
        return f"#{value.lower()}"
    parts = value.split(",")
    if not all(re.fullmatch(r"\d*\.?\d+", p) for p in parts):
        return None
    numbers = [float(p) for p in parts]
    if model == "rgb" and len(numbers) == 3 and max(numbers) <= 1:
        return _hex([round(255 * n) for n in numbers])
    if model == "RGB" and len(numbers) == 3 and max(numbers) <= 255:
        return _hex([round(n) for n in numbers])
    if model == "gray" and len(numbers) == 1 and numbers[0] <= 1:
        return _hex([round(255 * numbers[0])] * 3)
    if model == "cmyk" and len(numbers) == 4 and max(numbers) <= 1:
        return _hex([round(255 * (1 - n) * (1 - numbers[3])) for n in numbers[:3]])
    return None


def _channels(digits: str) -> list[int]:
    return [int(digits[n : n + 2], 16) for n in (0, 2, 4)]


def _hex(channels: list[int]) -> str:
    return "#" + "".join(f"{c:02x}" for c in channels)


def _luminance(channels: list[int]) -> float:
    """WCAG 2.2, "relative luminance"."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
