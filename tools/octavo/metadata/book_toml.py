"""`book.toml` to `Metadata`: parsed once, checked whole.

Every fault of the file is said in one error, each as `path:line: key: what, remedy`. Nothing is guessed and nothing
that is unknown is let through: a misspelt key would be a field that silently stays empty.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from octavo.diagnostics import ConfigurationError
from octavo.metadata import checking
from octavo.metadata.identity import derived_uuid, last_change
from octavo.metadata.model import Accessibility, Contributor, Cover, Identifier, Metadata, Series, Subject
from octavo.metadata.toml_lines import KeyLines

TOP_KEYS = (
    "title", "subtitle", "language", "date", "description", "publisher", "rights", "source",
    "identifier", "contributor", "subject", "series", "accessibility", "cover",
)  # fmt: skip

KeyPath = tuple[str | int, ...]
Fault = Callable[[str], str | None]


def load(path: Path, *, environment: Mapping[str, str] | None = None) -> Metadata:
    """Read the metadata of a book.

    `environment` gives SOURCE_DATE_EPOCH, the moment of the last change where the book has no date; None for none.

    Raises: ConfigurationError when the file can't be read, is not TOML, or has faults (all of them in one message).
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: can't be read ({error.strerror})", "Check octavo_metadata or --conf."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 (byte {error.start})", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}", "See https://toml.io for the syntax.") from error
    reader = _Reader(path, KeyLines(text))
    metadata = _book(reader, data, environment or {})
    reader.finish()
    return metadata


class _Reader:
    """Takes typed values out of TOML tables and collects what is wrong with them."""

    def __init__(self, path: Path, lines: KeyLines) -> None:
        self.path = path
        self._lines = lines
        self._faults: list[tuple[int, str]] = []

    def fault(self, key: KeyPath, what: str, remedy: str | None) -> None:
        line = self._lines.line_of(key)
        name = ".".join(str(k) for k in key if isinstance(k, str))
        self._faults.append((line, f"{self.path}:{line}: {name}: {what}" + (f", {remedy}" if remedy else "")))

    def finish(self) -> None:
        """Raises: ConfigurationError when there was any fault."""
        if self._faults:
            raise ConfigurationError(
                "\n".join(text for _, text in sorted(self._faults)), f"Correct {self.path.name} and build again."
            )

    def known_keys(self, table: Mapping[str, object], known: tuple[str, ...], at: KeyPath = ()) -> None:
        for key in table:
            if key not in known:
                near = checking.did_you_mean(key, known)
                self.fault((*at, key), "unknown key", near or f"known here: {', '.join(known)}")

    def text(
        self, table: Mapping[str, object], key: str, at: KeyPath = (), *, check: Fault | None = None, need: bool = False
    ) -> str | None:
        """A string that is not blank; None (and a fault, where it is needed or wrong) else."""
        value = table.get(key)
        place = (*at, key)
        if value is None:
            if need:
                self.fault(place, "missing", f'write {key} = "..."')
            return None
        if not isinstance(value, str):
            self.fault(place, f"is {_kind(value)}", "write a string in quotes")
            return None
        value = " ".join(value.split()) if key != "description" else value.strip()
        if not value:
            self.fault(place, "is empty", "write it or leave the line out")
            return None
        remedy = check(value) if check else None
        if remedy:
            self.fault(place, f"'{value}' is not right", remedy)
        return value

    def table(self, data: Mapping[str, object], key: str) -> Mapping[str, object]:
        value = data.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault((key,), f"is {_kind(value)}", f"write a table [{key}]")
        return {}

    def tables(self, data: Mapping[str, object], key: str) -> Iterator[tuple[KeyPath, Mapping[str, object]]]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault((key,), f"is {_kind(value)}", f"write one table [[{key}]] for each")
            return
        for index, item in enumerate(value):
            yield (key, index), item


def _book(reader: _Reader, data: Mapping[str, object], environment: Mapping[str, str]) -> Metadata:
    reader.known_keys(data, TOP_KEYS)
    title = reader.text(data, "title", need=True) or "?"
    language = reader.text(data, "language", check=checking.language_fault, need=True) or "und"
    date = _date(reader, data)
    contributors = tuple(_contributors(reader, data))
    identifiers = tuple(_identifiers(reader, data))
    if not identifiers:
        identifiers = (derived_uuid(title, contributors, language),)
    return Metadata(
        title=title,
        language=language,
        identifiers=identifiers,
        modified=last_change(date, environment),
        subtitle=reader.text(data, "subtitle"),
        contributors=contributors,
        date=date,
        publisher=reader.text(data, "publisher"),
        description=reader.text(data, "description"),
        rights=reader.text(data, "rights"),
        source=reader.text(data, "source"),
        subjects=tuple(_subjects(reader, data)),
        series=_series(reader, data),
        accessibility=_accessibility(reader, data),
        cover=_cover(reader, data),
    )


