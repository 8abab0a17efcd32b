"""The EPUB and the PDF, built by the ordinary pipeline in a process of its own."""

from __future__ import annotations

import os
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection

from octavo.diagnostics import OctavoError
from octavo.preview.messages import Built, Failed, PreviewRequest

NICE = 5  # how much an edit goes before a build of the books


class ServerGoneError(Exception):
    """There is nobody left to build for."""


class Watcher:
    """Looks, whenever the pipeline says how far it is, whether the server is still there."""

    def __init__(self) -> None:
        self._server = os.getppid()

    def phase(self, name: str) -> None:
        """A stage begins."""
        self._look()

    def reading(self, done: int, total: int) -> None:
        """So many documents were read."""
        self._look()

    def writing(self, format_name: str, done: int, total: int) -> None:
        """So many documents were resolved for a format."""
        self._look()

    def _look(self) -> None:
        if os.getppid() != self._server:
            raise ServerGoneError  # the pipeline ends its writers and clears away what is half done


def build_books(request: PreviewRequest, connection: Connection) -> None:
    """The process's work: one build of all formats but the site."""
    from octavo.pipeline import BuildRequest, build
    from octavo.reading.book import ReadOptions
    from octavo.writers.process import default_strategy

    if hasattr(os, "nice"):
        os.nice(NICE)
    options = ReadOptions(jobs=request.jobs, overrides=request.overrides, tags=request.tags)
    wanted = BuildRequest(
        project=request.project, formats=request.formats, options=options, strategy=default_strategy()
    )
    message: Built | Failed
    try:
        message = Built(report=build(wanted, Watcher()))
    except ServerGoneError:
        return
    except OctavoError as error:
        message = Failed(error=error)
    except Exception:  # noqa: BLE001 -- the boundary of a process: the traceback is kept whole and shown by the server
        message = Failed(crash=traceback.format_exc())
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.send(message)
