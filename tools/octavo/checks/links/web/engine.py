"""Asking for many pages: hosts in turn, redirects, retries and budgets, until each link has its verdict.

It always ends: every page has a budget, every host one for the pauses that it asks for, and the run one for all.
Clock, chance and transport are given.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from octavo.checks.links.web import backoff
from octavo.checks.links.web.body import SMALL, PageBody
from octavo.checks.links.web.clock import Chance, Clock
from octavo.checks.links.web.hosts import HostQueues, HostState
from octavo.checks.links.web.judge import Answered, AskAsItIs, Redirect, Retry, decide
from octavo.checks.links.web.pages import PageRequest
from octavo.checks.links.web.robots import RobotRules, robots_url
from octavo.checks.links.web.settings import Settings
from octavo.checks.links.web.transport import Failure, Request, Response, Transport
from octavo.checks.links.web.verdict import OK, Finding, Reason, Verdict, broken, ignored, unknown
from octavo.checks.links.web.weburl import WebUrl

_ACCEPT = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/*;q=0.8,*/*;q=0.8"
_WINDOW = 20_000  # pages that wait in memory; more are taken from their source as these end
_AT_A_TIME = 100  # of them; the rest are taken while there is nothing else to do
_LEFT_FOR_LATER = 200  # answers and results at most that wait until there is nothing to ask for; answers are small
_STARTS_AT_ONCE = 16  # besides those in the place of others that ended: each connection is to be open before the next


class PageResult(NamedTuple):
    """The verdicts of a page's fragments, in the order of the request."""

    request: PageRequest
    findings: tuple[Finding, ...]


class Onward(NamedTuple):
    """A page that was redirected to a host which somebody else asks, and all that is known of it so far.

    - url: what to ask for next. spent: seconds of the page's budget. The rest is as in `_Check`.
    """

    request: PageRequest
    url: WebUrl
    cookies: tuple[str, ...]
    inherited: str | None
    moved_to: WebUrl | None
    still_permanent: bool
    seen: frozenset[tuple[str, tuple[str, ...]]]
    was_https: bool
    spent: float


class _Check:
    """One page while it is being asked for."""

    __slots__ = (
        "attempts", "body", "cookies", "deadline", "host", "inherited", "is_decoded", "is_robots",
        "looks_up_anew", "moved_to", "request", "seen", "still_permanent", "url", "was_https",
    )  # fmt: skip

    def __init__(self, request: PageRequest, *, is_robots: bool = False) -> None:
        self.request = request
        self.url = request.url.without_fragment()
        self.is_robots = is_robots
        self.is_decoded = True
        self.looks_up_anew = False
        self.attempts = 0
        self.body: PageBody | None = None
        self.host: HostState[_Check] | None = None
        self.cookies: tuple[str, ...] = ()
        self.deadline: float | None = None  # set when it is first asked for
        self.inherited: str | None = None  # a fragment of a Location, which stands in for all others
        self.moved_to: WebUrl | None = None
        self.still_permanent = True
        self.seen: set[tuple[str, tuple[str, ...]]] | None = None  # made by the first redirect
        self.was_https = False

    def effective(self, fragment: str | None) -> str | None:
        """The fragment that the final page must answer (RFC 9110, 10.2.2)."""
        return fragment if self.inherited is None else self.inherited


