"""`octavo check pdf`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from octavo.cli import options
from octavo.cli.check import end_with
from octavo.cli.screen import Screen, shown_path
from octavo.diagnostics import ConfigurationError


@click.command("pdf")
@click.argument("targets", nargs=-1, type=click.Path(path_type=Path), metavar="[PROJECT|FILE]...")
@click.option("--no-validators", is_flag=True, help="Leave pdfua and veraPDF out.")
@options.conf_dir_option
@options.out_option
@options.fail_on_warning_option
@options.quiet_option
@options.json_option
def check_pdf(  # noqa: PLR0917 -- click calls it by keyword
    targets: tuple[Path, ...],
    no_validators: bool,
    conf_dir: Path | None,
    out: Path | None,
    fail_on_warning: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Judge PDFs: tags, fonts, bookmarks, links, coarse pictures, text in the margins, and PDF/UA.

    For a PROJECT (without arguments, the one in the working folder), the PDF of its last build; or PDF files of any
    maker. PDF/UA is judged by pdfua and veraPDF, as far as they are installed.
    """
    from octavo.checking import check_pdf_files, check_pdf_of
    from octavo.checks.pdf import find_validators

    screen = Screen(quiet=quiet or as_json)
    named = targets or (Path(),)
    projects = [t for t in named if t.is_dir()]
    if projects and len(named) > 1:
        raise ConfigurationError("more than one project, or a project and files", "Check them one after the other.")
    validators = () if no_validators else find_validators(os.environ)
    if projects:
        found = options.located(projects[0], conf_dir, out)
        shown = {p: shown_path(p) for p in found.out.glob("*/*")}
        report, root = check_pdf_of(found, validators, shown), found.root
    else:
        report, root = check_pdf_files(named, validators), Path.cwd()
    end_with(report, root, screen, as_json=as_json, fail_on_warning=fail_on_warning)
