"""What a project's `conf.py` says to Sphinx's own link check (`linkcheck_*`), for a check that is not Sphinx's."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.diagnostics import ConfigurationError
from octavo.reading.book import READER, Listener, ReadOptions, open_application
from octavo.reading.log import relative_to_root
from octavo.reading.project import Project

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# values of Sphinx's that mean something here only when a project changed them
_DEFAULTS = {
    "linkcheck_timeout": 30,
    "linkcheck_retries": 1,
    "linkcheck_rate_limit_timeout": 300.0,
    "linkcheck_workers": 5,
}
_NOT_HONOURED = ("linkcheck_auth",)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkcheckValues:
    """The values, checked. None: as Sphinx has it when a project says nothing.

    - ignore, anchors_ignore, anchors_ignore_for_url: patterns. allowed_redirects: pairs of patterns.
    - excluded_sources: files of `linkcheck_exclude_documents`, relative to the project's root.
    - request_headers: (URL, origin or "*", its headers).
    - attempts: how often a URL is asked for. timeout, rate_limit_timeout: seconds.
    - not_honoured: values that a project sets and that are not used here.
    """

    ignore: tuple[re.Pattern[str], ...] = ()
    excluded_sources: tuple[str, ...] = ()
    anchors: bool = True
    anchors_ignore: tuple[re.Pattern[str], ...] = ()
    anchors_ignore_for_url: tuple[re.Pattern[str], ...] = ()
    allowed_redirects: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = ()
    request_headers: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    timeout: float | None = None
    attempts: int | None = None
    rate_limit_timeout: float | None = None
    workers: int | None = None
    not_honoured: tuple[str, ...] = ()


def linkcheck_values(project: Project) -> LinkcheckValues:
    """Load the configuration and read its values; no document is read.

    Raises: ConfigurationError when Sphinx can't start on this project, or a value is not what Sphinx takes.
    """
    nobody = Listener(found=lambda _: None, reading=lambda done, total: None, writing=lambda done, total: None)
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder:
        state = Path(folder)
        app = open_application(
            project, ReadOptions(), state, builder_name=READER, outdir=state / "reading", listener=nobody
        )
        return _values(app, project)


def _values(app: Sphinx, project: Project) -> LinkcheckValues:
    config = app.config
    return LinkcheckValues(
        ignore=_patterns("linkcheck_ignore", config.linkcheck_ignore),
        excluded_sources=_excluded(app, project),
        anchors=bool(config.linkcheck_anchors),
        anchors_ignore=_patterns("linkcheck_anchors_ignore", config.linkcheck_anchors_ignore),
        anchors_ignore_for_url=_patterns("linkcheck_anchors_ignore_for_url", config.linkcheck_anchors_ignore_for_url),
        allowed_redirects=_pairs(config.linkcheck_allowed_redirects),
        request_headers=_headers(config.linkcheck_request_headers),
        timeout=_number(config, "linkcheck_timeout"),
        attempts=_whole(_number(config, "linkcheck_retries")),
        rate_limit_timeout=_number(config, "linkcheck_rate_limit_timeout"),
        workers=_whole(_number(config, "linkcheck_workers")),
        not_honoured=tuple(name for name in _NOT_HONOURED if getattr(config, name, None)),
    )


def _patterns(name: str, values: object) -> tuple[re.Pattern[str], ...]:
    if not isinstance(values, (list, tuple, set, frozenset)):
        raise _wrong(name, values)
    return tuple(_pattern(name, value) for value in values)


def _pattern(name: str, value: object) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        value = value.pattern
    try:
        return re.compile(str(value))
    except re.error as error:
        raise _wrong(name, value) from error


def _pairs(value: object) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Sphinx's own stand-in for "not set" is no dict (8.2) or a private object (9)."""
    if not isinstance(value, dict):
        return ()
    name = "linkcheck_allowed_redirects"
    return tuple((_pattern(name, a), _pattern(name, b)) for a, b in value.items())


def _headers(value: object) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    name = "linkcheck_request_headers"
    if not isinstance(value, dict) or not all(isinstance(h, dict) for h in value.values()):
        raise _wrong(name, "...")
    made = []
    for url, headers in value.items():
        lines = tuple((str(k), str(v)) for k, v in headers.items())
        if any(c in text for pair in lines for text in pair for c in "\r\n\0"):
            raise _wrong(name, "a header of several lines")
        made.append((str(url), lines))
    return tuple(made)


def _number(config: object, name: str) -> float | None:
    value = getattr(config, name, None)
    if value is None or value == _DEFAULTS[name]:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e9:
        raise _wrong(name, value)
    return float(value)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _excluded(app: Sphinx, project: Project) -> tuple[str, ...]:
    patterns = _patterns("linkcheck_exclude_documents", app.config.linkcheck_exclude_documents)
    if not patterns:
        return ()
    app.env.find_files(app.config, app.builder)
    chosen = (d for d in sorted(app.env.found_docs) if any(p.match(d) for p in patterns))
    return tuple(relative_to_root(str(app.env.doc2path(d)), project.root) for d in chosen)


def _wrong(name: str, value: object) -> ConfigurationError:
    return ConfigurationError(f"conf.py: {name} = {value!r} is not what Sphinx takes", "Mend the value.")
