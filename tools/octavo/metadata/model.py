"""What a book says about itself: one immutable value, from which OPF, XMP and the title page are made."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from octavo.metadata.vocabularies import DEFAULT_CONFORMANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternateScript:
    """The same words in another script or language. language: BCP 47 tag of these words."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """A person or body with its part in the book.

    - role: MARC relator code (https://id.loc.gov/vocabulary/relators), "aut" for an author.
    - file_as: the form to sort by ("Edgers, Geoff"), or None when it is the name itself.
    """

    name: str
    role: str = "aut"
    file_as: str | None = None
    alternates: tuple[AlternateScript, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTitle:
    """A title besides title and subtitle. type: short, collection, edition or expanded (EPUB 3.3 section D.3.11)."""

    text: str
    type: str
    file_as: str | None = None
    alternates: tuple[AlternateScript, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """What the book can be cited by. type: a key of `vocabularies.IDENTIFIER_TYPES`; value without any prefix."""

    type: str
    value: str

    def as_uri(self) -> str:
        """The identifier as a URI, as `dc:identifier` and XMP want it (URN for ISBN and UUID, `doi:` for a DOI)."""
        match self.type:
            case "uuid":
                return f"urn:uuid:{self.value}"
            case "isbn-13" | "isbn-10":
                return f"urn:isbn:{self.value.replace('-', '').replace(' ', '')}"
            case "doi":
                return f"doi:{self.value}"
            case "ismn-13":
                return f"urn:ismn:{self.value.replace('-', '').replace(' ', '')}"
            case _:
                return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the book is about. `authority` ("BISAC", "Thema", ...) and `code` stand together or not at all."""

    term: str
    authority: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series, or another collection, that the book belongs to.

    - position: as printed ("2", "2.5"), or None.
    - type: "series" for one without a foreseen end, "set" for a finite one (EPUB 3.3 section D.3.3).
    - identifier: of the collection itself, as a URI (`urn:issn:...`), or None.
    """

    name: str
    position: str | None = None
    type: str = "series"
    file_as: str | None = None
    identifier: str | None = None
    alternates: tuple[AlternateScript, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What only a person can say about the book's accessibility (EPUB Accessibility 1.1, section 2).

    - hazards: schema.org hazard values ("none", "flashing", "noSoundHazard", ...); empty for "unknown".
    - certified_by: the named person or body that confirms conformance, or None when nobody does.
    - conforms_to: what is confirmed, a value of `vocabularies.CONFORMANCE`.
    - credentials: of the certifier: names, or addresses of badges; report: address of the report, or None.
    - exemptions: from the European Accessibility Act (`vocabularies.EXEMPTIONS`).
    """

    summary: str | None = None
    hazards: tuple[str, ...] = ()
    certified_by: str | None = None
    conforms_to: str = DEFAULT_CONFORMANCE
    credentials: tuple[str, ...] = ()
    report: str | None = None
    exemptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cover: a picture of the author's own (absolute path), or None to have one set from the metadata."""

    image: Path | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Everything that the book says about itself.

    - language: BCP 47 tag of the main text.
    - date: date of publication, or None when unknown (nothing invents one).
    - identifiers: at least one; the first is the package's unique identifier.
    - other_languages: further languages that it is written in, BCP 47 tags.
    - contributors: in order of display.
    - title_file_as: the title as it is sorted ("Trail, On the"), or None.
    - collections: series and sets besides `series`.
    - types, coverage, relations: `dc:type`, `dc:coverage`, `dc:relation`, as text.
    - modified: moment of the last change for `dcterms:modified`, UTC, whole seconds.
    - source: what the book was made from (`dc:source`), or None.
    """

    title: str
    language: str
    identifiers: tuple[Identifier, ...]
    modified: datetime.datetime
    subtitle: str | None = None
    contributors: tuple[Contributor, ...] = ()
    date: datetime.date | None = None
    publisher: str | None = None
    description: str | None = None
    rights: str | None = None
    source: str | None = None
    subjects: tuple[Subject, ...] = ()
    series: Series | None = None
    other_languages: tuple[str, ...] = ()
    title_file_as: str | None = None
    title_alternates: tuple[AlternateScript, ...] = ()
    other_titles: tuple[OtherTitle, ...] = ()
    collections: tuple[Series, ...] = ()
    types: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    accessibility: Accessibility = Accessibility()
    cover: Cover = Cover()

    @property
    def authors(self) -> tuple[str, ...]:
        """Names of the contributors with the role `aut`, in order."""
        return tuple(c.name for c in self.contributors if c.role == "aut")

    @property
    def full_title(self) -> str:
        """Title and subtitle as one line."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title
