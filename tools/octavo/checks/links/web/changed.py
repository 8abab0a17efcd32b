"""Which lines a change adds, as git tells it: to check only the links on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from octavo.diagnostics import ConfigurationError, Location, MissingToolError

_FILE = re.compile(r'^\+\+\+ (?:"?b/)(.*?)"?\t?$')
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedLines:
    """root: what paths are relative to (the repository). lines: 1-based, by path."""

    root: Path
    lines: dict[str, frozenset[int]]

    def has(self, place: Location, base: Path) -> bool:
        """Whether a link there is new. base: what the place's source is relative to.

        A place whose line is not known counts when anything in its file was added.
        """
        if place.source is None:
            return False
        try:
            name = (base / place.source).resolve().relative_to(self.root).as_posix()
        except ValueError:
            return False
        added = self.lines.get(name)
        return added is not None and (place.line is None or place.line in added)


def added_since(revision: str, folder: Path) -> AddedLines:
    """The lines that the working tree at `folder` has and `revision` has not; files that git does not know are new.

    Raises: ConfigurationError when git refuses; MissingToolError when there is no git.
    """
    if revision.startswith("-") or not revision.strip():
        raise ConfigurationError(f"'{revision}' is no revision", "Name a commit, a branch or a tag.")
    root = Path(_git(folder, "rev-parse", "--show-toplevel").strip()).resolve()
    options = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--unified=0", "--src-prefix=a/")
    text = _git(root, "-c", "core.quotePath=false", "diff", *options, "--dst-prefix=b/", revision, "--")
    lines = added_lines(text)
    for name in _git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0"):
        path = root / name
        if name and path.is_file() and path.stat().st_size < 8 * 1024 * 1024:
            count = path.read_bytes().count(b"\n") + 1
            lines[name] = frozenset(range(1, count + 1))
    return AddedLines(root=root, lines=lines)


def added_lines(diff: str) -> dict[str, frozenset[int]]:
    """The added lines of a unified diff without context, by path."""
    found: dict[str, set[int]] = {}
    current: set[int] = set()
    left = 0  # lines of the hunk that are still to come: they may look like headers
    for line in diff.split("\n"):
        if left and line.startswith("+"):
            left -= 1
        elif hunk := _HUNK.match(line):
            start, left = int(hunk[1]), int(hunk[2]) if hunk[2] is not None else 1
            current.update(range(start, start + left))
        elif (file := _FILE.match(line)) and not left:
            current = found.setdefault(file[1], set())
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _git(folder: Path, *arguments: str) -> str:
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 -- no shell, and the revision can't be an option
            ["git", "-C", str(folder), *arguments],  # noqa: S607 -- the user's git
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise MissingToolError("there is no git", "Install git, or check everything.") from error
    except subprocess.TimeoutExpired as error:
        raise ConfigurationError("git does not answer", "Check everything.") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise ConfigurationError(
            f"git: {said}", "Name a revision that this clone has (actions/checkout: fetch-depth: 0)."
        )
    return done.stdout.decode("utf-8", "surrogateescape")
