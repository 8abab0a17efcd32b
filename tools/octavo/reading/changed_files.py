"""Which documents and files of the site are made from files that changed, and what can only be loaded anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.reading.project import Project

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment

CONFIGURATION = frozenset({".py", ".toml", ".yml", ".yaml", ".json", ".cfg", ".ini", ".conf", ".po", ".mo"})
"""Suffixes of files that conf.py or an extension may read while it starts."""


@dataclass(slots=True, kw_only=True)
class ChangedFiles:
    """Changed files, sorted out.

    - documents: those whose source, or a file that it is made from, changed.
    - files: changed files that documents are made from; assets: those in the site's folders of static files.
    - may_be_new: a document may have come or gone.
    - untrusted: why a process that has the book loaded can't take them all in, or None.
    """

    documents: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    assets: list[Path] = field(default_factory=list)
    may_be_new: bool = False
    untrusted: str | None = None


def sorted_out(paths: Sequence[Path], app: Sphinx, project: Project) -> ChangedFiles:
    """What files that were added, changed or deleted mean. paths: absolute."""
    changes = ChangedFiles()
    env = app.env
    made_from = dependents(env)
    assets, templates = _asset_folders(app, project), _template_folders(app, project)
    for path in paths:
        of_it = made_from.get(str(path))
        docname = env.path2doc(path) if path.is_relative_to(project.source) else None
        is_asset = _inside(path, assets)
        is_known = docname is not None or of_it is not None or is_asset
        if reason := _why_untrusted(path, project, templates, is_known=is_known):
            changes.untrusted = reason
            continue
        if of_it is not None:
            changes.documents.update(of_it)
            changes.files.append(path)
        if docname in env.found_docs and path.is_file():
            changes.documents.add(str(docname))
        elif docname is not None:
            changes.may_be_new = True
        if is_asset:
            changes.assets.append(path)
    return changes


def dependents(env: BuildEnvironment) -> dict[str, set[str]]:
    """Absolute path -> documents that are made from it as well."""
    found: dict[str, set[str]] = {}
    for docname, paths in env.dependencies.items():
        for path in paths:
            found.setdefault(os.path.normpath(env.srcdir / path), set()).add(docname)
    return found


def _why_untrusted(path: Path, project: Project, templates: Sequence[Path], *, is_known: bool) -> str | None:
    """Why a change of this file can't be taken in by a process that has the book loaded, or None."""
    if path == project.conf / "conf.py":
        return "conf.py changed"
    if str(path) in _loaded_files():
        return f"{path.name}, which is loaded, changed"
    if _inside(path, templates):
        return f"the template {path.name} changed"
    if path.suffix == ".bib":  # read when the extension starts, whatever documents name it
        return f"{path.name} changed"
    if not is_known and path.suffix in CONFIGURATION:
        return f"{path.name}, which may be part of the configuration, changed"
    return None


def _asset_folders(app: Sphinx, project: Project) -> tuple[Path, ...]:
    config = app.config
    named = [*config.html_static_path, *config.html_extra_path, config.html_logo, config.html_favicon]
    return tuple(project.conf / name for name in named if name)


def _template_folders(app: Sphinx, project: Project) -> tuple[Path, ...]:
    """The project's own templates, and its theme where that is a folder of the project."""
    builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]
    own = [project.conf / name for name in app.config.templates_path]
    theme = [Path(folder) for folder in builder.theme.get_theme_dirs()]
    return (*own, *(folder for folder in theme if folder.is_relative_to(project.root)))


def _inside(path: Path, folders: Iterable[Path]) -> bool:
    return any(path == folder or path.is_relative_to(folder) for folder in folders)


def _loaded_files() -> frozenset[str]:
    """Source files of the modules that this process has loaded."""
    found = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return frozenset(path for path in found if isinstance(path, str))
