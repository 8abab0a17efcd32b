"""An http(s) URL as a browser sends it: parsed, mended and joined by the URL Standard as far as links need it."""

from __future__ import annotations

import functools
import ipaddress
import posixpath
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote, unquote

from octavo.checks.links.url import valid_authority

DEFAULT_PORTS = {"http": 80, "https": 443}
_STRIP = "".join(map(chr, range(0x21)))
_DROPPED = {ord("\t"): None, ord("\n"): None, ord("\r"): None}
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_AUTHORITY = re.compile(r"[/\\]*([^/\\?#]*)(.*)", re.S)
_PARTS = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?", re.S)
# left as they are besides letters and digits: what a path (a query) may hold, and "%", which is encoded already
_PATH_SAFE = "/:@!$&'()*+,;=-._~%[]|^\\"
_QUERY_SAFE = "/:@!$&()*+,;=-._~%?[]|^\\`{}"
_NUMERIC_HOST = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)(?:\.|$)){1,4}")
# a URL in which nothing is to be mended: most are
_AS_IT_IS = re.compile(
    r"((https?)://([A-Za-z0-9.-]++(?::[0-9]++)?))"
    r"((?:/(?!\.)[A-Za-z0-9:@!$&()*+,;=._~-]*+)*+)(\?[A-Za-z0-9/:@!$&()*+,;=._~%-]*+)?(?:#([!-~]*+))?"
)
_PLAIN = re.compile(r"[A-Za-z0-9/:@!$&()*+,;=._~%-]*")
_DOT = {".", "%2e"}
_DOTS = {"..", ".%2e", "%2e.", "%2e%2e"}
MOST_CHARACTERS = 65_536  # a longer URL no server takes


