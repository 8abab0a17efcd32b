"""A page of Markdown: the counts, and what is not fine in tables; also GitHub's job summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

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
SUMMARY_ROOM = 1024 * 1024  # bytes of one step's summary; GitHub drops a larger one
_ROOM_FOR_REST = 200


def markdown_text(outcome: Outcome, fail_on: frozenset[str]) -> Iterator[str]:
    """The report."""
    totals = outcome.totals
    yield f"# Links\n\n| {' | '.join(totals)} |\n|{' --: |' * len(totals)}\n"
    yield f"| {' | '.join(map(str, totals.values()))} |\n\n"
    if outcome.internal:
        yield f"{outcome.internal} references inside of artefacts were followed.\n\n"
    for verdict, links in groupby(outcome.only(_HEADINGS), lambda link: link.verdict):
        yield f"## {_HEADINGS[verdict]} ({totals[str(verdict)]})\n\n| link | why | where |\n| --- | --- | --- |\n"
        for link in links:
            yield f"| {_code(link.url)} | {_escaped(link.sentence)} | {_places(link)} |\n"
        yield "\n"
    if outcome.notes:
        yield "## Notes\n\n"
        yield from (f"- {_escaped(note)}\n" for note in outcome.notes)


def job_summary(outcome: Outcome, fail_on: frozenset[str], room: int) -> str:
    """The same in at most `room` bytes of UTF-8, which is all that GitHub takes; it says what it leaves out."""
    pieces: list[bytes] = []
    left, links, shown = room - _ROOM_FOR_REST, 0, 0
    for piece in markdown_text(outcome, fail_on):
        encoded = piece.encode("utf-8", "replace")
        is_link = piece.startswith("| `")
        links += is_link
        if len(encoded) <= left:
            left -= len(encoded)
            shown += is_link
            pieces.append(encoded)
        else:
            left = 0  # a table is cut at one place
    text = b"".join(pieces).decode()
    return text if shown == links else f"{text}\n\nand {links - shown} links more, which are in the other reports.\n"


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
