"""A server on a loopback address, with the readers' pages, their modules and the books to open."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Library(http.server.SimpleHTTPRequestHandler):
    """Serves files below the folders of its shelves, each under the shelf's name."""

    extensions_map = {  # noqa: RUF012 -- the parent's own form
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".epub": "application/epub+zip",
    }

    def __init__(self, *arguments: object, shelves: Mapping[str, Path]) -> None:
        self.shelves = shelves
        super().__init__(*arguments)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        shelf, _, name = unquote(urlsplit(path).path).lstrip("/").partition("/")
        folder = self.shelves.get(shelf)
        if folder is None or ".." in name.split("/"):
            return "/nowhere"
        return str(folder / name)

    def log_message(self, *arguments: object) -> None:
        """Say nothing: what fails is seen in the browser's console."""


@contextmanager
def library(shelves: Mapping[str, Path]) -> Iterator[str]:
    """Serve the shelves while the block runs; gives the address, as `http://127.0.0.1:PORT`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Library, shelves=shelves))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
