"""Arguments that several subcommands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from octavo.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from octavo.reading.project import Project

conf_dir_option = click.option(
    "--conf-dir", type=click.Path(path_type=Path), help="Folder with conf.py, when it is not with the sources."
)
out_option = click.option(
    "--out", type=click.Path(path_type=Path), help="Where artefacts go.  [default: _build in PROJECT]"
)
fail_on_warning_option = click.option(
    "-W", "--fail-on-warning", is_flag=True, help="End with status 2 on warnings as well."
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Say errors only.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")


def located(folder: Path, conf_dir: Path | None, out: Path | None) -> Project:
    """The project that the arguments name."""
    from octavo.reading.project import locate

    return locate(folder, conf_dir=conf_dir, out=out)


def split_override(text: str) -> tuple[str, str]:
    """`name=value` of -D.

    Raises: ConfigurationError when there is no `=`, or no name before it.
    """
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise ConfigurationError(f"-D {text!r} is not name=value", "Write -D language=de, for example.")
    return name.strip(), value


def default_jobs() -> int:
    """As many as this process may use processors."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
