"""Fonts in the book, where the author names some: each cut down to the characters that the book has, as WOFF2.

They are an offer: a family is set on the body and on program text, never a size, and a reader who chooses another font
has it. A font whose licence forbids embedding (OpenType 1.9.1, OS/2, fsType) is left out, and so is one that is broken;
the book is made without it, and a finding says so. Needs fontTools and Brotli, the extra `fonts`.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from octavo.diagnostics import ConfigurationError, Diagnostic, Location
from octavo.writers.epub.content_model import MATHML, SVG, h
from octavo.writers.epub.names import asset_name
from octavo.writers.epub.stylesheet import PROGRAM_TEXT, STYLE_FOLDER_UP

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont
    from sphinx.config import Config

VALUE = "octavo_epub_fonts"
FOLDER = "fonts"
MEDIA_TYPE = "font/woff2"
PARTS = ("text", "code")

_CODE_TAGS = frozenset(map(h, ("pre", "code", "samp", "kbd")))
_CODE_CLASSES = frozenset({"as-code", "as-samp", "as-kbd", "as-tt", "sig"})
# set by a reading system: numbers and marks of lists, hyphens at the ends of lines, the quotation marks of <q>
_ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0\u00ad\u2010\u2011\u2022«»‹›‘’‚“”„"
_NO_GLYPH = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
# names of the family and the face, of who made them, and of the licence
_NAMES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 16, 17]
# bits of fsType
_RESTRICTED, _LICENCES, _WHOLE, _BITMAPS = 0x0002, 0x000E, 0x0100, 0x0200
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Files as the configuration names them, relative to conf.py, for each part of the book."""

    text: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What goes into the book. files: href -> content; css: rules for the style sheet, which go after all others."""

    files: dict[str, bytes]
    css: str = ""
    findings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """A font of the book. weight: as CSS has it, a number or two of a variable font."""

    name: str
    family: str
    weight: str
    style: str
    has_serifs: bool
    characters: frozenset[int]
    content: bytes

    @property
    def kind(self) -> tuple[str, str, str]:
        return self.family, self.weight, self.style


class _NotEmbeddedError(Exception):
    """Why a font is not in the book, and what to do about it."""

    def __init__(self, why: str, hint: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def named_fonts(config: Config) -> Named:
    """The fonts of a project: files for the text, or `{"text": files, "code": files}`.

    Raises: ConfigurationError for anything else.
    """
    value = getattr(config, VALUE, None) or {}
    if not isinstance(value, dict):
        return Named(text=_paths(value))
    unknown = sorted(str(part) for part in value if part not in PARTS)
    if unknown:
        raise ConfigurationError(f"{VALUE} has no part {unknown[0]!r}", "Its parts are 'text' and 'code'.")
    return Named(text=_paths(value.get("text")), code=_paths(value.get("code")))


def embed(named: Named, bodies: Iterable[etree._Element], confdir: Path) -> Embedded:
    """The fonts as the book needs them. bodies: of all its pages."""
    if not (named.text or named.code):
        return Embedded(files={})
    missing = _missing_tools()
    if missing:
        why = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
        names = ", ".join(dict.fromkeys((*named.text, *named.code)))
        return Embedded(files={}, findings=(_finding(names, why, "pip install 'octavo[fonts]'", confdir),))
    with _unheard():
        return _Embedding(named, _used(bodies), confdir).made()


@contextmanager
def _unheard() -> Iterator[None]:
    """Give fontTools' own warnings (of an odd date, of a table that it does not know) a place other than stderr."""
    logger, nowhere = logging.getLogger("fontTools"), logging.NullHandler()
    logger.addHandler(nowhere)
    try:
        yield
    finally:
        logger.removeHandler(nowhere)


