"""What the rules ask of one XHTML element: its name, its role, the name that a screen reader would say for it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

H = "{http://www.w3.org/1999/xhtml}"
M = "{http://www.w3.org/1998/Math/MathML}"
S = "{http://www.w3.org/2000/svg}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def types(element: etree._Element) -> frozenset[str]:
    """The values of `epub:type`, without prefixes of the default vocabulary."""
    return frozenset(element.get(_EPUB_TYPE, "").split())


def roles(element: etree._Element) -> frozenset[str]:
    """The values of `role`."""
    return frozenset(element.get("role", "").split())


def languages(element: etree._Element) -> tuple[str | None, str | None]:
    """`lang` and `xml:lang`."""
    return element.get("lang"), element.get(_XML_LANG)


def text(element: etree._Element) -> str:
    """All text within, white space collapsed."""
    return " ".join("".join(element.itertext()).split())


def source(element: etree._Element) -> str:
    """What a picture is taken from."""
    return next((str(v) for n in ("src", _XLINK_HREF, "href", "data") if (v := element.get(n))), "")


def label(element: etree._Element) -> str:
    """The name that attributes give an element (`aria-labelledby` is taken at its word; EPUBCheck follows it)."""
    names = (str(element.get(name, "")).strip() for name in ("aria-label", "aria-labelledby", "title"))
    return next((n for n in names if n), "")


def is_hidden(element: etree._Element) -> bool:
    """Whether assistive technology passes it over."""
    here: etree._Element | None = element
    while here is not None:
        if here.get("aria-hidden") == "true" or here.get("hidden") is not None:
            return True
        here = here.getparent()
    return False


def spoken(element: etree._Element) -> str:
    """What is read out for a link or a heading: its label, else its text and the names of pictures in it."""
    own = next((str(v) for n in ("aria-label", "aria-labelledby") if (v := element.get(n, "").strip())), "")
    if own:
        return own
    pieces = [text(element)]
    for inner in element.iter(f"{H}img", f"{M}math", f"{S}title"):
        pieces.append(inner.get("alt") or inner.get("alttext") or label(inner) or "")
    return " ".join(p for p in pieces if p) or str(element.get("title", "")).strip()


def elements(root: etree._Element) -> Iterator[etree._Element]:
    """Every element, comments and instructions left out."""
    yield from root.iter(etree.Element)


def name(element: etree._Element) -> str:
    """Local name."""
    return str(element.tag).rpartition("}")[2]


def inside(element: etree._Element, *tags: str) -> bool:
    """Whether an ancestor is one of these XHTML elements."""
    wanted = {f"{H}{tag}" for tag in tags}
    return any(ancestor.tag in wanted for ancestor in element.iterancestors())
