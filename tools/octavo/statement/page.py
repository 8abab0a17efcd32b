"""The statement in plain words: a page of HTML in the book's language.

Its sections are those of the Accessibility Metadata Display Guide for Digital Publications 2.0, in its order.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from octavo.statement.account import Account
from octavo.writers.epub.statement_words import Words, words_for
from octavo.writers.epub.words import direction

_STYLE = (
    "body{max-width:40em;margin:2em auto;padding:0 1em;font-family:serif;line-height:1.5}"
    "h1,h2{line-height:1.2}:root{color-scheme:light dark}"
)
_HAZARDS = {
    "flashing": "hazard_flashing",
    "motionSimulation": "hazard_motion",
    "sound": "hazard_sound",
    "none": "hazards_none",
    "unknown": "hazards_unknown",
    "noFlashingHazard": "no_flashing",
    "noMotionSimulationHazard": "no_motion",
    "noSoundHazard": "no_sound",
    "unknownFlashingHazard": "unknown_flashing",
    "unknownMotionSimulationHazard": "unknown_motion",
    "unknownSoundHazard": "unknown_sound",
}


def page(account: Account) -> bytes:
    """The page, UTF-8. What stands in it is said by `accessibility.json` too, with places."""
    words = words_for(account.metadata.language)
    heading = words.say("title", title=account.metadata.full_title)
    tag = words.language
    turned = ' dir="rtl"' if direction(tag) == "rtl" else ""
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(tag)}"{turned}>',
        f'<head><meta charset="utf-8"><title>{escape(heading)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>',
        f"<body><main><h1>{escape(heading)}</h1>",
    ]
    for name, lines in _sections(account, words):
        items = [line for line in lines if line]
        if items:
            listed = "".join(f"<li>{line}</li>" for line in items)
            parts.append(f"<section><h2>{escape(words.say(name))}</h2><ul>{listed}</ul></section>")
    # one that Octavo makes says what stands above once more
    summary = account.metadata.accessibility.summary
    if summary:
        language = account.metadata.language
        marked = f' lang="{escape(language)}"' if language != tag else ""
        heading = escape(words.say("h_summary"))
        parts.append(f"<section><h2>{heading}</h2><p{marked}>{escape(summary)}</p></section>")
    parts.append("</main></body></html>")
    return ("\n".join(parts) + "\n").encode()


def _sections(account: Account, words: Words) -> Iterator[tuple[str, list[str]]]:
    yield "h_ways", [*_ways(account, words)]
    yield "h_conformance", [*_conformance(account, words)]
    yield "h_navigation", [*_navigation(account, words)]
    yield "h_rich", [*_rich(account, words)]
    yield "h_hazards", [escape(words.say(_HAZARDS[h])) for h in account.statement.hazards]
    yield "h_legal", [escape(words.say(e.replace("-", "_"))) for e in account.statement.exemptions]


def _ways(account: Account, words: Words) -> Iterator[str]:
    if "displayTransformability" in account.statement.features:
        yield escape(words.say("adjustable"))
    facts = account.seen.facts
    missing = len(account.undescribed) + facts.without_alternative + len(account.unconverted)
    yield escape(words.say("nonvisual") if not missing else words.say("nonvisual_part", count=missing))
    yield escape(words.say("audio") if facts.audio else words.say("no_audio"))


def _conformance(account: Account, words: Words) -> Iterator[str]:
    stated = account.statement
    if stated.conforms_to is None:
        yield escape(words.say("not_claimed"))
        if account.seen.findings:
            yield escape(words.say("findings", count=len(account.seen.findings)))
        return
    yield escape(words.say("claimed", standard=stated.conforms_to))
    if stated.certified_by:
        yield escape(words.say("certified", person=stated.certified_by))
    for credential in stated.credentials:
        yield _linked(words.say("credential"), credential)
    if stated.report:
        yield _linked(words.say("report"), stated.report)


def _navigation(account: Account, words: Words) -> Iterator[str]:
    features = account.statement.features
    if "tableOfContents" in features:
        yield escape(words.say("toc"))
    if "structuralNavigation" in features:
        yield escape(words.say("headings"))
    if "index" in features:
        yield escape(words.say("index"))
    yield escape(
        words.say("pages", count=account.seen.pages) if "pageNavigation" in features else words.say("no_pages")
    )


def _rich(account: Account, words: Words) -> Iterator[str]:
    facts = account.seen.facts
    described = facts.pictures - facts.without_alternative
    missing = len(account.undescribed) + facts.without_alternative
    if described and not missing:
        yield escape(words.say("pictures", count=described))
    elif missing:
        yield escape(words.say("pictures_part", count=missing, total=described + missing))
    if facts.long_descriptions:
        yield escape(words.say("long_descriptions", count=facts.long_descriptions))
    otherwise = max(facts.formulas_otherwise, len(account.unconverted))
    if facts.formulas and not otherwise:
        yield escape(words.say("formulas", count=facts.formulas))
    elif otherwise:
        yield escape(words.say("formulas_part", count=otherwise, total=facts.formulas + otherwise))
    if facts.tables and not facts.tables_without_headers:
        yield escape(words.say("tables", count=facts.tables))
    elif facts.tables_without_headers:
        yield escape(words.say("tables_part", count=facts.tables_without_headers, total=facts.tables))
    if not (described or missing or facts.formulas or otherwise or facts.tables):
        yield escape(words.say("text_only"))


def _linked(label: str, value: str) -> str:
    if not value.startswith(("https://", "http://")):
        return f"{escape(label)}: {escape(value)}"
    return f'{escape(label)}: <a href="{escape(value)}">{escape(value)}</a>'
