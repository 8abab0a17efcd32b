"""What a project may say about its PDF: configuration values of ours, and those of Sphinx's that mean the same."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.diagnostics import ConfigurationError
from octavo.reading.lists_of_things import named_lists
from octavo.writers.pdf import latex_values, theming
from octavo.writers.pdf.numerals import WESTERN
from octavo.writers.pdf.running_lines import RunningLine, running_lines

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from octavo.writers.pdf.latex_values import LatexDocument, Toplevel, Urls
    from octavo.writers.pdf.theming import Theme

DEFAULT_PAPER: dict[Theme, str] = {"book": "170x240mm", "manual": "a4"}
"""For a book, a usual trim size of technical books. At 10.5 points its type area holds lines of 66 to 70 characters
between margins that a thumb fits on; the same line on A4 leaves a third of the sheet empty, and a line that fills A4
has 100 characters, which nobody reads with ease. A manual is printed on what lies in the printer, and code has lines
of 80 characters and more: there the margins hold numbers on the left and the ends of such lines on the right."""

_PAPERS = {
    "a4": (210.0, 297.0), "a5": (148.0, 210.0), "b5": (176.0, 250.0), "a4paper": (210.0, 297.0),
    "a5paper": (148.0, 210.0), "b5paper": (176.0, 250.0), "us-letter": (215.9, 279.4), "letter": (215.9, 279.4),
    "letterpaper": (215.9, 279.4), "us-legal": (215.9, 355.6), "legalpaper": (215.9, 355.6),
    "us-executive": (184.15, 266.7), "executivepaper": (184.15, 266.7),
}  # fmt: skip
_TRIM = re.compile(r"([\d.]+)\s*[x×]\s*([\d.]+)\s*(mm|cm|in)$")
_LENGTH = re.compile(r"([\d.]+)\s*(mm|cm|in)$")
_WIDEST_BLEED = 20.0
_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4}
_MEASURE: dict[Theme, float] = {"book": 117.0, "manual": 126.0}
"""Width of the text in mm: some 68 and 73 characters of Libertinus Serif at 10.5 points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A trimmed page and where the text stands on it; all in millimetres."""

    width: float
    height: float
    inside: float
    outside: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the configuration decides.

    - theme: the template that sets the book; template: the project's own instead, or None.
    - design: values of the theme's design that the project says, by name, as Typst source.
    - text_size: of the text, in points.
    - document: the entry of `latex_documents` that is built, or None where there is none.
    - toplevel: what documents of the first rank are.
    - numbered: whether chapters and sections get numbers where the project numbers none.
    - attachments: files that the PDF holds: patterns of paths below the sources, or "downloads".
    - fonts, mono_fonts, math_fonts: families in order of preference, never empty.
    - font_paths: folders with fonts, absolute. system_fonts: whether those of the machine may be used.
    - toc_depth: ranks of headings in the table of contents.
    - for_print: for paper alone: links are not coloured.
    - urls: where the addresses of web pages stand: at the foot, behind the link, or nowhere.
    - domain_indices: which of the domains' indices are printed: all, none, or those of these names ("py-modindex").
    - appendices: documents that are set behind all others. logo: picture of the title page, or None.
    - release: what the title page of a manual says of the release ("Release 1.2"), or None.
    - bleed: millimetres around the trimmed page, with crop marks; None for a sheet that is the page.
    - lists: what is listed after the contents, "figures" and "tables".
    - running: lines at the head and the foot of pages that the project says itself.
    - digits: from nought on, those of folios, of numbers and of lists; own_digits: whether they may be the language's.
    - page_references: whether cross references name the page of what they lead to.
    """

    theme: Theme = "book"
    template: Path | None = None
    design: tuple[tuple[str, str], ...] = ()
    text_size: float = theming.TEXT_SIZE
    document: LatexDocument | None = None
    toplevel: Toplevel = "chapter"
    numbered: bool = False
    urls: Urls = "no"
    domain_indices: bool | tuple[str, ...] = True
    appendices: tuple[str, ...] = ()
    logo: Path | None = None
    release: str | None = None
    attachments: tuple[str, ...] = ()
    paper: Paper
    two_sided: bool
    open_right: bool
    page_references: bool
    for_print: bool = False
    bleed: float | None = None
    lists: tuple[str, ...] = ()
    running: tuple[RunningLine, ...] = ()
    own_digits: bool = True
    digits: str = WESTERN
    toc_depth: int
    fonts: tuple[str, ...]
    mono_fonts: tuple[str, ...]
    math_fonts: tuple[str, ...]
    font_paths: tuple[Path, ...]
    system_fonts: bool


