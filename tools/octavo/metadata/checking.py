"""Whether one value of the metadata is what it says: check digits, syntaxes, closed lists.

Each function answers with the remedy as a clause, or None when the value is right; none of them raises.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from octavo.metadata.vocabularies import HAZARDS, IDENTIFIER_TYPES, MARC_RELATORS

# RFC 5646 section 2.1 without the grandfathered tags
_LANGUAGE_TAG = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8})"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[xX](?:-[A-Za-z0-9]{1,8})+"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The nearest of `known` as a clause, or None when nothing is near."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else None


def language_fault(tag: str) -> str | None:
    """RFC 5646 syntax (not whether the registry has the subtags)."""
    if _LANGUAGE_TAG.fullmatch(tag):
        return None
    if _LANGUAGE_TAG.fullmatch(tag.replace("_", "-")):
        return f"write '{tag.replace('_', '-')}'"
    return "write a BCP 47 tag such as 'en', 'de-CH' or 'zh-Hant'"


def identifier_fault(kind: str, value: str) -> str | None:
    """Syntax and check digits of an identifier of a known type."""
    match kind:
        case "isbn-13":
            return _isbn_13_fault(value)
        case "isbn-10":
            return _isbn_10_fault(value)
        case "uuid":
            return None if _UUID.fullmatch(value) else "write 8-4-4-4-12 hexadecimal digits, without 'urn:uuid:'"
        case "doi":
            return None if _DOI.fullmatch(value) else "write it as '10.1234/name', without 'doi:' or 'https://'"
        case _:
            return _uri_fault(value)


def identifier_type_fault(kind: str) -> str | None:
    """Whether an identifier's type is one that we know."""
    if kind in IDENTIFIER_TYPES:
        return None
    return did_you_mean(kind, IDENTIFIER_TYPES) or f"write one of {', '.join(IDENTIFIER_TYPES)}"


def role_fault(code: str) -> str | None:
    """Whether a contributor's role is a MARC relator code."""
    if code in MARC_RELATORS:
        return None
    for known, name in MARC_RELATORS.items():
        if name == code.lower():
            return f"write its MARC code '{known}'"
    near = did_you_mean(code, MARC_RELATORS)
    return near or "write a MARC relator code such as 'aut', 'edt' or 'trl' (https://id.loc.gov/vocabulary/relators)"


def hazard_fault(value: str) -> str | None:
    """Whether a hazard is one of schema.org's."""
    if value in HAZARDS:
        return None
    lowered = {h.lower(): h for h in HAZARDS}
    near = difflib.get_close_matches(value.lower(), list(lowered), n=1, cutoff=0.6)
    return f"did you mean '{lowered[near[0]]}'?" if near else f"write some of {', '.join(HAZARDS)}"


def _isbn_13_fault(value: str) -> str | None:
    digits = re.sub(r"[-\s]", "", value)
    if not re.fullmatch(r"97[89]\d{10}", digits, re.ASCII):
        return "an ISBN-13 has 13 digits and begins with 978 or 979"
    check = (10 - sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits[:12])) % 10) % 10
    return None if check == int(digits[12]) else f"its check digit should be {check}"


def _isbn_10_fault(value: str) -> str | None:
    digits = re.sub(r"[-\s]", "", value).upper()
    if not re.fullmatch(r"\d{9}[\dX]", digits, re.ASCII):
        return "an ISBN-10 has 9 digits and a check digit or X"
    check = -sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    wanted = "X" if check == 10 else str(check)
    return None if digits[9] == wanted else f"its check digit should be {wanted}"


def _uri_fault(value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return "write an absolute URI"
    complete = bool(parts.scheme) and bool(parts.netloc or parts.path)
    return (
        None if complete and not re.search(r"\s", value) else "write an absolute URI such as 'https://example.org/book'"
    )
