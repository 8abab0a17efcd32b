"""What is installed for bibliographies is looked for once, as long as it is looked for in the same places."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from octavo.reading import quick_bibtex


def test_looked_for_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []

    def theirs(**wanted: str) -> list[str]:
        asked.append(wanted)
        return [f"{wanted['group']}:{wanted['name']}"]

    monkeypatch.setitem(quick_bibtex.originals, "entry_points", theirs)
    for _ in range(3):
        assert quick_bibtex.entry_points(group="g", name="plain") == ["g:plain"]
        assert quick_bibtex.entry_points(name="alpha", group="g") == ["g:alpha"]
    assert asked == [{"group": "g", "name": "plain"}, {"group": "g", "name": "alpha"}]
    monkeypatch.syspath_prepend(str(tmp_path))
    quick_bibtex.entry_points(group="g", name="plain")
    assert len(asked) == 3
    assert sys.path[0] == str(tmp_path)


def test_styles_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quick_bibtex.originals, "entry_points", entry_points)
    wanted = {"group": "pybtex.style.formatting", "name": "plain"}
    assert list(quick_bibtex.entry_points(**wanted)) == list(entry_points(**wanted))