def register_config(app: Sphinx) -> None:
    """Add the configuration values of the PDF. None of them changes what is read."""
    optional_text: frozenset[type] = frozenset({str, type(None)})
    optional_flag: frozenset[type] = frozenset({bool, type(None)})
    app.add_config_value("octavo_pdf_theme", "book", "", types=frozenset({str}))
    app.add_config_value("octavo_pdf_template", None, "", types=optional_text)
    app.add_config_value("octavo_pdf_design", {}, "", types=frozenset({dict}))
    app.add_config_value("octavo_pdf_document", None, "", types=optional_text)
    app.add_config_value("octavo_pdf_paper", None, "", types=optional_text)
    app.add_config_value("octavo_pdf_two_sided", None, "", types=optional_flag)
    app.add_config_value("octavo_pdf_page_references", None, "", types=optional_flag)
    app.add_config_value("octavo_pdf_profile", "screen", "", types=frozenset({str}))
    app.add_config_value("octavo_pdf_bleed", None, "", types=optional_text)
    app.add_config_value("octavo_pdf_attachments", [], "", types=frozenset({list, tuple}))
    app.add_config_value("octavo_pdf_running", {}, "", types=frozenset({dict}))
    app.add_config_value("octavo_pdf_lists", [], "", types=frozenset({list, tuple}))
    app.add_config_value("octavo_pdf_digits", "language", "", types=frozenset({str}))
    app.add_config_value("octavo_pdf_toc_depth", 2, "", types=frozenset({int}))
    app.add_config_value("octavo_pdf_fonts", {}, "", types=frozenset({dict, list, tuple, str}))
    app.add_config_value("octavo_pdf_font_paths", [], "", types=frozenset({list, tuple}))
    app.add_config_value("octavo_pdf_system_fonts", False, "", types=frozenset({bool}))


def settings_of(config: Config, *, confdir: Path, documents: Container[str] = ()) -> Settings:
    """The settings of a project.

    documents: the names of its documents.

    Raises: ConfigurationError for a theme, a paper, a font folder or a number that can't be used.
    """
    theme = theming.theme_of(config.octavo_pdf_theme)
    latex = getattr(config, "latex_elements", None) or {}
    named = config.octavo_pdf_paper or latex.get("papersize") or DEFAULT_PAPER[theme]
    two_sided = theme == "book" if config.octavo_pdf_two_sided is None else bool(config.octavo_pdf_two_sided)
    references = config.octavo_pdf_page_references
    if references is None:
        references = theme == "book" or bool(getattr(config, "latex_show_pagerefs", False))
    depth = config.octavo_pdf_toc_depth
    if not 1 <= depth <= 6:
        raise ConfigurationError(
            f"octavo_pdf_toc_depth = {depth} is not a number of ranks", "Give a number from 1 to 6."
        )
    serif, mono, mathematics = _families(config.octavo_pdf_fonts)
    document = latex_values.chosen_document(config, documents)
    design = theming.design_of(config.octavo_pdf_design)
    size = theming.size_in(design) or latex_values.text_size_of(config) or theming.TEXT_SIZE
    for_print = _profile(config.octavo_pdf_profile) == "print"
    indices = getattr(config, "latex_domain_indices", True)
    toplevel = latex_values.toplevel_of(config, document)
    logo = getattr(config, "latex_logo", None)
    return Settings(
        theme=theme,
        template=theming.template_of(config.octavo_pdf_template, confdir),
        design=design,
        text_size=size,
        document=document,
        toplevel=toplevel,
        numbered=theme == "manual",
        urls="footnote" if for_print else latex_values.urls_of(config),
        domain_indices=indices if isinstance(indices, bool) else tuple(map(str, indices)),
        appendices=tuple(getattr(config, "latex_appendices", None) or ()),
        logo=(confdir / logo) if logo and (confdir / logo).is_file() else None,
        release=latex_values.release_of(config),
        attachments=tuple(map(str, config.octavo_pdf_attachments)),
        paper=paper(str(named), two_sided=two_sided, theme=theme, text_size=size),
        two_sided=two_sided,
        open_right=theme == "book" and two_sided and "openany" not in str(latex.get("extraclassoptions", "")),
        page_references=bool(references),
        for_print=for_print,
        bleed=None if config.octavo_pdf_bleed is None else _bleed(config.octavo_pdf_bleed),
        lists=named_lists("octavo_pdf_lists", config.octavo_pdf_lists),
        running=running_lines(config.octavo_pdf_running),
        own_digits=_digits(config.octavo_pdf_digits) == "language",
        toc_depth=depth,
        fonts=(*serif, "Libertinus Serif"),
        mono_fonts=(*mono, "DejaVu Sans Mono"),
        math_fonts=(*mathematics, "New Computer Modern Math"),
        font_paths=tuple(_font_folders(config.octavo_pdf_font_paths, confdir)),
        system_fonts=bool(config.octavo_pdf_system_fonts),
    )


