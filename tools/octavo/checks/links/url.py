"""Where a reference leads, from its text alone: the URL Standard's rules as far as an artefact's inside needs them.

Nothing here knows which files exist, and no string makes it raise.
"""

from __future__ import annotations

import enum
import ipaddress
import re
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urljoin

_STRIP = "".join(map(chr, range(0x21)))  # "C0 control or space", URL Standard 4.4
_DROPPED = {ord("\t"): None, ord("\n"): None, ord("\r"): None}
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_AUTHORITY = re.compile(r"[/\\]*([^/\\?#]*)(.*)", re.S)
_FORBIDDEN_HOST = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")  # URL Standard 3.5, forbidden domain code points
_WEB = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
# what people type for http(s): a browser hands these to the operating system, so the link is dead
_MISTYPED = frozenset(
    f"{name}{secure}" for name in ("htp", "htpp", "htttp", "hhttp", "hhtp", "ttp", "httpp") for secure in ("", "s")
) | {"httpss"}
_DOT = {".", "%2e"}
_DOTS = {"..", ".%2e", "%2e.", "%2e%2e"}


class Kind(enum.Enum):
    """What a reference is."""

    INTERNAL = enum.auto()
    OUTSIDE = enum.auto()
    EXTERNAL = enum.auto()
    LOCAL = enum.auto()
    IGNORED = enum.auto()
    INVALID = enum.auto()


class Resolved(NamedTuple):
    """A reference after resolution.

    - path: for INTERNAL, decoded, relative to the artefact's root; ends with "/" (or is "") for a directory.
    - fragment: as written, without "#" and without a text directive; None where there is none.
    - url: for EXTERNAL, the absolute URL; for IGNORED, the URL of another scheme (`mailto:`), if it is short.
    """

    kind: Kind
    path: str = ""
    fragment: str | None = None
    url: str = ""


class BaseUrl(NamedTuple):
    """Where a site will be served. prefix: its directory, with "/" at both ends."""

    scheme: str
    authority: str
    prefix: str

    @property
    def origin(self) -> str:
        """`https://example.org`"""
        return f"{self.scheme}://{self.authority}"


IGNORED = Resolved(Kind.IGNORED)
INVALID = Resolved(Kind.INVALID)
LOCAL = Resolved(Kind.LOCAL)
OUTSIDE = Resolved(Kind.OUTSIDE)


def parse_base_url(url: str) -> BaseUrl | None:
    """The parts of a site's own URL, or None when it is not an http(s) URL."""
    scheme, colon, rest = url.strip(_STRIP).partition(":")
    matched = _AUTHORITY.match(rest)
    if not colon or scheme.lower() not in ("http", "https") or matched is None or not valid_authority(matched[1]):
        return None
    path = re.split(r"[?#]", matched[2], maxsplit=1)[0]
    directory = path[: path.rfind("/") + 1] or "/"
    return BaseUrl(scheme.lower(), _plain_authority(matched[1], scheme.lower()), unquote(directory))


def resolve(value: str, base: str, site: BaseUrl | None = None) -> Resolved:
    """Where `value` leads from the document at `base` (decoded path relative to the artefact's root)."""
    text = value.strip(_STRIP).translate(_DROPPED)
    scheme = _SCHEME.match(text)
    if scheme is not None:
        return _absolute(text, scheme[1].lower(), text[scheme.end() :], site)
    before, mark, fragment = text.partition("#")
    before = before.replace("\\", "/")
    if before.startswith("//"):
        return _absolute(f"{site.scheme if site else 'https'}:{text}", site.scheme if site else "https", text, site)
    path = before.partition("?")[0]
    wanted = _fragment(fragment) if mark else None
    if not path:
        return Resolved(Kind.INTERNAL, base, wanted)
    if path.startswith("/"):
        return _rooted(path, wanted, site, text)
    directory = base[: base.rfind("/") + 1].split("/")[:-1]
    return _joined(directory, path, wanted)


def resolve_external(value: str, base_url: str) -> Resolved:
    """Where `value` leads from a document whose `<base href>` is the absolute URL `base_url`."""
    alone = resolve(value, "")
    if alone.kind not in (Kind.INTERNAL, Kind.OUTSIDE):
        return alone
    try:
        return Resolved(Kind.EXTERNAL, url=urljoin(base_url, value.strip(_STRIP).translate(_DROPPED)))
    except ValueError:
        return INVALID


def valid_authority(authority: str) -> bool:
    """Whether `user@host:port` is one that a browser would ask (URL Standard 3.5 and 4.4, host and port states)."""
    host_port = authority.rpartition("@")[2]
    if host_port.startswith("["):
        host, closing, port = host_port[1:].partition("]")
        if not closing or (port and not port.startswith(":")):
            return False
        port = port.removeprefix(":")
        try:
            ipaddress.IPv6Address(host if "%" not in host else "invalid")
        except ValueError:
            return False
    else:
        host, _, port = host_port.partition(":")
        host = unquote(host, errors="replace")
        if not host or _FORBIDDEN_HOST.search(host) or not _valid_number_host(host):
            return False
    return not port or (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535)


