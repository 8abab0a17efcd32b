"""Who may ask: nobody but the pages of this server, in a browser that came to it by an address of this machine.

A web site can make a browser send requests to 127.0.0.1, and can have its own name point there (DNS rebinding). The
first is told by `Origin` and the Fetch Metadata headers, the second by `Host`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
)
OWN_SITE = ("same-origin", "none")


class Guard:
    """Lets through what `is_allowed` allows, and puts the headers on answers.

    host: what the server was told to listen on.
    """

    def __init__(self, app: Application, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if "\0" in scope["path"]:  # no file has such a name, and asking the system for one is an error
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        refusal = why_refused(Headers(scope=scope), self._host, is_socket=scope["type"] == "websocket")
        if refusal is None:
            await self._app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008, refusal)(scope, receive, send)
        else:
            await PlainTextResponse(f"{refusal}\n", 403)(scope, receive, send)


def why_refused(headers: Headers, listening_on: str, *, is_socket: bool) -> str | None:
    """Why a request is refused, or None. is_socket: a WebSocket, which browsers let any page open."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_name_of_server(_name(hosts[0]), listening_on):
        return "This server answers to its own name only."
    origin = headers.get("origin")
    if origin is None and is_socket:
        return "A WebSocket must name its origin."
    if origin is not None and (urlsplit(origin).scheme != "http" or urlsplit(origin).netloc != hosts[0]):
        return "This server answers to its own pages only."
    site = headers.get("sec-fetch-site", "none")
    is_visit = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if site not in OWN_SITE and not is_visit:
        return "This server answers to its own pages only."
    return None


def is_name_of_server(name: str, listening_on: str) -> bool:
    """Whether a browser may know the server by this name.

    An address can't be rebound; a name can, but for `localhost` and the one that the user gave.
    """
    if name in {"localhost", listening_on.lower()}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not is_loopback(listening_on)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _name(host: str) -> str:
    """The host of `host:port`, without brackets; empty where it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
