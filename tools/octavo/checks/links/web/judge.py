"""From one response to what comes next: a verdict, another attempt, or another URL. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from octavo.checks.links.web.body import PageBody
from octavo.checks.links.web.patterns import LazyPattern
from octavo.checks.links.web.transport import Failure, Response
from octavo.checks.links.web.verdict import OK, Finding, Reason, broken, unknown
from octavo.checks.links.web.weburl import NotWeb, WebUrl, join

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# statuses that may be another in a moment; 520 to 530 are Cloudflare's for a server behind it that does not answer
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 523, 524, 525, 527, 529, 530, 598, 599})
_RATE_LIMITS = frozenset({420, 429})
_LOGIN_STATUSES = frozenset({401, 402, 407})
_WALL_STATUSES = frozenset({403, 405, 406, 418, 429, 503, 999})
_WALL_HEADERS = ("cf-mitigated", "x-datadome", "x-amzn-waf-action", "x-sucuri-block", "x-px-block")
_WALL_WORDS = LazyPattern(
    rb"cf-chl-|challenge-platform|/cdn-cgi/challenge|Just a moment\.\.\.|Attention Required! \| Cloudflare|"
    rb"_Incapsula_Resource|Incapsula incident|captcha-delivery\.com|px-captcha|perimeterx|Pardon Our Interruption|"
    rb"Access Denied</title>[\s\S]{0,2000}errors\.edgesuite\.net|Request unsuccessful|awsWafCookieDomainList|"
    rb"anubis_challenge|g-recaptcha|h-captcha|hcaptcha\.com|verify (?:that )?you are (?:a )?human|unusual traffic",
    re.I,
)
_LOGIN_PATH = LazyPattern(
    r"(?:^|[/_.-])(?:log[-_]?[io]n|sign[-_]?in|sso|saml2?|oauth2?|authorize|authenticate|wp-login\.php|servicelogin|cas)"
    r"(?:[/_.?-]|$)",
    re.I,
)
_LOGIN_HOSTS = frozenset({"login", "sso", "accounts", "signin", "idp", "auth"})  # by their first label
_REFRESH = LazyPattern(rb"<meta\b[^>]*http-equiv\s*=\s*[\"']?refresh\b[^>]*>", re.I)
_BASE = LazyPattern(rb"<base\b[^>]*?\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
_CONTENT = LazyPattern(rb"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
_DELAY_AND_URL = LazyPattern(r"\s*(\d*)[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.I)
_HEAD = 16 * 1024  # bytes in which a page says where it sends its reader
_LONGEST_REFRESH = 10  # seconds; a page that changes later is meant to be read first
_FALSE_REFRESH = LazyPattern(rb"<!--.*?-->|<noscript\b.*?</noscript\s*>|<script\b.*?</script\s*>", re.I | re.S)

_FAILURE_REASONS = {
    Failure.DNS: Reason.DNS,
    Failure.REFUSED: Reason.REFUSED,
    Failure.UNREACHABLE: Reason.UNREACHABLE,
    Failure.RESET: Reason.RESET,
    Failure.PARTIAL: Reason.RESET,
    Failure.TIMEOUT: Reason.TIMEOUT,
    Failure.TOO_LARGE: Reason.TOO_LARGE,
    Failure.PROTOCOL: Reason.PROTOCOL,
    Failure.ENCODING: Reason.PROTOCOL,
    Failure.HEADERS: Reason.PROTOCOL,
    Failure.TLS_EXPIRED: Reason.TLS_EXPIRED,
    Failure.TLS_NOT_YET_VALID: Reason.TLS_NOT_YET_VALID,
    Failure.TLS_SELF_SIGNED: Reason.TLS_SELF_SIGNED,
    Failure.TLS_WRONG_HOST: Reason.TLS_WRONG_HOST,
    Failure.TLS_UNTRUSTED: Reason.TLS_UNTRUSTED,
    Failure.TLS_FAILED: Reason.TLS_FAILED,
}
# after the headers, so that there is a page; what is too large then are trailers
_WITHIN_A_PAGE = frozenset({Failure.TIMEOUT, Failure.PARTIAL, Failure.RESET, Failure.TOO_LARGE})
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd", "identity"})
_PASSING_FAILURES = frozenset(
    {Failure.DNS, Failure.REFUSED, Failure.UNREACHABLE, Failure.RESET, Failure.PARTIAL, Failure.TIMEOUT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Ask again later; `otherwise` when there is no later.

    - retry_after: the header's value, "" where there is none. pauses_host: whether the whole host is to be left alone.
    - has_begun: whether part of the page came, which may hold what is looked for.
    """

    otherwise: Finding
    retry_after: str = ""
    pauses_host: bool = False
    has_begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Ask for another URL."""

    url: WebUrl
    is_permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The page is there: its anchors decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAsItIs:
    """Ask again at once, without decoding: nobody knows the encoding, and browsers show such a page as it comes."""

    otherwise: Finding


Decision = Finding | Retry | Redirect | Answered | AskAsItIs


def decide(response: Response, body: PageBody, url: WebUrl, accepted: frozenset[int]) -> Decision:
    """What a response to a GET of `url` means. accepted: statuses that are fine on this host."""
    if response.failure is Failure.HEADERS and response.status:
        # browsers step over such a line, and show the page behind it; libcurl does not
        if 200 <= response.status < 300 and body.fragments:
            return unknown(Reason.ANCHOR_UNREADABLE, response.detail)
    elif response.failure is not None:
        return _failed(response, body)
    status = response.status
    if status in accepted:
        return OK
    if status in _REDIRECTS and response.headers.get("location", "").strip():
        return _redirected(response, url)
    if 200 <= status < 300:
        return _wall(response, body) or _refreshed(response, body, url) or Answered()
    return _refused(response, body)


def _failed(response: Response, body: PageBody) -> Decision:
    failure = response.failure
    assert failure is not None  # noqa: S101 -- asked for by the caller
    if failure is Failure.PRIVATE:
        return unknown(Reason.PRIVATE_ADDRESS, response.detail)
    if failure is Failure.ENCODING and not _ENCODINGS.issuperset(_encodings(response)):
        return AskAsItIs(otherwise=broken(Reason.PROTOCOL, response.detail))
    if 200 <= response.status < 300 and failure in _WITHIN_A_PAGE:
        # the page began to come: it is there, and only what it holds may be missing
        if not body.is_wanted(response.status) or body.has_all():
            return Answered()
        if failure is Failure.TOO_LARGE:
            return broken(Reason.TOO_LARGE, response.detail)
        return Retry(otherwise=broken(_FAILURE_REASONS[failure], response.detail), has_begun=True)
    finding = broken(_FAILURE_REASONS[failure], response.detail)
    # a host that can't be reached is not asked for its other pages until it was tried again
    return Retry(otherwise=finding, pauses_host=True) if failure in _PASSING_FAILURES else finding


def _encodings(response: Response) -> list[str]:
    return [name.strip().lower() for name in response.headers.get("content-encoding", "").split(",") if name.strip()]


def _redirected(response: Response, url: WebUrl) -> Decision:
    location = response.headers["location"].strip()
    target = join(url, location)
    if isinstance(target, NotWeb):
        what = f"to the scheme '{target.scheme}'" if target.scheme else "to what is not a URL"
        return broken(Reason.REDIRECT_INVALID, f"{response.status} {what}")
    if is_login(target) and not is_login(url):
        return unknown(Reason.LOGIN, f"{response.status} to a page to log in", target.shown())
    return Redirect(url=target, is_permanent=response.status in _PERMANENT)


def is_login(url: WebUrl) -> bool:
    """Whether a URL is of a page where people log in."""
    path = unquote(url.target.partition("?")[0])
    first = url.host.partition(".")[0]
    return _LOGIN_PATH.compiled.search(path) is not None or first in (
        "login",
        "sso",
        "accounts",
        "signin",
        "idp",
        "auth",
    )


def _refused(response: Response, body: PageBody) -> Decision:
    status = response.status
    wall = _wall(response, body)
    if wall is not None:
        return wall
    if status in _RATE_LIMITS:
        limited = unknown(Reason.RATE_LIMITED, str(status))
        return Retry(otherwise=limited, retry_after=response.headers.get("retry-after", ""), pauses_host=True)
    if status == 403 and response.headers.get("x-ratelimit-remaining") == "0":
        return unknown(Reason.RATE_LIMITED, "403")
    if status in _LOGIN_STATUSES:
        return unknown(Reason.LOGIN, str(status))
    if status in _PASSING:
        asks = response.headers.get("retry-after", "")
        return Retry(
            otherwise=unknown(Reason.SERVER_ERROR, str(status)),
            retry_after=asks,
            pauses_host=bool(asks) and status == 503,
        )
    if status >= 500 and status not in (501, 505):
        return unknown(Reason.SERVER_ERROR, str(status))
    return broken(Reason.STATUS, str(status))


def _wall(response: Response, body: PageBody) -> Finding | None:
    """A page that asks whether we are human, whatever its status says."""
    status = response.status
    if status == 999 or response.headers.get("cf-mitigated") == "challenge":
        return unknown(Reason.BOT_WALL, str(status))
    if status in _WALL_STATUSES:
        if any(name in response.headers for name in _WALL_HEADERS):
            return unknown(Reason.BOT_WALL, str(status))
        if _WALL_WORDS.compiled.search(body.data(), 0, 256 * 1024):
            return unknown(Reason.BOT_WALL, str(status))
    if status == 202 and "x-amzn-waf-action" in response.headers:
        return unknown(Reason.BOT_WALL, str(status))
    return None


def _refreshed(response: Response, body: PageBody, url: WebUrl) -> Redirect | Finding | None:
    """Where a page sends its reader at once (`Refresh`, `<meta http-equiv=refresh>`)."""
    value = response.headers.get("refresh", "")
    if not value:
        head = body.data()[:_HEAD]
        # looking for one letter takes a tenth of the time
        if (b"q" not in head and b"Q" not in head) or b"http-equiv" not in head.lower():
            return None
        tag = _REFRESH.compiled.search(_FALSE_REFRESH.compiled.sub(b"", head))
        content = _CONTENT.compiled.search(tag[0]) if tag else None
        if content is None:
            return None
        value = _unescaped(content[1] or content[2] or content[3])
    matched = _DELAY_AND_URL.compiled.match(value)
    if matched is None or int(matched[1][:6] or 0) > _LONGEST_REFRESH:
        return None
    base = _base(body.data()[:_HEAD], url) if not response.headers.get("refresh") else url
    target = join(base, matched[2].strip())
    if isinstance(target, NotWeb) or target.page == url.page:
        return None
    return Redirect(url=target, is_permanent=False)


def _unescaped(value: bytes | None) -> str:
    """An attribute's value without its character references."""
    import html

    return html.unescape((value or b"").decode("utf-8", "replace"))


def _base(head: bytes, url: WebUrl) -> WebUrl:
    """What the references of a page are relative to."""
    tag = _BASE.compiled.search(_FALSE_REFRESH.compiled.sub(b"", head))
    if tag is None:
        return url
    base = join(url, _unescaped(tag[1] or tag[2] or tag[3]))
    return url if isinstance(base, NotWeb) else base
