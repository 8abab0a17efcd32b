"""What the book says about itself: `book.toml` to an immutable `Metadata`.

Parsing and checking happen here, once; past this package there is no TOML and no dictionary.
"""

from octavo.metadata.model import (
    Accessibility,
    Contributor,
    Cover,
    Identifier,
    Metadata,
    Series,
    Subject,
)

__all__ = ["Accessibility", "Contributor", "Cover", "Identifier", "Metadata", "Series", "Subject"]
