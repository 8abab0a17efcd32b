"""Which documents are made from a file, while the environment changes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from sphinx.environment import BuildEnvironment

from octavo.reading.changed_files import Dependents


def test_documents_of_a_file_follow_the_environment(tmp_path: Path) -> None:
    named = {"one": {"part.txt", "a/../square.svg"}, "two": {"part.txt", str(tmp_path / "far" / "data.csv")}}
    env = cast(BuildEnvironment, SimpleNamespace(srcdir=tmp_path, dependencies=named))
    dependents = Dependents(env)
    part, square, data = (str(tmp_path / name) for name in ("part.txt", "square.svg", "far/data.csv"))
    assert dependents.of(part) == {"one", "two"}
    assert dependents.of(square) == {"one"}
    assert dependents.paths() == tuple(sorted((part, square, data)))

    named["one"].remove("part.txt")  # in place, as Sphinx does when a document is read again
    del named["two"]
    named["three"] = {"part.txt"}
    assert dependents.of(part) == {"three"}
    assert dependents.of(data) == frozenset()
    assert dependents.paths() == tuple(sorted((part, square)))
