"""The preview over HTTP: what is at which address. Files on disk are served as they are but for one line in pages."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from html import escape
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from octavo.preview.guard import Guard
from octavo.preview.session import Session, digest_of
from octavo.preview.viewer import Viewer

ASSETS = Path(__file__).parent / "assets"
SITE = "/site"
MEDIA_TYPES = {"epub": "application/epub+zip", "pdf": "application/pdf"}
_BEING_WRITTEN = 1.0  # seconds after the last change of a page that has no end
_MADE_LAST = ("genindex", "search", "py-modindex", "objects.inv")

UNCACHED = {"cache-control": "no-cache"}

# The preview's own pages run no script but the preview's, whatever the book that they show holds.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline' blob:; img-src 'self' blob: data:; "
    "font-src 'self' blob: data:; media-src 'self' blob: data:; connect-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'"
)


def application(session: Session, host: str) -> Guard:
    """The ASGI application. host: what the server listens on."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await session.start()
        try:
            yield
        finally:
            await session.stop()

    def own_page(name: str) -> Route:
        return Route("/" if name == "shell" else f"/{name}/", lambda _request: _own_page(f"{name}.html"))

    def book(name: str) -> Route:
        def respond(_request: Request) -> Response:
            path = session.books.path(name)
            if path is None:
                raise HTTPException(404)
            return FileResponse(path, media_type=MEDIA_TYPES[name], headers=UNCACHED)

        return Route(f"/{name}/book.{name}", respond)

    def written(request: Request) -> Response:
        content = session.remembered(request.path_params["digest"])
        if content is None:
            raise HTTPException(404)
        return Response(content, media_type="text/plain; charset=utf-8", headers=UNCACHED)

    async def live(socket: WebSocket) -> None:
        await _live(socket, session)

    routes = [
        own_page("shell"),
        *(own_page(name) for name in MEDIA_TYPES),
        *(book(name) for name in MEDIA_TYPES),
        WebSocketRoute("/_octavo/live", live),
        Route("/_octavo/written/{digest}", written),
        Mount("/_octavo", _Assets(directory=ASSETS)),
        Mount(SITE, _Site(session)),
    ]
    return Guard(Starlette(routes=routes, lifespan=lifespan), host)


class _Assets(StaticFiles):
    """The preview's own scripts, and the vendored ones."""

    def file_response(self, *arguments: Any, **more: Any) -> Response:
        """A file, asked for again each time: a new version of Octavo has new ones."""
        response = super().file_response(*arguments, **more)
        response.headers.update(UNCACHED)
        return response


class _Site(StaticFiles):
    """The folder of the site; pages are brought up to date before they are served, and listen for changes after."""

    def __init__(self, session: Session) -> None:
        super().__init__(directory=session.request.site, check_dir=False)
        self._session = session

    async def check_config(self) -> None:
        """The folder may not be there yet, while the book is read."""

    async def get_response(self, path: str, scope: Any) -> Response:
        """A file of the site. path: normalised, with the system's separators."""
        name = Path(path).as_posix()
        if name in {".", ""}:
            return RedirectResponse(f"{SITE}/{self._session.root_page}")
        if name.endswith(".html") or name.startswith(_MADE_LAST):
            await self._session.freshen(name)
        full, status = await asyncio.to_thread(self.lookup_path, path)
        if status is None and name.endswith(".html"):
            return _waiting_page(name, self._session)
        if not name.endswith(".html") or status is None:
            response = await super().get_response(path, scope)
            response.headers.update(UNCACHED)
            return response
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405)
        content = await whole_page(Path(full))
        digest = digest_of(content)
        self._session.remember(digest, content)
        return HTMLResponse(with_script(content, name, digest), headers=UNCACHED)


async def whole_page(path: Path) -> bytes:
    """A page on disk; one without an end may still be being written, and is waited for while it is new."""
    while True:
        content = path.read_bytes()
        if content.rstrip().endswith(b"</html>") or time.time() - path.stat().st_mtime > _BEING_WRITTEN:
            return content
        await asyncio.sleep(0.02)


def with_script(page: bytes, name: str, digest: str) -> bytes:
    """A page with the script that keeps it up to date, at the end of its body: it meets the page as it was written."""
    script = (
        f'<script src="/_octavo/live.js" data-octavo-page="{escape(name)}" data-octavo-digest="{digest}"></script>'
    ).encode()
    end = page.lower().rfind(b"</body>")
    return page + script if end < 0 else page[:end] + script + page[end:]


def _own_page(name: str) -> Response:
    return FileResponse(ASSETS / name, media_type="text/html", headers={**UNCACHED, "content-security-policy": POLICY})


def _waiting_page(name: str, session: Session) -> Response:
    """Instead of a page that is not there: it comes of itself, once it is."""
    page = (ASSETS / "waiting.html").read_bytes().replace(b"@title@", escape(session.title or "Octavo").encode())
    missing = session.phase == "ready"
    page = page.replace(b"@state@", b"missing" if missing else b"waiting")
    return HTMLResponse(with_script(page, name, ""), 404 if missing else 503, headers=UNCACHED)


async def _live(socket: WebSocket, session: Session) -> None:
    """A browser's connection: it says which page it shows, and is told what changes."""
    await socket.accept()
    viewer = None
    sending = None
    try:
        hello = json.loads(await socket.receive_text())
        page, digest = hello.get("page"), hello.get("digest")
        viewer = Viewer(page=str(page) if page else None, digest=str(digest) if digest else None)
        session.join(viewer)
        sending = asyncio.create_task(_send_all(socket, viewer))
        while True:
            await socket.receive_text()  # nothing more is said; this ends when the browser goes
    except (WebSocketDisconnect, ValueError, AttributeError):
        pass
    finally:
        if viewer is not None:
            session.leave(viewer)
        if sending is not None:
            sending.cancel()


async def _send_all(socket: WebSocket, viewer: Viewer) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # the connection was closed while a message was on its way
        while True:
            await socket.send_text(json.dumps(await viewer.next_message(), ensure_ascii=False))
