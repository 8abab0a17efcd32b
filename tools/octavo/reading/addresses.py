"""Which addresses of the network are public: a document from elsewhere must not make us ask those that are not."""

from __future__ import annotations

import ipaddress

_NAMES_OF_THIS_MACHINE = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address, as the resolver gives it, is one of the public Internet; False for what is no address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def is_private_host(host: str) -> bool:
    """Whether the text of a host says already that it is not public; a name that must be resolved is not judged."""
    name = host.lower().rstrip(".")
    if name in _NAMES_OF_THIS_MACHINE or name.endswith(".localhost"):
        return True
    bare = name.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return False
    return not is_public(bare)
