"""What a build has kept of each format, to tell whether the next one has anything to do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from octavo.diagnostics import Diagnostic
from octavo.packaging.placing import write_aside
from octavo.reading.inputs import of_files
from octavo.report import Artefact

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One format as it was made.

    - inputs: digest of all that it was made from.
    - found: what its writer said of the book.
    """

    inputs: str
    artefact: Artefact
    found: tuple[Diagnostic, ...]

    def save(self, state: Path, others: tuple[Path, ...]) -> None:
        """Keep it. others: files that belong to the artefact."""
        assert self.artefact.path is not None  # noqa: S101 -- what was not made is not kept
        data = {
            "version": FORMAT_VERSION,
            "inputs": self.inputs,
            "files": [str(path) for path in (self.artefact.path, *others)],
            "digest": of_files((self.artefact.path, *others)),
            "bytes": self.artefact.bytes,
            "pages": self.artefact.pages,
            "seconds": self.artefact.seconds,
            "found": [diagnostic.as_json() for diagnostic in self.found],
        }
        write_aside(_place(state, self.artefact.format), json.dumps(data, ensure_ascii=False).encode())


def unchanged(state: Path, name: str, inputs: str) -> Kept | None:
    """What was kept of a format, when it was made from the same and all its files are as they were left."""
    try:
        data = json.loads(_place(state, name).read_text(encoding="utf-8"))
        files = [Path(path) for path in data["files"]]
        if (data["version"], data["inputs"], data["digest"]) != (FORMAT_VERSION, inputs, of_files(files)):
            return None
        artefact = Artefact(
            format=name, path=files[0], bytes=data["bytes"], pages=data["pages"], seconds=data["seconds"]
        )
        return Kept(inputs=inputs, artefact=artefact, found=tuple(map(Diagnostic.from_json, data["found"])))
    except (OSError, ValueError, KeyError, TypeError, IndexError):  # none, or of another version
        return None


def as_left(state: Path, name: str) -> bool:
    """Whether all files of a format are as its last build left them, whatever they were made from."""
    try:
        data = json.loads(_place(state, name).read_text(encoding="utf-8"))
        files = [Path(path) for path in data["files"]]
        return bool((data["version"], data["digest"]) == (FORMAT_VERSION, of_files(files)))
    except (OSError, ValueError, KeyError, TypeError):  # none, or of another version
        return False


def _place(state: Path, name: str) -> Path:
    return state / f"kept-{name}.json"
