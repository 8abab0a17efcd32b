"""`Metadata` as the elements of the package document (EPUB 3.3, section 5.5.3 and appendix D)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octavo.staging import Publication

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

PREFIXES = (("a11y", "http://www.idpf.org/epub/vocab/package/a11y/#"),)
# ONIX code list 5
_IDENTIFIER_CODES = {"isbn-10": "02", "isbn-13": "15", "doi": "06"}
# those who made the text; everyone else contributed to it
_CREATOR_ROLES = frozenset({"aut", "cre", "edt", "com", "edc"})

Attributes = dict[str, str]


def add_metadata(book: EpubBook, publication: Publication) -> None:
    """Everything that the book says about itself, in a fixed order."""
    metadata = publication.metadata
    _identifiers(book, publication)
    _titles(book, publication)
    book.add_metadata("DC", "language", metadata.language, {})
    _contributors(book, publication)
    for name, value in (
        ("publisher", metadata.publisher),
        ("date", metadata.date.isoformat() if metadata.date else None),
        ("description", metadata.description),
        ("rights", metadata.rights),
        ("source", metadata.source),
    ):
        if value is not None:
            book.add_metadata("DC", name, value, {})
    for number, subject in enumerate(metadata.subjects, start=1):
        uid = f"subject-{number}"
        book.add_metadata("DC", "subject", subject.term, {"id": uid})
        if subject.authority is not None and subject.code is not None:
            _meta(book, "authority", subject.authority, refines=uid)
            _meta(book, "term", subject.code, refines=uid)
    if metadata.series is not None:
        _meta(book, "belongs-to-collection", metadata.series.name, uid="series")
        _meta(book, "collection-type", "series", refines="series")
        if metadata.series.position is not None:
            _meta(book, "group-position", metadata.series.position, refines="series")
    _accessibility(book, publication)
    cover = next((r for r in publication.resources if "cover-image" in r.properties), None)
    if cover is not None:
        number = publication.resources.index(cover)
        # EPUB 2's way, which Kindle and older shops still look for
        book.add_metadata(None, "meta", "", {"name": "cover", "content": f"r{number:05d}"})


def _meta(book: EpubBook, name: str, value: str, *, refines: str | None = None, uid: str | None = None,
          scheme: str | None = None) -> None:  # fmt: skip
    attributes: Attributes = {"property": name}
    if refines is not None:
        attributes["refines"] = f"#{refines}"
    if uid is not None:
        attributes["id"] = uid
    if scheme is not None:
        attributes["scheme"] = scheme
    book.add_metadata("OPF", "meta", value, attributes)


def _identifiers(book: EpubBook, publication: Publication) -> None:
    for number, identifier in enumerate(publication.metadata.identifiers):
        uid = "pub-id" if number == 0 else f"pub-id-{number + 1}"
        book.add_metadata("DC", "identifier", identifier.as_uri(), {"id": uid})
        code = _IDENTIFIER_CODES.get(identifier.type)
        if code is not None:
            _meta(book, "identifier-type", code, refines=uid, scheme="onix:codelist5")


def _titles(book: EpubBook, publication: Publication) -> None:
    metadata = publication.metadata
    book.add_metadata("DC", "title", metadata.title, {"id": "title"})
    _meta(book, "title-type", "main", refines="title")
    if metadata.subtitle is not None:
        book.add_metadata("DC", "title", metadata.subtitle, {"id": "subtitle"})
        _meta(book, "title-type", "subtitle", refines="subtitle")
        _meta(book, "display-seq", "1", refines="title")
        _meta(book, "display-seq", "2", refines="subtitle")


def _contributors(book: EpubBook, publication: Publication) -> None:
    for number, person in enumerate(publication.metadata.contributors, start=1):
        # L696: EbookLib's add_author gives every author the id "creator"; L703: marc:relators as the scheme of file-as
        uid = f"creator-{number}"
        book.add_metadata("DC", "creator" if person.role in _CREATOR_ROLES else "contributor", person.name, {"id": uid})
        _meta(book, "role", person.role, refines=uid, scheme="marc:relators")
        if person.file_as is not None:
            _meta(book, "file-as", person.file_as, refines=uid)
        _meta(book, "display-seq", str(number), refines=uid)


def _accessibility(book: EpubBook, publication: Publication) -> None:
    statement = publication.accessibility
    for name, values in (
        ("schema:accessMode", statement.access_modes),
        ("schema:accessModeSufficient", statement.sufficient),
        ("schema:accessibilityFeature", statement.features),
        ("schema:accessibilityHazard", statement.hazards),
    ):
        for value in values:
            _meta(book, name, value)
    if statement.summary is not None:
        _meta(book, "schema:accessibilitySummary", statement.summary)
    if statement.conforms_to is not None:
        _meta(book, "dcterms:conformsTo", statement.conforms_to, uid="conformance")
        if statement.certified_by is not None:
            _meta(book, "a11y:certifiedBy", statement.certified_by, refines="conformance", uid="certifier")
    if publication.page_source is not None:
        _meta(book, "pageBreakSource", publication.page_source)
