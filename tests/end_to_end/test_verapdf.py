"""veraPDF, the reference validator, on the sample book: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2); and
on the sample set as a manual that holds files, PDF/A-3a (ISO 19005-3).

`OCTAVO_VERAPDF_FILES`, paths parted as in PATH, names further PDFs to try by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from octavo_testing import ROOT, Run

DRIVER = Path(__file__).resolve().parent.parent / "verapdf"
STANDARDS = ("ua1", "2a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """passed: flavours that the file keeps; broken: a line for each rule that it breaks, with the rule's clause."""

    passed: tuple[str, ...]
    broken: tuple[str, ...]


def _lacking_tool() -> str | None:
    return next((f"{tool} is not installed" for tool in ("mvn", "javac", "java") if shutil.which(tool) is None), None)


@pytest.fixture(scope="module")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Verdict]:
    """The validator; Maven builds its driver and fetches its library into the user's usual cache."""
    lacking = _lacking_tool()
    if lacking:
        pytest.skip(lacking)
    build = tmp_path_factory.mktemp("verapdf")
    classpath = build / "classpath.txt"
    maven = [
        "mvn", "-q", "-B", "-f", str(DRIVER / "pom.xml"), f"-Doctavo.build={build}",
        "compile", "dependency:build-classpath", f"-Dmdep.outputFile={classpath}",
    ]  # fmt: skip
    made = subprocess.run(maven, capture_output=True, text=True, timeout=900, check=False)
    assert made.returncode == 0, made.stdout + made.stderr

    def validate(file: Path, standards: tuple[str, ...] = STANDARDS) -> Verdict:
        java = ["java", "-Xmx2g", "-cp", os.pathsep.join((str(build / "classes"), classpath.read_text().strip()))]
        asked = [*java, "octavo.Validate", ",".join(standards), str(file)]
        done = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", timeout=900, check=False)
        assert done.returncode == 0, done.stderr
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        results = {row[1]: row[3] for row in rows if row[0] == "result"}
        assert set(results) == set(standards)
        return Verdict(
            passed=tuple(flavour for flavour, said in results.items() if said == "passed"),
            broken=tuple(
                f"{flavour}: clause {clause}, test {test}, {times} times: {message} (first at {place})"
                for _, flavour, _, clause, test, times, message, place in (row for row in rows if row[0] == "rule")
            ),
        )

    return validate


def _holds(verdict: Verdict, file: Path, standards: tuple[str, ...] = STANDARDS) -> None:
    assert not verdict.broken, f"{file.name} breaks\n" + "\n".join(verdict.broken)
    assert verdict.passed == standards


@pytest.mark.slow
def test_the_sample_book_keeps_both_standards(
    octavo: Callable[..., Run], verapdf: Callable[..., Verdict], tmp_path: Path
) -> None:
    run = octavo("build", ROOT, "--format", "pdf", "--out", tmp_path)
    assert run.status == 0, run.err
    book = next((tmp_path / "pdf").glob("*.pdf"))
    _holds(verapdf(book), book)


@pytest.mark.slow
def test_a_manual_with_files_keeps_both_standards(
    octavo: Callable[..., Run], verapdf: Callable[..., Verdict], tmp_path: Path
) -> None:
    values = ("-D", "octavo_pdf_theme=manual", "-D", "octavo_pdf_attachments=data/*.csv")
    run = octavo("build", ROOT, "--format", "pdf", "--out", tmp_path, *values)
    assert run.status == 0, run.err
    book = next((tmp_path / "pdf").glob("*.pdf"))
    with pikepdf.open(book) as pdf:
        assert "data/timeline.csv" in pdf.attachments
    standards = ("ua1", "3a")
    _holds(verapdf(book, standards), book, standards)


def test_a_broken_rule_is_said_with_its_clause(verapdf: Callable[..., Verdict], tmp_path: Path) -> None:
    file = tmp_path / "untagged.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    verdict = verapdf(file)
    assert verdict.passed == ()
    assert any(line.startswith("ua1: clause 6.2, test 1,") for line in verdict.broken), verdict.broken
    assert any(line.startswith("2a: clause 6.7.2.2,") for line in verdict.broken), verdict.broken


if "OCTAVO_VERAPDF_FILES" in os.environ:  # files to try by hand, not a test that is left out without them

    @pytest.mark.parametrize("file", [Path(f) for f in os.environ["OCTAVO_VERAPDF_FILES"].split(os.pathsep)], ids=str)
    def test_named_file(verapdf: Callable[..., Verdict], file: Path) -> None:
        _holds(verapdf(file), file)
