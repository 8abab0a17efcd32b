"""`octavo clean`."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from octavo.cli import options
from octavo.cli.screen import Screen, shown_path
from octavo.packaging.placing import STATE
from octavo.report import BUILD_REPORT, BuildReport
from octavo.staging.accessibility import COMPANIONS


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@options.conf_dir_option
@options.out_option
@options.quiet_option
def clean(project: Path, conf_dir: Path | None, out: Path | None, quiet: bool) -> None:
    """Take away what `octavo build` made of PROJECT, and nothing else."""
    found = options.located(project, conf_dir, out)
    screen = Screen(quiet=quiet)
    state = found.out / STATE
    report = BuildReport.load(state / BUILD_REPORT)
    for artefact in report.artefacts if report else ():
        if artefact.path is None or not artefact.path.is_relative_to(found.out):
            continue
        if artefact.path.is_dir():
            shutil.rmtree(artefact.path)
        else:
            artefact.path.unlink(missing_ok=True)
            if artefact.format == "epub":
                for companion in COMPANIONS:
                    artefact.path.with_name(companion).unlink(missing_ok=True)
            _remove_if_empty(artefact.path.parent)
        screen.line(f"removed {shown_path(artefact.path)}")
    if state.is_dir():
        shutil.rmtree(state)
        screen.line(f"removed {shown_path(state)}")
    _remove_if_empty(found.out)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
