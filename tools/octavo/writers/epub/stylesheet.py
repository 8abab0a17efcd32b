# ruff: noqa: E501 -- a line for each rule of the sheet
"""The book's one style sheet: layout in relative units, no size of the text, colours for both day and night.

It names no font but those that the author has put into the book.
"""

from __future__ import annotations

# Program text brings its own ground: a reader's theme sets the text and the page, and knows nothing of our tokens.
GROUND = ("#f7f7f5", "#1c1c1e")
_PLAIN = ("#1f2328", "#e6e6e6")
# by day, and by night: each at least 4.5:1 on its ground (WCAG 2.2, 1.4.3)
_TOKENS: dict[str, tuple[str, str, str]] = {
    ".c, .ch, .cm, .cpf, .c1, .cs": ("#5a6570", "#a3b0bd", "font-style: italic"),
    ".cp": ("#7a4a00", "#e0b060", ""),
    ".k, .kc, .kd, .kn, .kp, .kr, .ow": ("#00529b", "#7cb8ff", "font-weight: bold"),
    ".kt, .nc, .ne": ("#6b2f8a", "#d0a5ea", ""),
    ".s, .sa, .sb, .sc, .dl, .sd, .s2, .sh, .sx, .s1, .ss, .sr": ("#1f6b2c", "#8fd19a", ""),
    ".se, .si": ("#8a3b00", "#f0a870", ""),
    ".m, .mb, .mf, .mh, .mi, .mo, .il": ("#9a2a12", "#ff9f87", ""),
    ".nf, .fm, .nd": ("#0b6170", "#72cfe0", ""),
    ".nb, .bp, .nv, .vc, .vg, .vi, .vm, .no": ("#5b4a00", "#d8c46a", ""),
    ".nt, .na": ("#00529b", "#7cb8ff", ""),
    ".gd, .gr, .err": ("#a3121f", "#ff9a9f", ""),
    ".gi": ("#1f6b2c", "#8fd19a", ""),
    ".gh, .gu, .gp": ("#444f5a", "#b8c4d0", "font-weight: bold"),
    ".go": ("#4c5560", "#b3bdc8", ""),
    ".ge": ("inherit", "inherit", "font-style: italic"),
    ".gs": ("inherit", "inherit", "font-weight: bold"),
}

# all that is in a typewriter's font
PROGRAM_TEXT = "pre, code, samp, kbd, .as-code, .as-samp, .as-kbd, .as-tt, .sig"
# from the sheet's folder to that of the pages
STYLE_FOLDER_UP = "../"

