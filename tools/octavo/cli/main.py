"""`octavo` and its subcommands.

Exit codes: 0 clean, 1 a bug of ours, 2 findings, 3 bad configuration or usage, 4 a tool is missing.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import sys

import click

from octavo import __version__
from octavo.diagnostics import OctavoError

# where each command is; only the one that is called is loaded, since all of them together take a third of a second
COMMANDS = {
    "build": ("octavo.cli.build", "build"),
    "check": ("octavo.cli.check", "check"),
    "clean": ("octavo.cli.clean", "clean"),
    "info": ("octavo.cli.info", "info"),
    "serve": ("octavo.cli.serve", "serve"),
}
CHECKS = {
    "epub": ("octavo.cli.check_epub", "check_epub"),
    "pdf": ("octavo.cli.check_pdf", "check_pdf"),
    "links": ("octavo.cli.check_links", "check_links"),
}
USAGE = 3
INTERRUPTED = 130


class Command(click.Group):
    """The group, with our exit codes in place of click's."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`check links` and the like are commands of their own; a folder of that name is `check ./links`."""
        if args[:1] == ["check"] and len(args) > 1 and args[1] in CHECKS:
            return f"check {args[1]}", _loaded(CHECKS[args[1]]), args[2:]
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command when it is asked for."""
        return _loaded(COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def main(self, *args: object, **kwargs: object) -> None:  # type: ignore[override]
        """Run, and end the process with one of our exit codes."""
        kwargs["standalone_mode"] = False
        atexit.register(gc.freeze)  # the system takes back what the process holds; nobody need look for cycles in it
        try:
            status = super().main(*args, **kwargs)  # type: ignore[call-overload]
        except click.exceptions.Exit as error:
            status = error.exit_code
        except click.UsageError as error:
            error.show()
            status = USAGE
        except click.ClickException as error:
            error.show()
            status = USAGE
        except (click.Abort, KeyboardInterrupt):
            click.echo("octavo: interrupted; what was there before is unchanged", err=True)
            status = INTERRUPTED
        except OctavoError as error:
            from octavo.cli.screen import Screen

            Screen().error(error)
            status = error.exit_code
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="octavo")
def main() -> None:
    """Read a Sphinx project once and make its site, its tagged PDF and its EPUB 3.3, with checked links."""


def _loaded(place: tuple[str, str]) -> click.Command:
    module, name = place
    command: click.Command = getattr(importlib.import_module(module), name)
    return command
