"""The pages of a finished PDF: their labels, and with which words of the text each begins.

Read from the PDF's own tags, which keep the text in the order of reading: running heads are no part of it, notes and
pictures say what they are, and what floats to another page stands where it is spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import unpack
from typing import TYPE_CHECKING

from octavo.staging.printed_pages import (
    OBJECT,
    TEXT_KEPT,
    PageKind,
    PageOfTarget,
    PrintedPage,
    PrintedPages,
    heaviest_ascent,
)

if TYPE_CHECKING:
    import pikepdf

    from octavo.writers.pdf.compiling import Target

FRONT_MARK = "octavo-front-"
"""Labels that begin so are of pages that the template makes; what follows is a value of `PageKind`."""

# tags of which the letters are no text of the page (PDF 32000-1, 14.8.4): notes are set at its foot, and drawn once
_ELSEWHERE = frozenset({"/Note", "/FENote"})
_OBJECTS = frozenset({"/Figure", "/Formula"})
_LISTS_OF_CONTENTS = frozenset({"/TOC", "/TOCI"})
_MAY_FLOAT = frozenset({"/Figure", "/Caption", "/Table"})
_INLINE = frozenset({"/Span", "/Em", "/Strong", "/Link", "/Reference", "/Code", "/Quote", "/Lbl"})
_TEXT_OPERATORS = "Tf Tj TJ BDC BMC EMC"
_STRING = re.compile(rb"<([0-9A-Fa-f]*)>|\(([^()]*)\)")
"""A string without escapes (ISO 32000-1, 7.3.4); its parentheses would be escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Marked content in the order of reading. page: 1-based; mark: its number there.

    - block: number of the innermost element that is no inline one.
    - thing: number of the picture or formula that it is part of, or None.
    """

    page: int
    mark: int
    block: int
    thing: int | None
    contents: bool
    may_float: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Text on one page that the order of reading goes on with."""

    page: int
    text: str
    weight: int


def kinds_of_front(targets: Iterable[Target]) -> dict[int, PageKind]:
    """Physical page (1-based) -> what the template has set on it."""
    return {t.page: PageKind(t.label.removeprefix(FRONT_MARK)) for t in targets if t.label.startswith(FRONT_MARK)}


def printed_pages(path: Path, targets: Sequence[PageOfTarget], front: Mapping[int, PageKind]) -> PrintedPages:
    """The pages of the PDF at `path`. front: physical page (1-based) -> what the template has set on it.

    Raises: pikepdf.PdfError when it can't be read.
    """
    import pikepdf

    with pikepdf.open(path) as pdf:
        kinds = dict(front)
        words = list(_in_order(pdf, kinds))
        flowing = heaviest_ascent([w.page for w in words], [w.weight for w in words])
        starts: dict[int, int] = {}
        for position in flowing:
            starts.setdefault(words[position].page, position)
        for position, found in enumerate(words):  # a page of nothing but what floats
            starts.setdefault(found.page, position)
        in_flow = set(flowing)
        pages = []
        for number, page in enumerate(pdf.pages, start=1):
            kind = kinds.get(number, PageKind.TEXT if number in starts else PageKind.BLANK)
            start = starts.get(number)
            if start is None or kind is not PageKind.TEXT:
                pages.append(PrintedPage(label=str(page.label), kind=kind))
                continue
            before = _text_until(words, start, in_flow)
            after = _text_from(words, start, in_flow)
            pages.append(PrintedPage(label=str(page.label), kind=kind, before=before, after=after))
    return PrintedPages(pages=tuple(pages), targets=tuple(targets))


def _text_from(words: Sequence[_Words], start: int, flowing: set[int]) -> str:
    made = words[start].text
    for position in range(start + 1, len(words)):
        if len(made) >= TEXT_KEPT:
            break
        if position in flowing:
            made += words[position].text
    return made[:TEXT_KEPT]


