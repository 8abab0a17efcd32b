"""Validators of PDF/UA: what they say becomes findings, and what says nothing is an error of the run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from octavo.checks.pdf import Validator, ValidatorError, find_validators, validated

PDFUA = {
    "findings": [
        {"rule_id": "UA-07-002", "severity": "error", "message": "no title", "page": 3},
        {"rule_id": "UA-28-004", "severity": "warning", "message": "no alternative", "page": None},
        {"rule_id": "UA-00-001", "severity": "info", "message": "nothing"},
    ]
}
VERAPDF = """<report><jobs><job><validationReport isCompliant="false"><details failedRules="1">
<rule specification="ISO 14289-1:2014" clause="7.1" testNumber="10" status="failed" failedChecks="2">
<description>The document
   has a title</description></rule>
<rule specification="ISO 14289-1:2014" clause="5" testNumber="1" status="passed" failedChecks="0"/>
</details></validationReport></job></jobs></report>"""


def saying(name: str, output: str, tmp_path: Path) -> Validator:
    script = tmp_path / "validator.py"
    script.write_text(f"import sys\nassert sys.argv[1].endswith('a.pdf')\nprint({output!r})\n", encoding="utf-8")
    return Validator(name=name, command=(sys.executable, str(script)))


def test_findings_of_pdfua(tmp_path: Path) -> None:
    found = validated(tmp_path / "a.pdf", saying("pdfua", json.dumps(PDFUA), tmp_path), artefact="a.pdf")
    assert [(d.rule, d.context, d.value, d.location.page) for d in found] == [
        ("pdf/standard-broken", "pdfua UA-07-002", "no title", 3),
        ("pdf/standard-broken", "pdfua UA-28-004", "no alternative", None),
    ]


def test_findings_of_verapdf(tmp_path: Path) -> None:
    found = validated(tmp_path / "a.pdf", saying("veraPDF", VERAPDF, tmp_path))
    assert [(d.context, d.value) for d in found] == [("veraPDF 7.1-10", "The document has a title (2 times)")]


@pytest.mark.parametrize(
    ("name", "output"), [("pdfua", "no file"), ("veraPDF", "no file"), ("veraPDF", "<report/>"), ("pdfua", "{}")]
)
def test_no_verdict_is_no_pass(tmp_path: Path, name: str, output: str) -> None:
    with pytest.raises(ValidatorError, match=f"{name} gave no verdict"):
        validated(tmp_path / "a.pdf", saying(name, output, tmp_path))


def test_validators_are_found_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "elsewhere" / "python"))
    assert find_validators({"PATH": str(tmp_path)}) == ()
    for name in ("pdfua", "verapdf"):
        suffix = ".bat" if sys.platform == "win32" else ""
        (tmp_path / f"{name}{suffix}").write_text("", encoding="utf-8")
        (tmp_path / f"{name}{suffix}").chmod(0o755)
    assert [v.name for v in find_validators({"PATH": str(tmp_path)})] == ["pdfua", "veraPDF"]
