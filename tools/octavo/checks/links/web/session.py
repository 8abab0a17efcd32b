"""One check of links from end to end: which of them are asked for, what became of them, and where they stand."""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.checks.links.web.checker import Surroundings, decide_links
from octavo.checks.links.web.comments import IgnoreComment, ignoring_comment, reader_of
from octavo.checks.links.web.links import CheckedArtefact, Link, lines_of, links_of
from octavo.checks.links.web.outcome import LinkOutcome, Outcome, internal_outcomes
from octavo.checks.links.web.pages import Asker
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.table import KeptLink, LinkTable
from octavo.checks.links.web.verdict import Finding, Reason, Verdict, ignored, unknown
from octavo.checks.links.web.weburl import parse, without_userinfo
from octavo.diagnostics import Diagnostic, Location

if TYPE_CHECKING:
    from octavo.checks.links.web.cache import ResultCache
    from octavo.checks.links.web.changed import AddedLines

Progress = Callable[[int, int], None]
# where packets are dropped, or a resolver is asked that nobody hears, all that comes is the end of the time
_NO_NETWORK = frozenset({Reason.DNS, Reason.UNREACHABLE, Reason.TIMEOUT})
_NOT_ASKED = frozenset({Reason.RULE, Reason.SCHEME, Reason.PRIVATE_ADDRESS, Reason.OFFLINE, Reason.URL_INVALID})
_MANY_HOSTS = 10  # so many that do not exist, and not one that does, nobody links to
_ARCHIVE = "https://web.archive.org/web/2/"
_ARCHIVED = ("status", "dns", "refused", "timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """What to check.

    - artefacts: whose inside was checked already. lists: links that were given as such, read once.
    - diagnostics: what those checks found.
    - root: what sources are relative to. shown: a source as the user would name it.
    - added: only links on these lines; None for all.
    - is_offline: nothing is asked for. suggests_archive: look up whether an archive has what is broken.
    - wants_lines: whether the JSON report's lines are put down while links are waited for.
    """

    artefacts: tuple[CheckedArtefact, ...]
    lists: Iterable[Link]
    diagnostics: tuple[Diagnostic, ...]
    root: Path
    shown: Callable[[str], str]
    settings: Settings
    added: AddedLines | None = None
    is_offline: bool = False
    suggests_archive: bool = False
    wants_lines: bool = False


def check_links(
    request: LinkRequest, surroundings: Surroundings, cache: ResultCache | None, progress: Progress, table: LinkTable
) -> Outcome:
    """Check everything that a request names.

    progress: is told how many links have their verdict, of how many. table: empty; the outcome is read from it.

    Raises: MissingToolError where the web must be asked and pycurl can't be loaded.
    """
    named = functools.cache(request.shown)
    table.prepare(_preparing(named, wants_lines=request.wants_lines))
    for artefact in request.artefacts:
        table.add(links_of(artefact))
    table.add(request.lists)
    askers = _kept(table, request)
    decided = decide_links(askers, request.settings, surroundings, cache=cache, is_offline=request.is_offline)
    for done, (asker, finding) in enumerate(decided, start=1):
        table.decide(asker.number, finding)
        progress(done, table.count)
    if is_network_missing(table.found()):
        table.replace(_NO_NETWORK, unknown(Reason.NETWORK, "no host could be reached: is there a network?"))
    paths = {artefact.name: artefact.path for artefact in request.artefacts}
    table.add_lines(lambda artefact, member, urls: lines_of(paths[artefact], member, urls))
    if request.suggests_archive and not request.is_offline:
        _add_archives(table, request.settings, surroundings)
    diagnostics: Iterable[Diagnostic] = request.diagnostics
    if request.added is not None:
        diagnostics = [d for d in diagnostics if _is_added((d.location,), request)]
    table.add_inside(internal_outcomes(diagnostics))
    counts = table.totals()
    return Outcome(
        links=_ShownLinks(table, named, sum(counts.values())),
        counts=counts,
        internal=sum(a.report.counts.internal for a in request.artefacts),
    )


class _ShownLinks(Collection[LinkOutcome]):
    """The links of a table, with their sources as the user would name them; read anew each time."""

    def __init__(self, table: LinkTable, named: Callable[[str], str], count: int) -> None:
        self._table, self._named, self._count = table, named, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[LinkOutcome]:
        return self.only(tuple(Verdict))

    def only(self, verdicts: Collection[Verdict]) -> Iterator[LinkOutcome]:
        """Those with one of these verdicts."""
        found = self._table.outcomes(verdicts)
        return found if self._table.is_prepared else (_shown(outcome, self._named) for outcome in found)

    def __contains__(self, link: object) -> bool:
        return any(link == own for own in self)


def _kept(table: LinkTable, request: LinkRequest) -> Iterator[Asker | None]:
    """The links that a verdict must be found for; those that their files leave out have one at once.

    None: those so far may be asked for, before the others are looked at.
    """
    comments = reader_of(request.root)
    may_be_left_out = functools.cache(lambda source: source is not None and bool(comments(source)))
    has_patterns = bool(request.settings.ignore_files)
    for link in chain(table.early(request.settings.limits.at_once), (None,), table.joined()):
        if link is None:
            yield None
            continue
        if request.added is not None and not _is_added(link.places, request):
            continue
        table.keep(link)
        finding = None
        if has_patterns or may_be_left_out(link.rows[0][0]):
            finding = _left_out(link, request.settings, comments)
        if finding is None:
            yield Asker(link.number, link.url)
        else:
            table.decide(link.number, finding)


def is_network_missing(found: Iterable[tuple[str, Finding]]) -> bool:
    """Whether it is the network that is missing, and not every host of so many."""
    hosts: set[str] = set()
    for url, finding in found:
        if finding.reason in _NO_NETWORK:
            parsed = parse(url)
            if len(hosts) < _MANY_HOSTS:
                hosts.add(parsed.host if parsed else url)
        elif finding.reason not in _NOT_ASKED and parse(url) is not None:
            return False
    return len(hosts) >= _MANY_HOSTS


def _left_out(link: KeptLink, settings: Settings, comments: Callable[[str], list[IgnoreComment]]) -> Finding | None:
    """What is said of a link that its files, or comments in them, leave out at every place."""
    sources = sorted(link.sources, key=lambda source: source or "")
    rule = _ignoring_file(sources, settings.ignore_files)
    if rule is not None:
        return ignored(Reason.RULE, f"file {rule}")
    comment = ignoring_comment(link.url, sources, comments)
    return None if comment is None else ignored(Reason.RULE, f"comment at {comment}")


def _ignoring_file(sources: Iterable[str | None], patterns: tuple[str, ...]) -> str | None:
    if not patterns:
        return None
    rule = None
    for source in sources:
        rule = next((p for p in patterns if source is not None and fnmatch.fnmatchcase(source, p)), None)
        if rule is None:
            return None
    return rule


def _is_added(places: Iterable[Location], request: LinkRequest) -> bool:
    return request.added is not None and any(request.added.has(place, request.root) for place in places)


def _preparing(named: Callable[[str], str], *, wants_lines: bool) -> Callable[[LinkOutcome], LinkOutcome]:
    """What makes an outcome ready for the reports."""
    if not wants_lines:
        return lambda outcome: _shown(outcome, named)
    from octavo.checks.links.web.reports.json_report import line_of

    def prepared(outcome: LinkOutcome) -> LinkOutcome:
        shown = _shown(outcome, named)
        return replace(shown, line=line_of(shown))

    return prepared


def _shown(outcome: LinkOutcome, named: Callable[[str], str]) -> LinkOutcome:
    """The outcome with its sources as the user would name them."""
    for place in outcome.places:
        if place.source is not None and named(place.source) != place.source:
            break
    else:
        return outcome
    places = (p if p.source is None else replace(p, source=named(p.source)) for p in outcome.places)
    return replace(outcome, places=tuple(places))


def _add_archives(table: LinkTable, settings: Settings, surroundings: Surroundings) -> None:
    """Say of broken pages what an archive has of them, if it has anything."""
    askers = (Asker(number, _ARCHIVE + without_userinfo(url)) for number, url in table.broken(_ARCHIVED))
    for asker, finding in decide_links(askers, replace(settings, ignore=()), surroundings):
        if finding.verdict in (Verdict.OK, Verdict.REDIRECTED):
            table.add_detail(asker.number, f"; archived at {finding.final_url or asker.url}")
