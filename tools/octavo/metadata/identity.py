"""What stands in for metadata that nobody gave, and is yet the same on every machine: identifier and moment.

Never a random number, never the clock: the same sources must give the same bytes.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping

from octavo.diagnostics import ConfigurationError
from octavo.metadata.model import Contributor, Identifier

# uuid5 of the DNS name "octavo.readthedocs.io"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "octavo.readthedocs.io")
FALLBACK_MOMENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def derived_uuid(title: str, contributors: tuple[Contributor, ...], language: str) -> Identifier:
    """A UUID that depends on nothing but title, authors and language, so that a new edition keeps it."""
    authors = [c.name for c in contributors if c.role == "aut"]
    return Identifier(type="uuid", value=str(uuid.uuid5(NAMESPACE, "\x1f".join([title, *authors, language]))))


def last_change(date: datetime.date | None, environment: Mapping[str, str]) -> datetime.datetime:
    """The moment for `dcterms:modified`: the book's date at midnight UTC, else SOURCE_DATE_EPOCH, else 2000-01-01.

    Raises: ConfigurationError when SOURCE_DATE_EPOCH is needed and is not a number of seconds.
    """
    if date is not None:
        return datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
    epoch = environment.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return FALLBACK_MOMENT
    try:
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigurationError(
            f"SOURCE_DATE_EPOCH is '{epoch}', which is not a moment", "Set it to whole seconds since 1970, or unset it."
        ) from error
