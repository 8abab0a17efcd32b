"""The builder that reads: it writes nothing, and leaves no mark on the application for the builders that write.

Sphinx binds an application to one builder before anything is read. What is read hardly depends on it, but what a
builder leaves behind (tags, style sheets registered by extensions on `builder-inited`, changed configuration) would
leak from one format into the next. So the reading builder remembers the application as it was before any builder
touched it, and every writing builder starts from there.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sphinx.builders import Builder
from sphinx.config import check_confval_types
from sphinx.errors import SphinxError

from octavo.reading.quick_reading import QuickReading

if TYPE_CHECKING:
    from collections.abc import Set

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.events import EventListener

# A few extensions ask for the builder's name while reading (sphinx-tabs drops its tabs for a builder it does not
# know). The richest answer keeps everything in the document; each writer then renders it in its own way.
READ_AS = "html"
# Events of reading and resolving, in which a theme's handlers may change what the documents are
READING_EVENTS = frozenset(
    {
        "env-get-outdated",
        "env-get-updated",
        "env-before-read-docs",
        "env-purge-doc",
        "env-merge-info",
        "env-updated",
        "env-check-consistency",
        "source-read",
        "include-read",
        "object-description-transform",
        "doctree-read",
        "missing-reference",
        "warn-missing-reference",
    }
)
Listeners = dict[str, list["EventListener"]]


class ReaderBuilder(QuickReading):
    """Reads all sources into one environment."""

    name: ClassVar[str] = "octavo-reader"
    format: ClassVar[str] = ""
    allow_parallel: ClassVar[bool] = True

    def __init__(self, app: Sphinx, env: BuildEnvironment) -> None:
        self._bound_app = app
        self._tags = frozenset(app.tags)
        super().__init__(app, env)
        _set_tags(app, self._tags)

    def init(self) -> None:
        """Before any handler of `builder-inited` runs: load the theme, and remember the application."""
        self.theme_listeners = load_theme(self._bound_app)
        self.pristine = ApplicationState(self._bound_app, self._tags)

    def begin_reading(self) -> None:
        """After all handlers of `builder-inited`: what is changed from here on is changed by reading."""
        run_theme_handlers(self._bound_app, self.theme_listeners)
        self._begun = ApplicationState(self._bound_app, frozenset(self._bound_app.tags))

    def end_reading(self) -> None:
        """Keep what handlers of reading events changed: every writer gets it, as in a build of one format."""
        self.read_changes = self._begun.changes(self._bound_app)

    def get_outdated_docs(self) -> Iterable[str]:
        """Nothing is written, so nothing is outdated."""
        return ()

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """A reader has no pages."""
        return ""

    def get_asset_paths(self) -> list[str]:
        """Folders that hold no documents, relative to the sources: see `asset_paths`."""
        return asset_paths(self)

    def prepare_writing(self, docnames: Set[str]) -> None:
        """Nothing to prepare."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing is written."""


def asset_paths(builder: Builder) -> list[str]:
    """Folders in the source directory that hold no documents: the site's assets, and the output folder.

    Sphinx asks the builder for them (`Builder.get_asset_paths`), so every builder that reads must give the same
    answer, or the formats would not be made from the same documents.
    """
    config = builder.config
    paths = [*config.html_extra_path, *config.html_static_path]
    output = config.octavo_output_directory
    if output:
        relative = os.path.relpath(output, builder.srcdir)
        if not relative.startswith(".."):
            paths.append(relative.replace(os.sep, "/"))
    return paths


def present_while_reading(builder: Builder) -> None:
    """Let extensions that ask for the builder while reading see the one that keeps most (see `READ_AS`)."""
    builder.__dict__.update(name=READ_AS, format=READ_AS)


def present_after_reading(builder: Builder) -> None:
    """Undo `present_while_reading`."""
    for attribute in ("name", "format"):
        builder.__dict__.pop(attribute, None)