def _profile(named: str) -> str:
    if named not in ("screen", "print"):
        raise ConfigurationError(f"octavo_pdf_profile = {named!r} is no profile", "Give 'screen' or 'print'.")
    return named


def _digits(named: str) -> str:
    if named not in ("language", "western"):
        raise ConfigurationError(f"octavo_pdf_digits = {named!r} are no digits", "Give 'language' or 'western'.")
    return named


def _bleed(named: str) -> float:
    match = _LENGTH.match(named.strip().lower())
    width = float(match[1]) * _MILLIMETRES[match[2]] if match else -1.0
    if not 0 <= width <= _WIDEST_BLEED:
        raise ConfigurationError(
            f"octavo_pdf_bleed = {named!r} is no bleed", "Give a length such as '3mm' or '0.125in'."
        )
    return width


def paper(name: str, *, two_sided: bool, theme: Theme = "book", text_size: float = theming.TEXT_SIZE) -> Paper:
    """A page by its name (`a4`, `us-letter`) or trim size (`170x240mm`, `6x9in`), with the measure of a text size.

    Raises: ConfigurationError when it is neither, or too small to hold text.
    """
    key = name.strip().lower()
    match = _TRIM.match(key)
    if key in _PAPERS:
        width, height = _PAPERS[key]
    elif match:
        width, height = (float(match[i]) * _MILLIMETRES[match[3]] for i in (1, 2))
    else:
        raise ConfigurationError(
            f"octavo_pdf_paper = {name!r} is no paper that Octavo knows",
            "Give 'a4', 'a5', 'b5', 'us-letter' or a trim size such as '170x240mm' or '6x9in'.",
        )
    if width < 80 or height < 100:
        raise ConfigurationError(f"octavo_pdf_paper = {name!r} is too small for a book", "Give at least 80x100mm.")
    # Small pages keep 8 % of their width on either side; on larger ones the measure decides and the margins get
    # the rest, up to the point where the text looks lost on the sheet.
    measure = _MEASURE[theme] * text_size / theming.TEXT_SIZE
    text = min(max(measure, width * 0.62) if theme == "book" else measure, width * 0.84)
    spare = width - text
    inside = spare * 0.46 if two_sided else spare * 0.53 if theme == "manual" else spare / 2
    top = max(height * 0.09, 15.0)
    return Paper(
        width=width, height=height, inside=inside, outside=spare - inside, top=top, bottom=max(height * 0.1, 17.0)
    )


def _families(named: object) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Families for text, code and mathematics: `{"text": ..., "code": ..., "math": ...}`, or names for the text."""
    if not isinstance(named, dict):
        return _names(named), (), ()
    unknown = sorted(str(k) for k in named if k not in ("text", "code", "math"))
    if unknown:
        raise ConfigurationError(
            f"octavo_pdf_fonts has no part {unknown[0]!r}", "Its parts are 'text', 'code' and 'math'."
        )
    return _names(named.get("text")), _names(named.get("code")), _names(named.get("math"))


def _names(value: object) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)):
        return tuple(str(v) for v in value)
    raise ConfigurationError(f"octavo_pdf_fonts: {value!r} is no font family", "Give a name or a list of names.")


def _font_folders(paths: list[str] | tuple[str, ...], confdir: Path) -> list[Path]:
    folders = [(confdir / str(p)).resolve() for p in paths]
    for folder in folders:
        if not folder.is_dir():
            raise ConfigurationError(
                f"octavo_pdf_font_paths: no folder {folder}", "Paths are relative to the folder of conf.py."
            )
    return folders
