"""The cover is set while no page is in memory, and only where the author has no picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from octavo.covers import cover_png
from octavo.metadata import Metadata
from octavo.writers.epub import assembly


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_cover_is_set_once_and_before_the_pages(
    project: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    add = assembly.Assembly.add

    def setting(metadata: Metadata) -> bytes:
        done.append("cover")
        return cover_png(metadata)

    def adding(self: assembly.Assembly, made: assembly.Page, *rest: object) -> None:
        done.append(made.docname)
        add(self, made, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(assembly, "cover_png", setting)
    monkeypatch.setattr(assembly.Assembly, "add", adding)
    source = project({"index.rst": "Title\n=====\n"}, conf='extensions = ["octavo"]\n')
    with docutils_namespace():
        app = Sphinx(source, source, tmp_path / "out", tmp_path / "doctrees", "octavo-epub", status=None)
        app.build()
    assert done == ["cover", "index"]
