"""`Metadata` as the elements of the package document (EPUB 3.3, section 5.5.3 and appendix D)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octavo.metadata import AlternateScript, Series
from octavo.metadata.vocabularies import IDENTIFIER_TYPES
from octavo.staging import Publication

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

PREFIXES = (("a11y", "http://www.idpf.org/epub/vocab/package/a11y/#"),)
# those who made the text; everyone else contributed to it
_CREATOR_ROLES = frozenset({"aut", "cre", "edt", "com", "edc"})

Attributes = dict[str, str]


def add_metadata(book: EpubBook, publication: Publication) -> None:
    """Everything that the book says about itself, in a fixed order."""
    metadata = publication.metadata
    _identifiers(book, publication)
    _titles(book, publication)
    for language in (metadata.language, *metadata.other_languages):
        book.add_metadata("DC", "language", language, {})
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
    for name, values in (("type", metadata.types), ("coverage", metadata.coverage), ("relation", metadata.relations)):
        for text in values:
            book.add_metadata("DC", name, text, {})
    for number, subject in enumerate(metadata.subjects, start=1):
        uid = f"subject-{number}"
        book.add_metadata("DC", "subject", subject.term, {"id": uid})
        if subject.authority is not None and subject.code is not None:
            _meta(book, "authority", subject.authority, refines=uid)
            _meta(book, "term", subject.code, refines=uid)
    if metadata.series is not None:
        _collection(book, metadata.series, "series")
    for number, collection in enumerate(metadata.collections, start=1):
        _collection(book, collection, f"collection-{number}")
    _accessibility(book, publication)
    cover = next((r for r in publication.resources if "cover-image" in r.properties), None)
    if cover is not None:
        number = publication.resources.index(cover)
        # EPUB 2's way, which Kindle and older shops still look for
        book.add_metadata(None, "meta", "", {"name": "cover", "content": f"r{number:05d}"})


def _meta(book: EpubBook, name: str, value: str, *, refines: str | None = None, uid: str | None = None,
          scheme: str | None = None, language: str | None = None) -> None:  # fmt: skip
    attributes: Attributes = {"property": name}
    if refines is not None:
        attributes["refines"] = f"#{refines}"
    if uid is not None:
        attributes["id"] = uid
    if scheme is not None:
        attributes["scheme"] = scheme
    if language is not None:
        attributes["{http://www.w3.org/XML/1998/namespace}lang"] = language
    book.add_metadata("OPF", "meta", value, attributes)


def _forms(book: EpubBook, uid: str, file_as: str | None, alternates: tuple[AlternateScript, ...]) -> None:
    """How a name is sorted, and how it is written in other scripts."""
    if file_as is not None:
        _meta(book, "file-as", file_as, refines=uid)
    for alternate in alternates:
        _meta(book, "alternate-script", alternate.text, refines=uid, language=alternate.language)


def _collection(book: EpubBook, collection: Series, uid: str) -> None:
    _meta(book, "belongs-to-collection", collection.name, uid=uid)
    _meta(book, "collection-type", collection.type, refines=uid)
    if collection.position is not None:
        _meta(book, "group-position", collection.position, refines=uid)
    if collection.identifier is not None:
        _meta(book, "dcterms:identifier", collection.identifier, refines=uid)
    _forms(book, uid, collection.file_as, collection.alternates)


def _identifiers(book: EpubBook, publication: Publication) -> None:
    for number, identifier in enumerate(publication.metadata.identifiers):
        uid = "pub-id" if number == 0 else f"pub-id-{number + 1}"
        book.add_metadata("DC", "identifier", identifier.as_uri(), {"id": uid})
        code = IDENTIFIER_TYPES.get(identifier.type)
        if code is not None:
            _meta(book, "identifier-type", code, refines=uid, scheme="onix:codelist5")


def _titles(book: EpubBook, publication: Publication) -> None:
    metadata = publication.metadata
    titles = [("title", metadata.title, "main")]
    if metadata.subtitle is not None:
        titles.append(("subtitle", metadata.subtitle, "subtitle"))
    titles += [(f"title-{n}", other.text, other.type) for n, other in enumerate(metadata.other_titles, start=1)]
    for number, (uid, text, kind) in enumerate(titles, start=1):
        book.add_metadata("DC", "title", text, {"id": uid})
        _meta(book, "title-type", kind, refines=uid)
        if len(titles) > 1:
            _meta(book, "display-seq", str(number), refines=uid)
    _forms(book, "title", metadata.title_file_as, metadata.title_alternates)
    for number, other in enumerate(metadata.other_titles, start=1):
        _forms(book, f"title-{number}", other.file_as, other.alternates)


def _contributors(book: EpubBook, publication: Publication) -> None:
    for number, person in enumerate(publication.metadata.contributors, start=1):
        # L696: EbookLib's add_author gives every author the id "creator"; L703: marc:relators as the scheme of file-as
        uid = f"creator-{number}"
        book.add_metadata("DC", "creator" if person.role in _CREATOR_ROLES else "contributor", person.name, {"id": uid})
        _meta(book, "role", person.role, refines=uid, scheme="marc:relators")
        _forms(book, uid, person.file_as, person.alternates)
        _meta(book, "display-seq", str(number), refines=uid)


def _named(book: EpubBook, name: str, value: str, *, refines: str) -> None:
    """A `link` for an address, a `meta` for words (EPUB Accessibility 1.1 section 5.3)."""
    if not value.startswith(("https://", "http://")):
        _meta(book, name, value, refines=refines)
        return
    # L973: in the namespace of the package EbookLib writes a `meta` whatever the name is
    book.add_metadata(None, "link", "", {"rel": name, "href": value, "refines": f"#{refines}"})


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
        _meta(book, "schema:accessibilitySummary", statement.summary, language=statement.summary_language)
    # EPUB Accessibility 1.1, "Other conformance claims": without one, a reader of the metadata is left to guess
    _meta(book, "dcterms:conformsTo", statement.conforms_to or "none", uid="conformance")
    if statement.conforms_to is not None and statement.certified_by is not None:
        _meta(book, "a11y:certifiedBy", statement.certified_by, refines="conformance", uid="certifier")
        for credential in statement.credentials:
            _named(book, "a11y:certifierCredential", credential, refines="certifier")
        if statement.report is not None:
            _named(book, "a11y:certifierReport", statement.report, refines="certifier")
    for exemption in statement.exemptions:
        _meta(book, "a11y:exemption", exemption)
    if publication.page_source is not None:
        _meta(book, "pageBreakSource", publication.page_source)
