"""Findings of some rules, kept while a builder works, for those who give an account of the result at its end."""

from __future__ import annotations

from collections.abc import Collection
from logging import Handler, LogRecord, getLogger
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.logging import NAMESPACE

from octavo.diagnostics import Diagnostic
from octavo.reading.log import diagnostic_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Overheard(Handler):
    """Keeps the findings of `rules`, their places relative to the sources; `close` ends it."""

    def __init__(self, app: Sphinx, rules: Collection[str]) -> None:
        super().__init__()
        self._app = app
        self._root = Path(app.srcdir).resolve()
        self._rules = frozenset(rules)
        self._kept: dict[Diagnostic, None] = {}
        logger = getLogger(NAMESPACE)
        for old in [h for h in logger.handlers if isinstance(h, Overheard)]:
            logger.removeHandler(old)
        # before Sphinx's own handlers, which rewrite the place of a record to a string
        logger.handlers.insert(0, self)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What was said, in its order."""
        return tuple(self._kept)

    def emit(self, record: LogRecord) -> None:
        """Keep one."""
        carried = getattr(record, "octavo_diagnostic", None)
        if isinstance(carried, Diagnostic) and carried.rule in self._rules:
            self._kept[diagnostic_of(record, self._app, self._root)] = None

    def close(self) -> None:
        """Listen no more."""
        getLogger(NAMESPACE).removeHandler(self)
        super().close()
