"""What a page draws: its lines of text and its pictures, each where it stands, read from the content streams.

Only what the checks of the layout need is followed: the matrices, the text state and the widths of glyphs
(ISO 32000-1, 8.3, 9.2 to 9.4). Text is not decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import pikepdf

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1, 0, 0, 1, 0, 0)
_OPERATORS = "q Q cm BT ET Tf Td TD Tm T* Tj TJ ' \" Tc Tw Tz TL Ts Do"
_DEEPEST = 8
"""Forms inside of forms that are followed; a stream that draws itself ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of a line. Points from the page's bottom left; level: neither turned nor leaning."""

    x0: float
    x1: float
    y: float
    size: float
    level: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture where it is drawn. key: what identifies it in the file; width, height: points on the page."""

    key: tuple[int, int]
    pixels: tuple[int, int]
    bits: int
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """All that a page draws."""

    runs: tuple[Run, ...]
    pictures: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Font:
    """Widths by code in thousandths of the size. wide: codes of two bytes; known: whether the file gives widths."""

    widths: dict[int, float]
    usual: float
    wide: bool
    known: bool

    def width(self, codes: bytes, *, size: float, between: float, after_spaces: float) -> float:
        step = 2 if self.wide else 1
        total = 0.0
        for at in range(0, len(codes) - step + 1, step):
            code = int.from_bytes(codes[at : at + step], "big")
            total += self.widths.get(code, self.usual) / 1000 * size + between
            if not self.wide and code == 32:
                total += after_spaces
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    ctm: Matrix
    font: _Font | None = None
    size: float = 0
    between: float = 0
    after_spaces: float = 0
    scale: float = 1
    leading: float = 0
    rise: float = 0


class PageReader:
    """Reads the pages of one file; fonts are read once."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[int, int], _Font] = {}

    def read(self, page: pikepdf.Page) -> Drawn:
        """What a page draws. Raises: pikepdf.PdfError for a stream that can't be parsed."""
        runs: list[Run] = []
        pictures: list[Shown] = []
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        for found in self._follow(page, resources, _UNIT, 0):
            if isinstance(found, Run):
                runs.append(found)
            else:
                pictures.append(found)
        return Drawn(runs=tuple(runs), pictures=tuple(pictures))

    def _follow(
        self, stream: pikepdf.Page | pikepdf.Stream, resources: pikepdf.Object, ctm: Matrix, depth: int
    ) -> Iterator[Run | Shown]:
        state, saved = _State(ctm=ctm), list[_State]()
        line = matrix = _UNIT
        for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
            operands, name = list(instruction.operands), str(instruction.operator)
            match name:
                case "q":
                    saved.append(state)
                case "Q":
                    state = saved.pop() if saved else state
                case "cm":
                    state = replace(state, ctm=_times(_matrix(operands), state.ctm))
                case "BT":
                    line = matrix = _UNIT
                case "Tf":
                    font = self._font(resources, operands[0])
                    state = replace(state, font=font, size=float(operands[1]))
                case "Tc":
                    state = replace(state, between=float(operands[0]))
                case "Tw":
                    state = replace(state, after_spaces=float(operands[0]))
                case "TL":
                    state = replace(state, leading=float(operands[0]))
                case "Ts":
                    state = replace(state, rise=float(operands[0]))
                case "Tz":
                    state = replace(state, scale=float(operands[0]) / 100)
                case "Tm":
                    line = matrix = _matrix(operands)
                case "Td" | "TD":
                    if name == "TD":
                        state = replace(state, leading=-float(operands[1]))
                    line = matrix = _times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
                case "T*":
                    line = matrix = _times((1, 0, 0, 1, 0, -state.leading), line)
                case "Tj" | "TJ" | "'" | '"':
                    if name in ("'", '"'):
                        line = matrix = _times((1, 0, 0, 1, 0, -state.leading), line)
                    shown = operands[0] if name == "TJ" else [operands[-1]]
                    advance = _advance(shown, state)
                    yield _run(state, matrix, advance)
                    matrix = _times((1, 0, 0, 1, advance, 0), matrix)
                case "Do":
                    yield from self._object(resources, operands[0], state.ctm, depth)
                case _:
                    pass  # ET

    def _object(
        self, resources: pikepdf.Object, name: pikepdf.Object, ctm: Matrix, depth: int
    ) -> Iterator[Run | Shown]:
        found = resources.get("/XObject", pikepdf.Dictionary()).get(str(name))
        if not isinstance(found, pikepdf.Stream):
            return
        if found.get("/Subtype") == "/Image":
            yield Shown(
                key=found.objgen,
                pixels=(int(found.get("/Width", 0)), int(found.get("/Height", 0))),
                bits=int(found.get("/BitsPerComponent", 1)),
                width=(ctm[0] ** 2 + ctm[1] ** 2) ** 0.5,
                height=(ctm[2] ** 2 + ctm[3] ** 2) ** 0.5,
            )
        elif found.get("/Subtype") == "/Form" and depth < _DEEPEST:
            own = found.get("/Resources", resources)
            inner = _times(_matrix(list(found.get("/Matrix", _UNIT))), ctm)
            yield from self._follow(found, own, inner, depth + 1)

    def _font(self, resources: pikepdf.Object, name: pikepdf.Object) -> _Font | None:
        font = resources.get("/Font", pikepdf.Dictionary()).get(str(name))
        if not isinstance(font, pikepdf.Dictionary):
            return None
        if font.objgen == (0, 0):
            return _read_font(font)
        if font.objgen not in self._fonts:
            self._fonts[font.objgen] = _read_font(font)
        return self._fonts[font.objgen]


