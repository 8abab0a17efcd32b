"""HTML as BeautifulSoup writes it again that was read by Python's own HTML parser, piece by piece and without parsing.

Themes take Sphinx's navigation apart with it. What a parser may write in a way that is not known here has no answer.
"""

from __future__ import annotations

import functools
import re
from html import unescape

TOKEN = re.compile(r"(<svg[\s>].*?</svg>)|<(/?)(\w+)([^<>]*)>|([^<>]+)", re.DOTALL)
"""A drawing; or a tag: whether it is an end tag, its name, its attributes; or a text."""
_ATTRIBUTES = re.compile(r'(?:\s+[\w-]+="(?:[^"<>&]|&amp;)*")*', re.ASCII)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_PLAIN_TEXT = re.compile(r"(?:[^&<>]|&(?:amp|lt|gt);)*")
_ELEMENTS = frozenset({"ul", "li", "a", "p", "span", "div", "code", "em", "strong", "cite", "i", "b", "sub", "sup"})
_WORDS = frozenset({"class", "rel", "rev", "accesskey", "dropzone"})  # attributes that are lists to a parser
_SPACES = " \n\t\f\r"
_NOT_DRAWN = re.compile(r"<(?:ul|li|a|foreignobject)\b|<!", re.IGNORECASE)
_KEPT = 16_384


@functools.lru_cache(maxsize=_KEPT)
def tag_as_parsed(tag: str) -> tuple[str, tuple[str, ...]] | None:
    """A start tag as a parser gives it back, and its classes; None when it may do so in a way not known here."""
    token = TOKEN.fullmatch(tag)
    if token is None or token[3] not in _ELEMENTS or not _ATTRIBUTES.fullmatch(token[4]):
        return None
    found = _ATTRIBUTE.findall(token[4])
    values = {name.lower(): " ".join(value.split()) if name.lower() in _WORDS else value for name, value in found}
    if len(values) != len(found) or any(not values[name] for name in _WORDS & values.keys()):
        return None
    return _written(token[3], values), tuple(values.get("class", "").split())


@functools.lru_cache(maxsize=_KEPT)
def tag_with(tag: str, classes: str) -> str:
    """A start tag with other classes."""
    token = TOKEN.fullmatch(tag)
    assert token is not None  # noqa: S101 -- it was written by `tag_as_parsed`
    return _written(token[3], {**dict(_ATTRIBUTE.findall(token[4])), "class": classes})


def _written(name: str, attributes: dict[str, str]) -> str:
    written = "".join([f' {key}="{attributes[key]}"' for key in sorted(attributes)])
    return f"<{name}{written}>"


def text_as_parsed(text: str) -> str | None:
    """Text as a parser gives it back: of nothing but white space, one character."""
    if not text.strip(_SPACES):
        return "\n" if "\n" in text else " "
    return text if _PLAIN_TEXT.fullmatch(text) else None


@functools.lru_cache(maxsize=256)
def drawing_as_parsed(svg: str) -> str | None:
    """A drawing as a parser gives it back."""
    from bs4 import BeautifulSoup  # furo brings it

    if unescape(svg) != svg or svg.count("<svg") > 1 or _NOT_DRAWN.search(svg):
        return None
    return str(BeautifulSoup(svg, "html.parser"))
