"""Running the preview: one socket, one event loop, until Ctrl-C."""

from __future__ import annotations

import errno
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from filelock import FileLock, Timeout

from octavo.diagnostics import ConfigurationError
from octavo.preview.messages import PreviewRequest
from octavo.preview.session import Session
from octavo.preview.web import application

CLOSING = 1  # seconds that open connections are waited for at the end


def serve(
    request: PreviewRequest, host: str, port: int, say: Callable[[str], None], ready: Callable[[str], None]
) -> None:
    """Show the book until the process is interrupted.

    - port: 0 for any that is free.
    - say: gets one line for the terminal at a time; ready: gets the address, once browsers can come.

    Raises: ConfigurationError when the port is taken, or when the same book is being shown already.
    """
    listening = _listen(host, port)
    request.state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(request.state / "lock", timeout=0):
            shutil.rmtree(request.site, ignore_errors=True)
            _run(request, listening, host, say, ready)
    except Timeout as error:
        raise ConfigurationError(
            f"another preview of '{request.project.root}' is running", "End it, or name another folder with --out."
        ) from error
    finally:
        listening.close()


def _run(
    request: PreviewRequest,
    listening: socket.socket,
    host: str,
    say: Callable[[str], None],
    ready: Callable[[str], None],
) -> None:
    session = Session(request, say)
    config = uvicorn.Config(
        application(session, host),
        log_level="warning",
        access_log=False,
        lifespan="on",
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # it would cost more than the way from here to here
        timeout_graceful_shutdown=CLOSING,
    )
    address = f"http://{_shown(host)}:{listening.getsockname()[1]}/"
    try:
        with suppress(KeyboardInterrupt):
            _Server(config, lambda: ready(address)).run(sockets=[listening])
    finally:
        session.end_children()


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket.

    Raises: ConfigurationError when it can't be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            what = f"port {port} is taken by another program"
            raise ConfigurationError(what, "Name another with --port, or --port 0 for any that is free.") from error
        raise ConfigurationError(
            f"can't listen on {host}:{port}: {error.strerror}", "Name another address or port with --host and --port."
        ) from error
    return listening


def _shown(host: str) -> str:
    """The host as it stands in an address that a browser on this machine can open."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 -- compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
