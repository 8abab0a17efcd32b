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
from octavo.metadata.model import (
    Accessibility,
    AlternateScript,
    Contributor,
    Cover,
    Identifier,
    Metadata,
    OtherTitle,
    Series,
    Subject,
)
from octavo.metadata.toml_lines import KeyLines
from octavo.metadata.vocabularies import COLLECTION_TYPES, CONFORMANCE, DEFAULT_CONFORMANCE, EXEMPTIONS, TITLE_TYPES

TOP_KEYS = (
    "title", "title-file-as", "title-alternate-script", "subtitle", "language", "other-languages", "date", "modified",
    "description", "publisher", "rights", "source", "type", "coverage", "relation",
    "identifier", "contributor", "other-title", "subject", "series", "collection", "accessibility", "cover",
)  # fmt: skip

KeyPath = tuple[str | int, ...]
Fault = Callable[[str], str | None]


def load(path: Path) -> Metadata:
    """Read the metadata of a book.

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
    metadata = _book(reader, data)
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

    def texts(
        self, table: Mapping[str, object], key: str, at: KeyPath = (), *, check: Fault | None = None
    ) -> tuple[str, ...]:
        """A string or a list of strings; what is not right is left out, with a fault."""
        value = table.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            self.fault((*at, key), f"is {_kind(value)}", "write a string, or a list of strings")
            return ()
        found = []
        for item in values:
            text = " ".join(item.split())
            remedy = check(text) if check and text else None
            if not text:
                self.fault((*at, key), "is empty", "write it or leave it out")
            elif remedy:
                self.fault((*at, key), f"'{text}' is not right", remedy)
            elif text not in found:
                found.append(text)
        return tuple(found)

    def alternates(
        self, table: Mapping[str, object], at: KeyPath = (), key: str = "alternate-script"
    ) -> tuple[AlternateScript, ...]:
        """The same words in other scripts: `alternate-script = [{ text = "...", language = "ja" }]`."""
        value = table.get(key, [])
        items = [value] if isinstance(value, dict) else value
        place = (*at, key)
        if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
            self.fault(place, f"is {_kind(value)}", f'write {key} = [{{ text = "...", language = "ja" }}]')
            return ()
        found = []
        for item in items:
            self.known_keys(item, ("text", "language"), place)
            text = self.text(item, "text", place, need=True)
            language = self.text(item, "language", place, check=checking.language_fault, need=True)
            if text and language:
                found.append(AlternateScript(text=text, language=language))
        return tuple(found)

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


def _book(reader: _Reader, data: Mapping[str, object]) -> Metadata:
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
        modified=_modified(reader, data) or last_change(date),
        other_languages=tuple(
            tag
            for tag in reader.texts(data, "other-languages", check=checking.language_fault)
            if tag.casefold() != language.casefold()
        ),
        title_file_as=reader.text(data, "title-file-as"),
        title_alternates=reader.alternates(data, key="title-alternate-script"),
        other_titles=tuple(_other_titles(reader, data)),
        collections=tuple(_collections(reader, data)),
        types=reader.texts(data, "type"),
        coverage=reader.texts(data, "coverage"),
        relations=reader.texts(data, "relation"),
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


def _modified(reader: _Reader, data: Mapping[str, object]) -> datetime.datetime | None:
    """The moment of the last change, UTC; a date is its midnight, a time without a zone is taken for UTC."""
    value = data.get("modified")
    if isinstance(value, datetime.datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=datetime.UTC)
        return aware.astimezone(datetime.UTC).replace(microsecond=0)
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.UTC)
    if value is not None:
        reader.fault(
            ("modified",), f"is {_kind(value)}", "write a TOML date or time without quotes, 2026-11-30T12:00:00Z"
        )
    return None


def _other_titles(reader: _Reader, data: Mapping[str, object]) -> Iterator[OtherTitle]:
    for at, item in reader.tables(data, "other-title"):
        reader.known_keys(item, ("text", "type", "file-as", "alternate-script"), at)
        text = reader.text(item, "text", at, need=True)
        kind = reader.text(item, "type", at, check=lambda v: checking.one_of_fault(v, TITLE_TYPES), need=True)
        if text and kind:
            file_as = reader.text(item, "file-as", at)
            yield OtherTitle(text=text, type=kind, file_as=file_as, alternates=reader.alternates(item, at))


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
        reader.known_keys(item, ("name", "file-as", "role", "alternate-script"), at)
        name = reader.text(item, "name", at, need=True)
        role = reader.text(item, "role", at, check=checking.role_fault) or "aut"
        file_as = reader.text(item, "file-as", at)
        if name:
            yield Contributor(name=name, role=role, file_as=file_as, alternates=reader.alternates(item, at))


def _subjects(reader: _Reader, data: Mapping[str, object]) -> Iterator[Subject]:
    for at, item in reader.tables(data, "subject"):
        reader.known_keys(item, ("term", "authority", "code"), at)
        term = reader.text(item, "term", at, need=True)
        authority = reader.text(item, "authority", at, check=checking.authority_fault)
        code = reader.text(item, "code", at, check=_code_check(authority))
        if (authority is None) != (code is None) and ("authority" in item) != ("code" in item):
            has, lacks = ("authority", "code") if authority else ("code", "authority")
            reader.fault((*at, has), f"stands without {lacks}", "write both or neither")
        elif term:
            yield Subject(term=term, authority=authority, code=code)


def _code_check(authority: str | None) -> Fault | None:
    return None if authority is None else lambda code: checking.subject_code_fault(authority, code)


def _series(reader: _Reader, data: Mapping[str, object]) -> Series | None:
    return _collection(reader, reader.table(data, "series"), ("series",)) if "series" in data else None


def _collections(reader: _Reader, data: Mapping[str, object]) -> Iterator[Series]:
    for at, item in reader.tables(data, "collection"):
        made = _collection(reader, item, at)
        if made is not None:
            yield made


def _collection(reader: _Reader, given: Mapping[str, object], at: KeyPath) -> Series | None:
    table = dict(given)
    known = ("name", "position", "file-as", "identifier", "alternate-script")
    reader.known_keys(table, known if at == ("series",) else (*known, "type"), at)
    position = table.get("position")
    # a number is what one writes there, and it means the same
    if isinstance(position, int | float) and not isinstance(position, bool):
        table["position"] = str(position)
    name = reader.text(table, "name", at, need=True)
    kind = reader.text(table, "type", at, check=lambda v: checking.one_of_fault(v, COLLECTION_TYPES)) or "series"
    place = reader.text(table, "position", at, check=_position_fault)
    file_as = reader.text(table, "file-as", at)
    identifier = reader.text(table, "identifier", at, check=checking.uri_fault)
    alternates = reader.alternates(table, at)
    if name is None:
        return None
    return Series(name=name, position=place, type=kind, file_as=file_as, identifier=identifier, alternates=alternates)


def _position_fault(value: str) -> str | None:
    # EPUB 3.3 section D.3.5: one or more numbers, separated by points
    right = all(part.isdecimal() and part.isascii() for part in value.split("."))
    return None if right else "write a number such as 2 or 2.5"


def _accessibility(reader: _Reader, data: Mapping[str, object]) -> Accessibility:
    table = reader.table(data, "accessibility")
    where = ("accessibility",)
    known = (
        "summary", "hazards", "certified-by", "conforms-to", "certifier-credential", "certifier-report", "exemption",
    )  # fmt: skip
    reader.known_keys(table, known, where)
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
    certified_by = reader.text(table, "certified-by", where)
    for key in ("conforms-to", "certifier-credential", "certifier-report"):
        if key in table and certified_by is None:
            reader.fault((*where, key), "stands without certified-by", "name who confirms it, or leave it out")
    return Accessibility(
        summary=reader.text(table, "summary", where),
        hazards=tuple(hazards),
        certified_by=certified_by,
        conforms_to=reader.text(table, "conforms-to", where, check=lambda v: checking.one_of_fault(v, CONFORMANCE))
        or DEFAULT_CONFORMANCE,
        credentials=reader.texts(table, "certifier-credential", where),
        report=reader.text(table, "certifier-report", where, check=checking.uri_fault),
        exemptions=reader.texts(table, "exemption", where, check=lambda v: checking.one_of_fault(v, EXEMPTIONS)),
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
