"""From what is wrong in an artefact to diagnostics that name the source: the artefact's place joined to the trace's."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from octavo.diagnostics import Diagnostic, Location, by_place
from octavo.reading.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong at one place of an artefact.

    - member, line, page: the place as in `Location`.
    - target: the reference as written, by which the trace knows it; None for what is no reference.
    """

    rule: str
    value: str
    member: str | None = None
    line: int | None = None
    page: int | None = None
    target: str | None = None
    context: str | None = None
    hint: str | None = None


def diagnose(findings: Iterable[Finding], *, artefact: str, format: str, trace: Trace | None) -> tuple[Diagnostic, ...]:
    """One diagnostic for each place, in order of place.

    The n-th occurrence on a page belongs to the n-th place in its source. Where the source has fewer (a sidebar
    repeats it), the last stands for the rest; where it has more, each of them is named all the same.
    """
    together: dict[tuple[str | None, str | None, str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.member, finding.target, finding.rule, finding.value)
        together.setdefault(key, []).append(finding)
    made: dict[Diagnostic, None] = {}
    for same in together.values():
        sources = _sources(same[0], trace)
        for i in range(max(len(same), len(sources))):
            finding = same[min(i, len(same) - 1)]
            source = sources[min(i, len(sources) - 1)] if sources else Location()
            made[_diagnostic(finding, source, artefact, format)] = None
    return by_place(made)


def _sources(finding: Finding, trace: Trace | None) -> Sequence[Location]:
    if trace is None:
        return ()
    if finding.member is None:
        return trace.locate_anywhere(finding.target) if finding.target is not None else ()
    # an unknown target still gives the page's own source file
    return trace.locate(finding.member, finding.target if finding.target is not None else "#")


def _diagnostic(finding: Finding, source: Location, artefact: str, format: str) -> Diagnostic:
    location = dataclasses.replace(
        source, artefact=artefact, member=finding.member, member_line=finding.line, page=finding.page
    )
    return Diagnostic(
        rule=finding.rule,
        value=finding.value,
        location=location,
        context=finding.context,
        hint=finding.hint,
        formats=(format,),
    )
