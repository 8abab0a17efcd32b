"""What a project says to Sphinx's LaTeX builder that means the same for any printed page: values named `latex_*`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sphinx.builders.latex import default_latex_documents
from sphinx.locale import _

from octavo.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from sphinx.config import Config

Toplevel = Literal["part", "chapter", "section"]
Urls = Literal["no", "inline", "footnote"]
_SIZES = {"10pt": 10.0, "11pt": 11.0, "12pt": 12.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class LatexDocument:
    """An entry of `latex_documents`.

    - start: the document that the book begins with. name: of the file, without suffix.
    - title: None where the entry leaves it to the document. authors: in order.
    - is_howto: whether it is set with Sphinx's theme for short documents, whose documents are sections.
    - toctree_only: whether the start document's own text is left out.
    """

    start: str
    name: str
    title: str | None
    authors: tuple[str, ...]
    is_howto: bool
    toctree_only: bool


def chosen_document(config: Config, documents: Container[str]) -> LatexDocument | None:
    """The entry of `latex_documents` that is built: what `octavo_pdf_document` names, else the first that can be.

    documents: the names of all documents of the project. None where the project names no entries of its own.

    Raises: ConfigurationError when `octavo_pdf_document` names none, or an entry is none.
    """
    given = getattr(config, "latex_documents", None) or []
    wanted = config.octavo_pdf_document
    entries = () if not given or given == default_latex_documents(config) else tuple(_entry(e) for e in given)
    if wanted is not None:
        entries = tuple(e for e in entries if e.name == re.sub(r"\.(tex|pdf)$", "", wanted))
        if not entries:
            raise ConfigurationError(
                f"octavo_pdf_document = {wanted!r} is no entry of latex_documents",
                "Give the second value of an entry, such as 'manual.tex'.",
            )
    return next((e for e in entries if e.start in documents), None)


def _entry(entry: object) -> LatexDocument:
    if not isinstance(entry, (list, tuple)) or len(entry) < 4 or not all(isinstance(v, str) for v in entry[:4]):
        raise ConfigurationError(
            f"latex_documents: {entry!r} is no entry", "An entry has a start document, a file, a title and authors."
        )
    start, target, title, authors = entry[:4]
    name = target.replace("\\", "/").rpartition("/")[2].removesuffix(".tex")
    if not re.fullmatch(r"[^\x00-\x1f:*?\"<>|]+", name):
        raise ConfigurationError(f"latex_documents: {target!r} is no name of a file", "Give one such as 'manual.tex'.")
    names = re.split(r"\\and\b|\\\\", authors)
    return LatexDocument(
        start=start,
        name=name,
        title=plain(title) or None,
        authors=tuple(found for found in map(plain, names) if found),
        is_howto=len(entry) > 4 and entry[4] == "howto",
        toctree_only=len(entry) > 5 and bool(entry[5]),
    )


_ACCENTS = {"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", "c": "\u0327"}
_SYMBOLS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "LaTeX": "LaTeX", "TeX": "TeX", "dots": "…",
    "copyright": "©", "textregistered": "®", "texttrademark": "™", "textquotesingle": "'", "textgreater": ">",
    "textless": "<", "textbar": "|", "sphinxhyphen": "-", "sphinxhyphenforceddash": "-",
}  # fmt: skip
_TOKEN = re.compile(
    r"\\(?P<accent>[`'^~\"=]|c(?![A-Za-z]))\s*(?:\{(?P<braced>[A-Za-z])\}|(?P<bare>[A-Za-z]))"
    r"|\\(?P<word>[A-Za-z]+)\*?\s*|\\(?P<mark>.)|(?P<tie>~)|(?P<dash>---?)|[{}]",
    re.DOTALL,
)


def plain(latex: str) -> str:
    """A title or a name without its LaTeX: escaped marks, accents, ties and dashes as characters, commands gone."""

    def character(match: re.Match[str]) -> str:
        if match["accent"]:
            return (match["braced"] or match["bare"]) + _ACCENTS[match["accent"]]
        if match["word"]:
            return _SYMBOLS.get(match["word"], "")
        if match["mark"]:
            return match["mark"] if match["mark"] in "&%$#_{} -" else " "
        if match["tie"]:
            return " "
        return {"--": "–", "---": "—"}.get(match["dash"] or "", "")

    return " ".join(unicodedata.normalize("NFC", _TOKEN.sub(character, latex)).split())


def toplevel_of(config: Config, document: LatexDocument | None) -> Toplevel:
    """What the documents of the first rank are; what is unknown to Sphinx as well is a chapter."""
    named = getattr(config, "latex_toplevel_sectioning", None)
    if named is None and document is not None and document.is_howto:
        return "section"
    return "part" if named == "part" else "section" if named == "section" else "chapter"


def urls_of(config: Config) -> Urls:
    """How the address of a link is shown besides."""
    named = str(getattr(config, "latex_show_urls", "no")).lower()
    return "footnote" if named == "footnote" else "inline" if named == "inline" else "no"


def text_size_of(config: Config) -> float | None:
    """The size of the text in points that `latex_elements` asks for, or None."""
    latex = getattr(config, "latex_elements", None) or {}
    return _SIZES.get(str(latex.get("pointsize", "")).strip())


def release_of(config: Config) -> str | None:
    """The release in words, as `latex_elements` has them or in those of the language; None where there is none."""
    latex = getattr(config, "latex_elements", None) or {}
    release = str(getattr(config, "release", "") or "").strip()
    name = str(latex.get("releasename", _("Release"))).strip()
    return f"{plain(name)} {release}".strip() if release else None