def _read_font(font: pikepdf.Object) -> _Font:
    if font.get("/Subtype") == "/Type0":
        inner = font.DescendantFonts[0]
        widths = dict(_wide_widths(inner.get("/W", ())))
        return _Font(widths=widths, usual=float(inner.get("/DW", 1000)), wide=True, known=True)
    first = int(font.get("/FirstChar", 0))
    factor = float(font.FontMatrix[0]) * 1000 if "/FontMatrix" in font else 1.0
    widths = {first + n: float(w) * factor for n, w in enumerate(font.get("/Widths", ()))}
    return _Font(widths=widths, usual=0, wide=False, known="/Widths" in font)


def _wide_widths(array: Iterable[pikepdf.Object]) -> Iterator[tuple[int, float]]:
    """Widths by code of a /W array (ISO 32000-1, 9.7.4.3)."""
    parts = list(array)
    at = 0
    while at + 1 < len(parts):
        first = int(parts[at])
        if isinstance(parts[at + 1], pikepdf.Array):
            yield from ((first + n, float(w)) for n, w in enumerate(parts[at + 1]))
            at += 2
        elif at + 2 < len(parts):
            yield from ((code, float(parts[at + 2])) for code in range(first, int(parts[at + 1]) + 1))
            at += 3
        else:
            return


def _advance(shown: Iterable[object], state: _State) -> float:
    """How far some text moves along its line, in the units of the text's matrix."""
    total = 0.0
    for part in shown:
        if isinstance(part, (pikepdf.String, bytes)):
            if state.font is not None:
                codes = bytes(part)
                total += state.font.width(
                    codes, size=state.size, between=state.between, after_spaces=state.after_spaces
                )
        else:
            total -= float(part) / 1000 * state.size  # type: ignore[arg-type]  # a number, by the standard
    return total * state.scale


def _run(state: _State, matrix: Matrix, advance: float) -> Run:
    whole = _times(matrix, state.ctm)
    x0, y0 = whole[4], whole[5] + state.rise * whole[3]
    end = _times((1, 0, 0, 1, advance, 0), whole)
    level = abs(whole[1]) < 0.01 * abs(whole[0] or 1) and whole[0] > 0
    return Run(x0=min(x0, end[4]), x1=max(x0, end[4]), y=y0, size=state.size * abs(whole[3]), level=level)


def _matrix(numbers: Sequence[object]) -> Matrix:
    a, b, c, d, e, f = (float(n) for n in numbers)  # type: ignore[arg-type]  # six numbers, by the standard
    return (a, b, c, d, e, f)


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = two
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
