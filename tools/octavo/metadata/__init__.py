"""What the book says about itself: `book.toml` to an immutable `Metadata`.

Parsing and checking happen here, once; past this package there is no TOML and no dictionary.
"""

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

__all__ = [
    "Accessibility",
    "AlternateScript",
    "Contributor",
    "Cover",
    "Identifier",
    "Metadata",
    "OtherTitle",
    "Series",
    "Subject",
]
