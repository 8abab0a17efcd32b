"""The printer's process: the PDF soon after each edit, by a book and a compiler that stay in memory.

It shows what is coming: the PDF in its usual place, with all that is found wrong with it, is the pipeline's, later.
"""

from __future__ import annotations

import os
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from octavo.diagnostics import OctavoError
from octavo.packaging.placing import OutputFolder
from octavo.preview.messages import Changed, Failed, PreviewRequest, Printed, Untrusted

NICE = 2  # the page of the site goes before
REST = 0.15  # seconds without a further change before it prints
BUILDER = "octavo-pdf"
FOLDER = "print"


def print_forever(request: PreviewRequest, connection: Connection) -> None:
    """The process's work, until the server says nothing more (or is gone)."""
    from octavo.reading.book import ReadOptions
    from octavo.reading.live_print import open_print

    if hasattr(os, "nice"):
        os.nice(NICE)
    state = request.state / FOLDER
    output = OutputFolder(request.project.out)
    options = ReadOptions(jobs=request.jobs, overrides=request.overrides, tags=request.tags)
    try:
        book = open_print(request.project, options, state, builder_name=BUILDER, like=(output.state, output.staging))
        book.write()  # nobody waits for this one: the compiler gets to know the book
        while True:
            book.tidy()
            changed = book.apply(_changes(connection))
            if isinstance(changed, str):
                connection.send(Untrusted(reason=changed))
                return
            if changed:
                made = book.write()
                shown = state / made.name
                made.replace(shown)
                connection.send(Printed(path=shown))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the server is gone
    except OctavoError as error:
        connection.send(Failed(error=error))
    except Exception:  # noqa: BLE001 -- the boundary of a process: the pipeline will say what is wrong with the book
        connection.send(Failed(crash=traceback.format_exc()))


def _changes(connection: Connection) -> list[Path]:
    """Changed files, as soon as there are some and no more come."""
    found: dict[Path, None] = {}
    while not found or connection.poll(REST):
        message = connection.recv()
        if isinstance(message, Changed):
            found.update((Path(path), None) for path in message.paths)
    return list(found)
