"""Asking the web: many transfers at once over libcurl. The only module that knows pycurl."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import select
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from octavo.checks.links.web.transport import Failure, Request, Response
from octavo.checks.links.web.weburl import parse
from octavo.diagnostics import MissingToolError

if TYPE_CHECKING:
    import selectors
    import socket

_TOO_LARGE = 100  # CURLE_TOO_LARGE, which pycurl has no name for
_WEIRD_REPLY = 8  # CURLE_WEIRD_SERVER_REPLY


# those that decide something; of the others there may be thousands
_KEPT_HEADERS = {
    name.encode(): name
    for name in (
        "location", "content-type", "content-length", "content-encoding", "set-cookie", "retry-after", "refresh",
        "x-ratelimit-remaining",
        "cf-mitigated", "x-datadome", "x-amzn-waf-action", "x-sucuri-block", "x-px-block",
    )
}  # fmt: skip


_STATUS = ":status"
# Seconds in which a name is not looked up again. libcurl goes through all names that it knows at the end of each
# transfer, unless they are good for ever; so every so many-th transfer alone throws the old ones away.
_NAMES_ARE_KEPT = 600
_FOR_EVER = -1
_TRANSFERS_BETWEEN_CLEANINGS = 100
# libcurl remembers the TLS sessions of 25 hosts for each share (Curl_ssl_scache_create in lib/curl_share.c), so that of
# more hosts at once none would be there any more when it is wanted: hosts are spread over so many shares.
_HOSTS_A_SHARE = 8
# Where hundreds answer at one moment, the first of their hosts are asked again before the last is read.
_EVENTS_AT_ONCE = 8


def load_pycurl() -> ModuleType:
    """The binding of libcurl.

    Raises: MissingToolError when it is not there or can't be loaded.
    """
    try:
        import pycurl
    except ImportError as error:
        raise MissingToolError(
            f"pycurl can't be loaded ({error}), so the web can't be asked",
            "Install it (pip install pycurl), or check with --offline.",
        ) from error
    module: ModuleType = pycurl
    return module


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportOptions:
    """How the network is used.

    - at_once: transfers at most.
    - may_connect: whether an address (text of an IP) may be connected to; None: any.
    - connect_to: (host, port) -> "host:port" to connect to in its place, and None where the name decides.
    - ca_file: certificates of authorities in PEM; None: those of this system, else certifi's.
    - proxy: URL of a proxy, None for none; with one, `may_connect` is not asked, since it resolves the names.
    """

    at_once: int = 128
    may_connect: Callable[[str], bool] | None = None
    connect_to: Callable[[str, int], str | None] | None = None
    ca_file: str | None = None
    proxy: str | None = None


class CurlTransport:
    """Transfers over libcurl's multi interface, with one cache of names, TLS sessions and connections."""

    def __init__(self, options: TransportOptions) -> None:
        self._curl = load_pycurl()
        self._options = options
        self._ca_file = functools.cache(lambda: options.ca_file or authorities())
        curl = self._curl
        self._multi = curl.CurlMulti()
        self._shares: dict[int, Any] = {}
        self._most_shares = -(-options.at_once // _HOSTS_A_SHARE)
        self._poll = select.epoll() if sys.platform == "linux" else None
        self._selector: selectors.BaseSelector | None = None
        self._alarm: float | None = None
        self._masks: dict[int, int] = {}
        if self._poll is None:
            import selectors

            self._selector = selectors.DefaultSelector()
            reads, writes = selectors.EVENT_READ, selectors.EVENT_WRITE
        else:
            reads, writes = select.EPOLLIN, select.EPOLLOUT
        self._events = {curl.POLL_IN: reads, curl.POLL_OUT: writes, curl.POLL_INOUT: reads | writes, 0: 0}
        self._multi.setopt(curl.M_MAXCONNECTS, options.at_once * 4)
        self._multi.setopt(curl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(curl.M_TIMERFUNCTION, self._set_alarm)
        self._events_seen = 0  # by the last look
        self._idle: dict[object, list[_Transfer]] = {}  # by share
        self._busy: dict[Any, _Transfer] = {}
        self._started = 0

    @property
    def active(self) -> int:
        """How many are under way."""
        return len(self._busy)

    @property
    def is_behind(self) -> bool:
        """Whether more has happened on the network than was looked at so far."""
        return bool(self._busy) and self._events_seen >= _EVENTS_AT_ONCE

    def start(self, request: Request) -> None:
        """Begin one."""
        share = self._share_of(request.url)
        idle = self._idle[share]
        transfer = idle.pop() if idle else _Transfer(self._curl, share, self._options, self._ca_file)
        self._started += 1
        cleans = self._started % _TRANSFERS_BETWEEN_CLEANINGS == 0
        transfer.prepare(request, names_kept=_NAMES_ARE_KEPT if cleans else _FOR_EVER)
        self._busy[transfer.handle] = transfer
        self._multi.add_handle(transfer.handle)

    def _share_of(self, url: str) -> object:
        """What transfers from one host share: names that were looked up, and TLS sessions."""
        key = hash(url[: url.find("/", 8)]) % self._most_shares
        share = self._shares.get(key)
        if share is None:
            share = self._shares[key] = self._curl.CurlShare()
            share.setopt(self._curl.SH_SHARE, self._curl.LOCK_DATA_DNS)
            share.setopt(self._curl.SH_SHARE, self._curl.LOCK_DATA_SSL_SESSION)
            self._idle[share] = []
        return share

    def wait(self, seconds: float) -> list[Response]:
        """Those that are done; waits for the first of them, at most so long."""
        left, deadline = seconds, time.monotonic() + seconds
        done = self._collect()
        while not done and self._busy:
            self._turn(left)  # once, even where there is no time to wait
            done = self._collect()
            left = deadline - time.monotonic()
            if left <= 0:
                break
        return done

    def abandon(self) -> list[object]:
        """Give up all that is under way, and return their tokens."""
        tokens = []
        for handle, transfer in list(self._busy.items()):
            self._multi.remove_handle(handle)
            tokens.append(transfer.token)
            transfer.close()
        self._busy.clear()
        return tokens

    def close(self) -> None:
        """Let everything go."""
        self.abandon()
        for transfer in chain.from_iterable(self._idle.values()):
            transfer.close()
        self._idle.clear()
        self._multi.close()
        for share in self._shares.values():
            share.close()
        for closing in (self._poll, self._selector):
            if closing is not None:
                closing.close()

    def _turn(self, longest: float) -> None:
        """Wait for a socket or the alarm, and let libcurl work."""
        pause, curl_in, curl_out = longest, self._curl.CSELECT_IN, self._curl.CSELECT_OUT
        if self._alarm is not None:
            pause = min(pause, max(0.0, self._alarm - time.monotonic()))
        if not self._masks:
            self._events_seen = 0
            if pause:
                time.sleep(min(pause, 0.05))
        elif self._poll is not None:
            events = self._poll.poll(pause, _EVENTS_AT_ONCE)
            self._events_seen = len(events)
            for descriptor, mask in events:
                if descriptor not in self._masks:
                    # of a connection that rests, and that the other side has ended; or closed just now
                    with contextlib.suppress(OSError):
                        self._poll.unregister(descriptor)
                    continue
                # an error is told as readable and writable: libcurl reads it from the socket
                reads = curl_in if mask & ~select.EPOLLOUT else 0
                self._multi.socket_action(descriptor, reads | (curl_out if mask & ~select.EPOLLIN else 0))
        elif self._selector is not None:
            for key, mask in self._selector.select(pause):
                reads = curl_in if mask & self._events[self._curl.POLL_IN] else 0
                writes = curl_out if mask & self._events[self._curl.POLL_OUT] else 0
                self._multi.socket_action(key.fd, reads | writes)
        if self._alarm is not None and time.monotonic() >= self._alarm:
            self._alarm = None
            self._multi.socket_action(self._curl.SOCKET_TIMEOUT, 0)

    def _watch(self, event: int, descriptor: int, multi: object, data: object) -> int:
        masks = self._masks
        if event == self._curl.POLL_REMOVE:
            known = masks.pop(descriptor, 0)
            if known and self._selector is not None:
                self._register(descriptor, known, 0)
            return 0
        known = masks.get(descriptor, 0)
        wanted = masks[descriptor] = self._events[event]
        if known != wanted:
            self._register(descriptor, known, wanted)
        return 0

    def _register(self, descriptor: int, known: int, wanted: int) -> None:
        if self._poll is not None:
            # A connection that rests stays where it is: most are wanted again at once. The system itself forgets what
            # was closed, so that only `modify` can tell whether it is the same socket.
            try:
                self._poll.modify(descriptor, wanted)
            except FileNotFoundError:
                self._poll.register(descriptor, wanted)
        elif self._selector is not None:
            if not wanted:
                self._selector.unregister(descriptor)
            elif known:
                self._selector.modify(descriptor, wanted)
            else:
                self._selector.register(descriptor, wanted)

    def _set_alarm(self, milliseconds: int) -> int:
        self._alarm = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
        return 0

    def _collect(self) -> list[Response]:
        done: list[Response] = []
        if not self._busy:
            return done
        while True:
            queued, good, failed = self._multi.info_read()
            ended = [(handle, 0, "") for handle in good] + list(failed)
            for handle, number, text in ended:
                transfer = self._busy.pop(handle)
                done.append(transfer.response(number, text))
                self._multi.remove_handle(handle)
                self._idle[transfer.share].append(transfer)
            if not queued:
                return done


def authorities() -> str | None:
    """A file with the certificates of authorities: the system's, else certifi's, else None."""
    given = os.environ.get("SSL_CERT_FILE")
    if given and Path(given).is_file():
        return given
    import ssl

    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return paths.cafile
    try:
        import certifi
    except ImportError:
        return None
    return certifi.where()


class _Handed:
    """A socket on its way to libcurl: pycurl duplicates its descriptor and drops it, and nobody else closes it."""

    __slots__ = ("_socket",)

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def fileno(self) -> int:
        """The descriptor."""
        return self._socket.fileno()

    def __del__(self) -> None:
        self._socket.close()


class _Transfer:
    """One easy handle, used again and again, and what it receives."""

    def __init__(
        self, curl: ModuleType, share: object, options: TransportOptions, ca_file: Callable[[], str | None]
    ) -> None:
        self._curl, self._options = curl, options
        self._ca_file: Callable[[], str | None] | None = ca_file  # until it was asked for
        self._lines: list[bytes] = []
        self._headers: dict[str, str] = {}
        self._status = 0
        self._refused_address = ""
        self._stopped = False
        self._sent_headers: tuple[str, ...] | None = None
        self._verifies = self._decodes = True
        self._stays = True
        self.share = share
        self._has_cookies = False
        self._userinfo: str | None = None
        self._times: tuple[float, float] | None = None
        self._names_kept: int | None = None
        self._request: Request | None = None
        handle = self.handle = curl.Curl()
        handle.setopt(curl.SHARE, share)
        handle.setopt(curl.NOSIGNAL, 1)
        handle.setopt(curl.FOLLOWLOCATION, 0)
        handle.setopt(curl.PATH_AS_IS, 1)
        handle.setopt(curl.ACCEPT_ENCODING, "")
        handle.setopt(curl.HTTP_VERSION, curl.CURL_HTTP_VERSION_2TLS)
        handle.setopt(curl.COOKIEFILE, "")
        handle.setopt(curl.PROTOCOLS, curl.PROTO_HTTP | curl.PROTO_HTTPS)
        handle.setopt(curl.PROXY, options.proxy or "")
        handle.setopt(curl.NETRC, curl.NETRC_IGNORED)
        handle.setopt(curl.WRITEFUNCTION, self._on_body)
        # lines are only kept here, by a function in C; they are read when the body begins, or at the end
        handle.setopt(curl.HEADERFUNCTION, self._lines.append)
        # without the large keys of post-quantum groups, which cost a handshake more than it has else
        if "OpenSSL" in curl.version:
            handle.setopt(curl.SSL_EC_CURVES, "X25519:P-256:P-384:P-521")
        if options.may_connect is not None and not options.proxy:
            handle.setopt(curl.OPENSOCKETFUNCTION, self._on_open)

    @property
    def token(self) -> object:
        """Of the request under way."""
        return self._request.token if self._request else None

    def prepare(self, request: Request, *, names_kept: int) -> None:
        """Set all that differs from request to request. names_kept: seconds; -1 for ever."""
        curl, handle = self._curl, self.handle
        self._request = request
        self._lines.clear()
        self._headers = {}
        self._status, self._refused_address, self._stopped = 0, "", False
        handle.setopt(curl.URL, request.url)
        if not self._options.proxy:
            handle.setopt(curl.REQUEST_TARGET, request.target)  # libcurl itself would change escapes
        if self._ca_file is not None and request.url.startswith("https:"):
            if ca_file := self._ca_file():
                handle.setopt(curl.CAINFO, ca_file)
            self._ca_file = None
        if request.headers != self._sent_headers:
            handle.setopt(curl.HTTPHEADER, list(request.headers))
            self._sent_headers = request.headers
        if request.is_decoded != self._decodes:
            handle.setopt(curl.HTTP_CONTENT_DECODING, int(request.is_decoded))
            self._decodes = request.is_decoded
        times = (request.timeout, request.connect_timeout)
        if times != self._times:
            handle.setopt(curl.TIMEOUT_MS, max(1, int(times[0] * 1000)))
            handle.setopt(curl.CONNECTTIMEOUT_MS, max(1, int(times[1] * 1000)))
            self._times = times
        if request.looks_up_anew:
            names_kept = 0
        if names_kept != self._names_kept:
            handle.setopt(curl.DNS_CACHE_TIMEOUT, names_kept)
            self._names_kept = names_kept
        if request.is_last == self._stays:
            handle.setopt(curl.FORBID_REUSE, int(request.is_last))
            self._stays = not request.is_last
        if request.verify_tls != self._verifies:
            handle.setopt(curl.SSL_VERIFYPEER, int(request.verify_tls))
            handle.setopt(curl.SSL_VERIFYHOST, 2 if request.verify_tls else 0)
            self._verifies = request.verify_tls
        if self._has_cookies:
            handle.setopt(curl.COOKIELIST, "ALL")
        self._has_cookies = bool(request.cookies)
        for cookie in request.cookies:
            handle.setopt(curl.COOKIELIST, cookie)
        if request.userinfo == self._userinfo:
            pass
        elif request.userinfo is not None:
            user, _, password = request.userinfo.partition(":")
            handle.setopt(curl.USERNAME, unquote(user))
            handle.setopt(curl.PASSWORD, unquote(password))
            handle.setopt(curl.HTTPAUTH, curl.HTTPAUTH_BASIC)
        else:
            handle.unsetopt(curl.USERNAME)
            handle.unsetopt(curl.PASSWORD)
        self._userinfo = request.userinfo
        if self._options.connect_to is not None:
            self._redirect_connection(request.url)

    def _redirect_connection(self, url: str) -> None:
        curl, parsed = self._curl, parse(url)
        elsewhere = None
        if parsed is not None and self._options.connect_to is not None:
            elsewhere = self._options.connect_to(parsed.host, parsed.port)
        self.handle.setopt(curl.CONNECT_TO, [f"::{elsewhere}"] if elsewhere else [])

    def close(self) -> None:
        """Let the handle go."""
        self.handle.close()

    def response(self, number: int, text: str) -> Response:
        """What came, after libcurl ended with error `number` (0: none)."""
        assert self._request is not None  # noqa: S101 -- a transfer that ends was begun
        if not self._status:
            self._read_headers()
        response = Response(token=self._request.token, status=self._status, headers=self._headers)
        if "set-cookie" in self._headers or self._request.cookies:
            self._has_cookies = True
            response.cookies = tuple(self.handle.getinfo(self._curl.INFO_COOKIELIST))
        if number and not (self._stopped and number == self._curl.E_WRITE_ERROR):
            response.failure, response.detail = self._failure(number, text)
            if response.failure is Failure.HEADERS:
                response.status, response.headers = self._heads()
        self._request = None
        return response

    def _read_headers(self) -> None:
        """Read the last head of those that came (an interim response has one of its own), if it is whole."""
        status, headers = self._heads()
        if (100 <= status < 200 and status != 101) or not self._lines or self._lines[-1].strip():
            return
        self._status, self._headers = status, headers
        if self._request is not None:
            length = headers.get("content-length", "")
            known = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None
            self._stopped = not self._request.body.begin(status, headers.get("content-type", ""), known)

    def _heads(self) -> tuple[int, dict[str, str]]:
        headers: dict[str, str] = {}
        status = 0
        for line in self._lines:
            kept, value = _header(line)
            if kept == _STATUS:
                headers, status = {}, int(value)
            elif kept:
                headers[kept] = value
        return status, headers

    def _on_body(self, chunk: bytes) -> int | None:
        if not self._status:
            self._read_headers()
        if self._stopped or self._request is None:
            return 0
        if self._request.body.write(chunk):
            return None
        self._stopped = True
        return 0

    def _on_open(self, purpose: int, address: Any) -> Any:
        where = address.addr
        text = where[0] if isinstance(where, tuple) else ""
        if self._options.may_connect is not None and not self._options.may_connect(str(text)):
            self._refused_address = str(text)
            return self._curl.SOCKET_BAD
        import socket

        return _Handed(socket.socket(address.family, address.socktype, address.protocol))

    def _failure(self, number: int, text: str) -> tuple[Failure, str]:
        curl = self._curl
        if number == curl.E_COULDNT_CONNECT and self._refused_address:
            return Failure.PRIVATE, self._refused_address
        if number == curl.E_COULDNT_RESOLVE_HOST:
            return Failure.DNS, "no such host"
        if number == curl.E_COULDNT_CONNECT:
            system = self.handle.getinfo(curl.OS_ERRNO)
            kind = Failure.REFUSED if system in (0, errno.ECONNREFUSED) else Failure.UNREACHABLE
            return kind, errno.errorcode.get(system, "")
        if number == curl.E_OPERATION_TIMEDOUT:
            return Failure.TIMEOUT, "no answer in time"
        if number == curl.E_PEER_FAILED_VERIFICATION:
            return _tls_failure(self.handle.getinfo(curl.SSL_VERIFYRESULT), text)
        if number == curl.E_SSL_CONNECT_ERROR:
            reset = self.handle.getinfo(curl.OS_ERRNO) == errno.ECONNRESET
            return (Failure.RESET, "reset while TLS began") if reset else (Failure.TLS_FAILED, _tls_words(text))
        if number == _TOO_LARGE:
            return Failure.TOO_LARGE, "headers without end"
        if number in (curl.E_GOT_NOTHING, curl.E_RECV_ERROR, curl.E_SEND_ERROR):
            return Failure.RESET, "the connection was closed"
        if number == curl.E_PARTIAL_FILE:
            return Failure.PARTIAL, "the connection was closed within the page"
        if number == curl.E_BAD_CONTENT_ENCODING:
            return Failure.ENCODING, "the body can't be decoded"
        if number == _WEIRD_REPLY and "colon" in text:
            return Failure.HEADERS, "a line among the headers has no colon"
        if number in (getattr(curl, "E_HTTP2", 16), 92):
            return Failure.RESET, "the HTTP/2 stream was closed"
        return Failure.PROTOCOL, f"no valid answer ({curl_name(number)})"


def curl_name(number: int) -> str:
    """For people: libcurl's number of an error."""
    return f"libcurl error {number}"


# results of X509_verify_cert, openssl's x509_vfy.h
_EXPIRED, _NOT_YET, _SELF_SIGNED = 10, 9, (18, 19)
_HOST_MISMATCH = (62, 64)


def _tls_failure(result: int, text: str) -> tuple[Failure, str]:
    lowered = text.lower()
    if result == _EXPIRED or "expired" in lowered:
        return Failure.TLS_EXPIRED, "the certificate has expired"
    if result == _NOT_YET or "not yet valid" in lowered:
        return Failure.TLS_NOT_YET_VALID, "the certificate is not valid yet"
    if result in _SELF_SIGNED or "self-signed" in lowered or "self signed" in lowered:
        return Failure.TLS_SELF_SIGNED, "the certificate is signed by nobody known"
    if result in _HOST_MISMATCH or "subject name" in lowered or "does not match" in lowered:
        return Failure.TLS_WRONG_HOST, "the certificate is for another host"
    return Failure.TLS_UNTRUSTED, "the certificate's chain is not trusted"


def _tls_words(text: str) -> str:
    return text.rpartition("error:")[2].strip(" :")[:120] or "no TLS"


@functools.lru_cache(maxsize=2048)
def _header(line: bytes) -> tuple[str, str]:
    """The name, in lower case, and the value of a header that decides something, else two empty texts.

    A status line is the header `_STATUS`. Servers say the same again and again.
    """
    if line.startswith(b"HTTP/"):
        parts = line.split(None, 2)
        return _STATUS, str(int(parts[1])) if len(parts) > 1 and parts[1].isdigit() else "0"
    name, _, value = line.partition(b":")
    kept = _KEPT_HEADERS.get(name.strip().lower())
    return ("", "") if kept is None else (kept, _text(value.strip()))


def _text(value: bytes) -> str:
    """UTF-8 where it is that; other bytes stay themselves as surrogates."""
    return value.decode("utf-8", "surrogateescape")
