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


class Dependents:
    """Absolute path -> documents that are made from it besides their source; what has changed is looked at again."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self._of_document: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._of_path: dict[str, set[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """The documents that are made from this file."""
        self._renew()
        return frozenset(self._of_path.get(path, ()))

    def paths(self) -> tuple[str, ...]:
        """All such files, sorted."""
        self._renew()
        return tuple(sorted(path for path, docnames in self._of_path.items() if docnames))

    def _renew(self) -> None:
        now = self._env.dependencies
        for docname in self._of_document.keys() - now.keys():
            self._forget(docname)
        for docname, names in now.items():
            known = self._of_document.get(docname)
            if known is not None and known[0] == names:
                continue
            if known is not None:
                self._forget(docname)
            paths = tuple(os.path.normpath(self._env.srcdir / name) for name in names)
            self._of_document[docname] = (frozenset(map(os.fspath, names)), paths)
            for path in paths:
                self._of_path.setdefault(path, set()).add(docname)

    def _forget(self, docname: str) -> None:
        _, paths = self._of_document.pop(docname)
        for path in paths:
            self._of_path[path].discard(docname)


def sorted_out(paths: Sequence[Path], app: Sphinx, project: Project, dependents: Dependents) -> ChangedFiles:
    """What files that were added, changed or deleted mean. paths: absolute."""
    changes = ChangedFiles()
    env = app.env
    assets, templates = _asset_folders(app, project), _template_folders(app, project)
    for path in paths:
        of_it = dependents.of(str(path))
        docname = env.path2doc(path) if path.is_relative_to(project.source) else None
        is_asset = _inside(path, assets)
        is_known = docname is not None or bool(of_it) or is_asset
        if reason := _why_untrusted(path, project, templates, is_known=is_known):
            changes.untrusted = reason
            continue
        if of_it:
            changes.documents.update(of_it)
            changes.files.append(path)
        if docname in env.found_docs and path.is_file():
            changes.documents.add(str(docname))
        elif docname is not None:
            changes.may_be_new = True
        if is_asset:
            changes.assets.append(path)
    return changes


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
    own = [project.conf / name for name in app.config.templates_path]
    theme_of_site = getattr(app.builder, "theme", None)  # other builders have none
    theme = [Path(folder) for folder in theme_of_site.get_theme_dirs()] if theme_of_site is not None else []
    return (*own, *(folder for folder in theme if folder.is_relative_to(project.root)))


def _inside(path: Path, folders: Iterable[Path]) -> bool:
    return any(path == folder or path.is_relative_to(folder) for folder in folders)


def _loaded_files() -> frozenset[str]:
    """Source files of the modules that this process has loaded."""
    found = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return frozenset(path for path in found if isinstance(path, str))