class ApplicationState:
    """What builders and `builder-inited` handlers change in an application: tags, configuration, registry, events."""

    def __init__(self, app: Sphinx, tags: frozenset[str]) -> None:
        self._tags = tags
        # Reading each value once puts defaults that handlers change in place (lists) into our copy
        self._config = {name: _copied(getattr(app.config, name)) for name in list(app.config.values)}
        self._stored = frozenset(vars(app.config))
        self._registry = {
            k: _copied(v) for k, v in vars(app.registry).items() if isinstance(v, list | dict | set | str)
        }
        self._listeners = {event: list(found) for event, found in app.events.listeners.items()}

    def restore(self, app: Sphinx) -> None:
        """Put everything back as it was."""
        _set_tags(app, self._tags)
        for name, value in self._config.items():
            if name in self._stored:
                vars(app.config)[name] = _copied(value)
            else:
                vars(app.config).pop(name, None)
        for name, value in self._registry.items():
            setattr(app.registry, name, _copied(value))
        app.events.listeners.clear()
        app.events.listeners.update({event: list(found) for event, found in self._listeners.items()})

    def changes(self, app: Sphinx) -> Changes:
        """What was added or set in the application since."""
        listeners = {e: [x for x in f if x not in self._listeners.get(e, [])] for e, f in app.events.listeners.items()}
        return Changes(
            tags=frozenset(app.tags) - self._tags,
            config={n: v for n, old in self._config.items() if (v := getattr(app.config, n)) != old},
            css_files=tuple(x for x in app.registry.css_files if x not in self._registry["css_files"]),
            js_files=tuple(x for x in app.registry.js_files if x not in self._registry["js_files"]),
            listeners={event: added for event, added in listeners.items() if added},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What handlers of reading events did to an application (sphinx-thebe adds its script when reading begins)."""

    tags: frozenset[str]
    config: dict[str, object]
    css_files: tuple[tuple[str, dict[str, Any]], ...]
    js_files: tuple[tuple[str | None, dict[str, Any]], ...]
    listeners: Listeners

    def apply(self, app: Sphinx) -> None:
        """Do the same to an application whose builder was made after reading."""
        for tag in sorted(self.tags):
            app.tags.add(tag)
        vars(app.config).update(self.config)
        for css, attributes in self.css_files:
            app.add_css_file(css, **attributes)
        for js, attributes in self.js_files:
            app.add_js_file(js, **attributes)
        give_back(app, self.listeners)

    def save(self, path: Path) -> None:
        """Keep for a process that is no fork what can be kept: tags, style sheets and scripts."""
        kept = {"tags": sorted(self.tags), "css_files": self.css_files, "js_files": self.js_files}
        path.write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Changes:
        """What `save` kept."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            tags=frozenset(kept["tags"]),
            config={},
            css_files=tuple((name, attributes) for name, attributes in kept["css_files"]),
            js_files=tuple((name, attributes) for name, attributes in kept["js_files"]),
            listeners={},
        )


def _set_tags(app: Sphinx, tags: frozenset[str]) -> None:
    """Take away the tags that a builder gave itself; `only` remembers its answers, and forgets them here."""
    app.tags._tags.clear()
    app.tags._tags.update(tags)
    app.tags._condition_cache.clear()


def load_theme(app: Sphinx) -> Listeners:
    """Load the module of the site's theme, as Sphinx's HTML builder does before it reads.

    Themes bring directives (sphinx-book-theme's `margin`), which every format needs while reading. What a theme does
    when a builder begins or ends is for the site alone: those event handlers are taken out again, and returned.
    """
    before = {event: list(found) for event, found in app.events.listeners.items()}
    name = app.config.html_theme
    theme = next((e for e in entry_points(group="sphinx.html_themes") if e.name == name), None)
    if theme is None or theme.module in app.extensions or name in app.registry.html_themes:
        return {}
    try:
        app.setup_extension(theme.module)
    except SphinxError:  # the HTML builder meets the same error, and says it
        return {}
    check_confval_types(app, app.config)
    taken: Listeners = {}
    for event, found in app.events.listeners.items():
        added = [listener for listener in found if listener not in before.get(event, [])]
        if added and event not in READING_EVENTS:
            taken[event] = added
            app.events.listeners[event] = [listener for listener in found if listener not in added]
    return taken


def run_theme_handlers(app: Sphinx, listeners: Listeners) -> None:
    """Let the theme set up the configuration that it and its extensions read by, as under Sphinx's HTML builder.

    A handler that asks for what only that builder has, or that refuses any other (furo), is left out; what the others
    do to translators is undone.
    """
    translators = dict(app.registry.translators)
    for listener in sorted(listeners.get("builder-inited", []), key=lambda found: found.priority):
        with contextlib.suppress(AssertionError, AttributeError, KeyError, TypeError, SphinxError):
            listener.handler(app)
    app.registry.translators.clear()
    app.registry.translators.update(translators)


def give_back(app: Sphinx, listeners: Listeners) -> None:
    """Put a theme's event handlers where Sphinx's HTML builder would have them: after those of the extensions."""
    for event, added in listeners.items():
        app.events.listeners[event].extend(added)


def _copied(value: Any) -> Any:
    """A copy of a container and of the containers in it; anything else as it is."""
    if isinstance(value, list):
        return [_copied(v) for v in value]
    if isinstance(value, set):
        return set(value)
    if isinstance(value, dict):
        made = value.copy()  # keeps the kind of a subclass (defaultdict)
        for key, item in value.items():
            made[key] = _copied(item)
        return made
    return value
