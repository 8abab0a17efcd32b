"""`octavo serve`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from octavo.cli import options
from octavo.cli.screen import Screen
from octavo.diagnostics import MissingToolError
from octavo.packaging.placing import STATE

FORMATS = ("html", "pdf", "epub")
HOST, PORT = "127.0.0.1", 8000
NEEDED = ("starlette", "uvicorn", "watchfiles", "websockets")


@click.command()
@click.argument("project", type=click.Path(path_type=Path), default=Path())
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any free one.")
@click.option(
    "--host",
    default=HOST,
    show_default=True,
    help="Address to listen on; others than this machine can't reach the default.",
)
@click.option("--open", "opened", is_flag=True, help="Open the preview in a browser.")
@click.option(
    "--format",
    "-f",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="What to show; the site always is.  [default: all three]",
)
@options.conf_dir_option
@options.out_option
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes at most.  [default: one for each processor]")
@click.option("-D", "overrides", metavar="NAME=VALUE", multiple=True, help="Set a value of conf.py.")
@click.option("-t", "--tag", "tags", metavar="TAG", multiple=True, help="Define a tag for `only`.")
@options.quiet_option
def serve(  # noqa: PLR0917 -- click calls it by keyword
    project: Path,
    port: int,
    host: str,
    opened: bool,
    formats: tuple[str, ...],
    conf_dir: Path | None,
    out: Path | None,
    jobs: int | None,
    overrides: tuple[str, ...],
    tags: tuple[str, ...],
    quiet: bool,
) -> None:
    """Show PROJECT in a browser while it is written: its site, its PDF and its EPUB.

    Each edit is on the screen at once, without a reload. Ctrl-C ends it.
    """
    found = options.located(project, conf_dir, out)
    screen = Screen(quiet=quiet)
    try:
        from octavo.preview.server import serve as run
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        raise MissingToolError(
            f"the preview needs {error.name}, which is not installed", "Run: pip install 'octavo[serve]'"
        ) from error
    from octavo.preview.messages import PreviewRequest
    from octavo.writers import html

    state = found.out / STATE / "preview"
    request = PreviewRequest(
        project=found,
        formats=tuple(f for f in FORMATS if f != "html" and f in (formats or FORMATS)),
        jobs=jobs or options.default_jobs(),
        overrides=tuple(options.split_override(o) for o in overrides),
        tags=tags,
        builder=html.BUILDER,
        state=state,
        site=state / "html",
    )

    def ready(address: str) -> None:
        screen.line(f"{address} shows {found.root.name}; Ctrl-C ends it")
        if opened:
            webbrowser.open(address)

    run(request, host, port, screen.line, ready)
