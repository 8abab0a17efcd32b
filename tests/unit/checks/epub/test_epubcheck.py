import json
import sys
from pathlib import Path

import pytest

from octavo.checks.epub.epubcheck import EpubCheckTool, epubcheck, find_epubcheck
from octavo.diagnostics import Location, OctavoError

REPORT = {
    "messages": [
        {
            "ID": "RSC-005",
            "severity": "ERROR",
            "message": "Error while parsing file",
            "suggestion": None,
            "additionalLocations": 3,
            "locations": [
                {"path": "EPUB/a.xhtml", "line": 7, "column": 2},
                {"path": "EPUB/b.xhtml", "line": -1, "column": -1},
            ],
        },
        {
            "ID": "PKG-012",
            "severity": "USAGE",
            "message": "A note",
            "suggestion": "Mend it",
            "locations": [{"path": "./x.epub"}],
        },
        {"ID": "OPF-003", "severity": "WARNING", "message": "Careful", "suggestion": "", "locations": []},
        {"ID": "OPF-900", "severity": "SUPPRESSED", "message": "No", "suggestion": "", "locations": []},
    ]
}  # fmt: skip


def tool(folder: Path, body: str) -> EpubCheckTool:
    script = folder / "tool.py"
    script.write_text(f"import sys, json, time\n{body}", encoding="utf-8")
    return EpubCheckTool(command=(sys.executable, str(script)))


def test_every_place_is_a_diagnostic(tmp_path):
    body = f"open(sys.argv[sys.argv.index('--json') + 1], 'w').write({json.dumps(REPORT)!r})"
    found = epubcheck(tmp_path / "x.epub", tool(tmp_path, body), artefact="out/x.epub")
    assert [(d.rule, d.context, d.location) for d in found] == [
        ("epub/invalid", "RSC-005", Location(artefact="out/x.epub", member="EPUB/a.xhtml", member_line=7)),
        ("epub/invalid", "RSC-005", Location(artefact="out/x.epub", member="EPUB/b.xhtml")),
        ("epub/invalid", "RSC-005", Location(artefact="out/x.epub")),
        ("epub/checker-usage", "PKG-012", Location(artefact="out/x.epub")),
        ("epub/checker-warning", "OPF-003", Location(artefact="out/x.epub")),
    ]
    assert found[2].value == "Error while parsing file (and 3 more places)"
    assert found[3].hint == "Mend it"


def test_a_checker_that_hangs_is_ended(tmp_path):
    with pytest.raises(OctavoError, match=r"did not end within 0\.5 seconds"):
        epubcheck(tmp_path / "x.epub", tool(tmp_path, "time.sleep(60)"), timeout=0.5)


def test_a_checker_without_a_report_is_a_problem_of_the_run(tmp_path):
    with pytest.raises(OctavoError, match="no such heap"):
        epubcheck(tmp_path / "x.epub", tool(tmp_path, "sys.exit('no such heap')"))


def test_a_checker_that_is_not_there_is_a_problem_of_the_run(tmp_path):
    with pytest.raises(OctavoError, match="can't be started"):
        epubcheck(tmp_path / "x.epub", EpubCheckTool(command=(str(tmp_path / "nothing"),)))


def test_a_jar_that_is_named_and_missing_is_not_replaced_in_silence(tmp_path):
    assert find_epubcheck({"EPUBCHECK_JAR": str(tmp_path / "none.jar"), "PATH": ""}) is None


def test_the_real_checker_finds_what_is_no_epub(tmp_path):
    real = find_epubcheck({})
    if real is None:
        pytest.skip("the extra 'validate' is not installed")
    path = tmp_path / "no.epub"
    path.write_bytes(b"not a zip")
    found = epubcheck(path, real)
    assert {d.rule for d in found} == {"epub/invalid"}
    assert all(d.location.artefact == str(path) for d in found)