def _text_until(words: Sequence[_Words], stop: int, flowing: set[int]) -> str:
    made = ""
    for position in range(stop - 1, -1, -1):
        if len(made) >= TEXT_KEPT:
            break
        if position in flowing:
            made = words[position].text + made
    return made[-TEXT_KEPT:]


def _in_order(pdf: pikepdf.Pdf, kinds: dict[int, PageKind]) -> Iterator[_Words]:
    """The text in the order of reading, cut where the page changes; notes pages of contents in `kinds`."""
    runs = list(_runs(pdf))
    for run in runs:
        if run.contents:
            kinds.setdefault(run.page, PageKind.CONTENTS)
    texts = _Texts(pdf)
    page, block, weight = 0, -1, 0
    pieces: list[str] = []
    things: set[int] = set()
    for run in runs:
        if run.page in kinds:
            continue
        if run.thing is None:
            text = texts.of(run.page, run.mark)
        elif run.thing in things:
            continue
        else:
            things.add(run.thing)
            text = OBJECT
        if not text.strip():
            continue
        if run.page != page:
            if pieces:
                yield _Words(page=page, text="".join(pieces), weight=weight)
            page, pieces, weight = run.page, [], 0
        if run.block != block:
            pieces.append(" ")
            block = run.block
        pieces.append(text)
        # letters count where text flows; of what may float, only that it is there
        weight += 1 if run.may_float else len(text) + 1
    if pieces:
        yield _Words(page=page, text="".join(pieces), weight=weight)


def _runs(pdf: pikepdf.Pdf) -> Iterator[_Run]:
    """All marked content that is text of the book or a picture in it, in the order of the tags."""
    import pikepdf

    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return
    count = 0
    # (element or number of a mark, its page, block, thing, in a list of contents, may float); last first
    stack: list[tuple[object, int | None, int, int | None, bool, bool]] = [
        (child, None, 0, None, False, False) for child in reversed(_children(tree))
    ]
    while stack:
        element, page, block, thing, contents, floats = stack.pop()
        if isinstance(element, int):
            if page is not None:
                yield _Run(page=page, mark=element, block=block, thing=thing, contents=contents, may_float=floats)
            continue
        if not isinstance(element, pikepdf.Dictionary):
            continue
        if "/Pg" in element:
            page = numbers.get(element["/Pg"].objgen)
        kind = str(element.get("/Type", ""))
        if kind == "/MCR":
            stack.append((int(element["/MCID"]), page, block, thing, contents, floats))
            continue
        tag = str(element.get("/S", ""))
        if kind == "/OBJR" or tag in _ELSEWHERE:
            continue
        count += 1
        if tag in _OBJECTS and thing is None:
            thing = count
        if tag not in _INLINE:
            block = count
        contents = contents or tag in _LISTS_OF_CONTENTS
        floats = floats or tag in _MAY_FLOAT
        stack += [(child, page, block, thing, contents, floats) for child in reversed(_children(element))]


def _children(element: pikepdf.Object) -> list[object]:
    import pikepdf

    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


