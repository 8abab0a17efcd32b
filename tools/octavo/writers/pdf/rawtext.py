"""What raw HTML or LaTeX would show, as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MEDIA = "img, svg, iframe, video, audio, canvas, object, embed, form, input, select, script[src]"
_BLOCKS = {
    "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol", "hr", "dt", "dd",
    "blockquote", "section", "details", "summary", "figure", "figcaption", "center",
}  # fmt: skip
_PAGE_BREAK = re.compile(r"\\(newpage|clearpage|cleardoublepage|pagebreak)\b")
_SPACING = re.compile(
    r"\\\\|\\(newpage|clearpage|cleardoublepage|pagebreak|nopagebreak|vspace|hspace|smallskip|medskip|bigskip|noindent|"
    r"newline|linebreak|vfill|hfill|begingroup|endgroup|centering|raggedright|par|phantomsection|sloppy|fussy|"
    r"small|footnotesize|scriptsize|normalsize|large|Large)\b\*?(\[[^\]]*\])?(\{[^{}]*\})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawText:
    """What there is to print.

    - text: the visible words, paragraphs parted by an empty line, lines by a vertical tab; empty when nothing shows.
    - ids: the ids of its elements, which links may lead to.
    - lost: what can't be printed, named shortly, or None when nothing is missing.
    - page_break: whether a new page was asked for.
    """

    text: str = ""
    ids: tuple[str, ...] = ()
    lost: str | None = None
    page_break: bool = False


def read(source: str, formats: Sequence[str]) -> RawText:
    """The printable part of raw content in one of these formats."""
    if "html" in formats:
        return _html(source)
    if "latex" in formats or "tex" in formats:
        return _latex(source)
    return RawText(lost=_shortly(source) if source.strip() else None)


def _html(source: str) -> RawText:
    if "<" not in source:
        return RawText(text=source)
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(f"<body>{source}")
    body = tree.body
    if body is None:
        return RawText()
    ids = tuple(i for n in body.css("[id], a[name]") if (i := n.attributes.get("id") or n.attributes.get("name")))
    boxes = ""
    for box in body.css("input[type=checkbox]"):
        boxes += "☑ " if "checked" in box.attributes else "☐ "
    for hidden in body.css("script, style, template, noscript, title, py-script, py-config, py-env"):
        if not (hidden.tag == "script" and "src" in (hidden.attributes or {})):
            hidden.decompose()
    media = body.css_first(_MEDIA)
    alternative = " ".join(alt for n in body.css("img[alt]") if (alt := n.attributes.get("alt")))
    pieces: list[str] = []
    for node in body.traverse(include_text=True):
        if node.tag == "-text":
            pieces.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif node.tag in _BLOCKS:
            pieces.append("\n\n" if node.tag != "br" else "\v")
    text = re.sub(r" *\n[^\S\v]*\n[^\S\v]*", "\n\n", "".join(pieces))
    shown = boxes + text if boxes else text if text.strip() or "\v" in text else alternative
    lost = None
    if not shown.strip() and media is not None and not boxes:
        lost = _shortly(media.html or source)
    return RawText(text=shown if shown.strip() or "\v" in shown else "", ids=ids, lost=lost)


def _latex(source: str) -> RawText:
    """LaTeX holds commands for TeX, not text for a reader, but where no command at all is in it."""
    rest = _SPACING.sub("", re.sub(r"(?<!\\)%.*", "", source)).strip()
    wanted = bool(_PAGE_BREAK.search(source))
    if not rest:
        return RawText(page_break=wanted)
    if not re.search(r"[\\{}$&#^_]", rest):
        return RawText(text=re.sub(r"[^\S\n]+", " ", rest).replace("~", " "), page_break=wanted)
    return RawText(lost=_shortly(source), page_break=wanted)


def _shortly(source: str) -> str:
    line = " ".join(source.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
