"""A page of Markdown: the counts, and what is not fine in tables; also GitHub's job summary."""

from __future__ import annotations

import re

from octavo.checks.links.web.outcome import LinkOutcome, Outcome
from octavo.checks.links.web.verdict import Verdict

_HEADINGS = {
    Verdict.BROKEN: "Broken",
    Verdict.REDIRECTED: "Moved permanently",
    Verdict.UNKNOWN: "Could not be told",
    Verdict.IGNORED: "Ignored by rule",
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")
_MOST_PLACES = 20


def markdown_text(outcome: Outcome, fail_on: frozenset[str]) -> str:
    """The report."""
    totals = outcome.totals
    lines = ["# Links", "", "| " + " | ".join(totals) + " |", "|" + " --: |" * len(totals)]
    lines += ["| " + " | ".join(map(str, totals.values())) + " |", ""]
    lines += [f"{outcome.internal} references inside of artefacts were followed.", ""] if outcome.internal else []
    for verdict, heading in _HEADINGS.items():
        links = [link for link in outcome.links if link.verdict is verdict]
        if links:
            lines += [f"## {heading} ({len(links)})", "", "| link | why | where |", "| --- | --- | --- |"]
            lines += [f"| {_code(link.url)} | {_escaped(link.sentence)} | {_places(link)} |" for link in links]
            lines.append("")
    if outcome.notes:
        lines += ["## Notes", "", *(f"- {_escaped(note)}" for note in outcome.notes), ""]
    return "\n".join(lines).encode("utf-8", "replace").decode()


def _places(link: LinkOutcome) -> str:
    said = list(dict.fromkeys(_code(str(place)) for place in link.places))
    more = [f"and {len(said) - _MOST_PLACES} more"] if len(said) > _MOST_PLACES else []
    return "<br>".join([*said[:_MOST_PLACES], *more])


def _code(text: str) -> str:
    """A code span of any text, in a cell of a table."""
    clean = text.replace("\n", " ").replace("\r", " ").replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", clean)), default=0) + 1)
    pad = " " if clean.startswith("`") or clean.endswith("`") else ""
    return f"{fence}{pad}{clean}{pad}{fence}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
