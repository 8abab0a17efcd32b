"""One read for all formats, and nothing of one format in another."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from epub_pages import marks, without_pages
from octavo_testing import BOOKS, Run

BUILDERS = {"html": "html", "pdf": "octavo-pdf", "epub": "octavo-epub"}

COUNTING = """
import os
def _count(app, docname, source):
    with open(os.environ["COUNT_FILE"], "a") as file:
        file.write(docname + "\\n")
def setup(app):
    app.connect("source-read", _count)
    return {"parallel_read_safe": True}
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_document_is_read_once_for_three_formats(
    octavo: Callable[..., Run], project: Callable[..., Path], tmp_path: Path, jobs: str
) -> None:
    names = [f"page{n}" for n in range(12)]
    toctree = "# Root\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    root = project({"index.md": toctree, **{f"{n}.md": f"# {n}\n\nText.\n" for n in names}}, conf=COUNTING)
    count = tmp_path / "count"
    run = octavo("build", root, "--jobs", jobs, env={"COUNT_FILE": str(count)})
    assert run.status == 0, run.err
    assert sorted(count.read_text().split()) == sorted([*names, "index"])
    for artefact in ("html/index.html", "pdf/a-test.pdf", "epub/a-test.epub"):
        assert (root / "_build" / artefact).stat().st_size > 0

    again = octavo("build", root, "--jobs", jobs, env={"COUNT_FILE": str(count)})
    assert again.status == 0, again.err
    assert len(count.read_text().split()) == 13  # nothing changed, so nothing was read

    (root / "page3.md").write_text("# page3\n\nChanged text.\n")
    octavo("build", root, "--jobs", jobs, env={"COUNT_FILE": str(count)})
    assert count.read_text().split()[13:] == ["page3"]


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The leaky project, built by separate sphinx-builds."""
    root = tmp_path_factory.mktemp("leaky") / "leaky"
    shutil.copytree(BOOKS / "leaky", root, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    for name, builder in BUILDERS.items():
        command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", str(root.parent / f"d-{name}")]
        subprocess.run([*command, str(root), str(root.parent / "separate" / name)], check=True, timeout=300)
    return root


STATEMENT = ["accessibility.html", "accessibility.json"]


@pytest.mark.parametrize("formats", [["html", "pdf", "epub"], ["epub", "html"], ["epub"], ["html"]])
def test_every_format_is_what_a_build_of_its_own_gives(
    octavo: Callable[..., Run], leaky: Path, tmp_path: Path, formats: list[str]
) -> None:
    chosen = [argument for name in formats for argument in ("--format", name)]
    run = octavo("build", leaky, *chosen, "--out", tmp_path / "out", "--jobs", "2")
    assert run.status == 0, run.err
    for name in formats:
        alone = files(leaky.parent / "separate" / name)
        together = files(tmp_path / "out" / name)
        if name != "html":  # the staged parts of the other two are not kept beside the artefact
            alone = {p: content for p, content in alone.items() if p.endswith(f".{name}") or p in STATEMENT}
        assert sorted(together) == sorted(alone)
        # beside a PDF, the EPUB has its pages, and its statement says so
        assert sorted(different(together, alone)) == (
            [*STATEMENT, "leaky.epub"] if name == "epub" and "pdf" in formats else []
        )


def test_beside_a_pdf_the_epub_says_its_pages_and_nothing_else(
    octavo: Callable[..., Run], leaky: Path, tmp_path: Path
) -> None:
    run = octavo("build", leaky, "--format", "pdf", "--format", "epub", "--out", tmp_path / "out")
    assert run.status == 0, run.err
    assert marks(tmp_path / "out/epub/leaky.epub")
    together = without_pages(tmp_path / "out/epub/leaky.epub")
    alone = without_pages(leaky.parent / "separate/epub/leaky.epub")
    assert list(together) == list(alone)
    assert different(together, alone) == []


SPAWNING = """
import sys
from pathlib import Path
from octavo.cli.screen import BuildProgress, Screen
from octavo.pipeline import BuildRequest, build
from octavo.reading.book import ReadOptions
from octavo.reading.project import locate
if __name__ == "__main__":
    project = locate(Path(sys.argv[1]), out=Path(sys.argv[2]))
    request = BuildRequest(
        project=project, formats=("html", "pdf", "epub"), options=ReadOptions(jobs=2), strategy="spawn"
    )
    with BuildProgress(Screen(quiet=True)) as progress:
        report = build(request, progress)
    print(*report.crashes, *map(str, report.diagnostics), sep="\\n")
    sys.exit(len(report.failed))
"""


def test_where_processes_can_not_be_forked(leaky: Path, tmp_path: Path) -> None:
    """As on Windows and macOS: each writer in a fresh process, on the environment that was saved."""
    script = tmp_path / "spawning.py"
    script.write_text(SPAWNING)
    command = [sys.executable, str(script), str(leaky), str(tmp_path / "out")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    for name in BUILDERS:
        alone = files(leaky.parent / "separate" / name)
        together = files(tmp_path / "out" / name)
        assert together
        assert sorted(different(together, alone)) == ([*STATEMENT, "leaky.epub"] if name == "epub" else [])
    assert marks(tmp_path / "out/epub/leaky.epub")
    assert (
        different(*(without_pages(p / "epub/leaky.epub") for p in (tmp_path / "out", leaky.parent / "separate"))) == []
    )


def test_the_project_does_what_it_is_for(leaky: Path) -> None:
    """Guards the test above: each thing that could leak is there to be seen in the site."""
    text = re.sub(r"<[^>]+>", " ", (leaky.parent / "separate/html/index.html").read_text(encoding="utf-8"))
    words = " ".join(text.split())
    assert "Read by html." in words
    assert "Written by html, a html builder tagged builder_html format_html." in words
    assert "For html and its family." in words
    assert "For print." not in words
    assert "Initialised for html." in words
    assert "Initialised for the PDF." not in words
    assert "Seen by html." in words
    assert "Seen by octavo-reader." not in words
    assert "A post-transform for html alone." in words
    assert (leaky.parent / "separate/html/_static/more.css").is_file()
    assert "A directive of the theme." in words
    assert "added-while-reading.js" in (leaky.parent / "separate/html/index.html").read_text(encoding="utf-8")


def different(some: dict[str, bytes], others: dict[str, bytes]) -> list[str]:
    """Names of what is not the same in both."""
    return [path for path, content in some.items() if content != others[path]]


def files(folder: Path) -> dict[str, bytes]:
    """Path to content; without what Sphinx keeps for itself."""
    own = {".doctrees", ".buildinfo", ".octavo"}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not own & set(path.relative_to(folder).parts)
    }