def _date(reader: _Reader, data: Mapping[str, object]) -> datetime.date | None:
    value = data.get("date")
    if isinstance(value, datetime.datetime):
        reader.fault(("date",), "has a time of day", f"write date = {value.date().isoformat()}")
    elif isinstance(value, datetime.date):
        return value
    elif value is not None:
        reader.fault(("date",), f"is {_kind(value)}", "write a TOML date without quotes, date = 2026-11-30")
    return None


def _identifiers(reader: _Reader, data: Mapping[str, object]) -> Iterator[Identifier]:
    for at, item in reader.tables(data, "identifier"):
        reader.known_keys(item, ("type", "value"), at)
        kind = reader.text(item, "type", at, check=checking.identifier_type_fault, need=True)
        known = kind if kind is not None and checking.identifier_type_fault(kind) is None else None
        value = reader.text(item, "value", at, check=_identifier_check(known), need=True)
        if known and value:
            yield Identifier(type=known, value=value)


def _identifier_check(kind: str | None) -> Fault | None:
    return None if kind is None else lambda value: checking.identifier_fault(kind, value)


def _contributors(reader: _Reader, data: Mapping[str, object]) -> Iterator[Contributor]:
    for at, item in reader.tables(data, "contributor"):
        reader.known_keys(item, ("name", "file-as", "role"), at)
        name = reader.text(item, "name", at, need=True)
        role = reader.text(item, "role", at, check=checking.role_fault) or "aut"
        file_as = reader.text(item, "file-as", at)
        if name:
            yield Contributor(name=name, role=role, file_as=file_as)


def _subjects(reader: _Reader, data: Mapping[str, object]) -> Iterator[Subject]:
    for at, item in reader.tables(data, "subject"):
        reader.known_keys(item, ("term", "authority", "code"), at)
        term = reader.text(item, "term", at, need=True)
        authority, code = reader.text(item, "authority", at), reader.text(item, "code", at)
        if (authority is None) != (code is None) and ("authority" in item) != ("code" in item):
            has, lacks = ("authority", "code") if authority else ("code", "authority")
            reader.fault((*at, has), f"stands without {lacks}", "write both or neither")
        elif term:
            yield Subject(term=term, authority=authority, code=code)


def _series(reader: _Reader, data: Mapping[str, object]) -> Series | None:
    if "series" not in data:
        return None
    table = dict(reader.table(data, "series"))
    reader.known_keys(table, ("name", "position"), ("series",))
    position = table.get("position")
    # a number is what one writes there, and it means the same
    if isinstance(position, int | float) and not isinstance(position, bool):
        table["position"] = str(position)
    name = reader.text(table, "name", ("series",), need=True)
    place = reader.text(table, "position", ("series",), check=_position_fault)
    return Series(name=name, position=place) if name else None


def _position_fault(value: str) -> str | None:
    # EPUB 3.3 section D.3.5: one or more numbers, separated by points
    right = all(part.isdecimal() and part.isascii() for part in value.split("."))
    return None if right else "write a number such as 2 or 2.5"


def _accessibility(reader: _Reader, data: Mapping[str, object]) -> Accessibility:
    table = reader.table(data, "accessibility")
    reader.known_keys(table, ("summary", "hazards", "certified-by"), ("accessibility",))
    hazards = table.get("hazards", [])
    at = ("accessibility", "hazards")
    if not isinstance(hazards, list) or not all(isinstance(h, str) for h in hazards):
        reader.fault(at, f"is {_kind(hazards)}", 'write a list of strings, hazards = ["none"]')
        hazards = []
    for hazard in hazards:
        remedy = checking.hazard_fault(hazard)
        if remedy:
            reader.fault(at, f"'{hazard}' is not a hazard", remedy)
    if len(hazards) > 1 and {"none", "unknown"} & set(hazards):
        reader.fault(at, "'none' and 'unknown' stand alone", "leave out either")
    return Accessibility(
        summary=reader.text(table, "summary", ("accessibility",)),
        hazards=tuple(hazards),
        certified_by=reader.text(table, "certified-by", ("accessibility",)),
    )


def _cover(reader: _Reader, data: Mapping[str, object]) -> Cover:
    table = reader.table(data, "cover")
    reader.known_keys(table, ("image", "alt"), ("cover",))
    name = reader.text(table, "image", ("cover",))
    image = (reader.path.parent / name).resolve() if name else None
    if image is not None and not image.is_file():
        reader.fault(("cover", "image"), f"no file '{name}'", f"it is looked for in {reader.path.parent}")
    return Cover(image=image, alt=reader.text(table, "alt", ("cover",)))


def _kind(value: object) -> str:
    """What TOML calls the type of a value, with its article."""
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array", dict: "a table"}
    return names.get(type(value), "a date or time")