class _Embedding:
    """All fonts of one book."""

    def __init__(self, named: Named, used: dict[str, set[str]], confdir: Path) -> None:
        self.named = {"text": named.text, "code": named.code}
        self.used = used
        self.confdir = confdir
        self.faces: dict[str, _Face] = {}
        self.findings: list[Diagnostic] = []

    def made(self) -> Embedded:
        for name in dict.fromkeys((*self.named["text"], *self.named["code"])):
            self._add(name)
        files: dict[str, bytes] = {}
        rules: list[str] = []
        for face in self.faces.values():
            href = f"{FOLDER}/{asset_name(face.name, '.woff2', {taken.removeprefix(f'{FOLDER}/') for taken in files})}"
            files[href] = face.content
            rules.append(_face_rule(face, href))
        for part, selector in (("text", "body"), ("code", PROGRAM_TEXT)):
            faces = [self.faces[name] for name in dict.fromkeys(self.named[part]) if name in self.faces]
            if faces:
                rules.append(_family_rule(selector, faces, part))
                self._say_missing(part, faces)
        return Embedded(files=files, css="".join(rules), findings=tuple(self.findings))

    def _add(self, name: str) -> None:
        characters = set().union(*(self.used[part] for part in PARTS if name in self.named[part]))
        try:
            face = _face(name, self.confdir / name, characters)
        except _NotEmbeddedError as error:
            self.findings.append(_finding(name, error.why, error.hint, self.confdir))
            return
        twin = next((f.name for f in self.faces.values() if f.kind == face.kind), None)
        if twin is None:
            self.faces[name] = face
        else:
            self.findings.append(_finding(name, f"{twin} has its family, weight and style", None, self.confdir))

    def _say_missing(self, part: str, faces: list[_Face]) -> None:
        had = frozenset().union(*(face.characters for face in faces))
        lacking = sorted(c for c in self.used[part] if ord(c) not in had and _is_visible(c))
        if lacking:
            more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
            finding = Diagnostic(
                rule="epub/font-characters-missing",
                value=" ".join(f"{c} (U+{ord(c):04X})" for c in lacking[:_SHOWN]) + more,
                context=f"{VALUE}[{part!r}]",
                hint="readers show them in a font of their own",
                location=_place(self.confdir, VALUE),
            )
            self.findings.append(finding)


def _face(name: str, path: Path, characters: set[str]) -> _Face:
    from fontTools.ttLib import TTFont, TTLibError, TTLibFileIsCollectionError

    try:
        # the time in the font is its maker's, not ours
        with TTFont(path, recalcTimestamp=False) as font:
            return _cut(name, font, characters)
    except FileNotFoundError as error:
        raise _NotEmbeddedError("no such file", f"it is looked for at {path}") from error
    except TTLibFileIsCollectionError as error:
        raise _NotEmbeddedError("it is a collection of fonts", "take its faces out, each to a file") from error
    # what fontTools says of a table that is not what it should be
    except (
        TTLibError, OSError, struct.error, zlib.error, ArithmeticError, AssertionError, AttributeError, EOFError,
        LookupError, NotImplementedError, TypeError, ValueError,
    ) as error:  # fmt: skip
        why = str(error) or type(error).__name__
        raise _NotEmbeddedError(f"it is no font that can be read ({why})") from error


def _cut(name: str, font: TTFont, characters: set[str]) -> _Face:
    """The face of a font with these characters alone, if it may be embedded and may be cut."""
    licence = font["OS/2"].fsType if "OS/2" in font else 0
    # with several of these bits, as fonts had them once, the most generous counts
    if licence & _LICENCES == _RESTRICTED:
        raise _NotEmbeddedError("its licence forbids embedding (OS/2 fsType, bit 1)", "ask its maker, or take another")
    if licence & _BITMAPS:
        raise _NotEmbeddedError("its licence has only bitmaps embedded (OS/2 fsType, bit 9)", "take another")
    has = frozenset(font.getBestCmap() or ())
    if not any(ord(c) in has and _is_visible(c) for c in characters):
        raise _NotEmbeddedError("it has none of the book's characters")
    kind = _kind(font)
    if not licence & _WHOLE:
        _subset(font, characters)
    made = io.BytesIO()
    font.flavor = "woff2"
    font.save(made)
    family, weight, style, has_serifs = kind
    return _Face(
        name=name,
        family=family or Path(name).stem,
        weight=weight,
        style=style,
        has_serifs=has_serifs,
        characters=has,
        content=made.getvalue(),
    )


def _subset(font: TTFont, characters: set[str]) -> None:
    from fontTools.subset import Options, Subsetter

    options = Options()
    options.layout_features = ["*"]
    options.name_IDs = _NAMES
    options.notdef_outline = True
    cutter = Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in {*_ALWAYS, *characters, *"".join(characters).upper()}])
    cutter.subset(font)


