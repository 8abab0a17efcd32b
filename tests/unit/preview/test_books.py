"""The EPUB and the PDF of the preview are built with as many processes as any build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from octavo.preview.books import build_books
from octavo.preview.child import Child
from octavo.preview.messages import Built, PreviewRequest
from octavo.reading.project import locate

PATIENCE = 90.0  # seconds
CHAPTERS = 12  # Sphinx reads more than five documents in parallel


def test_books_of_a_project_that_is_read_in_parallel(project: Callable[..., Path]) -> None:
    names = [f"chapter{number}" for number in range(CHAPTERS)]
    files = {f"{name}.md": f"# {name}\n\nWords.\n" for name in names}
    files["index.md"] = "# The book\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    place = locate(project(files))
    state = place.out / ".octavo" / "preview"
    request = PreviewRequest(
        project=place,
        formats=("epub",),
        jobs=2,
        overrides=(),
        tags=(),
        builder="html",
        state=state,
        site=state / "html",
    )
    child = Child("books", build_books, request)
    try:
        assert child.connection.poll(PATIENCE)
        said = child.connection.recv()
    finally:
        child.end()
    assert isinstance(said, Built), said
    assert [(a.format, a.path is not None) for a in said.report.artefacts] == [("epub", True)]
    assert said.report.read == CHAPTERS + 1
