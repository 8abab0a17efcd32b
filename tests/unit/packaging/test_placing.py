"""Artefacts are placed whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from octavo.diagnostics import ConfigurationError
from octavo.packaging import placing
from octavo.packaging.placing import OutputFolder, write_aside


@pytest.fixture(params=["exchange", "two steps"])
def output(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutputFolder:
    """An output folder, on a system that can exchange two folders in one step, and on one that can't."""
    if request.param == "two steps":
        monkeypatch.setattr(placing, "_exchange", lambda first, second: False)
    return OutputFolder(tmp_path / "out", parts=["html", "pdf"])


def folder(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / "page.html").write_text(content)
    return path


def test_folder_takes_the_place_of_its_predecessor(output: OutputFolder) -> None:
    with output.locked():
        output.place_folder(folder(output.staging / "html", "old"), "html")
    (output.root / "html" / "left-over.html").write_text("x")
    with output.locked():
        placed = output.place_folder(folder(output.staging / "html", "new"), "html")
    assert placed == output.root / "html"
    assert (placed / "page.html").read_text() == "new"
    assert not (placed / "left-over.html").exists()
    assert sorted(p.name for p in output.root.iterdir()) == [".octavo", "html"]


def test_crash_between_the_two_steps_is_mended(output: OutputFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with output.locked():
        output.place_folder(folder(output.staging / "html", "old"), "html")
    monkeypatch.setattr(placing, "_exchange", lambda first, second: False)
    rename = Path.rename

    def rename_and_die(self: Path, target: Path) -> Path:
        if "staging" in self.parts:
            raise KeyboardInterrupt
        return rename(self, target)

    with output.locked():
        staged = folder(output.staging / "html", "new")
        monkeypatch.setattr(Path, "rename", rename_and_die)
        with pytest.raises(KeyboardInterrupt):
            output.place_folder(staged, "html")
    monkeypatch.undo()
    assert not (output.root / "html").exists()
    with output.locked():
        pass
    assert (output.root / "html" / "page.html").read_text() == "old"


def test_file(output: OutputFolder) -> None:
    for content in (b"old", b"new"):
        with output.locked():
            (output.staging / "a.pdf").write_bytes(content)
            assert output.place_file(output.staging / "a.pdf", "pdf/a.pdf").read_bytes() == content


def test_staging_is_cleared_of_artefacts_and_of_nothing_else(output: OutputFolder) -> None:
    folder(output.staging / "html", "half written")
    folder(output.staging / "jupyter_execute", "an extension's")
    (output.staging / "trace.json").write_text("{}")
    with output.locked():
        assert [p.name for p in output.staging.iterdir()] == ["jupyter_execute"]
        folder(output.staging / "pdf", "not placed")
    assert [p.name for p in output.staging.iterdir()] == ["jupyter_execute"]


def test_one_build_at_a_time(output: OutputFolder) -> None:
    with (
        output.locked(),
        pytest.raises(ConfigurationError, match="another build"),
        OutputFolder(output.root).locked(),
    ):
        pass


def test_exchange_in_one_step_where_the_system_can(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a", "a"), folder(tmp_path / "b", "b")
    if placing._exchange(first, second):
        assert (first / "page.html").read_text() == "b"
    assert {(first / "page.html").read_text(), (second / "page.html").read_text()} == {"a", "b"}


def test_small_file_is_written_aside(tmp_path: Path) -> None:
    write_aside(tmp_path / "new" / "report.json", b"{}")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["report.json"]
