"""A browser's connection, seen from the session."""

from __future__ import annotations

import asyncio

MOST_WAITING = 1000  # messages; a browser that takes none any more is forgotten


class Viewer:
    """A page in a browser that is kept up to date.

    - page: path in the site of the page it shows; None for one of the preview's own pages.
    - digest: of the version of `page` that it has.
    """

    def __init__(self, *, page: str | None, digest: str | None) -> None:
        self.page = page
        self.digest = digest
        self._outbox: asyncio.Queue[dict[str, object]] = asyncio.Queue(MOST_WAITING)

    def tell(self, message: dict[str, object]) -> None:
        """Put a message in its outbox."""
        if self._outbox.full():
            return
        self._outbox.put_nowait(message)

    async def next_message(self) -> dict[str, object]:
        """The next message to send."""
        return await self._outbox.get()
