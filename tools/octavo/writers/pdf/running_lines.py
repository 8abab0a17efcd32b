"""What stands at the head and at the foot of the pages, as a project says it.

A line has three places: at the inner edge, in the middle, at the outer edge; on one-sided paper these are left, middle
and right. In each stands text with fields (`"{chapter}"`, `"Page {folio}"`), and two texts with a bar between them are
for left-hand and for right-hand pages (`"{part}|{chapter}"`).
"""

from __future__ import annotations

import string as strings
from dataclasses import dataclass

from octavo.diagnostics import ConfigurationError
from octavo.writers.pdf import escape

FIELDS = ("title", "part", "chapter", "section", "folio", "release")
"""part: the book's title where there is none; section: the chapter's before its first section."""
LINES = ("head", "foot", "opener_foot")
"""An opener, the first page of a chapter, has no head."""
_PLACES = 3

Place = tuple[str, str]
"""What stands there on left-hand pages, and on right-hand ones, both with fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningLine:
    """One line: its name, and its places from the inner edge to the outer one."""

    name: str
    places: tuple[Place, ...]


def running_lines(given: object) -> tuple[RunningLine, ...]:
    """The lines that `octavo_pdf_running` names.

    Raises: ConfigurationError for a line or a field that there isn't.
    """
    if not isinstance(given, dict):
        raise ConfigurationError("octavo_pdf_running is no dictionary", f"Its keys are {', '.join(LINES)}.")
    found = []
    for name, places in given.items():
        if name not in LINES:
            raise ConfigurationError(f"octavo_pdf_running has no line {name!r}", f"There are {', '.join(LINES)}.")
        if isinstance(places, str) or not isinstance(places, (list, tuple)) or len(places) != _PLACES:
            raise ConfigurationError(
                f"octavo_pdf_running: {name!r} can't be {places!r}",
                "Give three texts: for the inner edge, the middle, the outer edge.",
            )
        found.append(RunningLine(name=str(name), places=tuple(_place(str(text)) for text in places)))
    return tuple(found)


def _place(text: str) -> Place:
    left, bar, right = text.partition("|")
    for side in (left, right):
        try:
            fields = [
                field for _text, field, _form, _conversion in strings.Formatter().parse(side) if field is not None
            ]
        except ValueError as error:
            raise ConfigurationError(f"octavo_pdf_running: {text!r} has a lone brace", "Write {{ for one.") from error
        for field in fields:
            if field not in FIELDS:
                raise ConfigurationError(
                    f"octavo_pdf_running has no field {{{field}}}", f"There are {', '.join(FIELDS)}."
                )
    return (left, right if bar else left)


def line_source(line: RunningLine, release: str) -> str:
    """The line for the template: a function of what the page is about, which gives (left-hand, right-hand) places."""
    sides = (escape.array(f"[{_markup(place[side], release)}]" for place in line.places) for side in (0, 1))
    return f"running-{line.name.replace('_', '-')}: now => ({', '.join(sides)})"


def _markup(text: str, release: str) -> str:
    made = []
    for words, field, _form, _conversion in strings.Formatter().parse(text):
        made.append(escape.markup(words))
        if field == "release":
            made.append(escape.markup(release))
        elif field is not None:
            made.append(f"#now.{field};")
    return "".join(made)
