"""`octavo build`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from octavo.cli import options
from octavo.cli.screen import BuildProgress, Screen
from octavo.diagnostics import Severity
from octavo.reading.garbage import seldom_collected

FORMATS = ("html", "pdf", "epub")
BUG, FINDINGS = 1, 2


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format", "-f", "formats", type=click.Choice(FORMATS), multiple=True, help="Format to make.  [default: all three]"
)
@options.conf_dir_option
@options.out_option
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes at most.  [default: one for each processor]")
@click.option("-D", "overrides", metavar="NAME=VALUE", multiple=True, help="Set a value of conf.py.")
@click.option("-t", "--tag", "tags", metavar="TAG", multiple=True, help="Define a tag for `only`.")
@click.option("--fresh", "-E", is_flag=True, help="Read everything again.")
@click.option("-W", "--fail-on-warning", is_flag=True, help="End with status 2 when there is any warning or error.")
@options.quiet_option
@options.json_option
def build(  # noqa: PLR0917 -- click calls it by keyword
    project: Path,
    formats: tuple[str, ...],
    conf_dir: Path | None,
    out: Path | None,
    jobs: int | None,
    overrides: tuple[str, ...],
    tags: tuple[str, ...],
    fresh: bool,
    fail_on_warning: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Read PROJECT once and make its site, its PDF and its EPUB.

    PROJECT is a folder with Sphinx sources, or with a pyproject.toml that names them in [tool.octavo]; without it,
    the working folder.
    """
    found = options.located(project, conf_dir, out)
    screen = Screen(quiet=quiet or as_json)
    # after the arguments are known to be right: Sphinx takes a while to import
    with seldom_collected():
        from octavo.pipeline import BuildRequest
        from octavo.pipeline import build as run
        from octavo.reading.book import ReadOptions
        from octavo.writers.process import default_strategy

    request = BuildRequest(
        project=found,
        formats=tuple(f for f in FORMATS if f in (formats or FORMATS)),
        options=ReadOptions(
            jobs=jobs or options.default_jobs(),
            overrides=tuple(options.split_override(o) for o in overrides),
            tags=tags,
            fresh=fresh,
        ),
        strategy=default_strategy(),
    )
    with BuildProgress(screen) as progress:
        report = run(request, progress)
    screen.diagnostics(report.diagnostics, found.root)
    for name, text in report.crashes:
        click.echo(f"octavo: the {name} writer ended by a bug; please report it with this:\n{text}", err=True)
    screen.build_table(report)
    if as_json:
        json.dump(report.as_json(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    strict = fail_on_warning and (report.findings(Severity.ERROR) or report.findings(Severity.WARNING))
    if report.crashes:
        sys.exit(BUG)
    if report.failed or strict:
        sys.exit(FINDINGS)
