"""What is gathered while documents are resolved, when several processes resolve a share of them each.

A process that is forked for a share begins with what its parent has gathered; what it adds goes back to the parent,
which puts the shares together in the order of their documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ATTRIBUTE = "octavo_gathered"


class Gathered(Protocol):
    """Something that grows with each document."""

    def begin_share(self) -> None:
        """In a forked process: forget what the parent has."""

    def taken(self) -> object:
        """What was gathered since it was last asked for, as a value that can be pickled."""

    def put(self, share: object) -> None:
        """In the parent: add what a fork has `taken`."""


def gathered(app: Sphinx) -> list[Gathered]:
    """All that is gathered in this application; whoever gathers adds himself."""
    found: list[Gathered] = vars(app).setdefault(_ATTRIBUTE, [])
    return found