def _valid_number_host(host: str) -> bool:
    """False for a host that ends in a number and is no IPv4 address (URL Standard 3.5, "ends in a number")."""
    labels = host.removesuffix(".").split(".")
    if not re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", labels[-1]):
        return True
    if len(labels) > 4 or not all(re.fullmatch(r"[0-9]{1,12}|0[xX][0-9a-fA-F]{0,8}", label) for label in labels):
        return False
    numbers = [_ipv4_part(label) for label in labels]
    return (
        None not in numbers
        and all(n is not None and n <= 255 for n in numbers[:-1])
        and ((numbers[-1] or 0) < 256 ** (5 - len(numbers)))
    )


def _ipv4_part(label: str) -> int | None:
    try:
        if label[:2].lower() == "0x":
            return int(label[2:] or "0", 16)
        return int(label, 8) if len(label) > 1 and label[0] == "0" else int(label)
    except ValueError:
        return None


def _absolute(text: str, scheme: str, rest: str, site: BaseUrl | None) -> Resolved:
    if scheme == "file" or len(scheme) == 1:  # a single letter is a drive of Windows
        return LOCAL
    if scheme in _MISTYPED:
        return INVALID
    if scheme not in _WEB:
        return IGNORED if scheme == "data" else Resolved(Kind.IGNORED, url=text)
    matched = _AUTHORITY.match(rest)
    if matched is None or not valid_authority(matched[1]):
        return INVALID
    if site is not None and scheme in ("http", "https") and _plain_authority(matched[1], scheme) == site.authority:
        before, mark, fragment = matched[2].partition("#")
        path = before.partition("?")[0].replace("\\", "/") or "/"
        return _rooted(path, _fragment(fragment) if mark else None, site, text, absolute=True)
    return Resolved(Kind.EXTERNAL, url=text)


def _plain_authority(authority: str, scheme: str) -> str:
    host = authority.rpartition("@")[2].lower()
    return host.removesuffix(f":{_WEB[scheme]}").removesuffix(":")


def _rooted(path: str, fragment: str | None, site: BaseUrl | None, text: str, *, absolute: bool = False) -> Resolved:
    """A path from the server's root. Outside of the site's own prefix it is another site on the same host."""
    found = _joined([], path[1:], fragment)
    if site is None or site.prefix == "/" or found.kind is not Kind.INTERNAL:
        return found
    prefix = site.prefix.strip("/")
    if found.path == prefix or found.path.startswith(f"{prefix}/"):
        return found._replace(path=found.path[len(prefix) + 1 :])
    return Resolved(Kind.EXTERNAL, url=text if absolute else site.origin + text)


def _joined(directory: list[str], path: str, fragment: str | None) -> Resolved:
    segments = list(directory)
    parts = path.split("/")
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        lowered = part.lower()
        if lowered in _DOTS:
            if not segments:
                return OUTSIDE
            segments.pop()
        elif lowered not in _DOT:
            # an encoded slash is no separator: left encoded, it names no file
            segments.append(decode_path(part))
            continue
        if last:
            segments.append("")
    return Resolved(Kind.INTERNAL, "/".join(segments), fragment)


def decode_path(segment: str) -> str:
    """A segment of a path percent-decoded as a file name; bytes that are not UTF-8 become surrogates."""
    if "%" not in segment:
        return segment
    try:
        name = unquote_to_bytes(segment).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that was in the text already
        return segment
    return name.replace("/", "%2F")


def _fragment(fragment: str) -> str:
    """Without the text directive (`:~:text=...`), which names words and not an element."""
    return fragment.partition(":~:")[0]


def fragment_candidates(fragment: str) -> tuple[str, ...]:
    """What ids a fragment may mean, in the order in which a browser tries them (HTML, "select the indicated part")."""
    if "%" not in fragment:
        return (fragment,)
    decoded = unquote(fragment, errors="replace").removeprefix("\ufeff")
    return (fragment,) if decoded == fragment else (fragment, decoded)


def is_top(fragment: str) -> bool:
    """Whether a fragment is the top of the document when no element has it as its id."""
    return not fragment or fragment_candidates(fragment)[-1].lower() == "top"


_ROUTE = re.compile(r"[!/]")
_LINES = re.compile(r"([lL]?\d+)[-:,][lL]?\d+\Z")


def is_scripted(fragment: str) -> bool:
    """Whether a script and not an element answers a fragment (`#!route`, `#/route`)."""
    return _ROUTE.match(fragment) is not None


def first_line_anchor(fragment: str) -> str | None:
    """The anchor of the first line of a range of lines (`L10` of `L10-L20`), as source viewers write them."""
    matched = _LINES.match(fragment)
    return matched[1] if matched else None
