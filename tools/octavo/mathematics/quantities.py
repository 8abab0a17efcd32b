r"""Numbers and units: siunitx's `\num`, `\unit`, `\qty` and their elders, and mhchem's `\pu`, as MathML.

Prints as siunitx does by default: thousands apart by a thin space from five digits on, powers of ten behind a cross,
units upright with a thin space between them, and negative powers for what is divided by, unless `per-mode` says else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from octavo.mathematics.tokens import UnexpandedError, argument, is_word, joined, tokenize
from octavo.mathematics.tree import Elements, make, operator, row, scripted, space, upright

THIN = "0.167em"
# the multiplication sign of a power of ten, and the place of a sign before a number
_NUMBER = re.compile(
    r"(?P<relation>[<>=~]|\\(?:approx|sim|leq?|geq?|ll|gg|pm|mp))?\s*(?P<sign>[+\-−±]|\\pm|\\mp)?\s*"
    r"(?P<value>\d[\d ]*(?:[.,]\d[\d ]*)?|[.,]\d+)?\s*"
    r"(?:\((?P<uncertainty>\d+(?:[.,]\d+)?)\))?\s*(?:(?:\\pm|±|\+-)\s*(?P<deviation>\d+(?:[.,]\d+)?))?\s*"
    r"(?:[eEdD](?P<power>[+\-−]?\d+))?"
)
_PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n",
    "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z", "yotta": "Y", "ronna": "R",
    "quetta": "Q", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti", "pebi": "Pi", "exbi": "Ei", "zebi": "Zi",
    "yobi": "Yi",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "kilogram": "kg", "gram": "g", "metre": "m", "meter": "m",
    "mole": "mol", "second": "s", "becquerel": "Bq", "degreeCelsius": "°C", "celsius": "°C", "coulomb": "C",
    "farad": "F", "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J", "katal": "kat", "lumen": "lm", "lux": "lx",
    "newton": "N", "ohm": "Ω", "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr",
    "tesla": "T", "volt": "V", "watt": "W", "weber": "Wb", "astronomicalunit": "au", "bel": "B", "dalton": "Da",
    "day": "d", "decibel": "dB", "electronvolt": "eV", "hectare": "ha", "hour": "h", "litre": "L", "liter": "L",
    "minute": "min", "neper": "Np", "tonne": "t", "arcminute": "′", "arcsecond": "″", "degree": "°", "percent": "%",
    "angstrom": "Å", "bar": "bar", "atmosphere": "atm", "barn": "b", "knot": "kn", "mmHg": "mmHg", "nauticalmile": "M",
    "bit": "bit", "byte": "B", "year": "a", "permille": "‰", "ppm": "ppm", "clight": "c", "planckbar": "ħ",
    "electronmass": "mₑ", "elementarycharge": "e", "bohr": "a₀", "hartree": "Eₕ", "gal": "Gal", "curie": "Ci",
    "roentgen": "R", "rad": "rad", "rem": "rem", "dyn": "dyn", "erg": "erg", "micron": "µm", "molar": "M", "rpm": "rpm",
    "inch": "in", "foot": "ft", "mile": "mi", "pound": "lb", "calorie": "cal", "kWh": "kWh", "eV": "eV", "um": "µm",
    "nm": "nm", "mm": "mm", "cm": "cm", "dm": "dm", "m": "m", "km": "km", "kg": "kg", "g": "g", "mg": "mg", "ug": "µg",
    "s": "s", "ms": "ms", "us": "µs", "ns": "ns", "ps": "ps", "fs": "fs", "mol": "mol", "mmol": "mmol", "kmol": "kmol",
    "V": "V", "mV": "mV", "kV": "kV", "A": "A", "mA": "mA", "uA": "µA", "W": "W", "mW": "mW", "kW": "kW", "MW": "MW",
    "GW": "GW", "J": "J", "kJ": "kJ", "MJ": "MJ", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "TeV": "TeV", "meV": "meV",
    "N": "N", "kN": "kN", "MN": "MN", "mN": "mN", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa", "GPa": "GPa", "Hz": "Hz",
    "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "THz": "THz", "mHz": "mHz", "K": "K", "mK": "mK", "F": "F", "pF": "pF",
    "nF": "nF", "uF": "µF", "L": "L", "l": "l", "mL": "mL", "ml": "ml", "uL": "µL", "ul": "µl", "hl": "hl", "hL": "hL",
    "kohm": "kΩ", "Mohm": "MΩ", "mohm": "mΩ", "dB": "dB", "T": "T", "H": "H", "C": "C", "pm": "pm", "fg": "fg",
    "kB": "kB", "MB": "MB", "GB": "GB", "TB": "TB",
}  # fmt: skip
UNITS = MappingProxyType(_UNITS)
_POWERS_BEFORE = {"square": 2, "cubic": 3}
_POWERS_AFTER = {"squared": 2, "cubed": 3}
# no space is set between a number and these
_CLOSE = frozenset({"°", "′", "″"})


@dataclass(slots=True, kw_only=True)
class _Unit:
    symbol: str
    power: str = "1"
    per: bool = False
    note: str | None = None


def number(text: str) -> Elements:
    """A number as siunitx prints it; what is none stands as it is.

    Raises: UnexpandedError when there is no number in it.
    """
    source = text.strip().replace("\\,", " ").replace("~", " ").replace("−", "-")
    found = _NUMBER.fullmatch(source)
    if found is None or not found[0].strip():
        if re.fullmatch(r"[\w.,+\-/ ]+", source):
            return [make("mn", source)]
        raise UnexpandedError(f"'{source.replace(chr(92), '')}' is no number")
    made: Elements = []
    if found["relation"]:
        names = {"~": "∼", r"\approx": "≈", r"\sim": "∼", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥",
                 r"\ll": "≪", r"\gg": "≫", r"\pm": "±", r"\mp": "∓"}  # fmt: skip
        made.append(operator(names.get(found["relation"], found["relation"])))
    if found["sign"]:
        made.append(operator({"-": "−", r"\pm": "±", r"\mp": "∓"}.get(found["sign"], found["sign"])))
    if found["value"]:
        shown = _grouped(found["value"])
        made.append(make("mn", shown + (f"({found['uncertainty']})" if found["uncertainty"] else "")))
    if found["deviation"]:
        made += [operator("±"), make("mn", _grouped(found["deviation"]))]
        if found["power"]:
            made = [make("mrow", (operator("("), *made, operator(")")))]
    if found["power"]:
        if found["value"]:
            made.append(operator("×"))
        made.append(make("msup", (make("mn", "10"), row(_signed(found["power"])))))
    return made


def _signed(text: str) -> Elements:
    digits = text.lstrip("+-")
    return [operator("−"), make("mn", digits)] if text.startswith("-") else [make("mn", digits)]


def _grouped(text: str) -> str:
    """Digits in threes from the point, where there are five or more."""
    whole, point, part = text.replace(" ", "").replace(",", ".").partition(".")
    whole = whole or "0"
    if len(whole) >= 5:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", "\u2009", whole)
    if len(part) >= 5:
        part = re.sub(r"(\d{3})(?=\d)", "\\1\u2009", part)
    return f"{whole}{point}{part}"


def unit(tokens: Sequence[str], options: str = "") -> Elements:
    """A unit, by siunitx's names or as it is written.

    Raises: UnexpandedError when a name in it is not known.
    """
    units = (
        _named(tokens) if any(is_word(t) and t[1:] not in ("mu", "cdot", "text") for t in tokens) else _literal(tokens)
    )
    mode = re.search(r"per-mode\s*=\s*([a-z-]+)", options)
    return _set(units, mode[1] if mode else "power")


def _named(tokens: Sequence[str]) -> list[_Unit]:
    units: list[_Unit] = []
    prefix, power, per, index = "", "", False, 0
    tokens = [t for t in tokens if t != " "]
    while index < len(tokens):
        piece = tokens[index]
        name = piece[1:] if piece.startswith("\\") else piece
        index += 1
        if piece in (".", "~", r"\,", r"\cdot"):
            continue
        if name == "per" or piece == "/":
            per = True
        elif name in _PREFIXES:
            prefix = _PREFIXES[name]
        elif name in _POWERS_BEFORE:
            power = str(_POWERS_BEFORE[name])
        elif name in _POWERS_AFTER and units:
            units[-1].power = str(_POWERS_AFTER[name])
        elif name in ("tothe", "raiseto", "^"):
            exponent, index = argument(tokens, index)
            text = joined(exponent).strip()
            if name == "raiseto":
                power = text
            elif units:
                units[-1].power = text
        elif name in ("of", "qualifier", "_"):
            note, index = argument(tokens, index)
            if units:
                units[-1].note = joined(note).removeprefix(r"\text").strip("{}")
        elif name in ("cancel", "highlight"):
            continue
        elif name in _UNITS or not piece.startswith("\\"):
            while not piece.startswith("\\") and index < len(tokens) and tokens[index].isalpha():
                name += tokens[index]
                index += 1
            units.append(_Unit(symbol=prefix + _UNITS.get(name, name), power=power or "1", per=per))
            prefix, power, per = "", "", False
        else:
            raise UnexpandedError(f"the unit {piece} is not known")
    if prefix:
        units.append(_Unit(symbol=prefix, per=per))
    return units


def _literal(tokens: Sequence[str]) -> list[_Unit]:
    """`kg.m/s^2`, `kg~m~s^{-1}`, `mol L-1`."""
    source = joined(tokens).replace(r"\mu", "µ").replace("{}", "").replace(r"\cdot", ".").replace("µ ", "µ")
    source = re.sub(r"\\text\s*\{([^{}]*)\}", r"\1", source)
    units: list[_Unit] = []
    per = False
    for piece in re.findall(r"[^\W\d_]+|[%°Ω′″‰]+[A-Za-z]*|\^\s*\{[^{}]*\}|\^\s*-?\d+|-?\d+|/|_\{[^{}]*\}|_\w", source):
        if piece == "/":
            per = True
        elif piece[0] == "^" or piece.lstrip("-").isdecimal():
            if units:
                units[-1].power = piece.lstrip("^ ").strip("{}")
        elif piece[0] == "_":
            if units:
                units[-1].note = piece[1:].strip("{}")
        else:
            units.append(_Unit(symbol=piece, per=per))
    return units


def _set(units: Sequence[_Unit], mode: str) -> Elements:
    if mode in ("fraction", "single-symbol") and any(u.per for u in units):
        over = _line([u for u in units if not u.per], inverted=False) or [make("mn", "1")]
        return [make("mfrac", (row(over), row(_line([u for u in units if u.per], inverted=False))))]
    if mode in ("symbol", "repeated-symbol") and any(u.per for u in units):
        over = _line([u for u in units if not u.per], inverted=False) or [make("mn", "1")]
        under = [u for u in units if u.per]
        below = _line(under, inverted=False)
        if len(under) > 1:
            below = [operator("("), *below, operator(")")]
        return [*over, make("mo", "/", lspace="0", rspace="0"), *below]
    return _line(units, inverted=True)


def _line(units: Sequence[_Unit], *, inverted: bool) -> Elements:
    made: Elements = []
    for unit_ in units:
        if made:
            made.append(space(THIN))
        base: etree._Element = make("mtext", unit_.symbol) if unit_.symbol in _CLOSE else upright(unit_.symbol)
        power = unit_.power
        if unit_.per and inverted:
            power = power[1:] if power.startswith("-") else f"-{power}"
        low = make("mtext", unit_.note) if unit_.note else None
        high = (
            None
            if power in ("1", "")
            else row(_signed(power))
            if re.fullmatch(r"[+-]?[\d.]+", power)
            else make("mtext", power)
        )
        made.append(scripted(base, low, high))
    return made


def quantity(value: str, unit_tokens: Sequence[str], options: str = "") -> Elements:
    """A number with its unit."""
    made = number(value) if value.strip() else []
    units = unit(unit_tokens, options)
    is_close = len(units) == 1 and "".join(units[0].itertext()) in _CLOSE
    return [*made, *([space(THIN)] if made and units and not is_close else []), *units]


def physical(source: str) -> Elements:
    r"""mhchem's `\pu`: a number and a unit in one argument, or either of them."""
    text = source.strip().replace("\\mu", "µ")
    found = re.match(r"[+\-−]?\d[\d.,]*(?:\(\d+\))?(?:[eE][+-]?\d+)?", text)
    value = found[0] if found else ""
    rest = text[len(value) :].strip()
    options = "per-mode=fraction" if "//" in rest else ""
    return quantity(value, tokenize(rest.replace("//", "/").replace("*", ".")), options or "per-mode=symbol")


def angle(text: str) -> Elements:
    """`\\ang{12;3;4}`: degrees, minutes, seconds."""
    made: Elements = []
    for part, sign in zip(text.split(";"), "°′″", strict=False):
        if part.strip():
            made += [*number(part), make("mtext", sign)]
    return made


def listed(values: Sequence[Elements], sign: str) -> Elements:
    """Values with a sign between them: a comma, or a dash (siunitx's words for them are English)."""
    made: Elements = []
    for place, value in enumerate(values):
        if place:
            made.append(make("mtext", sign))
        made += value
    return made
