"""Breaks planted in the sources and in the artefacts are found, in each format, with their file and line."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from octavo_testing import Run

# line numbers are those of this text
INDEX = """\
# Root

```{toctree}
target
gone-page
```

A {doc}`gone-doc` and a [page](gone-file.md).

An [anchor](target.md#gone-anchor), and a {ref}`gone-label`.

A {term}`gone term`, and a {numref}`gone-figure`.

![A picture](gone.png)

A {download}`file <gone.zip>`.

<p><a href="Target.html">case</a></p>

<p><a href="../../outside.html">outside</a></p>

<p><a href="target.html#gone-fragment">fragment</a></p>

<p><a href="file:///etc/hosts">local</a></p>

A note.[^gone]

<p><a href="gone-raw.html">raw</a></p>
"""
TARGET = "# Target\n\n(here)=\n## Somewhere\n\nText, {ref}`here`.\n"

# (line, rules that may name it, the value that stands there)
PLANTED = [
    (5, {"links/page-missing"}, "gone-page"),
    (8, {"links/page-missing"}, "gone-doc"),
    (8, {"links/target-missing", "links/page-missing"}, "gone-file.md"),
    (10, {"links/target-missing", "links/anchor-missing"}, "gone-anchor"),
    (10, {"links/label-missing"}, "gone-label"),
    (12, {"links/term-missing"}, "gone term"),
    (12, {"links/label-missing"}, "gone-figure"),
    (14, {"links/image-missing"}, "gone.png"),
    (16, {"links/file-missing"}, "gone.zip"),
    (18, {"links/case-mismatch", "links/page-missing"}, "Target.html"),
    (20, {"links/outside-root"}, "../../outside.html"),
    (22, {"links/anchor-missing"}, "gone-fragment"),
    (24, {"links/local-file"}, "file:///etc/hosts"),
    (26, {"links/footnote-missing", "links/target-missing"}, "gone"),
    (28, {"links/page-missing", "links/file-missing"}, "gone-raw.html"),
]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with everything planted."""
    root = tmp_path_factory.mktemp("broken") / "project"
    root.mkdir()
    (root / "conf.py").write_text(
        'project = "Broken"\nextensions = ["myst_parser"]\nnumfig = True\nmyst_heading_anchors = 2\n'
    )
    (root / "index.md").write_text(INDEX)
    (root / "target.md").write_text(TARGET)
    return root


@pytest.fixture(scope="module", params=["html", "pdf", "epub", "html pdf epub"])
def found(request: pytest.FixtureRequest, broken: Path, octavo: Callable[..., Run]) -> list[dict[str, object]]:
    """What is found in one format built alone, and in all of them from one read."""
    out = broken.parent / f"out-{request.param.replace(' ', '-')}"
    chosen = [argument for name in request.param.split() for argument in ("--format", name)]
    run = octavo("build", broken, *chosen, "--out", out)
    assert run.status == 0, run.err
    status, found = findings(octavo, broken, "--out", out)
    assert status == 2
    return found


def findings(octavo: Callable[..., Run], *arguments: str | Path) -> tuple[int, list[dict[str, object]]]:
    run = octavo("check", *arguments, "--json")
    assert "Traceback" not in run.err
    return run.status, json.loads(run.out)["diagnostics"]


@pytest.mark.parametrize(("line", "rules", "value"), PLANTED, ids=[value for _, _, value in PLANTED])
def test_planted_in_the_sources(found: list[dict[str, object]], line: int, rules: set[str], value: str) -> None:
    hits = [d for d in found if d["rule"] in rules and value in str(d["value"])]
    places = {(Path(str(d["location"].get("source"))).name, d["location"].get("line")) for d in hits}  # type: ignore[attr-defined]
    assert ("index.md", line) in places, found


def test_nothing_else_is_found_there(found: list[dict[str, object]]) -> None:
    known = {(line, rule) for line, rules, _ in PLANTED for rule in rules}
    # for the footnote, docutils says a second thing, and Sphinx's site has a link to the message that it took away
    known |= {(26, "links/anchor-missing")}
    others = [d for d in found if (d["location"].get("line"), d["rule"]) not in known]  # type: ignore[attr-defined]
    assert others == []


@pytest.fixture
def built(octavo: Callable[..., Run], project: Callable[..., Path]) -> Path:
    """A clean project, built."""
    index = (
        "# Root\n\n```{toctree}\ntarget\n```\n\nA link to {ref}`here`.\n\n"
        "![Picture](picture.png)\n\nMore on [the web](https://example.org/).\n"
    )
    image = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360606000000004"
        "0001f61738550000000049454e44ae426082"
    )
    root = project({"index.md": index, "target.md": TARGET, "picture.png": image}, conf="myst_heading_anchors = 2\n")
    run = octavo("build", root, "-W")
    assert run.status == 0, run.err
    status, found = findings(octavo, root)
    assert (status, found) == (0, [])
    return root


def test_planted_in_the_site(octavo: Callable[..., Run], built: Path) -> None:
    site = built / "_build/html"
    page = (site / "target.html").read_text(encoding="utf-8")
    (site / "target.html").write_text(page.replace('id="here"', 'id="not-here"'), encoding="utf-8")
    next((site / "_images").iterdir()).unlink()
    _, found = findings(octavo, built)
    seen = {(d["rule"], d["location"].get("source"), d["location"].get("line")) for d in found}  # type: ignore[attr-defined]
    index = (built / "index.md").as_posix()
    assert ("links/anchor-missing", index, 7) in seen
    assert ("links/image-missing", index, 9) in seen


def test_planted_in_the_epub(octavo: Callable[..., Run], built: Path) -> None:
    epub = built / "_build/epub/a-test.epub"
    rewrite(epub, {'id="here"': 'id="not-here"'})
    _, found = findings(octavo, built)
    index = (built / "index.md").as_posix()
    seen = {(d["rule"], d["location"].get("source"), d["location"].get("line")) for d in found}  # type: ignore[attr-defined]
    assert ("links/anchor-missing", index, 7) in seen


def test_planted_in_the_pdf(octavo: Callable[..., Run], built: Path) -> None:
    path = built / "_build/pdf/a-test.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        planted = 0
        for page in pdf.pages:
            for annotation in page.get("/Annots", []):
                if "/A" in annotation and annotation.A.get("/S") == "/URI":
                    annotation.A.URI = pikepdf.String("gone.html")
                    planted += 1
        assert planted == 1
        pdf.save(path)
    _, found = findings(octavo, built)
    assert [d["rule"] for d in found] == ["links/file-missing"]
    assert found[0]["location"]["page"] >= 1  # type: ignore[index]


def rewrite(epub: Path, changes: dict[str, str]) -> None:
    """Change texts inside an EPUB, everything else as it was."""
    aside = epub.with_suffix(".new")
    with zipfile.ZipFile(epub) as old, zipfile.ZipFile(aside, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith(".xhtml"):
                text = content.decode()
                for before, after in changes.items():
                    text = text.replace(before, after)
                content = text.encode()
            new.writestr(item, content)
    shutil.move(aside, epub)
