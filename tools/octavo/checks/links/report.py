"""What a link check hands back: findings, counts, and the external URLs that somebody else may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from octavo.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many references were seen, and what became of them: `references == internal + external + ignored`.

    - internal: followed inside the artefact, found or not.
    - external: absolute URLs of the web, collected and not asked for.
    - ignored: of a kind that leads nowhere checkable (mailto:, data:, a script's route, a fragment of a PDF).
    - documents: pages and style sheets that were read.
    - unread: documents that were left alone because nothing leads to them, or because they are encrypted.
    """

    references: int = 0
    internal: int = 0
    external: int = 0
    ignored: int = 0
    documents: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalReference:
    """A URL outside of the artefact with the places that name it, each place once.

    - members: files inside the site or EPUB, in order of path; empty for a PDF.
    - pages: 1-based pages of a PDF, ascending; empty for a site or an EPUB.
    """

    url: str
    members: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """diagnostics: in order of place. external: in order of URL.

    - schemes: URLs of other schemes (`mailto:`, `tel:`), in order of URL; `Counts` has them as ignored.
    """

    diagnostics: tuple[Diagnostic, ...]
    counts: Counts
    external: tuple[ExternalReference, ...] = ()
    schemes: tuple[ExternalReference, ...] = ()


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts while they grow, and the external URLs with where they were seen (a member or a page)."""

    internal: int = 0
    external: int = 0
    ignored: int = 0
    documents: int = 0
    unread: int = 0
    urls: dict[str, list[str]] = field(default_factory=dict)
    paged_urls: dict[str, list[int]] = field(default_factory=dict)
    schemes: dict[str, list[str]] = field(default_factory=dict)
    paged_schemes: dict[str, list[int]] = field(default_factory=dict)

    def see_external(self, url: str, member: str, times: int = 1) -> None:
        """Count an external URL in `member`; members come one after the other."""
        self.external += times
        members = self.urls.setdefault(url, [])
        if not members or members[-1] != member:
            members.append(member)

    def see_external_on_page(self, url: str, page: int | None) -> None:
        """Count an external URL on a page of a PDF (None: in the outline)."""
        self.external += 1
        pages = self.paged_urls.setdefault(url, [])
        if page is not None and page not in pages[-1:]:
            pages.append(page)

    def see_ignored(self, url: str, member: str) -> None:
        """Count a reference without a target to check in `member`; url: of another scheme, "" for anything else."""
        self.ignored += 1
        if url:
            members = self.schemes.setdefault(url, [])
            if not members or members[-1] != member:
                members.append(member)

    def see_ignored_on_page(self, url: str, page: int | None) -> None:
        """The same on a page of a PDF (None: in the outline)."""
        self.ignored += 1
        if url:
            pages = self.paged_schemes.setdefault(url, [])
            if page is not None and page not in pages[-1:]:
                pages.append(page)

    def report(self, diagnostics: tuple[Diagnostic, ...]) -> LinkReport:
        """The finished report."""
        counts = Counts(
            references=self.internal + self.external + self.ignored,
            internal=self.internal,
            external=self.external,
            ignored=self.ignored,
            documents=self.documents,
            unread=self.unread,
        )
        return LinkReport(
            diagnostics=diagnostics,
            counts=counts,
            external=_in_order(self.urls, self.paged_urls),
            schemes=_in_order(self.schemes, self.paged_schemes),
        )


def _in_order(by_member: dict[str, list[str]], by_page: dict[str, list[int]]) -> tuple[ExternalReference, ...]:
    found = [ExternalReference(url=u, members=tuple(sorted(set(m)))) for u, m in by_member.items()]
    found += [ExternalReference(url=u, pages=tuple(sorted(set(p)))) for u, p in by_page.items()]
    return tuple(sorted(found, key=lambda e: e.url))
