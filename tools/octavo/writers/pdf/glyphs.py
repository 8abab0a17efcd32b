"""Characters that no font of the book has: found before anything is set, and replaced by what can be read.

PDF/UA forbids a glyph that is not there, and Typst refuses a book for one. Which characters the fonts have is asked
of Typst itself, with a page that holds each character of the book once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.diagnostics import Diagnostic
from octavo.reading.reporting import report
from octavo.writers.pdf.escape import array, printable, string

if TYPE_CHECKING:
    from octavo.writers.pdf.settings import Settings

MISSING = re.compile(r'the text `?"((?:[^"\\]|\\.)*)"`? could not be displayed')
"""How Typst names what it has no glyph for."""

_READABLE = {
    "✅": "✓", "☑": "☑", "✔": "✓", "❌": "✗", "❎": "✗", "✖": "×", "⚠": "(!)", "❗": "!", "❓": "?", "➡": "→", "⬅": "←",
    "⬆": "↑", "⬇": "↓", "•": "·", "●": "·", "‐": "-", "‑": "-", "―": "—", "⁃": "-", "′": "'", "″": '"', "−": "-",
    "\u00ad": "", "⭐": "★", "🔗": "", "▶": "▸", "👉": "→", "👈": "←", "⟶": "→", "\u2009": " ", "\u202f": "\u00a0",
    "…": "...", "☒": "☒", "🡒": "→", "➜": "→", "➔": "→", "➤": "→",
}  # fmt: skip


def used_characters(texts: Iterable[str]) -> str:
    """The characters of some texts beyond ASCII, each once, in order of code point."""
    characters: set[str] = set()
    for text in texts:
        characters.update(text)
    return "".join(sorted(c for c in characters if ord(c) > 126 and printable(c) and not c.isspace()))


def missing_characters(characters: str, settings: Settings) -> tuple[str, ...]:
    """Those of the characters for which no font has a glyph, in order of code point."""
    import typst

    compiler = typst.Compiler(
        ignore_system_fonts=not settings.system_fonts,
        font_paths=[str(p) for p in settings.font_paths],
    )
    missing: set[str] = set()
    # Typst names the first of some kinds only: ask again without those until it has no objection
    while rest := [c for c in characters if c not in missing]:
        try:
            compiler.compile(_sheet(rest, settings).encode(), format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            found = set("".join(named_in(error.diagnostic))) & set(rest)
            if not found:
                break
            missing |= found
        else:
            break
    return tuple(sorted(missing))


def _sheet(characters: Iterable[str], settings: Settings) -> str:
    """A page with each of the characters in a line of its own."""
    fonts = array(map(string, (*settings.fonts, *settings.mono_fonts, *settings.math_fonts)))
    lines = ("◌" + c if unicodedata.combining(c) else c for c in characters)
    body = "\n".join(f"#text({string(line)})#parbreak()" for line in lines)
    page = '#set document(title: "Characters")\n#set page(width: 400pt, height: auto)'
    return f"{page}\n#set text(font: {fonts})\n{body}\n"


def named_in(diagnostic: str) -> tuple[str, ...]:
    """The texts that a refusal of Typst names as without glyph, in order, each once."""
    return tuple(dict.fromkeys(_unquoted(found) for found in MISSING.findall(diagnostic)))


def _unquoted(literal: str) -> str:
    text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m[1], 16)), literal)
    return re.sub(r"\\(.)", r"\1", text)


def substitutes(missing: Iterable[str]) -> dict[str, str]:
    """For each character what is printed in its place: a like one, its letters without marks, or its name."""
    lacking = set(missing)
    return {character: _substitute(character, lacking) for character in lacking}


def _substitute(character: str, lacking: set[str]) -> str:
    like = _READABLE.get(character)
    if like is not None and not set(like) & lacking:
        return like
    if unicodedata.category(character) in ("Cf", "Cc", "Cn", "Mn") or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    if 0x1F3FB <= ord(character) <= 0x1F3FF:  # the tone of the skin of the emoji before it
        return ""
    plain = unicodedata.normalize("NFKD", character)
    if plain != character and not set(plain) & lacking and plain.isascii():
        return plain
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    if name.startswith("u+"):
        name = name.upper()
    return f"[{name}]"


def without_ornament(text: str, found: Mapping[str, str]) -> str:
    """A title without the pictographs at its head that would be printed as their names; itself where nothing is left.

    found: what `substitutes` gave.
    """
    named = {character for character, substitute in found.items() if substitute.startswith("[")}
    silent = {character for character, substitute in found.items() if not substitute} | {"\ufe0f", "\u200d"}
    if not text.lstrip().startswith(tuple(named)):
        return text
    return text.lstrip("".join(named | silent) + " \u00a0") or text


def strip_titles(tree: nodes.document, found: Mapping[str, str]) -> None:
    """Take the pictographs at the head of titles out that no font has."""
    for title in tree.findall(nodes.title):
        first = title.children[0] if title.children else None
        if isinstance(first, nodes.Text):
            plain = without_ornament(str(first), found)
            if plain != str(first):
                title.replace(first, nodes.Text(plain))


def all_text(tree: nodes.document) -> str:
    """Every text of a document that may be printed, alternative texts included."""
    pieces = [str(t) for t in tree.findall(nodes.Text)]
    pieces += [str(n.get("alt", "")) for n in tree.findall(nodes.image)]
    pieces += [str(n.get("caption") or "") for n in tree.findall(addnodes.toctree)]
    pieces += [str(entry[1]) for n in tree.findall(addnodes.index) for entry in n["entries"]]
    pieces += [str(n.get("explanation", "")) for n in tree.findall(nodes.abbreviation)]
    return "\n".join(pieces)


def report_script(tree: nodes.document, character: str, script: str, families: Sequence[str]) -> None:
    """Say, at its first place in a document, that no font has a script's letters. families: fonts that have them."""
    hint = f"names of letters are printed; install one of {', '.join(families)}, or name a font by octavo_pdf_fonts"
    _report(tree, character, f"U+{ord(character):04X}, {script}", hint)


def report_character(tree: nodes.document, character: str, substitute: str) -> None:
    """Say, at its first place in a document, that no font has a character, and what is printed."""
    hint = f"'{substitute}' is printed (at the head of a title nothing); octavo_pdf_fonts can name a font that has it"
    _report(tree, character, f"U+{ord(character):04X}", hint)


def _report(tree: nodes.document, character: str, context: str, hint: str) -> None:
    node = next((t for t in tree.findall(nodes.Text) if character in t), None)
    found = Diagnostic(rule="pdf/glyph-missing", value=character, context=context, hint=hint, formats=("pdf",))
    report(found, node.parent if node is not None else tree)
