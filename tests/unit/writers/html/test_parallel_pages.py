"""Pages written by two processes are those that one process writes, with the same findings in the same order."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from octavo.writers.html import parallel_pages
from octavo.writers.html.parallel_pages import WORTH_FORKING, everybody_is_known, worth_forking
from octavo_testing import Run

# Themes and parsers are not all ready for the next Sphinx
pytestmark = pytest.mark.filterwarnings("ignore:.*Check CHANGES for Sphinx API modifications")

CONF = 'extensions = ["myst_parser", "octavo"]\nnumfig = True\nhtml_copy_source = True\n'
PAGES = WORTH_FORKING + 6
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'


def book() -> dict[str, str]:
    names = [f"page{number:02}" for number in range(PAGES)]
    files = {"index.md": "# Book\n\n```{toctree}\n:numbered:\n\n" + "\n".join(names) + "\n```\n", "a.svg": PICTURE}
    for number, name in enumerate(names):
        files[f"{name}.md"] = (
            f"# Page number {number}\n\n```{{figure}} a.svg\n:name: figure-{number}\n:alt: A\n\nCaption {number}\n```\n"
            f"\n```{{index}} single: entry; of {number}\n```\n\n## Below\n\n"
            f"See {{numref}}`figure-{(number * 7) % PAGES}`, {{doc}}`page{(number + 1) % PAGES:02}`.\n"
        )
        if number % 9 == 5:
            files[f"{name}.md"] += f"\n{{ref}}`no-such-{number}` and [link](#nowhere-{number})\n"
    return files


def site(source: Path, out: Path, parallel: int) -> tuple[dict[str, bytes], list[str]]:
    """All files, and the warnings of writing."""
    app = SphinxTestApp(srcdir=source, builddir=out, parallel=parallel)
    app.build()
    files = {
        path.relative_to(app.outdir).as_posix(): path.read_bytes()
        for path in Path(app.outdir).rglob("*")
        if path.is_file() and path.name != ".buildinfo"  # some themes change the configuration that it is a digest of
    }
    said = app.warning.getvalue().splitlines()
    app.cleanup()
    return files, said


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pages each share had that forks have written."""
    numbers: list[int] = []
    theirs = parallel_pages._by_forks

    def noted(*arguments: object) -> Iterator[parallel_pages.Share]:
        for share in theirs(*arguments):  # type: ignore[arg-type]
            numbers.append(len(share))
            yield share

    monkeypatch.setattr(parallel_pages, "_by_forks", noted)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return numbers


@pytest.mark.parametrize("theme", ["sphinx_book_theme", "alabaster", "furo"])
def test_same_site_and_findings(theme: str, project: Callable[..., Path], tmp_path: Path, put: list[int]) -> None:
    source = project(book(), conf=CONF + f"html_theme = '{theme}'\n")
    alone, said_alone = site(source, tmp_path / "alone", 1)
    assert put == []
    shared, said = site(source, tmp_path / "shared", 2)
    assert sum(put) == PAGES - 2  # with the root document, three are written before
    assert len(put) == 12
    assert said == said_alone
    assert any("no-such-5" in line for line in said)
    assert sorted(shared) == sorted(alone)
    assert differences(alone, shared) == {}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
    """What two sites have where their files begin to differ."""
    found = {}
    for name, content in one.items():
        if content != other[name]:
            at = next((n for n, (a, b) in enumerate(zip(content, other[name], strict=False)) if a != b), 0)
            found[name] = content[max(0, at - 80) : at + 80], other[name][max(0, at - 80) : at + 80]
    return found


def fails(worker: parallel_pages._Worker, number: int) -> None:
    raise ValueError(number)


def dies(worker: parallel_pages._Worker, number: int) -> None:
    os._exit(3)


@pytest.mark.parametrize("how", [fails, dies])
def test_a_fork_that_fails(
    how: Callable[..., None],
    project: Callable[..., Path],
    tmp_path: Path,
    put: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = project(book(), conf=CONF)
    alone = site(source, tmp_path / "alone", 1)
    monkeypatch.setattr(parallel_pages._Worker, "share", how)
    assert site(source, tmp_path / "shared", 2) == alone
    assert put == []


def test_a_share_that_changes_the_book(
    project: Callable[..., Path], tmp_path: Path, put: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = project(book(), conf=CONF)
    alone = site(source, tmp_path / "alone", 1)
    changes = itertools.count()
    monkeypatch.setattr(parallel_pages._Worker, "_spanning", lambda _: (next(changes),))
    assert site(source, tmp_path / "shared", 2) == alone
    assert put == []


@pytest.mark.parametrize(
    ("conf", "known"),
    [
        ("", True),
        ("html_search_language = 'zh'\n", False),
        ("def setup(app):\n    app.connect('doctree-resolved', lambda *_: None)\n", False),
        ("def setup(app):\n    app.connect('env-updated', lambda *_: None)\n", True),
    ],
)
def test_who_has_a_hand_in_it(conf: str, known: bool, project: Callable[..., Path]) -> None:
    app = SphinxTestApp(srcdir=project({"index.md": "# Book\n"}, conf=CONF + conf))
    app.build()
    assert everybody_is_known(app, app.builder) is known
    app.cleanup()


def test_few_pages_are_written_here() -> None:
    assert not worth_forking(["page"] * (WORTH_FORKING - 1))


def test_findings_and_traces_of_the_command(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    source = project(book(), conf=CONF)
    state = source / "_build" / ".octavo"
    seen = []
    for jobs in ("1", "2"):
        (state / "kept-html.json").unlink(missing_ok=True)
        run = octavo("build", source, "--format", "html", "--jobs", jobs, "--json")
        assert run.status == 0, run.err
        report = json.loads(run.out)
        seen.append((report["diagnostics"], (state / "trace-html.json").read_bytes()))
    assert seen[0] == seen[1]
    assert [d for d in seen[0][0] if "no-such-5" in json.dumps(d)]