class Engine:
    """One run.

    - may_ask: whether a host, by its text, is asked at all (it may be an address of a private network).
    - owns: whether a URL's host is asked by this engine; pages that lead to others are handed to `onward`.
    - is_further: whether hosts were asked until just now, so that each is left alone for its interval first.
    """

    def __init__(
        self,
        settings: Settings,
        transport: Transport,
        clock: Clock,
        chance: Chance,
        may_ask: Callable[[str], bool],
        *,
        owns: Callable[[WebUrl], bool] | None = None,
        is_further: bool = False,
    ) -> None:
        self.onward: list[Onward] = []
        self._owns, self._is_further = owns, is_further
        self._settings, self._transport = settings, transport
        self._clock, self._chance, self._may_ask = clock, chance, may_ask
        self._queues: HostQueues[_Check] = HostQueues()
        self._delayed: list[tuple[float, int, _Check]] = []
        self._turn = 0
        self._done: list[PageResult] = []
        self._unread: list[tuple[_Check, Response]] = []  # plain answers: what they say is found when there is time
        self._robots: dict[str, RobotRules | list[_Check]] = {}
        self._is_exhausted = False  # whether all pages were taken up
        self._was_active = 0  # transfers, before some of them ended
        self._open = 0  # checks that have no verdict yet
        self._common = (
            f"User-Agent: {settings.user_agent}",
            _ACCEPT,
            f"Accept-Language: {settings.accept_language}",
        )
        self._headers: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {(): self._common}

    def run(self, pages: Iterable[PageRequest | Onward | None]) -> Iterator[PageResult]:
        """The result of each page as soon as it is there. At a None, all pages before it are begun with first."""
        source = iter(pages)
        deadline = self._clock.now() + self._settings.limits.run_budget
        while True:
            now = self._clock.now()
            if now >= deadline:
                yield from self._give_up(source)
                return
            has_time = not self._transport.is_behind
            self._release(now)
            if not self._is_exhausted and has_time and not self._has_to_start(now):
                self._is_exhausted = self._take_up(source)
            self._start(now, has_time)
            if has_time or len(self._unread) + len(self._done) > _LEFT_FOR_LATER:
                self._read_answers()
                yield from self._take_done()
            if not self._open and not self._done:
                if self._is_exhausted:
                    return
                continue
            has_more_to_do = self._unread or self._done or (not self._is_exhausted and self._open < _WINDOW)
            self._wait(now if has_more_to_do else deadline)

    def _take_up(self, source: Iterator[PageRequest | Onward | None]) -> bool:
        """Take some more pages. True when there are no more."""
        most = min(self._open + _AT_A_TIME, _WINDOW)
        while self._open < most:
            try:
                page = next(source)
            except StopIteration:
                return True
            if page is None:
                return False
            self._begin(page)
        return False

    def _has_to_start(self, now: float) -> bool:
        """Whether something that was taken up may begin: it goes before what would be taken up."""
        at = self._queues.next_at()
        return at is not None and at <= now and self._transport.active < self._settings.limits.at_once

    def _begin(self, page: PageRequest | Onward) -> None:
        self._open += 1
        if isinstance(page, Onward):
            self._enqueue(self._taken_over(page), first=True)
            return
        check = _Check(page)
        if not self._may_ask(page.url.host):
            self._settle(check, ignored(Reason.PRIVATE_ADDRESS, page.url.host))
            return
        self._enqueue(check)

    def _taken_over(self, page: Onward) -> _Check:
        check = _Check(page.request)
        check.url, check.cookies, check.inherited = page.url, page.cookies, page.inherited
        check.moved_to, check.still_permanent = page.moved_to, page.still_permanent
        check.seen, check.was_https = set(page.seen), page.was_https
        check.deadline = self._clock.now() + self._settings.limits.url_budget - page.spent
        return check

    def _hand_on(self, check: _Check) -> None:
        begun = (check.deadline or 0.0) - self._settings.limits.url_budget
        self._open -= 1
        self.onward.append(
            Onward(
                request=check.request,
                url=check.url,
                cookies=check.cookies,
                inherited=check.inherited,
                moved_to=check.moved_to,
                still_permanent=check.still_permanent,
                seen=frozenset(check.seen or ()),
                was_https=check.was_https,
                spent=self._clock.now() - begun,
            )
        )

    def _host_of(self, url: WebUrl) -> HostState[_Check]:
        key = (url.host, url.port)
        host = self._queues.hosts.get(key)
        if host is None:
            self._queues.make_room(self._clock.now())
            rule, limits = self._settings.rule_for(url), self._settings.limits
            rate = rule.rate or limits.rate
            host = self._queues.hosts[key] = HostState(
                rule=rule,
                per_host=rule.per_host or limits.per_host,
                interval=1 / rate if rate > 0 else 0.0,
                budget=limits.host_budget,
            )
            if self._is_further:
                host.next_at = self._clock.now() + host.interval
        return host

    def _enqueue(self, check: _Check, *, first: bool = False) -> None:
        """Let a check wait for its host, behind the host's robots.txt where that is wanted."""
        if self._settings.robots and not check.is_robots and self._waits_for_robots(check):
            return
        check.host = self._host_of(check.url)
        self._queues.put(check.host, check, first=first)

    def _waits_for_robots(self, check: _Check) -> bool:
        origin = check.url.origin
        rules = self._robots.get(origin)
        if isinstance(rules, RobotRules):
            if rules.allows(check.url.page):
                return False
            self._settle(check, unknown(Reason.ROBOTS, rules.why))
        elif rules is None:
            self._robots[origin] = [check]
            request = PageRequest(robots_url(check.url), (None,))
            self._enqueue(_Check(request, is_robots=True), first=True)
        else:
            rules.append(check)
        return True

    def _release(self, now: float) -> None:
        """Those whose wait is over."""
        while self._delayed and self._delayed[0][0] <= now:
            check = heapq.heappop(self._delayed)[2]
            assert check.host is not None  # noqa: S101 -- it was asked before
            check.host.delayed -= 1
            self._queues.put(check.host, check, first=True)

    def _start(self, now: float, has_time: bool) -> None:
        """Ask for pages in the place of those that have ended, and for some more if there is time for that."""
        active = self._transport.active
        most = min(self._settings.limits.at_once, max(active, self._was_active) + (_STARTS_AT_ONCE if has_time else 0))
        while self._transport.active < most:
            taken = self._queues.take(now)
            if taken is None:
                break
            host, check = taken
            if host.down is not None:
                self._queues.ended(host)
                self._settle(check, host.down)
            else:
                self._ask(check, now)
        self._was_active = self._transport.active

    def _ask(self, check: _Check, now: float) -> None:
        assert check.host is not None  # noqa: S101 -- it waited for it
        limits, rule = self._settings.limits, check.host.rule
        if check.deadline is None:
            check.deadline = now + limits.url_budget
        check.attempts += 1
        check.was_https = check.was_https or check.url.scheme == "https"
        fragments = check.request.fragments
        wanted: set[str] = set()
        if fragments != (None,) or check.inherited is not None:
            wanted = {f for f in map(check.effective, fragments) if f and self._settings.wants_anchor(check.url, f)}
        check.body = PageBody(sorted(wanted), limits.body)
        timeout = min(rule.timeout or limits.timeout, max(0.001, check.deadline - now))
        self._transport.start(
            Request(
                token=check,
                url=check.url.page,
                target=check.url.target,
                headers=self._headers_for(check) if rule.headers or self._settings.site_headers else self._common,
                body=check.body,
                timeout=timeout,
                connect_timeout=min(limits.connect_timeout, timeout),
                cookies=check.cookies,
                userinfo=check.url.userinfo,
                verify_tls=rule.verify_tls is not False,
                is_decoded=check.is_decoded,
                looks_up_anew=check.looks_up_anew,
                # closed at once, while others are waited for: to close all of them takes longer at the end
                is_last=self._is_exhausted and len(check.host.waiting) < check.host.active,
            )
        )

    def _headers_for(self, check: _Check) -> tuple[str, ...]:
        if check.was_https and check.url.scheme == "http":
            return self._common  # what was meant for an encrypted connection goes over no other
        own = self._settings.secret_headers(check.url)
        lines = self._headers.get(own)
        if lines is None:
            names = {name.lower() for name, _ in own}
            kept = [line for line in self._common if line.partition(":")[0].lower() not in names]
            lines = self._headers[own] = (*kept, *(f"{name}: {value}" for name, value in own))
        return lines

    def _wait(self, deadline: float) -> None:
        """Until a transfer ends, or something may begin."""
        now = self._clock.now()
        moments = [deadline]
        if self._delayed:
            moments.append(self._delayed[0][0])
        if self._transport.active < self._settings.limits.at_once and (at := self._queues.next_at()) is not None:
            moments.append(at)
        pause = max(0.0, min(moments) - now)
        if not self._transport.active:
            if pause:
                self._clock.sleep(pause)
            return
        for response in self._transport.wait(pause):
            check = response.token
            assert isinstance(check, _Check)  # noqa: S101 -- it was ours
            assert check.host is not None  # noqa: S101
            assert check.body is not None  # noqa: S101
            self._queues.ended(check.host)
            # a plain answer can't ask us to leave the host alone, so the host's next page goes first
            if response.status == 200 and response.failure is None and check.body.size <= SMALL:
                self._unread.append((check, response))
            else:
                self._receive(check, response)

    def _read_answers(self) -> None:
        """Find out what plain answers say."""
        unread, self._unread = self._unread, []
        for check, response in unread:
            self._receive(check, response)

    def _receive(self, check: _Check, response: Response) -> None:
        assert check.host is not None  # noqa: S101
        assert check.body is not None  # noqa: S101
        if response.cookies:
            check.cookies = response.cookies
        if response.failure is Failure.PRIVATE and check.seen is None:
            self._settle(check, ignored(Reason.PRIVATE_ADDRESS, response.detail))
            return
        decision = decide(response, check.body, check.url, check.host.rule.accept)
        match decision:
            case Retry():
                self._retry(check, response, decision)
            case Redirect():
                self._follow(check, decision)
            case Answered():
                self._answer(check, response)
            case AskAsItIs():
                if check.is_decoded:
                    check.is_decoded = False
                    self._enqueue(check, first=True)
                else:
                    self._settle(check, decision.otherwise)
            case Finding():
                self._settle(check, decision)

    def _retry(self, check: _Check, response: Response, retry: Retry) -> None:
        """Another attempt, if the page, the host and their budgets allow for one."""
        limits, now = self._settings.limits, self._clock.now()
        assert check.host is not None  # noqa: S101
        asked = backoff.retry_after(retry.retry_after, self._clock.epoch()) if retry.retry_after else None
        wait = backoff.delay(check.attempts, self._chance.random())
        if asked is not None:
            wait = max(wait if asked == 0 else 0.0, asked)
        is_last = check.attempts > limits.retries or check.host.is_tired_of(retry.otherwise.reason)
        if is_last or wait > limits.retry_after_cap or now + wait > (check.deadline or now):
            self._fail(check, response, retry)
            return
        if retry.pauses_host and not check.host.pause(now, wait):
            check.host.down = retry.otherwise
            self._fail(check, response, retry)
            return
        self._turn += 1
        check.looks_up_anew = retry.otherwise.reason is Reason.DNS
        check.host.delayed += 1
        heapq.heappush(self._delayed, (now + wait, self._turn, check))

    def _fail(self, check: _Check, response: Response, retry: Retry) -> None:
        """There is no further attempt."""
        assert check.host is not None  # noqa: S101
        if retry.has_begun:
            self._answer(check, response, otherwise=retry.otherwise)
            return
        if retry.otherwise.reason is Reason.DNS:
            check.host.down = retry.otherwise  # a name that is not there has no other page either
        elif retry.otherwise.reason is not None:
            check.host.failed[retry.otherwise.reason] += 1
        self._settle(check, retry.otherwise)

    def _follow(self, check: _Check, redirect: Redirect) -> None:
        if check.seen is None:
            check.seen = {(check.url.page, ())}
        target = redirect.url
        if target.fragment is not None:
            check.inherited = target.fragment
        key = (target.page, check.cookies)
        if key in check.seen or len(check.seen) > self._settings.limits.hops:
            what = "to where it came from" if key in check.seen else f"more than {self._settings.limits.hops}"
            self._settle(check, broken(Reason.REDIRECT_LOOP, what, target.shown()))
            return
        check.seen.add(key)
        if target.userinfo is None and target.origin == check.url.origin:
            target = target._replace(userinfo=check.url.userinfo)
        check.still_permanent = check.still_permanent and redirect.is_permanent
        if check.still_permanent:
            check.moved_to = target
        check.url, check.attempts = target.without_fragment(), 0
        check.is_decoded, check.looks_up_anew = True, False
        if not self._may_ask(check.url.host):
            self._settle(check, unknown(Reason.PRIVATE_ADDRESS, check.url.host))
        elif self._owns is not None and not self._owns(check.url):
            self._hand_on(check)
        else:
            self._enqueue(check, first=True)

    def _answer(self, check: _Check, response: Response, otherwise: Finding | None = None) -> None:
        """The page is there. otherwise: what is said of fragments that its part which came does not hold."""
        assert check.body is not None  # noqa: S101
        if check.request.fragments == (None,) and check.seen is None:
            self._finish(check, (OK,), response.status)
            return
        from octavo.checks.links.web.fragments import FetchedPage

        page = FetchedPage.of(check.url, response.status, check.body)
        findings = []
        for fragment in check.request.fragments:
            effective = check.effective(fragment)
            finding = page.judge(effective, self._settings)
            if otherwise is not None and finding.reason is Reason.ANCHOR_MISSING:
                finding = otherwise
            findings.append(self._with_redirect(check, fragment, effective, finding))
        self._finish(check, tuple(findings), response.status)

    def _with_redirect(self, check: _Check, fragment: str | None, effective: str | None, finding: Finding) -> Finding:
        if check.seen is None or check.url.page == check.request.url.page:
            return finding
        final = check.url.shown(effective)
        if finding.verdict is not Verdict.OK:
            return replace(finding, final_url=final)
        moved = check.moved_to
        if moved is None or moved.page == check.request.url.page:
            return replace(finding, final_url=final)
        asked = check.request.url.shown(fragment)
        if self._settings.is_allowed_redirect(asked, final):
            return replace(finding, final_url=final)
        new = moved.shown(moved.fragment if moved.fragment is not None else fragment)
        return Finding(verdict=Verdict.REDIRECTED, reason=Reason.MOVED, detail="moved permanently", final_url=new)

    def _settle(self, check: _Check, finding: Finding) -> None:
        """One verdict for all fragments."""
        if check.seen is not None and finding.final_url is None and check.url.page != check.request.url.page:
            finding = replace(finding, final_url=check.url.shown(check.inherited))
        self._finish(check, (finding,) * len(check.request.fragments), 0)

    def _finish(self, check: _Check, findings: tuple[Finding, ...], status: int) -> None:
        if check.is_robots:
            self._learn_robots(check, findings[0], status)
        else:
            self._open -= 1
            self._done.append(PageResult(check.request, findings))
        check.body = None

    def _learn_robots(self, check: _Check, finding: Finding, status: int) -> None:
        origin = check.request.url.origin
        waiting = self._robots.get(origin)
        is_read = status and check.body is not None
        self._robots[origin] = (
            RobotRules.parsed(check.body.data() if check.body else b"", self._settings.user_agent)
            if is_read
            else RobotRules.absent(finding, self._settings.user_agent)
        )
        if isinstance(waiting, list):
            for waiter in waiting:
                self._enqueue(waiter)

    def _take_done(self) -> list[PageResult]:
        done, self._done = self._done, []
        return done

    def _give_up(self, source: Iterator[PageRequest | Onward | None]) -> Iterator[PageResult]:
        """The run's time is over: whatever has no verdict is unknown."""
        self._read_answers()
        over = time_is_over(self._settings)
        left: list[object] = [*self._transport.abandon(), *self._queues.drain(), *(c for _, _, c in self._delayed)]
        left += [c for waiting in self._robots.values() if isinstance(waiting, list) for c in waiting]
        self._delayed.clear()
        for check in left:
            if isinstance(check, _Check) and not check.is_robots:
                self._settle(check, over)
        yield from self._take_done()
        for page in source:
            if page is None:
                continue
            request = page.request if isinstance(page, Onward) else page
            yield PageResult(request, (over,) * len(request.fragments))


def time_is_over(settings: Settings) -> Finding:
    """What is said of a page that the run had no time for."""
    return unknown(Reason.BUDGET, f"the run's {settings.limits.run_budget:g} seconds are over")
