"""Sphinx's events, without a description of all that they are about for a log that does not take it.

Pages are emitted with all that is on them: the description of one is longer than the page.
"""

from __future__ import annotations

import logging
from operator import attrgetter
from typing import Any

from sphinx import events
from sphinx.errors import ExtensionError, SphinxError
from sphinx.locale import __
from sphinx.util.inspect import safe_getattr

_emit = events.EventManager.emit


def emit(
    self: events.EventManager, name: str, *args: Any, allowed_exceptions: tuple[type[Exception], ...] = ()
) -> list[Any]:
    """`EventManager.emit`."""
    if events.logger.logger.isEnabledFor(logging.DEBUG):
        return _emit(self, name, *args, allowed_exceptions=allowed_exceptions)
    # Sphinx 9 took its own application, and what an error is to do, out of the open
    app = self._app if hasattr(self, "_app") else self.app
    results = []
    for listener in sorted(self.listeners[name], key=attrgetter("priority")):
        try:
            results.append(listener.handler(app, *args))
        except allowed_exceptions:
            raise
        except SphinxError:
            raise
        except Exception as error:
            if getattr(self, "_reraise_errors", app.pdb):
                raise
            modname = safe_getattr(listener.handler, "__module__", None)
            raise ExtensionError(
                __("Handler %r for event %r threw an exception") % (listener.handler, name), error, modname=modname
            ) from error
    return results
