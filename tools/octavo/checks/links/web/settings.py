"""How links are to be judged: every setting as one value, whatever file or option it came from."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field

from octavo.checks.links.web.weburl import WebUrl

_MOST_RULES = 10_000  # hosts whose rules are remembered
USER_AGENT = "Mozilla/5.0 (compatible; Octavo link check; +https://octavo.readthedocs.io/)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may cost, so that it always ends. Seconds and bytes.

    - timeout, connect_timeout: of one transfer. retries: attempts after the first.
    - retry_after_cap: a longer wait is not made.
    - url_budget: for one page from its first attempt, waits included. host_budget: of pauses of one host.
    - run_budget: for everything; what is left then is unknown.
    - body: the largest page, decoded. hops: redirects that are followed.
    - at_once: transfers at most. per_host, rate: of one host at once, and begun in a second.
    """

    timeout: float = 30.0
    connect_timeout: float = 10.0
    retries: int = 2
    retry_after_cap: float = 60.0
    url_budget: float = 180.0
    host_budget: float = 300.0
    run_budget: float = 1800.0
    body: int = 32 * 1024 * 1024
    hops: int = 20
    at_once: int = 128
    per_host: int = 2
    rate: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRule:
    """What is different on some hosts; None: as everywhere.

    - host: a name, or a pattern with "*"; with ":port" only there.
    - headers: lines that are sent there and nowhere else. accept: statuses that are fine besides 2xx.
    """

    host: str
    headers: tuple[tuple[str, str], ...] = ()
    accept: frozenset[int] = frozenset()
    anchors: bool | None = None
    verify_tls: bool | None = None
    rate: float | None = None
    per_host: int | None = None
    timeout: float | None = None

    def applies_to(self, url: WebUrl) -> bool:
        """Whether the host of a URL is meant."""
        wanted, _, port = self.host.lower().partition(":")
        return fnmatch.fnmatchcase(url.host, wanted) and (not port or port == str(url.port))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHeaders:
    """Headers for URLs that begin with `prefix` (an origin, or one with a path); Sphinx's linkcheck_request_headers."""

    prefix: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of them.

    - ignore: URLs that are not asked for. ignore_files: source files whose links are not (patterns with "*").
    - anchors_ignore: fragments that are not looked for; anchors_ignore_for_url: pages on which none is.
    - allowed_redirects: (of the link, of where it leads): such a redirect is fine; None: no such list.
    - allow_private: whether addresses of this machine and of private networks are asked.
    - fail_on: verdicts (as words) that fail the run.
    """

    limits: Limits = Limits()
    user_agent: str = USER_AGENT
    accept_language: str = "en;q=0.9, *;q=0.5"
    ignore: tuple[re.Pattern[str], ...] = ()
    ignore_files: tuple[str, ...] = ()
    anchors: bool = True
    anchors_ignore: tuple[re.Pattern[str], ...] = ()
    anchors_ignore_for_url: tuple[re.Pattern[str], ...] = ()
    allowed_redirects: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = ()
    hosts: tuple[HostRule, ...] = ()
    site_headers: tuple[SiteHeaders, ...] = ()
    allow_private: bool = False
    robots: bool = False
    ca_file: str | None = None
    proxy: str | None = None
    fail_on: frozenset[str] = frozenset({"broken"})
    _rules: dict[tuple[str, int], HostRule] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rule_for(self, url: WebUrl) -> HostRule:
        """The rules of a host as one: of each value the first rule that has it, headers and statuses of all."""
        key = (url.host, url.port)
        rule = self._rules.get(key)
        if rule is None:
            if len(self._rules) >= _MOST_RULES:
                self._rules.clear()
            rule = self._rules[key] = _merged([r for r in self.hosts if r.applies_to(url)], url.host)
        return rule

    def secret_headers(self, url: WebUrl) -> tuple[tuple[str, str], ...]:
        """What is sent to this URL's host alone."""
        found = dict(self.rule_for(url).headers)
        for site in self.site_headers:
            if site.prefix == "*" or _is_below(url.page, site.prefix):
                for name, value in site.headers:
                    found.setdefault(name, value)
        return tuple(found.items())

    def ignoring_rule(self, url: str) -> str | None:
        """The pattern that leaves a URL out, or None."""
        for pattern in self.ignore:
            if pattern.match(url):
                return pattern.pattern
        return None

    def wants_anchor(self, url: WebUrl, fragment: str) -> bool:
        """Whether a fragment is to be looked for on its page."""
        by_host = self.rule_for(url).anchors
        if not (self.anchors if by_host is None else by_host):
            return False
        if any(p.match(fragment) for p in self.anchors_ignore):
            return False
        return not any(p.match(url.page) for p in self.anchors_ignore_for_url)

    def is_allowed_redirect(self, url: str, final_url: str) -> bool:
        """Whether a redirect was said to be fine."""
        return any(start.match(url) and end.match(final_url) for start, end in self.allowed_redirects)


def _is_below(page: str, prefix: str) -> bool:
    """Whether a page is at or below a prefix: "https://host" is not a prefix of "https://host.evil"."""
    bare = prefix.rstrip("/")
    return page == bare or page.startswith((f"{bare}/", f"{bare}?"))


def _merged(rules: list[HostRule], host: str) -> HostRule:
    def first(values: list[float | None]) -> float | None:
        return next((v for v in values if v is not None), None)

    headers: dict[str, str] = {}
    accept: frozenset[int] = frozenset()
    for rule in rules:
        for name, value in rule.headers:
            headers.setdefault(name, value)
        accept |= rule.accept
    per_host = first([r.per_host for r in rules])
    return HostRule(
        host=host,
        headers=tuple(headers.items()),
        accept=accept,
        anchors=next((r.anchors for r in rules if r.anchors is not None), None),
        verify_tls=next((r.verify_tls for r in rules if r.verify_tls is not None), None),
        rate=first([r.rate for r in rules]),
        per_host=None if per_host is None else int(per_host),
        timeout=first([r.timeout for r in rules]),
    )
