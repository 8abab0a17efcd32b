"""Whether one value of the metadata is what it says: check digits, syntaxes, closed lists.

Each function answers with the remedy as a clause, or None when the value is right; none of them raises.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from octavo.metadata.vocabularies import HAZARDS, IDENTIFIER_TYPES, MARC_RELATORS, SUBJECT_AUTHORITIES

# RFC 5646 section 2.1 without the grandfathered tags
_LANGUAGE_TAG = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8})"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
    r"|[xX](?:-[A-Za-z0-9]{1,8})+"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:\S+")
_SUBJECT_CODES = {"BISAC": r"[A-Z]{3}\d{6}", "Thema": r"[1-6]?[A-Z0-9]+(?:-[A-Z0-9]+)*", "DDC": r"\d{3}(?:\.\d+)?"}
_GTIN_LENGTHS = {"gtin-13": 13, "gtin-14": 14, "upc": 12, "ismn-13": 13}
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
        case "gtin-13" | "gtin-14" | "upc" | "ismn-13":
            return _gtin_fault(kind, value)
        case "lccn" | "oclc":
            return None if re.fullmatch(r"[a-z ]{0,3}\d{6,12}", value, re.ASCII) else "write its digits"
        case "urn":
            return None if _URN.fullmatch(value) else "write 'urn:', a namespace and a name, 'urn:nbn:de:101:1-2026'"
        case "proprietary" | "legal-deposit":
            return None
        case _:
            return uri_fault(value)


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


def one_of_fault(value: str, known: Iterable[str]) -> str | None:
    """Whether a value is in a closed list."""
    names = tuple(known)
    if value in names:
        return None
    folded = {n.casefold(): n for n in names}
    if value.casefold() in folded:
        return f"write '{folded[value.casefold()]}'"
    near = difflib.get_close_matches(value.casefold(), list(folded), n=1, cutoff=0.6)
    return f"did you mean '{folded[near[0]]}'?" if near else f"write one of {', '.join(names)}"


def authority_fault(value: str) -> str | None:
    """Whether a scheme of subjects is one of EPUB's registry, or a URI."""
    if value in SUBJECT_AUTHORITIES or ("://" in value and uri_fault(value) is None):
        return None
    remedy = one_of_fault(value, SUBJECT_AUTHORITIES)
    return remedy if remedy is not None and remedy.startswith(("write '", "did")) else f"{remedy}, or a URI"


def subject_code_fault(authority: str, code: str) -> str | None:
    """Whether a code has the form that its scheme gives its codes."""
    pattern = _SUBJECT_CODES.get(authority)
    if pattern is None or re.fullmatch(pattern, code, re.ASCII):
        return None
    examples = {"BISAC": "MUS000000", "Thema": "AVLP", "DDC": "782.42"}
    return f"a code of {authority} is written as '{examples[authority]}'"


def _gtin_fault(kind: str, value: str) -> str | None:
    digits = re.sub(r"[-\s]", "", value)
    length = _GTIN_LENGTHS[kind]
    if not re.fullmatch(rf"\d{{{length}}}", digits, re.ASCII) or (kind == "ismn-13" and not digits.startswith("9790")):
        return f"it has {length} digits" + (" and begins with 979-0" if kind == "ismn-13" else "")
    # GS1: weights 3 and 1 from the right
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits[:-1])))
    return None if int(digits[-1]) == -total % 10 else f"its check digit should be {-total % 10}"


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


def uri_fault(value: str) -> str | None:
    """Whether it is an absolute URI."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return "write an absolute URI"
    complete = bool(parts.scheme) and bool(parts.netloc or parts.path)
    return (
        None if complete and not re.search(r"\s", value) else "write an absolute URI such as 'https://example.org/book'"
    )
