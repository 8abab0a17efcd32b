"""What stands in for metadata that nobody gave, and is yet the same on every machine: identifier and moment.

Never a random number, never the clock and never the environment: the same sources must give the same bytes.
"""

from __future__ import annotations

import datetime
import uuid

from octavo.metadata.model import Contributor, Identifier

# uuid5 of the DNS name "octavo.readthedocs.io"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "octavo.readthedocs.io")
FALLBACK_MOMENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def derived_uuid(title: str, contributors: tuple[Contributor, ...], language: str) -> Identifier:
    """A UUID that depends on nothing but title, authors and language, so that a new edition keeps it."""
    authors = [c.name for c in contributors if c.role == "aut"]
    return Identifier(type="uuid", value=str(uuid.uuid5(NAMESPACE, "\x1f".join([title, *authors, language]))))


def last_change(date: datetime.date | None) -> datetime.datetime:
    """The moment for `dcterms:modified` where the book names none: its date at midnight UTC, else 2000-01-01."""
    if date is None:
        return FALLBACK_MOMENT
    return datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
