"""The metadata of a project: from its `book.toml`, else from what conf.py says.

Sphinx fills every field ("unknown", "Author name not set", the author once more as publisher); none of that is
metadata, and none of it comes through here. The release is left out on purpose: a title "Foo 2.3" is another book in
every library, and `dcterms:modified` already tells editions apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.diagnostics import ConfigurationError
from octavo.metadata import Contributor, Cover, Identifier, Metadata, book_toml, checking
from octavo.metadata.identity import derived_uuid, last_change

if TYPE_CHECKING:
    from sphinx.config import Config

FILE_NAME = "book.toml"
UNTITLED = "Untitled"

_NOT_SET = ("unknown", "project name not set", "author name not set")
# values that may hold HTML
_WITH_MARKUP = ("html_title", "epub_description")
_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl"}


def metadata_of(config: Config, *, confdir: Path, srcdir: Path) -> Metadata:
    """What the book says about itself.

    Raises: ConfigurationError when `book.toml` has faults, or when `octavo_metadata` names no file.
    """
    path = book_toml_of(config, confdir, srcdir)
    if path is not None:
        return book_toml.load(path)
    return _from_conf(config, confdir, srcdir)


def book_toml_of(config: Config, confdir: Path, srcdir: Path) -> Path | None:
    """The metadata file of a project, or None where conf.py is all that there is.

    Raises: ConfigurationError when `octavo_metadata` names no file.
    """
    named = getattr(config, "octavo_metadata", None)
    if named:
        path = confdir / str(named)
        if not path.is_file():
            raise ConfigurationError(f"octavo_metadata = '{named}': no such file", f"It is looked for in {confdir}.")
        return path
    return next((folder / FILE_NAME for folder in (confdir, srcdir) if (folder / FILE_NAME).is_file()), None)


def _from_conf(config: Config, confdir: Path, srcdir: Path) -> Metadata:
    title = _first(config, "epub_title", "project", "html_title") or UNTITLED
    language = _language(_first(config, "epub_language", "language") or "en")
    contributors = tuple(_contributors(config))
    publisher = _first(config, "epub_publisher")
    return Metadata(
        title=title,
        language=language,
        identifiers=(_identifier(config) or derived_uuid(title, contributors, language),),
        modified=last_change(None),
        contributors=contributors,
        # Sphinx's default for the publisher is the author's name
        publisher=None if publisher in (*(c.name for c in contributors), _first(config, "author")) else publisher,
        description=_first(config, "epub_description"),
        rights=_rights(config),
        cover=_cover(config, confdir, srcdir),
    )


def _first(config: Config, *names: str) -> str | None:
    """The first of these values that says something, as one line of text."""
    for name in names:
        value = getattr(config, name, None)
        if isinstance(value, str):
            text = " ".join((re.sub(r"<[^>]*>", "", value) if name in _WITH_MARKUP else value).split())
            if text and not any(text.lower().startswith(default) for default in _NOT_SET):
                return text
    return None


def _language(tag: str) -> str:
    """A locale name as Sphinx takes it (`pt_BR`, `sr@latin`) as a BCP 47 tag; "und" when it is none."""
    base, _, modifier = tag.partition("@")
    subtags = base.replace("_", "-").split("-")
    if modifier.lower() in _SCRIPTS:
        subtags.insert(1, _SCRIPTS[modifier.lower()])
    name = "-".join(subtags)
    return name if checking.language_fault(name) is None else "und"


def _contributors(config: Config) -> Iterator[Contributor]:
    author = _first(config, "epub_author", "author")
    if author:
        yield Contributor(name=author)
    contributor = _first(config, "epub_contributor")
    if contributor:
        yield Contributor(name=contributor, role="ctb")


def _identifier(config: Config) -> Identifier | None:
    """What epub_identifier holds, of the type that it has by its own syntax; None when it has none."""
    value = _first(config, "epub_identifier")
    if value is None:
        return None
    bare = re.sub(r"^(?:urn:)?(?:isbn|uuid|doi)[:\s]\s*|^https://doi\.org/", "", value, flags=re.IGNORECASE)
    for kind in ("isbn-13", "isbn-10", "uuid", "doi"):
        if checking.identifier_fault(kind, bare) is None:
            return Identifier(type=kind, value=bare)
    if checking.identifier_fault("uri", value) is None:
        return Identifier(type="uri", value=value)
    # a number of the publisher's own, when a scheme says that it is one
    return Identifier(type="proprietary", value=value) if _first(config, "epub_scheme") else None


def _rights(config: Config) -> str | None:
    for name in ("epub_copyright", "copyright", "project_copyright"):
        value = getattr(config, name, None)
        lines = [value] if isinstance(value, str) else list(value) if isinstance(value, (list, tuple)) else []
        texts = [" ".join(re.sub(r"<[^>]*>", "", str(line)).split()) for line in lines]
        texts = [t for t in texts if t and t.lower() not in _NOT_SET]
        if texts:
            text = "; ".join(texts)
            return text if re.match(r"©|\(c\)|copyright", text, re.IGNORECASE) or not text[0].isdigit() else f"© {text}"
    return None


def _cover(config: Config, confdir: Path, srcdir: Path) -> Cover:
    """The picture of `epub_cover`, whose name is relative to the site ("_static/cover.png")."""
    value = getattr(config, "epub_cover", ())
    name = value[0] if isinstance(value, (list, tuple)) and value else value
    if not isinstance(name, str) or not name:
        return Cover()
    static = [confdir / str(p) for p in getattr(config, "html_static_path", ()) or ()]
    candidates = [srcdir / name, confdir / name, *(folder / Path(name).name for folder in static)]
    if name.startswith("_static/"):
        candidates += [folder / name.removeprefix("_static/") for folder in static]
    return Cover(image=next((c.resolve() for c in candidates if c.is_file()), None))
