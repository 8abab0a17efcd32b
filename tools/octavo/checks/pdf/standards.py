"""PDF/UA as others judge it: `pdfua`, which PyPI has, and veraPDF, the reference, where it is installed.

Neither is part of Octavo. What is not found is left out, and the caller says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from octavo.diagnostics import Diagnostic, Location, OctavoError

TIMEOUT_SECONDS = 1200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """A program. name: as users know it; command: its arguments before the file's path, the program first."""

    name: str
    command: tuple[str, ...]


class ValidatorError(OctavoError):
    """A validator that gave no verdict."""


def find_validators(environment: Mapping[str, str]) -> tuple[Validator, ...]:
    """Those that are installed: `pdfua` beside Python or on PATH, `verapdf` on PATH."""
    path = environment.get("PATH")
    beside = str(Path(sys.executable).parent)
    found = []
    pdfua = shutil.which("pdfua", path=beside) or shutil.which("pdfua", path=path)
    if pdfua:
        found.append(Validator(name="pdfua", command=(pdfua, "check", "--format", "json")))
    verapdf = shutil.which("verapdf", path=path)
    if verapdf:
        found.append(Validator(name="veraPDF", command=(verapdf, "--flavour", "ua1", "--format", "xml")))
    return tuple(found)


def validated(path: Path, validator: Validator, *, artefact: str | None = None) -> tuple[Diagnostic, ...]:
    """What a validator has against the PDF at `path`.

    Raises: ValidatorError when it does not end in time or says nothing that can be read.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- a validator that the user has installed, and one path
            [*validator.command, str(path.resolve())],
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        found = _of_pdfua(done.stdout) if validator.name == "pdfua" else _of_verapdf(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise ValidatorError(f"{validator.name} did not end in {TIMEOUT_SECONDS:.0f} s", f"File: {path}") from error
    except (OSError, ValueError, KeyError, TypeError, etree.XMLSyntaxError) as error:
        raise ValidatorError(f"{validator.name} gave no verdict: {error}", f"File: {path}") from error
    name = artefact or path.as_posix()
    return tuple(
        Diagnostic(
            rule="pdf/standard-broken",
            value=said,
            context=f"{validator.name} {rule}",
            location=Location(artefact=name, page=page),
            formats=("pdf",),
        )
        for rule, said, page in found
    )


_Found = tuple[str, str, int | None]


def _of_pdfua(output: bytes) -> list[_Found]:
    findings = json.loads(output)["findings"]
    return [
        (str(f["rule_id"]), str(f["message"]), page if isinstance(page := f.get("page"), int) and page > 0 else None)
        for f in findings
        if f.get("severity") in ("error", "warning")
    ]


def _of_verapdf(output: bytes) -> list[_Found]:
    """The failed rules of veraPDF's machine-readable report, each once: it counts the places itself."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(output, parser)
    verdicts = root.findall(".//validationReport")
    if not verdicts:
        raise ValueError("its report holds none")
    found: list[_Found] = []
    for rule in root.iterfind(".//validationReport//rule"):
        if rule.get("status") == "failed":
            said = " ".join((rule.findtext("description") or "").split())
            found.append(
                (f"{rule.get('clause')}-{rule.get('testNumber')}", f"{said} ({rule.get('failedChecks')} times)", None)
            )
    return found