class _Texts:
    """The letters of marked content, page by page: the order of reading seldom goes back."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._fonts: dict[tuple[int, int], _Font] = {}
        self._page = 0
        self._texts: dict[int, str] = {}
        self._kept: dict[int, dict[int, str]] = {}

    def of(self, page: int, mark: int) -> str:
        if page not in self._kept:
            self._kept[page] = self._read(page)
        return self._kept[page].get(mark, "")

    def _read(self, number: int) -> dict[int, str]:
        import pikepdf

        page = self._pdf.pages[number - 1]
        pieces: dict[int, list[str]] = {}
        backwards: set[int] = set()
        open_marks: list[int | None] = []
        replaced: list[bool] = []
        font = _Font(wide=True, characters={})
        fonts: dict[str, _Font] = {}
        for instruction in pikepdf.parse_content_stream(page, _TEXT_OPERATORS):
            operands, name = instruction.operands, str(instruction.operator)
            current = open_marks[-1] if open_marks else None
            if name in ("BDC", "BMC"):
                properties = operands[1] if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else None
                hidden = bool(replaced and replaced[-1])
                if str(operands[0]) == "/Artifact":
                    current = None
                elif properties is not None and "/MCID" in properties:
                    current = int(properties["/MCID"])
                if str(operands[0]) == "/ReversedChars" and current is not None:
                    backwards.add(current)
                if properties is not None and "/ActualText" in properties and current is not None:
                    pieces.setdefault(current, []).append(str(properties["/ActualText"]))
                    hidden = True
                open_marks.append(current)
                replaced.append(hidden)
            elif name == "EMC":
                if open_marks:
                    open_marks.pop()
                    replaced.pop()
            elif name == "Tf":
                called = str(operands[0])
                if called not in fonts:
                    fonts[called] = self._font(page, called)
                font = fonts[called]
            elif current is not None and not replaced[-1]:
                for string in _strings(operands[0]):
                    pieces.setdefault(current, []).extend(font.decoded(string))
        return {mark: "".join(p[::-1] if mark in backwards else p) for mark, p in pieces.items()}

    def _font(self, page: pikepdf.Page, name: str) -> _Font:
        found = page.Resources["/Font"][name]
        known = self._fonts.get(found.objgen)
        if known is None:
            known = self._fonts[found.objgen] = _Font.read(found)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Font:
    """What the codes of a font mean. wide: codes of two bytes."""

    wide: bool
    characters: dict[int, str]

    @classmethod
    def read(cls, font: pikepdf.Object) -> _Font:
        """From its ToUnicode map (PDF 32000-1, 9.10.3)."""
        wide = str(font.get("/Subtype")) == "/Type0"
        mapping = font.get("/ToUnicode")
        if mapping is None:
            return cls(wide=wide, characters={})
        return cls(wide=wide, characters=_characters(mapping))

    def decoded(self, codes: bytes) -> list[str]:
        """Each glyph's characters."""
        known = self.characters.get
        if self.wide:
            count = len(codes) // 2
            return [known(code, "") for code in unpack(f">{count}H", codes[: 2 * count])]
        return [known(code, "") for code in codes]


def _strings(shown: pikepdf.Object) -> Iterable[bytes]:
    """What a text operator shows: a string, or an array of strings and of the distances between them.

    An array is looked through as text: each of its numbers would be made an object of Python's own.
    """
    import pikepdf

    if isinstance(shown, pikepdf.String):
        return (bytes(shown),)
    if not isinstance(shown, pikepdf.Array):
        return ()
    text = shown.unparse()
    if b"\\" in text:
        return [bytes(string) for string in shown if isinstance(string, pikepdf.String)]
    return [bytes.fromhex(each[1].decode()) if each[1] is not None else each[2] for each in _STRING.finditer(text)]


def _characters(mapping: pikepdf.Object) -> dict[int, str]:
    import pikepdf

    found: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(mapping):
        operands = list(instruction.operands)
        match str(instruction.operator):
            case "endbfchar":
                for code, text in zip(operands[0::2], operands[1::2], strict=False):
                    found[_number(code)] = _utf16(text)
            case "endbfrange":
                for first, last, start in zip(operands[0::3], operands[1::3], operands[2::3], strict=False):
                    codes = range(_number(first), _number(last) + 1)
                    if isinstance(start, pikepdf.Array):
                        found.update((c, _utf16(text)) for c, text in zip(codes, start, strict=False))
                    elif base := _utf16(start):
                        found.update((c, base[:-1] + chr(ord(base[-1]) + n)) for n, c in enumerate(codes))
            case _:
                pass  # the frame of the map: PostScript that means nothing here
    return found


def _number(code: object) -> int:
    return int.from_bytes(_bytes(code), "big")


def _utf16(text: object) -> str:
    return _bytes(text).decode("utf-16-be", errors="replace")


def _bytes(value: object) -> bytes:
    import pikepdf

    return bytes(value) if isinstance(value, pikepdf.String) else b""
