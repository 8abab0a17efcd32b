"""What can be said of a link to the web: five verdicts, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`UNKNOWN` is what could not be told; it is never counted as fine, and never as broken."""

    OK = "ok"
    REDIRECTED = "redirected"
    UNKNOWN = "unknown"
    IGNORED = "ignored"
    BROKEN = "broken"


class Reason(StrEnum):
    """Why. Public and stable: reports carry these words."""

    # broken
    STATUS = "status"
    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    TIMEOUT = "timeout"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_INVALID = "redirect-invalid"
    ANCHOR_MISSING = "anchor-missing"
    TOO_LARGE = "too-large"
    PROTOCOL = "protocol"
    URL_INVALID = "url-invalid"
    TLS_EXPIRED = "tls-expired"
    TLS_NOT_YET_VALID = "tls-not-yet-valid"
    TLS_SELF_SIGNED = "tls-self-signed"
    TLS_WRONG_HOST = "tls-wrong-host"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_FAILED = "tls-failed"
    # redirected
    MOVED = "moved"
    # unknown
    RATE_LIMITED = "rate-limited"
    BOT_WALL = "bot-wall"
    LOGIN = "login"
    ROBOTS = "robots"
    SERVER_ERROR = "server-error"
    ANCHOR_SCRIPTED = "anchor-scripted"
    ANCHOR_UNREADABLE = "anchor-unreadable"
    PRIVATE_ADDRESS = "private-address"
    BUDGET = "budget"
    OFFLINE = "offline"
    NETWORK = "network"
    # ignored
    RULE = "rule"
    SCHEME = "scheme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict without its URL.

    - reason: None for what is plainly fine.
    - detail: the value of the reason for people ("404", "no id 'setup'", the rule's pattern); never a secret.
    - final_url: where the link led, without userinfo, when that is not the URL itself; of `REDIRECTED` the URL to
      write instead.
    """

    verdict: Verdict
    reason: Reason | None = None
    detail: str = ""
    final_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one URL as it was asked for, fragment included."""

    url: str
    finding: Finding


def broken(reason: Reason, detail: str = "", final_url: str | None = None) -> Finding:
    """A finding that fails a run."""
    return Finding(verdict=Verdict.BROKEN, reason=reason, detail=detail, final_url=final_url)


def unknown(reason: Reason, detail: str = "", final_url: str | None = None) -> Finding:
    """What could not be told."""
    return Finding(verdict=Verdict.UNKNOWN, reason=reason, detail=detail, final_url=final_url)


def ignored(reason: Reason, detail: str) -> Finding:
    """What a rule left out. detail: the rule."""
    return Finding(verdict=Verdict.IGNORED, reason=reason, detail=detail)


OK = Finding(verdict=Verdict.OK)
