"""What EPUB 3.3 content documents may hold: the XHTML elements and attributes that we let through, as tables.

Narrower than HTML on purpose: nothing scripted, nothing that fetches, nothing that needs a form. What each element
may contain is decided in `repair`; which element stands for one that is not here, in `soup`.
"""

from __future__ import annotations

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

EPUB_TYPE = f"{{{EPUB}}}type"
XML_LANG = f"{{{XML}}}lang"
# on elements that a finding may be about, until links are resolved: index of the node that it came from
PLACE = "octavo-place"


def h(name: str) -> str:
    """The qualified name of an XHTML element."""
    return f"{{{XHTML}}}{name}"


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

SECTIONING = frozenset({"article", "aside", "nav", "section"})
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "div", "dl", "figure", "footer", "header", "hr", "nav", "ol", "p",
        "pre", "section", "table", "ul", *HEADINGS,
    }
)  # fmt: skip
# only ever allowed in a parent of their own
PARTS = frozenset(
    {
        "li",
        "dt",
        "dd",
        "figcaption",
        "caption",
        "colgroup",
        "col",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "rt",
        "rp",
    }
)
INLINE = frozenset(
    {
        "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "i", "kbd", "mark", "q", "ruby", "s", "samp",
        "small", "span", "strong", "sub", "sup", "time", "u", "var",
    }
)  # fmt: skip
TRANSPARENT = frozenset({"a", "del", "ins"})
VOID = frozenset({"area", "br", "col", "hr", "img", "wbr"})
KEPT = BLOCKS | PARTS | INLINE | TRANSPARENT | VOID

# elements whose content is phrasing, and which can't become a div
PHRASING_ONLY = frozenset({*HEADINGS, "pre", "rt", "rp"})

RENAMED = {
    "acronym": "abbr", "big": "span", "center": "div", "dialog": "div", "dir": "ul", "fieldset": "div", "font": "span",
    "form": "div", "hgroup": "div", "label": "span", "legend": "p", "listing": "pre", "main": "div", "menu": "ul",
    "meter": "span", "nobr": "span", "noscript": "div", "output": "span", "plaintext": "pre", "progress": "span",
    "search": "div", "strike": "s", "textarea": "pre", "tt": "code", "xmp": "pre",
}  # fmt: skip
# gone with all that is in them; the elements of PyScript hold programs, as `script` does
DROPPED = frozenset(
    {
        "base", "basefont", "bgsound", "datalist", "frame", "frameset", "head", "link", "map", "meta", "noembed",
        "noframes", "param", "py-config", "py-env", "py-script", "script", "source", "style", "template", "title",
        "track",
    }
)  # fmt: skip
UNWRAPPED = frozenset({"body", "canvas", "html", "optgroup", "picture", "rb", "rtc", "slot"})

GLOBAL_ATTRIBUTES = frozenset({"class", "dir", "id", "lang", "title"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "hreflang", "download", "role"}),
    "bdo": frozenset({"dir"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "data": frozenset({"value"}),
    "del": frozenset({"datetime"}),
    "img": frozenset({"alt", "src", "width", "height"}),
    "ins": frozenset({"datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"abbr", "colspan", "rowspan", "headers", "scope"}),
    "time": frozenset({"datetime"}),
}

# roles that say something to a reader of a book, on elements where EPUBCheck's schema takes them
ROLES: dict[str, frozenset[str]] = {
    "doc-footnote": frozenset({"aside", "div", "p", "section"}),
    "doc-endnote": frozenset({"li"}),
    "doc-noteref": frozenset({"a"}),
    "doc-backlink": frozenset({"a"}),
    "doc-biblioref": frozenset({"a"}),
    "doc-glossref": frozenset({"a"}),
    "doc-pullquote": frozenset({"aside", "section", "div", "p"}),
    "doc-tip": frozenset({"aside", "div"}),
    "doc-notice": frozenset({"section", "div"}),
    "doc-example": frozenset({"aside", "section", "div"}),
    "doc-subtitle": frozenset({"p"}),
    "note": frozenset({"div", "p", "aside"}),
    "img": frozenset({"div", "span"}),
    "math": frozenset({"div", "span"}),
    "group": frozenset({"div"}),
}
# what an ARIA attribute needs beside it to mean anything is checked in `soup`
ARIA = frozenset({"aria-label", "aria-hidden", "aria-labelledby", "aria-describedby"})

# CSS properties of an author's `style` attribute that break no reader's settings
STYLE_PROPERTIES = frozenset(
    {
        "text-align", "vertical-align", "width", "max-width", "height", "max-height", "list-style-type", "font-style",
        "font-weight", "font-variant", "text-decoration", "text-transform", "text-indent", "white-space", "direction",
    }
)  # fmt: skip