def _kind(font: TTFont) -> tuple[str, str, str, bool]:
    """Family, weight and style as CSS has them, and whether the letters have serifs."""
    family = re.sub(r"[\x00-\x1f\x7f]+", " ", font["name"].getBestFamilyName() or "").strip()
    face = font.get("OS/2")
    mac = font["head"].macStyle
    weight = str((700 if mac & 1 else 400) if face is None else min(max(face.usWeightClass, 1), 1000))
    axis = next((a for a in font["fvar"].axes if a.axisTag == "wght"), None) if "fvar" in font else None
    if axis is not None:
        weight = f"{axis.minValue:g} {axis.maxValue:g}"
    # bit 0 is italic, bit 9 oblique
    slanted = bool(mac & 2) or (face is not None and bool(face.fsSelection & 0x0201))
    sans = face is not None and (
        face.sFamilyClass >> 8 == 8 or (face.panose.bFamilyType == 2 and 11 <= face.panose.bSerifStyle <= 15)
    )
    return family, weight, "italic" if slanted else "normal", not sans


def _used(bodies: Iterable[etree._Element]) -> dict[str, set[str]]:
    """The characters of the text and of program text. Formulas and drawings have fonts of their own."""
    used: dict[str, set[str]] = {part: set() for part in PARTS}
    for body in bodies:
        for text, part in _texts(body):
            used[part].update(text)
            if not text.isascii():
                # a font need not have the parts of a letter that is one in it
                used[part].update(unicodedata.normalize("NFC", text))
    return used


def _texts(body: etree._Element) -> Iterator[tuple[str, str]]:
    """Every text with its part of the book."""
    within = 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        foreign = not isinstance(element.tag, str) or element.tag.startswith((f"{{{MATHML}}}", f"{{{SVG}}}"))
        code = element.tag in _CODE_TAGS or not _CODE_CLASSES.isdisjoint(element.get("class", "").split())
        if event == "start":
            within += code
            if foreign:
                walk.skip_subtree()
            elif element.text:
                yield element.text, PARTS[within > 0]
        else:
            within -= code
            if element.tail and element is not body:
                yield element.tail, PARTS[within > 0]


def _is_visible(character: str) -> bool:
    # a variation selector says how the character before it looks
    return unicodedata.category(character) not in _NO_GLYPH and not 0xFE00 <= ord(character) <= 0xFE0F


def _face_rule(face: _Face, href: str) -> str:
    return (
        f"@font-face {{ font-family: {_quoted(face.family)}; font-weight: {face.weight}; font-style: {face.style}; "
        f'src: url("{STYLE_FOLDER_UP}{href}") format("woff2"); }}\n'
    )


def _family_rule(selector: str, faces: list[_Face], part: str) -> str:
    families = ", ".join(dict.fromkeys(_quoted(face.family) for face in faces))
    generic = "monospace" if part == "code" else "serif" if faces[0].has_serifs else "sans-serif"
    return f"{selector} {{ font-family: {families}, {generic}; }}\n"


def _quoted(family: str) -> str:
    return '"' + family.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _paths(value: object) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, (str, Path)):
        return (str(value),)
    if isinstance(value, (list, tuple)) and all(isinstance(path, (str, Path)) for path in value):
        return tuple(map(str, value))
    raise ConfigurationError(
        f"{VALUE}: {value!r} is no font file", "Give a path relative to conf.py, or a list of them."
    )


def _missing_tools() -> list[str]:
    from importlib.util import find_spec

    found = {"fontTools": ("fontTools",), "Brotli": ("brotli", "brotlicffi")}
    return [name for name, modules in found.items() if not any(find_spec(module) for module in modules)]


def _finding(name: str, why: str, hint: str | None, confdir: Path) -> Diagnostic:
    location = _place(confdir, name, VALUE)
    return Diagnostic(rule="epub/font-not-embedded", value=name, context=why, hint=hint, location=location)


def _place(confdir: Path, *needles: str) -> Location:
    """The first line of conf.py that has the first of these that any line has; nowhere without a conf.py."""
    path = confdir / "conf.py"
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Location()
    found = (n for needle in needles for n, line in enumerate(lines, start=1) if needle in line)
    return Location(source=str(path), line=next(found, None))
