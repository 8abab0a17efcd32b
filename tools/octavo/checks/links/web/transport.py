"""What is asked of the web, and what comes back; who carries it is another's (`curl_transport`).

A transfer is one request and one response; redirects, retries and verdicts are the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from octavo.checks.links.web.body import PageBody


class Failure(StrEnum):
    """Why there is no response."""

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    PARTIAL = "partial"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    PROTOCOL = "protocol"
    ENCODING = "encoding"  # the body is not encoded as its headers say
    HEADERS = "headers"  # a line among the headers is none
    PRIVATE = "private"
    TLS_EXPIRED = "tls-expired"
    TLS_NOT_YET_VALID = "tls-not-yet-valid"
    TLS_SELF_SIGNED = "tls-self-signed"
    TLS_WRONG_HOST = "tls-wrong-host"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_FAILED = "tls-failed"


@dataclass(slots=True)
class Request:
    """One GET.

    - token: handed back with the response. target: path and query, sent byte for byte.
    - headers: lines ("Name: value"). cookies: as `Response.cookies` gave them.
    - userinfo: "user:password", percent-encoded, or None. timeout: seconds for all of it.
    - is_decoded: False to take the body as it comes, whatever its headers say of an encoding.
    - is_last: whether the connection is not wanted any more after this.
    - looks_up_anew: whether what is remembered of the host's name, that there is none above all, must not be used.
    """

    token: object
    url: str
    target: str
    headers: tuple[str, ...]
    body: PageBody
    timeout: float
    connect_timeout: float
    cookies: tuple[str, ...] = ()
    userinfo: str | None = None
    verify_tls: bool = True
    is_decoded: bool = True
    looks_up_anew: bool = False
    is_last: bool = False


@dataclass(slots=True)
class Response:
    """What came back.

    - status: 0 when nothing did. headers: those that decide something, names in lower case; of a repeated one the last.
    - failure: None when the response was whole, or was cut off by the body itself.
    - detail: of a failure, for people. cookies: the jar after this response.
    """

    token: object
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    detail: str = ""
    cookies: tuple[str, ...] = ()


class Transport(Protocol):
    """Who carries requests; several at once."""

    @property
    def active(self) -> int:
        """How many are under way."""

    @property
    def is_behind(self) -> bool:
        """Whether more has happened on the network than was looked at so far."""

    def start(self, request: Request) -> None:
        """Begin one."""

    def wait(self, seconds: float) -> list[Response]:
        """Those that are done; waits for the first of them, at most so long."""

    def abandon(self) -> list[object]:
        """Give up all that is under way, and return their tokens."""

    def close(self) -> None:
        """Let everything go."""
