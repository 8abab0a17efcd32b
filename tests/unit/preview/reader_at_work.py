"""A reader's process, driven by messages as the server drives it, without a server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from octavo.preview.child import Child
from octavo.preview.messages import (
    Changed,
    Failed,
    Go,
    Opened,
    Pages,
    PreviewRequest,
    Problems,
    Settled,
    Shown,
    Wanted,
    Wrote,
)
from octavo.preview.reader import read_forever
from octavo.reading.project import locate

MessageT = TypeVar("MessageT")
PATIENCE = 60.0  # seconds
HASTE = 20.0


class ReaderAtWork:
    """A reader, and what it has said so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        project = locate(root)
        state = project.out / ".octavo" / "preview"
        self.site = state / "html"
        state.mkdir(parents=True, exist_ok=True)
        self.request = PreviewRequest(
            project=project,
            formats=(),
            jobs=1,
            overrides=(),
            tags=(),
            builder="html",
            state=state,
            site=self.site,
            haste=HASTE,
        )
        self.child = Child("reader", read_forever, self.request)
        self.said: list[Any] = []

    def open(self, *, wanted: str | None = None) -> Pages:
        """Let it read the book; a page that is wanted is asked for before it can begin with any."""
        self.next(Opened)
        self.child.tell(Go())
        if wanted is not None:
            self.want(wanted)
        return self.next(Pages)

    def next(self, kind: type[MessageT]) -> MessageT:
        """The next message of a kind; those before it are in `said`."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.child.connection.poll(0.2):
                message = self.child.connection.recv()
                self.said.append(message)
                if isinstance(message, kind):
                    return message
                assert not isinstance(message, Failed), message
        raise AssertionError(f"no {kind.__name__} in time; said: {self.said}")

    def settled(self) -> None:
        """Wait until there is nothing left to do, after all that was said so far."""
        self.want("index")  # it answers in order, but edits go first
        while self.next(Wrote) != Wrote(docname="index"):
            pass
        self.next(Settled)

    def change(self, files: dict[str, str | bytes | None]) -> None:
        """Write (or with None delete) files, and say so."""
        self.said.clear()
        paths = []
        for name, content in files.items():
            path = self.root / name
            paths.append(str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8")
        self.child.tell(Changed(paths=tuple(paths)))

    def show(self, *docnames: str) -> None:
        """Say that browsers show these."""
        self.child.tell(Shown(docnames=docnames))

    def want(self, docname: str | None) -> None:
        """Say that a browser waits for a page."""
        self.child.tell(Wanted(docname=docname))

    def page(self, name: str) -> str:
        """A page of the site as it is on disk."""
        return (self.site / name).read_text(encoding="utf-8")

    def problems(self) -> list[str]:
        """The findings that were said last."""
        said = [m for m in self.said if isinstance(m, Problems)]
        return [str(d) for d in said[-1].found] if said else []


@contextmanager
def at_work(root: Path) -> Iterator[ReaderAtWork]:
    """A reader that is ended with the block."""
    reader = ReaderAtWork(root)
    try:
        yield reader
    finally:
        reader.child.end()
