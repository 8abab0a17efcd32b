"""After any edits, the PDF of the printer looks like the PDF of a build of the whole book."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_same_as_build import SVG

from octavo.preview.child import Child
from octavo.preview.messages import Changed, PreviewRequest, Printed, Untrusted
from octavo.preview.printer import print_forever
from octavo.reading.project import locate
from octavo_testing import Run
from sight_of_pages import sight_of_pages

PATIENCE = 90.0  # seconds
FILES = {
    "square.svg": SVG,
    "part.txt": "Included words.\n",
    "index.md": "# The book\n\n```{toctree}\n:numbered:\n\none\ntwo\n```\n",
    "one.md": "(one)=\n# Chapter one\n\nWords of {ref}`two` and {numref}`fig-two`.\n\n```{include} part.txt\n```\n",
    "two.md": "(two)=\n# Chapter two\n\n```{figure} square.svg\n:name: fig-two\n\nA square.\n```\n\n"
    "```{index} single: chapter\n```\n\nRaw: <b>bold</b>.\n",
}
EDITS: dict[str, dict[str, str | None]] = {
    "words": {"one.md": FILES["one.md"] + "\nMore words, $a^2$.\n"},
    "a heading that others show": {"two.md": FILES["two.md"].replace("Chapter two", "Chapter of squares")},
    "a figure before a figure": {
        "one.md": FILES["one.md"] + "\n```{figure} square.svg\n:name: fig-one\n\nFirst.\n```\n",
    },
    "a file that is included": {"part.txt": "Other words.\n"},
    "a picture": {"square.svg": SVG.replace("v9z", "v4z")},
    "a new chapter": {
        "three.md": "# Chapter three\n\nTo {ref}`one`.\n",
        "index.md": FILES["index.md"].replace("two\n", "two\nthree\n"),
    },
    "a chapter less": {"three.md": None, "index.md": FILES["index.md"]},
    "nonsense": {"one.md": "# Chapter one\n\n```{figure} nowhere.png\n:width: {{{\n\n{ref}`two`\n"},
    "sense again": {"one.md": FILES["one.md"]},
}


class PrinterAtWork:
    """A printer, driven by messages as the server drives it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        project = locate(root)
        state = project.out / ".octavo" / "preview"
        request = PreviewRequest(
            project=project,
            formats=("pdf",),
            jobs=1,
            overrides=(),
            tags=(),
            builder="html",
            state=state,
            site=state / "html",
        )
        self.child = Child("printer", print_forever, request)

    def change(self, files: dict[str, str | None]) -> object:
        """Write (or with None delete) files; what the printer says to that."""
        for name, content in files.items():
            if content is None:
                (self._root / name).unlink()
            else:
                (self._root / name).write_text(content, encoding="utf-8")
        self.child.tell(Changed(paths=tuple(str(self._root / name) for name in files)))
        assert self.child.connection.poll(PATIENCE)
        return self.child.connection.recv()


@pytest.fixture
def root(project: Callable[..., Path]) -> Path:
    return project(dict(FILES), conf="numfig = True\n")


@pytest.fixture
def printer(root: Path) -> Iterator[PrinterAtWork]:
    made = PrinterAtWork(root)
    yield made
    made.child.end()


@pytest.mark.slow
def test_pdf_after_edits(printer: PrinterAtWork, root: Path, octavo: Callable[..., Run], tmp_path: Path) -> None:
    for number, (what, files) in enumerate(EDITS.items()):
        said = printer.change(files)
        assert isinstance(said, Printed), (what, said)
        out = tmp_path / f"built-{number}"
        run = octavo("build", root, "--format", "pdf", "--out", out, "--jobs", "1")
        assert run.status == 0, run.err
        (built,) = (out / "pdf").glob("*.pdf")
        assert sight_of_pages(built) == sight_of_pages(said.path), what


def test_printer_ends_when_it_can_not_take_a_change_in(printer: PrinterAtWork, root: Path) -> None:
    assert isinstance(printer.change({"two.md": FILES["two.md"] + "\nMore.\n"}), Printed)
    conf = (root / "conf.py").read_text(encoding="utf-8")
    said = printer.change({"conf.py": conf + "\nproject = 'Renamed'\n"})
    assert said == Untrusted(reason="conf.py changed")
    end = time.monotonic() + PATIENCE
    while printer.child.is_alive and time.monotonic() < end:
        time.sleep(0.05)
    assert not printer.child.is_alive
