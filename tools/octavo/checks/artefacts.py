"""Which paths are artefacts: built files and sites, whoever made them."""

from __future__ import annotations

from pathlib import Path

from octavo.diagnostics import ConfigurationError


def is_artefact(path: Path) -> bool:
    """Whether a path is a built file or a site, and not a project to look into."""
    if path.suffix.lower() in {".epub", ".pdf", ".html", ".htm", ".xhtml"}:
        return True
    return path.is_dir() and not (path / "conf.py").exists() and any(path.glob("*.html"))


def no_artefact(path: Path) -> ConfigurationError:
    """What to say of a path that is none of the artefacts that can be checked."""
    remedy = "Name a folder of HTML, an EPUB, a PDF or a project."
    if not path.exists():
        return ConfigurationError(f"no file '{path}'", remedy)
    if path.is_dir():
        return ConfigurationError(f"the folder '{path}' holds no HTML", remedy)
    return ConfigurationError(f"'{path}' is no artefact", remedy)
