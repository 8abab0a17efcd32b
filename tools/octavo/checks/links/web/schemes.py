"""Links of other schemes than http(s): what can be told of them without asking anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from octavo.checks.links.web.patterns import LazyPattern
from octavo.checks.links.web.verdict import OK, Finding, Reason, broken, ignored

_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.\-]*):")
_LABEL = r"[^\W_](?:[^\W_]|-)*"
# HTML's own grammar of an e-mail address, with letters of all scripts (RFC 6531) and quoted local parts (RFC 5322)
_ADDRESS = LazyPattern(
    rf"(?:[\w.!#$%&'*+/=?^`{{|}}~-]+|\"(?:[^\"\\\r\n]|\\.)+\")@(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])", re.U
)
_NUMBER = LazyPattern(r"\+?[0-9A-Fa-f*#().\-\s]+")
_URN = LazyPattern(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]:[^\s#]+")
_DOI = LazyPattern(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_MEDIA_TYPE = LazyPattern(r"(?:[\w.+-]+/[\w.+*-]+)?(?:;[\w.+-]+=(?:\"[^\"]*\"|[^;,\"]*))*(?:;\s*base64)?\s*", re.I)


def scheme_of(text: str) -> str:
    """The scheme in lower case, "" where there is none."""
    matched = _SCHEME.match(text)
    return matched[1].lower() if matched else ""


def judge_scheme(text: str) -> Finding | None:
    """What a URL of another scheme is; None for http(s), and for what has no scheme."""
    if text.startswith(("https:", "http:")):
        return None
    scheme = scheme_of(text)
    if scheme in ("", "http", "https"):
        return None
    judge = _JUDGES.get(scheme)
    if judge is None:
        return ignored(Reason.SCHEME, scheme)
    problem = judge(text.strip().partition(":")[2])
    return OK if problem is None else broken(Reason.URL_INVALID, problem)


def _mailto(rest: str) -> str | None:
    recipients, _, fields = rest.partition("#")[0].partition("?")
    addresses = [a for a in (unquote(a).strip() for a in recipients.split(",")) if a]
    for name, _, value in (field.partition("=") for field in fields.split("&")):
        if name.lower() in ("to", "cc", "bcc"):
            addresses += [unquote(a).strip() for a in unquote(value).split(",")]
    if not addresses:
        # RFC 6068: a mail whose recipient the reader chooses
        return None if fields else "no address"
    for address in addresses:
        local, _, domain = address.rpartition("@")
        wrong = ".." in address or local.startswith(".") or local.endswith(".") or domain.endswith("-")
        if wrong or not _ADDRESS.compiled.fullmatch(address):
            return f"'{address}' is no address"
    return None


def _telephone(rest: str) -> str | None:
    number = unquote(rest.partition(";")[0].partition("?")[0])
    if _NUMBER.compiled.fullmatch(number) and any(c.isdigit() for c in number):
        return None
    return f"'{number}' is no number"


def _urn(rest: str) -> str | None:
    return None if _URN.compiled.fullmatch(rest.partition("#")[0]) else "not urn:namespace:name (RFC 8141)"


def _doi(rest: str) -> str | None:
    return None if _DOI.compiled.fullmatch(unquote(rest).lstrip("/")) else "not 10.prefix/suffix"


def _data(rest: str) -> str | None:
    head, comma, _ = rest.partition(",")
    return None if comma and _MEDIA_TYPE.compiled.fullmatch(unquote(head)) else "not data:type,content (RFC 2397)"


_JUDGES: dict[str, Callable[[str], str | None]] = {
    "mailto": _mailto,
    "tel": _telephone,
    "sms": _telephone,
    "urn": _urn,
    "doi": _doi,
    "data": _data,
}
