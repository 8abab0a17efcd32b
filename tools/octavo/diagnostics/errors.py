"""What stops a run: always with what was wrong, where, and what to do about it."""

from __future__ import annotations


class OctavoError(Exception):
    """The run can't go on, and it is not a bug of ours.

    - what: the problem with its value and its place, one sentence.
    - remedy: what the user can do, one sentence, or None.
    - exit_code: what the command ends with (2 findings, 3 configuration or usage, 4 a tool is missing).
    """

    exit_code = 3

    def __init__(self, what: str, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  {self.remedy}" if self.remedy else self.what

    def __reduce__(self) -> tuple[type[OctavoError], tuple[str, str | None]]:
        """Writers run in processes of their own: an error must survive the way back with both its parts."""
        return type(self), (self.what, self.remedy)


class ConfigurationError(OctavoError):
    """A setting, an argument or a file that the user wrote for us is wrong."""

    exit_code = 3


class MissingToolError(OctavoError):
    """Something that must be installed is not."""

    exit_code = 4


class WriterError(OctavoError):
    """A format could not be written from this book (the others may still be)."""

    exit_code = 2
