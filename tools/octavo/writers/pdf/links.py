"""Where a link leads that was written as for the web site: into the book, to the world, or nowhere.

Sphinx resolves its own references before a writer sees them. What is left are those that authors wrote as hrefs, in
raw HTML or as plain targets (`other.html#part`): they mean pages of the site, and here the same places of the book.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.util._files import FilenameUniqDict

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".md", ".rst", ".ipynb", ".txt")
_SILENT_SCHEMES = ("javascript", "vbscript", "data")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_GENERATED = re.compile(r"(genindex|search|.*-modindex)(\.html)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """What a link is in print; exactly one of the first three is set, or none of them where only its text stays.

    - place: `docname` or `docname#anchor` in the book; url: of the world, absolute.
    - rule: what is wrong, with `value`, `context` and `hint` for the finding.
    """

    place: str | None = None
    url: str | None = None
    rule: str | None = None
    value: str = ""
    context: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the site of the same project has.

    - extra, static: the folders of `html_extra_path` and `html_static_path`.
    - pictures: name in the site's `_images` -> path of the picture, relative to `srcdir` or absolute.
    """

    docnames: Collection[str]
    srcdir: Path
    extra: tuple[Path, ...]
    static: tuple[Path, ...]
    pictures: Mapping[str, str]


class _PicturesByName(Mapping[str, str]):
    """The pictures of Sphinx's environment by their names, those too that are added while documents are resolved."""

    def __init__(self, images: FilenameUniqDict) -> None:
        self._images = images
        self._by_name: dict[str, str] = {}

    def _now(self) -> dict[str, str]:
        if len(self._by_name) != len(self._images):
            self._by_name = {name: source for source, (_docs, name) in self._images.items()}
        return self._by_name

    def __getitem__(self, name: str) -> str:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._images)


def site_of(builder: Builder) -> Site:
    """The site of a builder's project."""
    env, config, confdir = builder.env, builder.config, Path(builder.confdir)
    return Site(
        docnames=frozenset(env.all_docs),
        srcdir=Path(env.srcdir),
        extra=tuple(confdir / str(name) for name in config.html_extra_path),
        static=tuple(confdir / str(name) for name in config.html_static_path),
        pictures=_PicturesByName(env.images),
    )


NOWHERE = Leads()
"""A script, or a page that only a web site has: no fault of the book, and nothing for paper."""


def resolve(href: str, docname: str, site: Site) -> Leads:
    """What a href that stands in a document leads to."""
    raw = href.strip()
    try:
        parts = urlsplit(raw)
    except ValueError:
        return Leads(rule="links/url-invalid", value=raw)
    scheme = parts.scheme.lower()
    if scheme == "file" or _DRIVE.match(raw):
        return Leads(rule="links/local-file", value=raw)
    if scheme in _SILENT_SCHEMES:
        return NOWHERE
    if scheme or parts.netloc:
        return Leads(url=raw if scheme else f"https:{raw}")
    fragment = unquote(parts.fragment)
    if not parts.path:
        return Leads(place=f"{docname}#{fragment}" if fragment else docname)
    return _inside(raw, unquote(parts.path), fragment, docname, site)


def _inside(raw: str, path: str, fragment: str, docname: str, site: Site) -> Leads:
    meant = posixpath.normpath(posixpath.join("/", posixpath.dirname(docname), path))[1:]
    depth = len([part for part in posixpath.dirname(docname).split("/") if part])
    climbs = posixpath.normpath(path)
    if not path.startswith("/") and climbs.split("/").count("..") > depth:
        return Leads(rule="links/outside-root", value=raw)
    found = _document(meant, site.docnames)
    if found is not None:
        return Leads(place=f"{found}#{fragment}" if fragment else found)
    if _GENERATED.match(meant):
        name = meant.removesuffix(".html")
        return Leads(place=name) if name == "genindex" else NOWHERE
    if _file(meant, site) is not None:
        return NOWHERE
    if path.startswith("/"):
        return Leads(rule="links/local-file", value=raw)
    bare = raw.partition("#")[0].partition("?")[0] or raw
    other = _ignoring_case(meant, site.docnames)
    if other is not None:
        hint = did_you_mean(_relative(other, docname))
        return Leads(rule="links/case-mismatch", value=bare, context=other, hint=hint)
    suffix = posixpath.splitext(meant)[1].lower()
    if suffix and suffix not in PAGE_SUFFIXES:
        return Leads(rule="links/file-missing", value=bare)
    near = nearest(posixpath.splitext(meant)[0], site.docnames)
    hint = did_you_mean(_relative(f"{near}{suffix}", docname) if near else None)
    return Leads(rule="links/page-missing", value=bare, hint=hint)


def _document(meant: str, docnames: Collection[str]) -> str | None:
    stem, suffix = posixpath.splitext(meant)
    candidates = [meant, posixpath.join(meant, "index")]
    if suffix.lower() in PAGE_SUFFIXES:
        candidates.insert(0, stem)
    return next((c for c in candidates if c in docnames), None)


def _ignoring_case(meant: str, docnames: Iterable[str]) -> str | None:
    """The page, written as `meant` is, whose name differs from it in case alone."""
    stem, suffix = posixpath.splitext(meant)
    if suffix.lower() not in PAGE_SUFFIXES:
        return None
    return next((f"{d}{suffix.lower()}" for d in sorted(docnames) if d.casefold() == stem.casefold()), None)


def _relative(page: str, docname: str) -> str:
    return posixpath.relpath(page, posixpath.dirname(docname) or ".")


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """The name that is most like what was wanted, or None when none is like it."""
    found = difflib.get_close_matches(wanted, sorted(names), n=1, cutoff=0.75)
    return found[0] if found else None


def did_you_mean(name: str | None) -> str | None:
    """The hint that proposes a name."""
    return None if name is None else f"did you mean '{name}'?"


# ---- files of the project ------------------------------------------------------------------------------------------


def picture_file(src: str, docname: str, site: Site) -> Path | None:
    """The file of the project that a picture's `src` in raw HTML means, or None when there is none."""
    try:
        path = unquote(urlsplit(src.strip()).path)
    except ValueError:
        return None
    meant = posixpath.normpath(posixpath.join("/", posixpath.dirname(docname), path))[1:]
    for name in dict.fromkeys((meant, posixpath.normpath(posixpath.join("/", path))[1:])):
        found = _file(name, site)
        if found is not None:
            return found
    # `_images/` is where Sphinx puts copies of the pictures that documents name
    original = site.pictures.get(posixpath.basename(path), "")
    return site.srcdir / original if original and "://" not in original else None


def _file(meant: str, site: Site) -> Path | None:
    """The file that the site has under a path from its root, which stands in the sources."""
    if not meant:
        return None
    places = [(folder, meant) for folder in (site.srcdir, *site.extra)]
    if meant.startswith("_static/"):
        places += [(folder, meant.removeprefix("_static/")) for folder in site.static]
    for folder, below in places:
        file = folder / below
        if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
            return file
    return None


# ---- documents -----------------------------------------------------------------------------------------------------


def settle(tree: nodes.document, docname: str, site: Site) -> None:
    """Make what leads into the book a reference into it, as Sphinx's own are."""
    for reference in tree.findall(nodes.reference):
        uri = str(reference.get("refuri", ""))
        if not uri or uri.startswith(("%", "#")):
            continue
        place = resolve(uri, docname, site).place
        if place is not None:
            reference["refuri"] = f"%{place}"


def ascii_url(url: str) -> str:
    """A URL as PDF wants it: ASCII, percent-encoded where it is not (RFC 3987, section 3.1)."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
