"""Where a project is."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.diagnostics import ConfigurationError
from octavo.reading.project import locate


def make(root: Path, *files: str, pyproject: str = "") -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    if pyproject:
        (root / "pyproject.toml").write_text(pyproject)
    return root


def test_folder_with_conf(tmp_path: Path) -> None:
    found = locate(make(tmp_path, "conf.py", "docs/conf.py"))
    assert (found.source, found.conf, found.out) == (tmp_path, tmp_path, tmp_path / "_build")


@pytest.mark.parametrize("where", ["docs", "doc", "docs/source", "doc/source", "source"])
def test_usual_subfolders(tmp_path: Path, where: str) -> None:
    found = locate(make(tmp_path, f"{where}/conf.py"))
    assert found.source == found.conf == tmp_path / where
    assert found.out == tmp_path / "_build"


def test_pyproject_decides(tmp_path: Path) -> None:
    make(tmp_path, "conf.py", "c/conf.py", "s/index.md", pyproject='[tool.octavo]\nsource = "s"\nconf = "c"\nout = "o"')
    found = locate(tmp_path)
    assert (found.source, found.conf, found.out) == (tmp_path / "s", tmp_path / "c", tmp_path / "o")


def test_conf_dir_is_taken_as_given(tmp_path: Path) -> None:
    make(tmp_path, "s/index.md", "c/conf.py")
    found = locate(tmp_path / "s", conf_dir=tmp_path / "c", out=tmp_path / "o")
    assert (found.source, found.conf, found.out) == (tmp_path / "s", tmp_path / "c", tmp_path / "o")


def test_pyproject_of_others_is_no_project(tmp_path: Path) -> None:
    make(tmp_path, "docs/conf.py", pyproject='[project]\nname = "x"\n[tool.other]\nsource = "nowhere"')
    assert locate(tmp_path).source == tmp_path / "docs"


@pytest.mark.parametrize(
    ("pyproject", "words"),
    [
        ("[tool.octavo]\nsorce = 'docs'", ["unknown key 'sorce'", "did you mean 'source'?"]),
        ("[tool.octavo]\nsource = 3", ["source = 3", "not a path"]),
        ("[tool.octavo]\nsource = ''", ["source = ''"]),
        ("[tool.octavo]\nconf = 'docs'", ["conf but no source"]),
        ("[tool]\noctavo = 1", ["[tool.octavo] is not a table"]),
        ("[tool.octavo\n", ["pyproject.toml", "line 1"]),
        ("[tool.octavo]\nsource = 'gone'", ["no source folder", "gone"]),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, pyproject: str, words: list[str]) -> None:
    make(tmp_path, "docs/conf.py", pyproject=pyproject)
    with pytest.raises(ConfigurationError) as caught:
        locate(tmp_path)
    for word in words:
        assert word in str(caught.value)


def test_nothing_there_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"docs/source/conf\.py"):
        locate(tmp_path)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no folder"):
        locate(tmp_path / "gone")


@pytest.mark.parametrize("out", [".", ".."])
def test_output_never_buries_the_sources(tmp_path: Path, out: str) -> None:
    root = make(tmp_path / "a" / "docs", "conf.py")
    with pytest.raises(ConfigurationError, match="output folder"):
        locate(root, out=root / out)
