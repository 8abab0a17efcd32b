"""A build with nothing to do does nothing, and one with anything to do does all of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo_testing import Run

CONF = 'html_static_path = ["static"]\n'
PAGE = "# A page\n\nSee {ref}`nowhere`.\n\n![A picture](a.svg)\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="{}"/>'


@pytest.fixture
def source(project: Callable[..., Path]) -> Path:
    files = {"index.md": PAGE, "a.svg": SVG.format(1), "static/own.css": "p { color: red }\n"}
    return project(files, conf=CONF)


def which(folder: Path) -> int:
    """Which folder it is: a new site is another one."""
    return folder.stat().st_ino


def test_nothing_is_written_twice(octavo: Callable[..., Run], source: Path) -> None:
    site, epub = source / "_build/html", source / "_build/epub/a-test.epub"
    first = octavo("build", source, "-f", "html", "-f", "epub")
    environment = next((source / "_build/.octavo").rglob("environment.pickle"))
    made = which(site), which(epub)
    saved = environment.stat().st_mtime_ns
    second = octavo("build", source, "-f", "html", "-f", "epub")
    assert (which(site), which(epub)) == made
    assert environment.stat().st_mtime_ns == saved
    assert second.status == first.status
    assert "nowhere" in first.out + first.err
    assert (second.out + second.err).count("nowhere") == (first.out + first.err).count("nowhere")


def test_a_document_that_is_gone_stays_gone(octavo: Callable[..., Run], source: Path) -> None:
    (source / "more.md").write_text("---\norphan: true\n---\n\n# More\n")
    octavo("build", source, "-f", "html")
    environment = next((source / "_build/.octavo").rglob("environment.pickle"))
    saved = environment.stat().st_mtime_ns
    (source / "more.md").unlink()
    octavo("build", source, "-f", "html")
    assert environment.stat().st_mtime_ns != saved
    assert not (source / "_build/html/more.html").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda source: (source / "index.md").write_text(PAGE + "\nMore.\n"),
        lambda source: (source / "a.svg").write_text(SVG.format(20)),
        lambda source: (source / "static/own.css").write_text("p { color: blue }\n"),
        lambda source: (source / "conf.py").write_text((source / "conf.py").read_text() + 'html_title = "New"\n'),
        lambda source: (source / "_build/html/index.html").unlink(),
        lambda source: (source / "_build/html/index.html").write_text("changed by hand"),
        lambda source: os.utime(source / "_build/.octavo/trace-html.json"),
    ],
    ids=["text", "picture", "style sheet", "configuration", "page gone", "page changed", "trace changed"],
)
def test_what_makes_a_build_write_again(
    octavo: Callable[..., Run], source: Path, change: Callable[[Path], object]
) -> None:
    assert octavo("build", source, "-f", "html", env={"SOURCE_DATE_EPOCH": "1700000000"}).status == 0
    before = which(source / "_build/html")
    change(source)
    assert octavo("build", source, "-f", "html", env={"SOURCE_DATE_EPOCH": "1700000000"}).status == 0
    assert which(source / "_build/html") != before
    assert "changed by hand" not in (source / "_build/html/index.html").read_text()


@pytest.mark.parametrize(
    ("options", "env"),
    [(["--fresh"], {}), (["-D", "html_title=Other"], {}), (["-t", "draft"], {}), ([], {"SOURCE_DATE_EPOCH": "1"})],
    ids=["fresh", "a value", "a tag", "the date"],
)
def test_what_is_asked_for_otherwise(
    octavo: Callable[..., Run], source: Path, options: list[str], env: dict[str, str]
) -> None:
    octavo("build", source, "-f", "html", env={"SOURCE_DATE_EPOCH": "1700000000"})
    before = which(source / "_build/html")
    octavo("build", source, "-f", "html", *options, env={"SOURCE_DATE_EPOCH": "1700000000", **env})
    assert which(source / "_build/html") != before
