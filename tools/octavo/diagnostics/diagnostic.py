"""A finding about the book: a rule, a place, a value."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from octavo.diagnostics.location import Location
from octavo.diagnostics.rules import rule_of
from octavo.diagnostics.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding at one place.

    - rule: a stable id from `octavo.diagnostics.rules`, `area/name`.
    - value: what is wrong there, as it stands in the book (an anchor, a URL, a file name, a key).
    - context: what it was looked for in, or another fact that the rule's text names; None where there is none.
    - hint: the remedy as a short clause ("did you mean 'set-up'?"), or None.
    - formats: the formats in which it was found ("html", "epub", "pdf"), sorted; empty for what concerns the sources.

    Raises (on creation): KeyError when `rule` is not in the table of rules.
    """

    rule: str
    value: str
    location: Location = Location()  # noqa: RUF009 -- a frozen value, shared safely
    context: str | None = None
    hint: str | None = None
    formats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rule_of(self.rule)

    @property
    def severity(self) -> Severity:
        """The severity of the rule."""
        return rule_of(self.rule).severity

    @property
    def message(self) -> str:
        """The sentence without place, rule or hint."""
        return rule_of(self.rule).message(self.value, self.context)

    def __str__(self) -> str:
        """`book/ch3.md:41:7: error links/anchor-missing: no anchor 'setup' in ch2.md; did you mean 'set-up'?`"""
        text = f"{self.location}: {self.severity} {self.rule}: {self.message}"
        if self.hint:
            text += f"; {self.hint}"
        if self.formats:
            text += f" [{', '.join(self.formats)}]"
        return text

    def as_json(self) -> dict[str, object]:
        """A JSON object; what is unknown is left out."""
        place = {k: v for k, v in dataclasses.asdict(self.location).items() if v is not None}
        found: dict[str, object] = {
            "rule": self.rule,
            "severity": str(self.severity),
            "message": self.message,
            "value": self.value,
            "location": place,
        }
        if self.context is not None:
            found["context"] = self.context
        if self.hint is not None:
            found["hint"] = self.hint
        if self.formats:
            found["formats"] = list(self.formats)
        return found

    @classmethod
    def from_json(cls, data: dict[str, object]) -> Diagnostic:
        """The inverse of `as_json`.

        Raises: KeyError or TypeError when `data` was not made by `as_json`.
        """
        place = data["location"]
        if not isinstance(place, dict):
            raise TypeError(f"a location must be an object, not {type(place).__name__}")
        formats = data.get("formats", ())
        context, hint = data.get("context"), data.get("hint")
        return cls(
            rule=str(data["rule"]),
            value=str(data["value"]),
            location=Location(**place),
            context=None if context is None else str(context),
            hint=None if hint is None else str(hint),
            formats=tuple(str(f) for f in formats) if isinstance(formats, (list, tuple)) else (),
        )


def by_place(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """All of them in order of path, line, rule and value."""
    return tuple(sorted(diagnostics, key=lambda d: (d.location.sort_key(), d.rule, d.value)))


def with_formats(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Join findings that differ only in their formats, so that one problem found by three writers is said once.

    What was found while reading concerns every format, and keeps none.
    """
    joined: dict[Diagnostic, set[str]] = {}
    of_sources: set[Diagnostic] = set()
    for diagnostic in diagnostics:
        bare = dataclasses.replace(diagnostic, formats=())
        joined.setdefault(bare, set()).update(diagnostic.formats)
        if not diagnostic.formats:
            of_sources.add(bare)
    return by_place(
        d if d in of_sources else dataclasses.replace(d, formats=tuple(sorted(formats)))
        for d, formats in joined.items()
    )
