"""A theme's handlers of `builder-inited`, run for a builder that is not the site's."""

from types import SimpleNamespace

import pytest
from sphinx.errors import ConfigError, ExtensionError
from sphinx.events import EventListener

from octavo.reading.neutral import run_theme_handlers


@pytest.mark.parametrize("error", [ConfigError("no HTML builder"), ExtensionError("no"), AttributeError("highlighter")])
def test_a_theme_that_refuses_other_builders_stops_nothing(error):
    ran = []

    def refuse(app):
        ran.append("refused")
        app.registry.translators["html"] = object
        raise error

    app = SimpleNamespace(registry=SimpleNamespace(translators={"epub": str}))
    listeners = [EventListener(2, lambda app: ran.append("second"), 500), EventListener(1, refuse, 400)]
    run_theme_handlers(app, {"builder-inited": listeners})
    assert ran == ["refused", "second"]
    assert app.registry.translators == {"epub": str}
