"""`octavo check pdf`: of a project, and of a file of any maker."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf

from octavo_testing import Run

WIDE = "\\text{" + "a formula that is much wider than any page " * 12 + "}"


def test_findings_of_a_project_name_their_source(octavo: Callable[..., Run], project: Callable[..., Path]) -> None:
    text = "Words that fill lines so that the edge of the text is known. " * 60
    root = project(
        {
            "index.md": f"# Book\n\n```{{toctree}}\none\ntwo\n```\n\n{text}\n",
            "one.md": f"# One\n\n{text}\n",
            "two.md": f"# Two\n\n{text}\n\n$$\n{WIDE}\n$$\n",
        },
        conf='myst_enable_extensions = ["dollarmath"]\noctavo_pdf_two_sided = False\n',
    )
    assert octavo("build", root, "--format", "pdf").status == 0
    run = octavo("check", "pdf", root, "--no-validators", "--json")
    assert run.status == 2, run.err
    report = json.loads(run.out)
    found = [d for d in report["diagnostics"] if d["rule"] in ("pdf/text-in-margin", "pdf/text-off-page")]
    assert {Path(d["location"]["source"]).name for d in found} == {"two.md"}, report
    assert len(report["left_out"]) == 2


def test_a_file_of_any_maker(octavo: Callable[..., Run], tmp_path: Path) -> None:
    path = tmp_path / "untagged.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    run = octavo("check", "pdf", "--no-validators", path)
    assert run.status == 0
    assert "it has no tags" in run.err + run.out
    assert octavo("check", "pdf", "--no-validators", "-W", path).status == 2
    assert octavo("check", "pdf", tmp_path / "none.pdf").status == 3
