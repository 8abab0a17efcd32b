"""DAISY Ace, the checker of EPUB's accessibility, finds nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from browser_flags import CHROMIUM_FLAGS

CHECKING = 600  # seconds
# a person says these, no machine may
OF_A_CERTIFIER = {"a11y:certifiedBy", "a11y:certifierCredential", "a11y:certifierReport"}


@pytest.fixture(scope="module")
def ace_environment(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Its environment: the Chromium that is installed, with our flags, and no folder of the user's."""
    home = tmp_path_factory.mktemp("ace")
    wrapper = home / "chromium"
    wrapper.write_text(f'#!/bin/sh\nexec "{chromium}" {" ".join(CHROMIUM_FLAGS)} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    folders = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(home))
    return {**os.environ, **folders, "PUPPETEER_EXECUTABLE_PATH": str(wrapper), "ACE_TIMEOUT_INITIAL": "60000"}


@pytest.mark.slow
@pytest.mark.parametrize("book", ["sample", "torture"])
def test_ace_finds_nothing(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    node: Path,
    node_modules: Path,
    ace_environment: dict[str, str],
    book: str,
) -> None:
    epub: Path = request.getfixturevalue(book)
    report = ace(node, node_modules, epub, tmp_path, ace_environment)
    assert violations(report) == []
    assert set(report["a11y-metadata"]["missing"]) <= OF_A_CERTIFIER
    assert report["a11y-metadata"]["empty"] == []


def ace(node: Path, node_modules: Path, epub: Path, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    program = node_modules / "@daisy/ace-cli/bin/ace.js"
    options = ["--force", "--timeout", str(CHECKING * 1000), "--tempdir", folder / "temporary", "--outdir", folder]
    done = subprocess.run(
        [node, program, *options, epub],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=CHECKING,
        check=False,
    )
    written = folder / "report.json"
    assert written.is_file(), f"Ace ended with {done.returncode} and no report: {done.stdout}{done.stderr}"
    report: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    return report


def violations(report: dict[str, Any]) -> list[str]:
    """Each one as file, impact, rule, what it says and where."""
    told = []
    for document in report["assertions"]:
        for found in document["assertions"]:
            test, result = found["earl:test"], found["earl:result"]
            if result["earl:outcome"] == "fail":
                says = " ".join(result["dct:description"].split())
                rule = f"{test['earl:impact']} {test['dct:title']}"
                told.append(f"{document['earl:testSubject']['url']}: {rule}: {says} {result.get('html', '')}")
    return told


def test_a_violation_is_told_with_its_file_and_rule(
    tmp_path: Path, node: Path, node_modules: Path, small: Path, ace_environment: dict[str, str]
) -> None:
    """Ace does look: an image that loses its alternative text is found."""
    spoilt = tmp_path / "spoilt.epub"
    spoil(small, spoilt)
    found = violations(ace(node, node_modules, spoilt, tmp_path, ace_environment))
    assert [line for line in found if line.startswith("cover.xhtml: ") and "image-alt" in line], found


def spoil(epub: Path, spoilt: Path) -> None:
    with zipfile.ZipFile(epub) as whole, zipfile.ZipFile(spoilt, "w") as archive:
        for name in whole.infolist():
            content = whole.read(name)
            if name.filename == "EPUB/cover.xhtml":
                assert b' alt="' in content
                content = re.sub(rb' alt="[^"]*"', b"", content)
            archive.writestr(name, content)
