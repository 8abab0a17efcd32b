"""One check of links from end to end: which of them are asked for, what became of them, and where they stand."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from octavo.checks.links.web.cache import ResultCache
from octavo.checks.links.web.changed import AddedLines
from octavo.checks.links.web.checker import Surroundings, check_urls
from octavo.checks.links.web.comments import ignoring_comment, reader_of
from octavo.checks.links.web.links import CheckedArtefact, Link, joined, links_of, with_lines
from octavo.checks.links.web.outcome import LinkOutcome, Outcome, in_order, internal_outcomes, outcome_of
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.verdict import Finding, Reason, Verdict, ignored, unknown
from octavo.checks.links.web.weburl import parse
from octavo.diagnostics import Diagnostic, Location

Progress = Callable[[int, int], None]
_NO_NETWORK = frozenset({Reason.DNS, Reason.UNREACHABLE})
_NOT_ASKED = frozenset({Reason.RULE, Reason.SCHEME, Reason.PRIVATE_ADDRESS, Reason.OFFLINE, Reason.URL_INVALID})
_MANY_HOSTS = 10  # so many that do not exist, and not one that does, nobody links to
_ARCHIVE = "https://web.archive.org/web/2/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """What to check.

    - artefacts: whose inside was checked already. lists: links that were given as such.
    - diagnostics: what those checks found.
    - root: what sources are relative to. shown: a source as the user would name it.
    - added: only links on these lines; None for all.
    - is_offline: nothing is asked for. suggests_archive: look up whether an archive has what is broken.
    """

    artefacts: tuple[CheckedArtefact, ...]
    lists: tuple[Link, ...]
    diagnostics: tuple[Diagnostic, ...]
    root: Path
    shown: Callable[[str], str]
    settings: Settings
    added: AddedLines | None = None
    is_offline: bool = False
    suggests_archive: bool = False


def check_links(
    request: LinkRequest, surroundings: Surroundings, cache: ResultCache | None, progress: Progress
) -> Outcome:
    """Check everything that a request names.

    progress: is told how many links have their verdict, of how many.

    Raises: MissingToolError where the web must be asked and pycurl can't be loaded.
    """
    links = joined([*(link for a in request.artefacts for link in links_of(a)), *request.lists])
    diagnostics: Iterable[Diagnostic] = request.diagnostics
    if request.added is not None:
        links = [link for link in links if _is_added(link.places, request)]
        diagnostics = [d for d in diagnostics if _is_added((d.location,), request)]
    found = _verdicts(links, request, surroundings, cache, progress)
    said = [link for link in links if _is_said(found[link.url])]
    lined = {link.url: link for link in with_lines(said, request.artefacts)}
    outcomes = [outcome_of(link.url, found[link.url], lined.get(link.url, link).places) for link in links]
    outcomes += internal_outcomes(diagnostics)
    named = functools.cache(request.shown)
    outcomes = [_shown(outcome, named) for outcome in outcomes]
    if request.suggests_archive and not request.is_offline:
        outcomes = _with_archives(outcomes, request.settings, surroundings)
    internal = sum(a.report.counts.internal for a in request.artefacts)
    return Outcome(links=in_order(outcomes), internal=internal)


def _is_said(finding: Finding) -> bool:
    """Whether a finding is said at its places; what is fine, and what nobody was asked about, is only counted."""
    return finding.verdict is not Verdict.OK and finding.reason is not Reason.OFFLINE


def _verdicts(
    links: Sequence[Link],
    request: LinkRequest,
    surroundings: Surroundings,
    cache: ResultCache | None,
    progress: Progress,
) -> dict[str, Finding]:
    found = _left_out(links, request)
    wanted = [link.url for link in links if link.url not in found]
    progress(len(found), len(links))
    for result in check_urls(wanted, request.settings, surroundings, cache=cache, is_offline=request.is_offline):
        found[result.url] = result.finding
        progress(len(found), len(links))
    if is_network_missing(found):
        nobody = unknown(Reason.NETWORK, "no host could be reached: is there a network?")
        found = {url: nobody if f.reason in _NO_NETWORK else f for url, f in found.items()}
    return found


def is_network_missing(found: Mapping[str, Finding]) -> bool:
    """Whether it is the network that is missing, and not every host of so many."""
    hosts: set[str] = set()
    for url, finding in found.items():
        if finding.reason in _NO_NETWORK:
            parsed = parse(url)
            hosts.add(parsed.host if parsed else url)
        elif finding.reason not in _NOT_ASKED and parse(url) is not None:
            return False
    return len(hosts) >= _MANY_HOSTS


def _left_out(links: Sequence[Link], request: LinkRequest) -> dict[str, Finding]:
    """Links that their file, or a comment in it, leaves out at every place."""
    comments = reader_of(request.root)
    found = {}
    for link in links:
        rule = _ignoring_file(link, request.settings.ignore_files)
        if rule is not None:
            found[link.url] = ignored(Reason.RULE, f"file {rule}")
            continue
        comment = ignoring_comment(link, comments)
        if comment is not None:
            found[link.url] = ignored(Reason.RULE, f"comment at {comment}")
    return found


def _ignoring_file(link: Link, patterns: tuple[str, ...]) -> str | None:
    if not patterns:
        return None
    rule = None
    for source in {place.source for place in link.places}:
        rule = next((p for p in patterns if source is not None and fnmatch.fnmatchcase(source, p)), None)
        if rule is None:
            return None
    return rule


def _is_added(places: Iterable[Location], request: LinkRequest) -> bool:
    return request.added is not None and any(request.added.has(place, request.root) for place in places)


def _shown(outcome: LinkOutcome, named: Callable[[str], str]) -> LinkOutcome:
    """The outcome with its sources as the user would name them."""
    if all(place.source is None or named(place.source) == place.source for place in outcome.places):
        return outcome
    places = (p if p.source is None else replace(p, source=named(p.source)) for p in outcome.places)
    return replace(outcome, places=tuple(places))


def _with_archives(outcomes: list[LinkOutcome], settings: Settings, surroundings: Surroundings) -> list[LinkOutcome]:
    """Broken pages with what an archive has of them, if it has anything."""
    asked = {
        _ARCHIVE + o.url: o.url
        for o in outcomes
        if o.verdict is Verdict.BROKEN and not o.is_internal and o.reason in ("status", "dns", "refused", "timeout")
    }
    without_rules = replace(settings, ignore=())
    there = {
        asked[result.url]: result.finding.final_url or result.url
        for result in check_urls(asked, without_rules, surroundings)
        if result.finding.verdict in (Verdict.OK, Verdict.REDIRECTED)
    }
    return [
        replace(o, detail=f"{o.detail}; archived at {there[o.url]}") if o.url in there and not o.is_internal else o
        for o in outcomes
    ]
