"""The command `octavo`: arguments, exit codes and progress; nothing else."""

from octavo.cli.main import main

__all__ = ["main"]
