"""`octavo check`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from octavo.cli import options
from octavo.cli.screen import Screen, counted, from_here, shown_path
from octavo.diagnostics import ConfigurationError, Severity

if TYPE_CHECKING:
    from octavo.checking import CheckReport

FINDINGS = 2


@click.command()
@click.argument("targets", nargs=-1, type=click.Path(path_type=Path), metavar="[PROJECT|ARTEFACT]...")
@options.conf_dir_option
@options.out_option
@options.fail_on_warning_option
@options.quiet_option
@options.json_option
def check(  # noqa: PLR0917 -- click calls it by keyword
    targets: tuple[Path, ...],
    conf_dir: Path | None,
    out: Path | None,
    fail_on_warning: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Check the links and the structure of what was built.

    For a PROJECT (without arguments, the one in the working folder), every artefact of its last build; or built
    files of any maker: folders of HTML, EPUB files, PDF files. EPUBs are also judged by EPUBCheck where it is
    installed.
    """
    from octavo.checking import check_artefacts, check_project
    from octavo.checks.artefacts import is_artefact

    screen = Screen(quiet=quiet or as_json)
    named = targets or (Path(),)
    artefacts = [t for t in named if is_artefact(t)]
    projects = [t for t in named if t not in artefacts]
    if len(projects) > 1 or (projects and artefacts):
        raise ConfigurationError("more than one project, or a project and artefacts", "Check them one after the other.")
    if projects:
        found = options.located(projects[0], conf_dir, out)
        shown = {p: shown_path(p) for p in found.out.glob("*")} | {p: shown_path(p) for p in found.out.glob("*/*")}
        report, root = check_project(found, os.environ, shown), found.root
    else:
        report, root = check_artefacts(artefacts, os.environ), Path.cwd()
    end_with(report, root, screen, as_json=as_json, fail_on_warning=fail_on_warning)


def end_with(report: CheckReport, root: Path, screen: Screen, *, as_json: bool, fail_on_warning: bool) -> None:
    """Say the report, on standard output as JSON too where that is wanted, and end the process by its findings."""
    say_report(report, root, screen)
    if as_json:
        json.dump(as_json_report(report, root), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    worst = {d.severity for d in report.diagnostics}
    if Severity.ERROR in worst or (fail_on_warning and Severity.WARNING in worst):
        sys.exit(FINDINGS)


def say_report(report: CheckReport, root: Path, screen: Screen) -> None:
    """Findings, what was checked, what was not, and the counts."""
    screen.diagnostics(report.diagnostics, root)
    for line in report.checked:
        screen.line(line)
    for line in report.left_out:
        screen.line(f"not checked: {line}")
    errors = sum(d.severity is Severity.ERROR for d in report.diagnostics)
    warnings = sum(d.severity is Severity.WARNING for d in report.diagnostics)
    screen.line(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")


def as_json_report(report: CheckReport, root: Path) -> dict[str, object]:
    """The report as a JSON object, paths as seen from the working folder."""
    return {
        "diagnostics": [from_here(d, root).as_json() for d in report.diagnostics],
        "checked": list(report.checked),
        "left_out": list(report.left_out),
    }
