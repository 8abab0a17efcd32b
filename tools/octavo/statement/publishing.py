"""A staged publication to the EPUB and the two files beside it, with claims that the EPUB bears out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from octavo.diagnostics import Diagnostic, Location
from octavo.packaging.package import package
from octavo.staging import Publication
from octavo.statement.account import Account
from octavo.statement.companions import write_companions
from octavo.statement.honesty import examined, honest

# what the writer says of pictures and formulas that the EPUB itself does not show any more
HEARD_RULES = ("epub/alternative-text-missing", "math/not-converted")


def publish(publication: Publication, destination: Path, said: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Write the EPUB, look at it, take back what it does not bear out, and give an account of it.

    said: findings of `HEARD_RULES`. Returns what the author should know of claims that were taken back.

    Raises: WriterError when the EPUB can't be written.
    """
    package(publication, destination)
    seen = examined(destination)
    stated = publication.accessibility
    statement = honest(stated, seen)
    if statement != stated:
        publication = dataclasses.replace(publication, accessibility=statement)
        package(publication, destination)
    account = Account(
        metadata=publication.metadata,
        statement=statement,
        seen=seen,
        file=destination.name,
        pages_of=publication.page_source,
        said=said,
    )
    write_companions(account, destination.parent)
    certifier = publication.metadata.accessibility.certified_by
    if certifier is None or statement.conforms_to is not None:
        return ()
    reasons = "; ".join(account.reasons()) or "; ".join(f"{claim}: {why}" for claim, why in seen.untrue)
    return (
        Diagnostic(
            rule="accessibility/conformance-withheld",
            value=reasons,
            context=certifier,
            location=Location(artefact=destination.name),
        ),
    )
