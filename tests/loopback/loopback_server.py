"""A small web on 127.0.0.0/8: many hosts, plain and TLS, that answer as real servers do, well and badly."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ZONE = "web.test"
ADDRESSES = tuple(f"127.0.0.{n}" for n in range(2, 34))
PRIVATE = "127.66.0.1"  # plays an address of a private network


@dataclass(frozen=True)
class Asked:
    """A request as a server sees it. number: how often this path of this host was asked for before."""

    host: str
    path: str
    headers: Mapping[str, str]
    number: int
    is_tls: bool


@dataclass(frozen=True)
class Answer:
    """What a server sends. raw: all its bytes, in place of the rest; stream: writes after the headers for itself."""

    status: int = 200
    body: bytes | str = "<!DOCTYPE html><title>t</title><p>hello</p>"
    headers: tuple[tuple[str, str], ...] = ()
    type: str | None = "text/html; charset=utf-8"
    raw: bytes | None = None
    stream: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None
    length: int | None = None  # a Content-Length that is not the body's
    delay: float = 0.0
    reset: bool = False


Handler = Callable[[Asked], Answer]


@dataclass
class LoopbackWeb:
    """The servers, in a thread of their own."""

    folder: Path
    routes: dict[tuple[str, str], Answer | tuple[Answer, ...] | Handler] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    resumed: int = 0  # TLS sessions that went on where an earlier connection's had ended

    def __post_init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[str, int], str] = {}
        self._plain: dict[str, int] = {}
        self._tls: dict[str, dict[str, int]] = {}
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._certificates = Certificates(self.folder)
        self.ca_file = str(self.folder / "ca.pem")
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(30)

    async def _listen(self) -> None:
        for address in (*ADDRESSES, PRIVATE):
            self._plain[address] = await self._server(address, None)
        for name, context in self._certificates.contexts.items():
            addresses = ADDRESSES[:8] if name == "good" else ADDRESSES[:1]
            self._tls[name] = {a: await self._server(a, context) for a in addresses}

    async def _server(self, address: str, context: ssl.SSLContext | None) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(reader, writer, context is not None)

        server = await asyncio.start_server(serve, address, 0, ssl=context)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def place(self, host: str, port: int, where: str) -> None:
        """Say where a host is: "HOST:PORT" to connect to."""
        self._places[host, port] = where

    def plain_place(self, address: str) -> str:
        """The plain server of an address."""
        return f"{address}:{self._plain[address]}"

    def tls_place(self, certificate: str) -> str:
        """A TLS server with the certificate of that name."""
        address, port = next(iter(self._tls[certificate].items()))
        return f"{address}:{port}"

    def connect_to(self, host: str, port: int) -> str | None:
        """What the resolver of the tests says: every host of the zone is here, no other exists."""
        placed = self._places.get((host, port))
        if placed is not None:
            return placed
        if not host.endswith("." + ZONE) or port not in (80, 443):
            return "gone.onion:1"  # libcurl refuses to look such a name up: there is no such host
        number = sum(host.encode())
        if port == 443:
            places = list(self._tls["good"].items())
            address, found = places[number % len(places)]
            return f"{address}:{found}"
        return self.plain_place(ADDRESSES[number % len(ADDRESSES)])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_tls: bool) -> None:
        if is_tls:
            self.resumed += writer.get_extra_info("ssl_object").session_reused
        try:
            while await self._serve_one(reader, writer, is_tls):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_tls: bool) -> bool:
        try:
            first = await reader.readexactly(1)
            if first == b"\x16":  # TLS at a plain port
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return False
            head = first + await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return False
        lines = head.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
        host = headers.get("host", "").partition(":")[0]
        number = self._counts.get((host, path), 0)
        self._counts[host, path] = number + 1
        asked = Asked(host, path, headers, number, is_tls)
        self.asked.append(asked)
        answer = self._answer(asked)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        return await _send(answer, writer)

    def _answer(self, asked: Asked) -> Answer:
        route = self.routes.get((asked.host, asked.path))
        if route is None:
            return Answer(status=404, body="<h1>Not found</h1>")
        if isinstance(route, Answer):
            return route
        if isinstance(route, tuple):
            return route[min(asked.number, len(route) - 1)]
        return route(asked)

    def close(self) -> None:
        """Stop all servers."""

        async def stop() -> None:
            for server in self._servers:
                server.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()


async def _send(answer: Answer, writer: asyncio.StreamWriter) -> bool:
    if answer.reset:
        transport = writer.transport
        transport.abort()
        return False
    if answer.raw is not None:
        writer.write(answer.raw)
        await writer.drain()
        return False
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    lines = [f"HTTP/1.1 {answer.status} X"]
    if answer.type is not None:
        lines.append(f"Content-Type: {answer.type}")
    if answer.stream is None:
        lines.append(f"Content-Length: {len(body) if answer.length is None else answer.length}")
    else:
        lines.append("Connection: close")
    head = "\r\n".join(lines).encode("latin-1")
    for name, value in answer.headers:
        head += b"\r\n" + name.encode() + b": " + value.encode("utf-8", "surrogateescape")
    writer.write(head + b"\r\n\r\n")
    if answer.stream is not None:
        await answer.stream(writer)
        return False
    writer.write(body)
    await writer.drain()
    return answer.length is None


class Certificates:
    """An authority, and certificates as good and as bad as they are found."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        now = datetime.datetime.now(datetime.UTC)
        day = datetime.timedelta(days=1)
        wild = f"*.{ZONE}"
        issued = {
            "good": authority.issue_cert(wild, ZONE),
            "wrong": authority.issue_cert("elsewhere.test"),
            "expired": authority.issue_cert(wild, not_before=now - 30 * day, not_after=now - day),
            "not-yet": authority.issue_cert(wild, not_before=now + day, not_after=now + 30 * day),
            "untrusted": trustme.CA().issue_cert(wild),
        }
        self.contexts: dict[str, ssl.SSLContext] = {}
        for name, certificate in issued.items():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            self.contexts[name] = context
        self.contexts["self-signed"] = _self_signed(folder, wild, now)


def _self_signed(folder: Path, name: str, now: datetime.datetime) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(path))
    return context
