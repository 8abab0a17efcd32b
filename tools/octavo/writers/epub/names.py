"""File names in the book: ASCII, flat, unique, and the same whatever else the project holds as far as possible."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable

from octavo.metadata.naming import slug

SUFFIX = ".xhtml"
# names of the documents that the writer makes itself
RESERVED = frozenset({"cover", "title-page", "copyright-page", "nav", "toc"})


def document_names(docnames: Iterable[str]) -> dict[str, str]:
    """docname -> file name. Where two documents would share one, all but the first in order of name get a digest."""
    names: dict[str, str] = {}
    taken = set(RESERVED)
    for docname in sorted(docnames):
        name = slug(docname.replace("/", "-"), fallback="page")
        if name in taken:
            name = f"{name[:60].rstrip('-')}-{_digest(docname)}"
        taken.add(name)
        names[docname] = name + SUFFIX
    return names


def asset_name(path: str, suffix: str, taken: Container[str]) -> str:
    """A file name for a picture or another file, not yet among `taken`. suffix: with its dot."""
    stem = path.rpartition("/")[2].rpartition(".")[0] or path
    name = slug(stem, fallback="file")[:60].rstrip("-")
    wanted, number = f"{name}{suffix}", 1
    while wanted in taken:
        # the same name again is another file all the same: many folders have a compose.yaml
        wanted = f"{name}-{_digest(path if number == 1 else f'{path} {number}')}{suffix}"
        number += 1
    return wanted


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
