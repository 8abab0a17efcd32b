"""Files inside the PDF: data that a reader can take out of it again (PDF/A-3, ISO 19005-3, 6.8)."""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf.escape import string

DOWNLOADS = "downloads"
"""The entry that stands for every file that the text offers by `download`."""

# the table of Python alone: what a machine knows besides would be in the bytes
_TYPES = mimetypes.MimeTypes(filenames=())
_MORE = {
    ".md": "text/markdown",
    ".rst": "text/x-rst",
    ".ipynb": "application/x-ipynb+json",
    ".toml": "application/toml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to attach. name: its path in the sources, with slashes; mime: its media type."""

    name: str
    path: Path
    mime: str


def attachments(wanted: Sequence[str], srcdir: Path, downloads: Iterable[str]) -> tuple[Attachment, ...]:
    """The files that are meant, each once, in order of their names.

    - wanted: patterns of paths below the sources, or "downloads".
    - downloads: paths below the sources of what the text offers.

    Raises: ConfigurationError when a pattern leads to no file, or out of the sources.
    """
    found = {path.relative_to(srcdir).as_posix(): path for entry in wanted for path in _files(entry, srcdir, downloads)}
    return tuple(Attachment(name=name, path=path, mime=_mime(path)) for name, path in sorted(found.items()))


def _files(entry: str, srcdir: Path, downloads: Iterable[str]) -> Iterator[Path]:
    if entry == DOWNLOADS:
        yield from (srcdir / name for name in downloads if (srcdir / name).is_file() and ".." not in Path(name).parts)
        return
    pattern = Path(entry)
    files = [] if pattern.is_absolute() or ".." in pattern.parts else [p for p in srcdir.glob(entry) if p.is_file()]
    if not files:
        raise ConfigurationError(
            f"octavo_pdf_attachments: no file is {entry!r}",
            "Give 'downloads', or patterns such as 'data/*.csv', relative to the sources.",
        )
    yield from files


def _mime(path: Path) -> str:
    suffix = path.suffix.lower()
    return _MORE.get(suffix) or _TYPES.guess_type(f"x{suffix}")[0] or "application/octet-stream"


def attachment_lines(files: Sequence[Attachment], folder: Path) -> list[str]:
    """The calls that attach the files, which are copied to `folder`, beside the Typst sources."""
    if files:
        folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, file in enumerate(files, 1):
        staged = folder / f"{number:04}"
        shutil.copyfile(file.path, staged)
        data = f"read({string(f'{folder.name}/{staged.name}')}, encoding: none)"
        lines.append(
            f'#pdf.attach({string(file.name)}, {data}, relationship: "data", '
            f"mime-type: {string(file.mime)}, description: {string(file.name)})"
        )
    return lines
