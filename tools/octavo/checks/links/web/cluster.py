"""Asking the web from several machines: the workers of a Dask cluster. The only module that knows distributed.

What goes over the wire are pages, settings (with their secrets, as each worker sends them to their hosts) and findings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from octavo.checks.links.web.checker import Ask, Surroundings, real_surroundings
from octavo.checks.links.web.clock import Clock
from octavo.checks.links.web.engine import Onward, PageResult, time_is_over
from octavo.checks.links.web.pages import PageQueue, PageRequest
from octavo.checks.links.web.parts import (
    Host,
    OnwardQueue,
    Part,
    PartAnswer,
    ask_part,
    first_parts,
    request_of,
    results_of,
    without_askers,
)
from octavo.checks.links.web.settings import Settings
from octavo.diagnostics import MissingToolError, OctavoError

if TYPE_CHECKING:
    from types import ModuleType

_SECONDS_TO_CONNECT = 30
_GRACE = 60.0  # seconds after the run's budget in which workers may still answer

Pages = list[PageRequest | Onward]


def asking_cluster(address: str, settings: Settings, clock: Clock) -> Ask:
    """Who asks for pages on the cluster whose scheduler is at `address` (`tcp://host:8786`, or `tls://`).

    Raises: MissingToolError where distributed is not installed; and, when it is called, where the cluster can't be
    used.
    """
    distributed = load_distributed()

    def ask(queue: PageQueue) -> Iterator[PageResult]:
        with _connected(distributed, address) as client:
            yield from _Run(distributed, client, settings, clock).results(queue)

    return ask


def load_distributed() -> ModuleType:
    """Dask's scheduler of many machines.

    Raises: MissingToolError when it is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingToolError(
            "distributed is not installed, so no cluster can be asked", "Install it: pip install 'octavo[cluster]'."
        ) from error
    module: ModuleType = distributed
    return module


def _connected(distributed: ModuleType, address: str) -> Any:
    """A client.

    Raises: MissingToolError when nobody answers, there is no worker, or the workers have another Octavo.
    """
    remedy = "Start it with: dask scheduler; dask worker ADDRESS."
    try:
        client = distributed.Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise MissingToolError(f"no cluster answers at '{address}'", remedy) from error
    versions = client.run(_version)
    if not versions:
        client.close()
        raise MissingToolError(f"the cluster at '{address}' has no workers", remedy)
    others = sorted({said for said in versions.values() if said != _version()})
    if others:
        client.close()
        raise MissingToolError(
            f"workers of the cluster have Octavo {', '.join(others)}, and this is {_version()}",
            "Install the same version everywhere.",
        )
    return client


def _version() -> str:
    from importlib.metadata import version

    return version("octavo")


def _ask_here(
    pages: Pages, hosts: frozenset[Host], settings: Settings, is_further: bool, run_budget: float
) -> PartAnswer:
    """On a worker."""
    surroundings: Surroundings = real_surroundings(settings)
    return ask_part(pages, hosts, settings, surroundings, is_further=is_further, run_budget=run_budget)


class _Run:
    """One run: as many parts under way as the workers have threads, so that none waits with its time running."""

    def __init__(
        self,
        distributed: ModuleType,
        client: Any,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._client, self._settings, self._clock = client, settings, clock
        self._as_completed: Callable[..., Any] = distributed.as_completed
        self._deadline = clock.now() + settings.limits.run_budget
        self._lost: tuple[type[Exception], ...] = (distributed.KilledWorker, distributed.client.FutureCancelledError)
        self._at_once = max(1, sum(client.nthreads().values()))

    def results(self, queue: PageQueue) -> Iterator[PageResult]:
        """The result of each page. Raises: as `asking_cluster`."""
        later = OnwardQueue()
        try:
            yield from self._round(first_parts(queue), later)
            while len(later):
                now, later = later, OnwardQueue()
                with now:
                    yield from self._round(now.parts(), later)
        finally:
            later.__exit__(None, None, None)

    def _round(self, parts: Iterator[Part], later: OnwardQueue) -> Iterator[PageResult]:
        """Every part to its end."""
        again: deque[Part] = deque()
        running: dict[Any, tuple[Part, Pages]] = {}
        done = self._as_completed([], loop=self._client.loop, timeout=max(0.0, self._left()) + _GRACE)
        while True:
            while len(running) < self._at_once:
                part = again.popleft() if again else next(parts, None)
                if part is None:
                    break
                pages = part.take()
                if not pages:
                    continue
                if self._left() <= 0:
                    yield from self._over([*pages, *part.pages])
                    continue
                future = self._submit(part, pages)
                running[future] = part, pages
                done.add(future)
            if not running:
                return
            future = self._next(done)
            if future is None:
                for part, pages in running.values():
                    yield from self._over([*pages, *part.pages])
                self._client.cancel(list(running))
                running.clear()
                continue
            part, pages = running.pop(future)
            yield from results_of(self._answer(future), pages, later)
            part.is_further = True
            again.append(part)

    def _left(self) -> float:
        return self._deadline - self._clock.now()

    def _submit(self, part: Part, pages: Pages) -> Any:
        given = [without_askers(page) for page in pages]
        return self._client.submit(
            _ask_here, given, part.hosts, self._settings, part.is_further, self._left(), pure=False
        )

    def _next(self, done: Any) -> Any | None:
        """The next part that is done; None when the run's time is long over."""
        try:
            return next(done)
        except TimeoutError:
            return None

    def _answer(self, future: Any) -> PartAnswer:
        try:
            answer: PartAnswer = future.result()
        except OctavoError:
            raise
        except self._lost as error:
            raise MissingToolError(
                f"the cluster lost the workers that asked ({error})", "Look at their logs, and check again."
            ) from error
        return answer

    def _over(self, pages: Pages) -> Iterator[PageResult]:
        over = time_is_over(self._settings)
        for request in map(request_of, pages):
            yield PageResult(request, (over,) * len(request.fragments))
