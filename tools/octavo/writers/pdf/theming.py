"""Themes: which Typst template sets the book, and the values that its design is made of.

A theme is a template (`theme-NAME.typ`) and the values that it and the elements go by (`design-NAME.typ`). Beside the
sources of a book stand `theme.typ`, which all of them import, and `design.typ`, which holds the theme's values and what
the project and its paper say instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf.escape import array, optional, string
from octavo.writers.pdf.numerals import WESTERN
from octavo.writers.pdf.running_lines import line_source

if TYPE_CHECKING:
    from octavo.writers.pdf.settings import Settings

Theme = Literal["book", "manual"]
THEMES: tuple[Theme, ...] = get_args(Theme)
TEXT_SIZE = 10.5
"""Size of the text of both themes in points, where nothing else is said."""

_COLOURS = ("accent", "ink", "quiet", "rule-colour", "code-paper")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_TEXT_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*pt")


def theme_of(named: str) -> Theme:
    """The theme of a name.

    Raises: ConfigurationError when there is none.
    """
    for theme in THEMES:
        if theme == named:
            return theme
    raise ConfigurationError(f"octavo_pdf_theme = {named!r} is no theme", f"Give one of {', '.join(THEMES)}.")


def template_of(named: str | None, confdir: Path) -> Path | None:
    """The project's own template.

    Raises: ConfigurationError when it is no file.
    """
    if named is None:
        return None
    path = (confdir / named).resolve()
    if not path.is_file():
        raise ConfigurationError(
            f"octavo_pdf_template: no file {path}", "The path is relative to the folder of conf.py."
        )
    return path


def design_of(given: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """What `octavo_pdf_design` says: names of values in Typst, and each as Typst source.

    Raises: ConfigurationError for a name that no design has, or a value of another kind.
    """
    found = []
    for key, value in given.items():
        name = str(key).replace("_", "-")
        text = str(value).strip()
        if name in _COLOURS and _COLOUR.fullmatch(text):
            found.append((name, f"rgb({string(text)})"))
        elif name == "text-size" and _TEXT_SIZE.fullmatch(text) and 6 <= float(text[:-2]) <= 24:
            found.append((name, text.replace(" ", "")))
        elif name == "code-scale" and isinstance(value, (int, float)) and 0.4 <= value <= 1.2:
            found.append((name, f"{value:g}"))
        elif name == "heading-fonts" and value and isinstance(value, (str, list, tuple)):
            families = [value] if isinstance(value, str) else value
            found.append((name, array(string(str(family)) for family in families)))
        else:
            raise ConfigurationError(
                f"octavo_pdf_design: {key!r} can't be {value!r}",
                f"There are {', '.join(_COLOURS)} ('#1f4a6b'), text-size ('10pt'), code-scale (0.75), heading-fonts.",
            )
    return tuple(found)


def size_in(design: tuple[tuple[str, str], ...]) -> float | None:
    """The size of the text in points that a design asks for, or None."""
    return next((float(value.removesuffix("pt")) for name, value in design if name == "text-size"), None)


_FACES = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")


def font_files(theme: Theme) -> tuple[Path, ...]:
    """The files of the fonts that a theme brings, besides those in Typst, in a fixed order."""
    if theme != "manual":
        return ()
    folder = Path(str(package_files("font_source_sans_pro"))) / "files"
    return tuple(folder / f"SourceSansPro-{face}.otf" for face in _FACES)


def write_theme(folder: Path, settings: Settings) -> None:
    """Put the templates beside the sources of a book."""
    for template in (package_files("octavo.writers.pdf") / "templates").iterdir():
        if template.name.endswith(".typ"):
            (folder / template.name).write_bytes(template.read_bytes())
    (folder / "design.typ").write_text(design_source(settings), encoding="utf-8")
    if settings.template is None:
        (folder / "theme.typ").write_text(f'#import "theme-{settings.theme}.typ": *\n', encoding="utf-8")
    else:
        (folder / "theme.typ").write_bytes(settings.template.read_bytes())


def verify_template(folder: Path, settings: Settings) -> None:
    """Set a few lines with the project's own template, for an error in it is no error of a document.

    Raises: ConfigurationError when Typst refuses them.
    """
    if settings.template is None:
        return
    import typst

    probe = folder / "probe.typ"
    probe.write_text(_PROBE, encoding="utf-8")
    compiler = typst.Compiler(
        str(probe), root=str(folder), ignore_system_fonts=True, font_paths=[str(p) for p in settings.font_paths]
    )
    try:
        compiler.compile(format="pdf")
    except typst.TypstError as error:
        places = "\n".join(str(line) for line in error.trace or ())
        place = re.search(r"theme\.typ:(\d+)", f"{error.diagnostic}\n{places}")
        where = f"{settings.template.name}:{place[1]}" if place else settings.template.name
        reason = next((line for line in str(error.diagnostic).splitlines() if line.strip()), "no reason given")
        raise ConfigurationError(
            f"octavo_pdf_template: Typst refuses {where}: {reason.removeprefix('error: ')}",
            "A template begins with an import of the theme that it changes; see the reference of the configuration.",
        ) from error
    finally:
        probe.unlink()


_PROBE = """\
#import "theme.typ": *
#show: book.with(title: "T", full-title: "T", fonts: ("Libertinus Serif",), mono-fonts: ("DejaVu Sans Mono",),
  math-fonts: ("New Computer Modern Math",), width: 210mm, height: 297mm, margin: 30mm, two-sided: false)
#show: front-matter
#title-page(title: [T], subtitle: [S], authors: ([A],), rights: ([T], [R]))
#copyright-page(after-title: true, [T], [R])
#contents("Contents", 2)
#show: main-matter.with(two-sided: false)
#part(number: "I", short: "P")[P]
#chapter(level: 2, number: "1", short: "C", eyebrow: "E")[C]
#untitled(short: "U")
#section(level: 3, depth: 1, number: "1.1")[S]
"""


def design_source(settings: Settings) -> str:
    """`design.typ`: the values of the theme, then what follows from the paper, then what the project says."""
    paper = settings.paper
    left, right = paper.inside, paper.outside
    lines = [
        f'#import "design-{settings.theme}.typ": *',
        f"#let text-size = {settings.text_size:g}pt",
        f"#let measure-width = {paper.width - left - right:g}mm",
        f"#let text-top = {paper.top:g}mm",
        f"#let text-height = {paper.height - paper.top - paper.bottom:g}mm",
        # what stands in the margin keeps clear of the edge
        f"#let margin-left = {left:g}mm",
        f"#let code-reach = calc.max(0mm, calc.min(most-code-reach, {right - 18:g}mm))",
        f"#let text-fonts = {array(map(string, settings.fonts))}",
        f"#let code-fonts = {array(map(string, settings.mono_fonts))}",
        f"#let release-words = {optional(settings.release)}",
        *([f"#let digit-one = {string(settings.digits[1])}"] if settings.digits != WESTERN else []),
        *(f"#let {name} = {value}" for name, value in settings.design if name != "text-size"),
        *_own_lines(settings),
    ]
    return "\n".join(lines) + "\n"


def _own_lines(settings: Settings) -> list[str]:
    if not settings.running:
        return []
    lines = (line_source(line, settings.release or "") for line in settings.running)
    return [f"#let own-lines = ({', '.join(lines)},)"]