# `monospace` twice, since a browser takes 13/16 of the size where it is the only family
_LAYOUT = """\
@charset "utf-8";
:root { color-scheme: light dark; }
body { margin: 0 1em; line-height: 1.5; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6, .as-h6 { line-height: 1.25; margin: 1.6em 0 0.6em; text-align: start; hyphens: none; -epub-hyphens: none; break-after: avoid; page-break-after: avoid; }
h1 { margin-top: 1em; }
.as-h6 { font-weight: bold; }
p { margin: 0.6em 0; orphans: 2; widows: 2; }
.as-block { display: block; }
.as-strong, .as-b { font-weight: bold; }
.as-em, .as-i { font-style: italic; }
.as-p { margin: 0.6em 0; }
a { color: inherit; text-decoration: underline; }
img, svg { max-width: 100%; height: auto; }
img { background-color: #fff; }
figure { margin: 1.2em 0; text-align: center; break-inside: avoid; page-break-inside: avoid; }
figcaption { font-size: 0.9em; margin-top: 0.4em; }
.align-left, figure.align-left { text-align: left; }
.align-right, figure.align-right { text-align: right; }
.align-center { text-align: center; }
img.align-center { display: block; margin: 0.6em auto; }
table.align-center { margin-left: auto; margin-right: auto; }
table.align-right { margin-left: auto; }
blockquote { margin: 1em 1.5em; }
.epigraph { margin: 1.5em 2em; font-style: italic; }
.attribution { text-align: end; }
pre, code, samp, kbd, .as-code, .as-samp, .as-kbd, .as-tt { font-family: monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; word-break: break-word; font-size: 0.85em; line-height: 1.4; margin: 1em 0; padding: 0.6em 0.8em; border: 1px solid; border-color: rgba(128, 128, 128, 0.45); border-radius: 0.3em; text-align: start; hyphens: none; -epub-hyphens: none; }
code, samp, kbd, .as-code, .as-samp, .as-kbd, .as-tt { font-size: 0.9em; overflow-wrap: anywhere; }
pre code, .sig code, code code, kbd kbd { font-size: 1em; }
.linenos, .lineno { opacity: 1; margin-inline-end: 0.8em; -webkit-user-select: none; user-select: none; }
.hll { font-weight: bold; border-inline-start: 0.25em solid; padding-inline-start: 0.3em; }
.code-block-caption { font-size: 0.9em; margin: 1em 0 -0.6em; }
table { border-collapse: collapse; margin: 1em 0; font-size: 0.92em; max-width: 100%; }
th, td { border: 1px solid; border-color: rgba(128, 128, 128, 0.45); padding: 0.3em 0.5em; text-align: start; vertical-align: top; }
th { font-weight: bold; }
.text-left, th.text-left, td.text-left { text-align: left; }
.text-center, th.text-center, td.text-center { text-align: center; }
.text-right, th.text-right, td.text-right { text-align: right; }
td p:first-child, th p:first-child, li > p:first-child, dd > p:first-child { margin-top: 0; }
td p:last-child, th p:last-child, li > p:last-child { margin-bottom: 0; }
caption { font-size: 0.95em; text-align: start; margin-bottom: 0.4em; }
.octavo-scrolling { overflow-x: auto; margin: 1em 0; }
.octavo-scrolling > table { margin: 0; max-width: none; }
.octavo-even { table-layout: fixed; width: 100%; }
.octavo-even td, .octavo-even th { overflow-wrap: anywhere; hyphens: auto; -epub-hyphens: auto; padding: 0.3em 0.25em; }
@media (max-width: 30em) {
  .octavo-narrow { table-layout: fixed; width: 100%; }
  .octavo-narrow td, .octavo-narrow th { overflow-wrap: anywhere; hyphens: auto; -epub-hyphens: auto; padding: 0.3em 0.25em; }
}
dl { margin: 0.8em 0; }
dt { font-weight: bold; break-after: avoid; page-break-after: avoid; }
dd { margin: 0.2em 0 0.8em 1.5em; }
[dir="rtl"] dd { margin: 0.2em 1.5em 0.8em 0; }
.sig { font-family: monospace, monospace; font-size: 0.9em; font-weight: normal; overflow-wrap: anywhere; text-indent: -2em; padding-inline-start: 2em; }
.sig-name { font-weight: bold; }
.field-list > dt { font-weight: bold; }
.admonition, .topic, .sidebar, aside.system-message, .versionadded, .versionchanged, .deprecated, .versionremoved { margin: 1.2em 0; padding: 0.1em 0; padding-inline-start: 1em; border-inline-start: 0.25em solid; border-color: rgba(128, 128, 128, 0.7); }
.admonition-title, .topic-title, .sidebar-title, .octavo-label, p.rubric { font-weight: bold; margin: 0.6em 0; break-after: avoid; page-break-after: avoid; }
.versionmodified { font-style: italic; }
.octavo-group { margin: 1.2em 0; padding-inline-start: 1em; border-inline-start: 0.15em solid; border-color: rgba(128, 128, 128, 0.45); }
.sd-card, .sd-tab-set, .details { margin: 1.2em 0; padding: 0.4em 1em; border: 1px solid; border-color: rgba(128, 128, 128, 0.45); border-radius: 0.3em; }
.sd-card .sd-card { margin: 0.4em 0; }
.sd-octicon, .sd-material-icon { fill: currentColor; }
.sd-card-title, .sd-card-header { font-weight: bold; }
.accelerator { text-decoration: underline; }
.guilabel, .menuselection, .command, .program { font-weight: bold; }
.section-number, .caption-number { margin-inline-end: 0.4em; }
.eqno { float: right; margin-inline-start: 1em; }
[dir="rtl"] .eqno { float: left; }
div.math { margin: 1em 0; text-align: center; overflow-x: auto; overflow-y: hidden; padding: 0.1em 0; }
math[display="block"] { display: block; display: block math; margin: 0.4em auto; }
/* what MathML 3 says by attributes; browsers follow CSS alone (MathML Core, section 3.5) */
mtd[columnalign="left"] { text-align: left; }
mtd[columnalign="right"] { text-align: right; }
menclose[notation~="box"] { border: 0.06em solid; padding: 0.2em; }
menclose[notation~="updiagonalstrike"], menclose[notation~="downdiagonalstrike"], menclose[notation~="horizontalstrike"] {
  background-image: linear-gradient(to top right, transparent 47%, currentColor 47%, currentColor 53%, transparent 53%);
}
menclose[notation="downdiagonalstrike"] {
  background-image: linear-gradient(to bottom right, transparent 47%, currentColor 47%, currentColor 53%, transparent 53%);
}
menclose[notation="horizontalstrike"] {
  background-image: linear-gradient(transparent 47%, currentColor 47%, currentColor 53%, transparent 53%);
}
mtable[columnspacing="0em"] > mtr > mtd { padding-left: 0; padding-right: 0; }
.footnote-list, .citation-list, aside.footnote { font-size: 0.92em; }
aside.footnote, aside.citation, div.citation { margin: 0.6em 0; }
aside.footnote > .label, div.citation > .label { margin-inline-end: 0.5em; }
aside.footnote > p, div.citation > p { display: inline; }
.footnote-reference { vertical-align: super; font-size: 0.8em; line-height: 0; }
sup, sub { line-height: 0; }
ul.simple > li > p, ol.simple > li > p { margin: 0.2em 0; }
.line-block { margin: 1em 0; }
.line-block .line-block { margin: 0 0 0 1.5em; }
[dir="rtl"] .line-block .line-block { margin: 0 1.5em 0 0; }
.toctree-wrapper { margin: 1.2em 0; }
.toctree-wrapper .caption { font-weight: bold; }
.octavo-index { list-style: none; padding: 0; margin: 0 0 1em; }
.octavo-index ul { list-style: none; padding: 0 0 0 1.5em; }
[dir="rtl"] .octavo-index ul { padding: 0 1.5em 0 0; }
.centered { text-align: center; }
.octavo-cover { margin: 0; padding: 0; text-align: center; }
.octavo-cover img { max-width: 100%; max-height: 100vh; }
.octavo-title-page { text-align: center; }
.octavo-title-page h1 { text-align: center; margin-top: 20%; }
.octavo-subtitle { font-size: 1.2em; }
.octavo-author { font-size: 1.1em; margin-top: 2em; }
.octavo-publisher { margin-top: 4em; }
.octavo-copyright-page { font-size: 0.9em; }
nav ol { list-style: none; padding-inline-start: 1.2em; }
nav > ol { padding-inline-start: 0; }
nav li { margin: 0.25em 0; }
nav a { text-decoration: none; }
"""


def stylesheet(fonts: str = "") -> str:
    """The whole sheet. fonts: rules for those of the project; no other part of it depends on the project."""
    day = _plain(0) + "".join(_rule(names, light, style) for names, (light, _, style) in _TOKENS.items())
    night = f"  {_plain(1)}" + "".join(
        f"  {_rule(names, dark, '')}" for names, (_, dark, _) in _TOKENS.items() if dark != "inherit"
    )
    return f"{_LAYOUT}{day}@media (prefers-color-scheme: dark) {{\n{night}}}\n{fonts}"


def _plain(night: int) -> str:
    return f".highlight pre {{ color: {_PLAIN[night]}; background-color: {GROUND[night]}; }}\n"


def _rule(names: str, colour: str, style: str) -> str:
    selector = ", ".join(f".highlight {name.strip()}" for name in names.split(","))
    declarations = [*([f"color: {colour}"] if colour != "inherit" else []), *([style] if style else [])]
    return f"{selector} {{ {'; '.join(declarations)}; }}\n"


def tokens() -> dict[str, tuple[str, str, str]]:
    """The palette, for the test of its contrasts."""
    return dict(_TOKENS)
