"""Everything that a format is made from, as one digest: the same digest, the same artefact, so nothing to do.

Sources are known by when they were last read; what else writers use (the configuration, themes and extensions,
templates, pictures, metadata) by its values, or by the size and the time of its files.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.reading import spanning as spans
from octavo.reading.changed_files import CONFIGURATION

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# What conf.py, Sphinx and its extensions commonly ask the environment for
VARIABLES = ("SOURCE_DATE_EPOCH", "TZ", "LANG", "LC_ALL", "READTHEDOCS", "READTHEDOCS_VERSION", "CI")
PACKAGES = (
    "sphinx",
    "docutils",
    "myst-parser",
    "jinja2",
    "pygments",
    "typst",
    "ebooklib",
    "lxml",
    "pikepdf",
    "pillow",
    "fonttools",
)


# Suffixes of files that shape the whole site, though a document may show one of them as well
_MAY_BE_SHARED = CONFIGURATION | {".bib", ".css", ".html", ".jinja", ".js"}


def digest(app: Sphinx, output: Path, today: date, environment: Mapping[str, str]) -> str:
    """The digest after reading.

    - output: the folder that artefacts go to, wherever it is; what is in it counts for nothing.
    - today: may be set in pages, unless `SOURCE_DATE_EPOCH` is.
    """
    found = hashlib.sha256()
    for part in _parts(app, output, today, environment):
        found.update(part.encode("utf-8", "surrogateescape"))
        found.update(b"\0")
    return found.hexdigest()


def spanning(app: Sphinx, output: Path, today: date, environment: Mapping[str, str]) -> spans.Spanning:
    """All that may show on more than one page: of `digest`, what is not the documents' own.

    Nothing of it that a page needs has changed, and its document was not read again: the same page.
    """
    own = frozenset((*(str(app.env.doc2path(name)) for name in app.env.found_docs), *_of_documents(app)))
    return spans.spanning(app.env, _parts(app, output, today, environment, own))


def _of_documents(app: Sphinx) -> Iterator[str]:
    """Files that only documents are made from: what they include or show, which is read with them when it changes."""
    srcdir = Path(app.srcdir)
    config = app.config
    folders = [*config.templates_path, *config.html_static_path, *config.html_extra_path, *config.html_theme_path]
    shared = [Path(os.path.normpath(Path(app.confdir, folder))) for folder in folders]
    named = {Path(app.confdir, name).resolve() for name in _named_files(config)}
    named |= {Path(app.confdir, name).resolve() for name in (config.html_logo, config.html_favicon) if name}
    for name in {name for names in app.env.dependencies.values() for name in names}:
        path = Path(os.path.normpath(srcdir / name))
        if path.suffix.lower() in _MAY_BE_SHARED or path.resolve() in named:
            continue
        if not any(path.is_relative_to(folder) for folder in shared):
            yield str(path)


def of_files(paths: Iterable[Path]) -> str:
    """A digest of names, sizes and times of files, and of the files in folders."""
    found = hashlib.sha256()
    for path in paths:
        for line in sorted(_stated(path, Path())):
            found.update(line.encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _parts(
    app: Sphinx, output: Path, today: date, environment: Mapping[str, str], but: frozenset[str] = frozenset()
) -> Iterator[str]:
    """but: paths of sources that count for nothing, neither as files nor as documents that were read."""
    yield from (f"{name}={environment.get(name)}" for name in VARIABLES)
    yield "" if environment.get("SOURCE_DATE_EPOCH") else today.isoformat()
    yield f"{sys.version} {platform.platform()} {' '.join(map(_version, PACKAGES))}"
    if not but:
        yield from (f"{name} read {time}" for name, time in sorted(app.env.all_docs.items()))
    yield from sorted(f"tag {tag}" for tag in app.tags)
    yield from (f"{value.name} {_said(value.value)}" for value in app.config)
    modules = [getattr(sys.modules.get(name), "__file__", None) for name in sorted(app.extensions)]
    folders = {Path(app.srcdir), Path(app.confdir), Path(__file__).parent.parent}
    dependencies = {Path(app.srcdir, name) for names in app.env.dependencies.values() for name in names}
    used = dependencies | {Path(app.confdir, name).resolve() for name in _named_files(app.config)}
    outside = {
        path for path in used if str(path) not in but and not any(path.is_relative_to(folder) for folder in folders)
    }
    for path in [*map(Path, filter(None, modules)), *sorted(folders), *sorted(outside)]:
        yield from sorted(_stated(path, output, but))


def _named_files(config: Config) -> Iterator[str]:
    """Fonts, templates and logos, as conf.py names them; what is no such value is for the writers to refuse."""
    value = getattr(config, "octavo_epub_fonts", None)
    others = ("octavo_pdf_font_paths", "octavo_pdf_template", "latex_logo")
    named = [
        *(value.values() if isinstance(value, dict) else [value]),
        *(getattr(config, name, None) for name in others),
    ]
    for paths in named:
        yield from (str(path) for path in (paths if isinstance(paths, list | tuple) else [paths]) if path)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _stated(path: Path, without: Path, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """Path, size and time of a file, or of all files in a folder but hidden ones and what Python compiled."""
    if path.is_dir():
        for folder, names, files in os.walk(path):
            here = Path(folder)
            names[:] = [n for n in names if not n.startswith(".") and n != "__pycache__" and here / n != without]
            for name in files:
                if str(here / name) not in but:
                    yield from _stated_file(here / name)
    else:
        yield from _stated_file(path)


def _stated_file(path: Path) -> Iterator[str]:
    try:
        status = path.stat()
    except OSError:
        yield f"{path} none\n"
    else:
        yield f"{path} {status.st_size} {status.st_mtime_ns}\n"


def _said(value: object) -> str:
    """A value of the configuration in words that are the same in each run."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(sorted(f'{_said(k)}: {_said(v)}' for k, v in value.items()))}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_said, value)))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_said, value))}]"
    if value is None or isinstance(value, str | bytes | int | float | Path):
        return repr(value)
    return f"{type(value).__module__}.{getattr(value, '__qualname__', type(value).__qualname__)}"