class WebUrl(NamedTuple):
    """A URL of the web, ready to be asked for.

    - scheme: "http" or "https". host: ASCII, lower case, IPv6 in brackets. port: the number, the default included.
    - target: path and query, ASCII, beginning with "/".
    - fragment: as written, without "#"; None where there is none.
    - userinfo: as written ("user:secret"), or None; never shown.
    """

    scheme: str
    host: str
    port: int
    target: str
    fragment: str | None = None
    userinfo: str | None = None

    @property
    def origin(self) -> str:
        """`https://example.org`, with the port where it is not the scheme's own."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def page(self) -> str:
        """What is asked for: without fragment and userinfo."""
        return self.origin + self.target

    def shown(self, fragment: str | None = None) -> str:
        """For people: with a fragment, without userinfo."""
        return self.page if fragment is None else f"{self.page}#{fragment}"

    def without_fragment(self) -> WebUrl:
        """The page itself."""
        return self._replace(fragment=None) if self.fragment is not None else self


def parse(text: str) -> WebUrl | None:
    """An absolute http(s) URL, or None when it is none or no browser would ask for it. Never raises."""
    if len(text) > MOST_CHARACTERS:
        return None
    plain = _AS_IT_IS.fullmatch(text)
    if plain is not None:
        _, scheme, authority, path, query, fragment = plain.groups()
        server = _server(scheme, authority)
        target = f"{path or '/'}{query}" if query else path or "/"
        return None if server is None else WebUrl(scheme, server[0], server[1], target, fragment, server[2])
    cleaned = text.strip(_STRIP).translate(_DROPPED)
    matched = _SCHEME.match(cleaned)
    if matched is None or matched[1].lower() not in DEFAULT_PORTS:
        return None
    parts = _AUTHORITY.match(cleaned, matched.end())
    scheme = matched[1].lower()
    server = None if parts is None else _server(scheme, parts[1])
    if parts is None or server is None:
        return None
    host, port, userinfo = server
    target, fragment = _target(parts[2])
    return WebUrl(scheme, host, port, target, fragment, userinfo)


def plain_parts(text: str) -> tuple[str, str, str | None] | None:
    """What stands before the path (as it is written), the target and the fragment of a URL with nothing to be mended.

    None for any other: `parse` says of that what it is. It also says whether there is such a host.
    """
    plain = _AS_IT_IS.fullmatch(text)
    if plain is None or len(text) > MOST_CHARACTERS:
        return None
    server, _, _, path, query, fragment = plain.groups()
    return server, f"{path or '/'}{query}" if query else path or "/", fragment


@functools.lru_cache(maxsize=4096)
def _server(scheme: str, authority: str) -> tuple[str, int, str | None] | None:
    """Host, port and userinfo; links share their hosts."""
    if not valid_authority(authority):
        return None
    userinfo, at, host_port = authority.rpartition("@")
    host_text, port = _host_and_port(host_port, scheme)
    host = ascii_host(host_text)
    return None if host is None else (host, port, userinfo if at else None)


def _host_and_port(text: str, scheme: str) -> tuple[str, int]:
    host, port = text, ""
    if text.startswith("["):
        inside, _, after = text.partition("]")
        host, port = f"{inside}]", after.removeprefix(":")
    elif ":" in text:
        host, _, port = text.partition(":")
    return host, int(port) if port else DEFAULT_PORTS[scheme]


def ascii_host(text: str) -> str | None:
    """A host as it is looked up: names by IDNA (UTS 46), as browsers read them; None when there is no such name."""
    if text.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(text[1:-1])}]"
        except ValueError:
            return None
    name = unquote(text)
    if name.isascii():
        lowered = _plain_ipv4(name.lower())
        return lowered if len(lowered) <= 253 and all(len(p) <= 63 for p in lowered.split(".")) else None
    import idna

    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return _lenient_host(name)


def _plain_ipv4(name: str) -> str:
    """An IPv4 address in any of its old forms (one number, octal, hexadecimal) with four decimal parts."""
    if not _NUMERIC_HOST.fullmatch(name):
        return name
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError:
        import socket

    try:
        return socket.inet_ntoa(socket.inet_aton(name.removesuffix(".")))
    except OSError:
        return name


def _lenient_host(name: str) -> str | None:
    """What browsers look up though IDNA 2008 forbids it (emoji, underscores beside other scripts)."""
    labels = []
    for label in re.split("[.\u3002\uff0e\uff61]", unicodedata.normalize("NFKC", name).casefold()):
        try:
            made = label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        except UnicodeError:
            return None
        if len(made) > 63 or re.search(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]", made):
            return None
        labels.append(made)
    host = ".".join(labels)
    return host if host and len(host) <= 253 else None


def _target(rest: str) -> tuple[str, str | None]:
    """Path and query encoded, and the fragment as written."""
    matched = _PARTS.fullmatch(rest)
    path, query, fragment = (matched[1], matched[2], matched[3]) if matched else (rest, None, None)
    target = _without_dots(_encoded(path.replace("\\", "/") or "/", _PATH_SAFE))
    if query is not None:
        target += "?" + _encoded(query[1:], _QUERY_SAFE)
    return target, None if fragment is None else fragment[1:]


def _encoded(text: str, safe: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return quote(text, safe=safe, encoding="utf-8", errors="surrogateescape" if _escaped(text) else "replace")


def _escaped(text: str) -> bool:
    """Whether all surrogates of a text stand for bytes, as `surrogateescape` left them."""
    return all(not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" for c in text)


def _without_dots(path: str) -> str:
    if "/." not in path and "/%2" not in path:
        return path if path.startswith("/") else f"/{path}"
    out: list[str] = []
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    for i, segment in enumerate(segments):
        lowered, last = segment.lower(), i == len(segments) - 1
        if lowered in _DOTS:
            if out:
                out.pop()
            if last:
                out.append("")
        elif lowered in _DOT:
            if last:
                out.append("")
        else:
            out.append(segment)
    return "/" + "/".join(out)


class NotWeb:
    """A reference that leads out of the web: another scheme, or nothing that can be a URL. scheme: "" for that."""

    __slots__ = ("scheme",)

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme


def join(base: WebUrl, location: str) -> WebUrl | NotWeb:
    """Where `location` leads from `base`; spaces and characters beyond ASCII are mended as browsers do."""
    cleaned = location.strip(_STRIP).translate(_DROPPED)
    if len(cleaned) > MOST_CHARACTERS:
        return NotWeb("")
    matched = _SCHEME.match(cleaned)
    if matched is not None:
        scheme = matched[1].lower()
        rest = cleaned[matched.end() :]
        if scheme not in DEFAULT_PORTS:
            return NotWeb(scheme)
        if scheme != base.scheme or rest[:1] in ("/", "\\"):
            return parse(cleaned) or NotWeb("")
        cleaned = rest  # "https:path" is relative where the base has the same scheme
    before = _PARTS.fullmatch(cleaned)
    path = (before[1] if before else cleaned).replace("\\", "/")
    rest = cleaned[len(path) :]
    if path.startswith("//"):
        return parse(f"{base.scheme}:{path}{rest}") or NotWeb("")
    if not path:
        return _same_path(base, rest)
    if not path.startswith("/"):
        path = posixpath.dirname(base.target.partition("?")[0]).rstrip("/") + "/" + path
    target, fragment = _target(path + rest)
    return base._replace(target=target, fragment=fragment)


def _same_path(base: WebUrl, rest: str) -> WebUrl:
    path = base.target.partition("?")[0]
    if rest.startswith("?"):
        target, fragment = _target(path + rest)
        return base._replace(target=target, fragment=fragment)
    return base._replace(fragment=rest[1:] if rest else None)


_USERINFO = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*:[/\\]*)[^/\\?#]*@")


def without_userinfo(text: str) -> str:
    """A URL as it was written, but for what stands before "@" in its authority."""
    return _USERINFO.sub(r"\1", text) if "@" in text else text
