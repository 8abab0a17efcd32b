"""Which changes of files are handed on."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("watchfiles", reason="the extra octavo[serve] is not installed")

from watchfiles import Change

from octavo.preview.watching import OfTheBook
from octavo.reading.project import Project

PROJECT = Project(root=Path("/p"), source=Path("/p/docs"), conf=Path("/p/conf"), out=Path("/p/docs/_build"))


@pytest.mark.parametrize(
    "path", ["/p/docs/a.md", "/p/docs/deep/a b.rst", "/p/conf/conf.py", "/p/docs/data/x.csv", "/p/docs/a.tmpl"]
)
def test_of_the_book(path: str) -> None:
    assert OfTheBook(PROJECT)(Change.modified, path)


@pytest.mark.parametrize(
    "path",
    [
        "/p/docs/_build/html/index.html",
        "/p/docs/_build",
        "/p/docs/.git/index",
        "/p/docs/.a.md.swp",
        "/p/docs/a.md~",
        "/p/docs/#a.md#",
        "/p/docs/4913",
        "/p/docs/__pycache__/x.pyc",
        "/p/docs/node_modules/x/y.md",
        "/p/elsewhere/a.md",
    ],
)
def test_not_of_the_book(path: str) -> None:
    assert not OfTheBook(PROJECT)(Change.modified, path)
