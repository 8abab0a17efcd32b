"""Sphinx's `linkcheck_*` values as settings of this check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from octavo.checks.links.web.settings import Limits, Settings, SiteHeaders

if TYPE_CHECKING:  # Sphinx is loaded only where there is a project
    from octavo.reading.linkcheck_values import LinkcheckValues


def with_sphinx_values(base: Settings, values: LinkcheckValues) -> Settings:
    """`base`, with what a project says in its conf.py; what it leaves out stays as it is."""
    return replace(
        base,
        ignore=base.ignore + values.ignore,
        ignore_files=base.ignore_files + tuple(_literal(source) for source in values.excluded_sources),
        anchors=base.anchors and values.anchors,
        anchors_ignore=base.anchors_ignore + tuple(p for p in values.anchors_ignore if p.pattern != "^!"),
        anchors_ignore_for_url=base.anchors_ignore_for_url + values.anchors_ignore_for_url,
        allowed_redirects=base.allowed_redirects + values.allowed_redirects,
        site_headers=base.site_headers + tuple(SiteHeaders(prefix=u, headers=h) for u, h in values.request_headers),
        limits=_limits(base.limits, values),
    )


def _literal(path: str) -> str:
    """A path as a pattern that matches it alone."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)


def _limits(base: Limits, values: LinkcheckValues) -> Limits:
    made = base
    if values.timeout is not None:
        made = replace(made, timeout=values.timeout, connect_timeout=min(made.connect_timeout, values.timeout))
    if values.attempts is not None:
        made = replace(made, retries=max(0, values.attempts - 1))
    if values.rate_limit_timeout is not None:
        cap = values.rate_limit_timeout
        made = replace(made, retry_after_cap=cap, url_budget=max(made.url_budget, 2 * cap))
    if values.workers is not None:
        made = replace(made, at_once=max(1, values.workers))
    return made
