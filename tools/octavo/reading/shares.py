"""What is gathered while documents are resolved, when they are resolved apart: in other processes, or earlier.

What a document adds is taken after it, and put together with that of the others in the order of the documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ATTRIBUTE = "octavo_gathered"


class Gathered(Protocol):
    """Something that grows with each document."""

    def begin_share(self) -> None:
        """From now on keep apart what is found, until it is `taken`."""

    def taken(self) -> object:
        """What was gathered since it was last asked for, as a value that can be pickled."""

    def put(self, share: object) -> None:
        """Add what was `taken`, here or in a fork."""


def gathered(app: Sphinx) -> list[Gathered]:
    """All that is gathered in this application; whoever gathers adds himself."""
    found: list[Gathered] = vars(app).setdefault(_ATTRIBUTE, [])
    return found
