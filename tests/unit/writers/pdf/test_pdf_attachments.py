"""Files that the PDF holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf.attachments import attachments

Build = Callable[..., Any]

FILES = {
    "index.rst": "Book\n====\n\nThe :download:`numbers <data/a.csv>`.\n",
    "data/a.csv": "x,y\n1,2\n",
    "data/b.json": "{}\n",
    "other.bin": b"\x00\x01",
}


def held(path: Path) -> dict[str, tuple[str, str, bytes]]:
    """Name -> (media type, relationship, content) of the files in a PDF."""
    with pikepdf.open(path) as pdf:
        names = pdf.Root.Names.get("/EmbeddedFiles")
        if names is None:
            return {}
        found = {}
        for name, file in pikepdf.NameTree(names).items():
            stream = file.EF.F
            found[str(name)] = (str(stream.Subtype), str(file.AFRelationship), stream.read_bytes())
        assert len(pdf.Root.AF) == len(found)
        return found


def test_nothing_is_attached_unasked(build: Build) -> None:
    built = build(FILES)
    assert held(built.builder.artefact) == {}
    assert built.builder.standards == ("ua-1", "a-2a")


def test_downloads_are_attached(build: Build) -> None:
    built = build(FILES, 'octavo_pdf_attachments = ["downloads"]\n')
    assert built.warnings == ()
    assert held(built.builder.artefact) == {"data/a.csv": ("/text/csv", "/Data", b"x,y\n1,2\n")}
    assert built.builder.standards == ("ua-1", "a-3a")


def test_files_by_patterns(build: Build) -> None:
    conf = 'octavo_pdf_attachments = ["data/*", "*.bin", "downloads"]\n'
    built = build(FILES, conf)
    files = held(built.builder.artefact)
    assert list(files) == ["data/a.csv", "data/b.json", "other.bin"]
    assert files["other.bin"] == ("/application/octet-stream", "/Data", b"\x00\x01")
    assert built.bytes == build(FILES, conf, name="again").bytes


@pytest.mark.parametrize("pattern", ["none/*.csv", "../*", "/etc/hostname"])
def test_patterns_that_lead_to_no_file_of_the_project(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ConfigurationError):
        attachments([pattern], tmp_path, [])
