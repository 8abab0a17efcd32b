"""Settings of a document: docutils makes all its command line options for them, for each document anew.

`octavo.reading.patches` puts these functions in the place of docutils' and Sphinx's.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import frontend
from docutils.utils import DependencyList
from sphinx.util import docutils as sphinx_docutils

if TYPE_CHECKING:
    from docutils import SettingsSpec

_populate = frontend.OptionParser.populate_from_components
_get_settings: Any = getattr(sphinx_docutils, "_get_settings", None)  # since Sphinx 9
_COMPONENT_PARTS = ("settings_spec", "settings_defaults", "settings_default_overrides", "relative_path_settings")
_POPULATED = ("option_groups", "option_list", "_short_opt", "_long_opt", "defaults", "lists", "relative_path_settings")
_populated: dict[tuple[object, ...], dict[str, Any]] = {}
_defaults: dict[tuple[object, ...], dict[str, Any]] = {}


def populate_once(self: Any, components: Iterable[SettingsSpec]) -> None:
    """Collect the options of a reader, a parser and a writer; of the same ones again from memory."""
    components = tuple(components)
    if type(self) is not frontend.OptionParser or not _are_plain(c for c in components if c is not self):
        _populate(self, components)
        return
    key = _classes(components)
    if key not in _populated:
        _populate(self, components)
        _populated[key] = {name: _copied(getattr(self, name)) for name in _POPULATED}
    else:
        vars(self).update({name: _copied(value) for name, value in _populated[key].items()})


def settings_once(
    *components: SettingsSpec | type[SettingsSpec], defaults: Mapping[str, Any], read_config_files: bool = False
) -> frontend.Values:
    """Settings of a document; without options where there is no file of settings."""
    if not read_config_files or not _are_plain(components) or _are_settings_on_disk():
        theirs: frontend.Values = _get_settings(*components, defaults=defaults, read_config_files=read_config_files)
        return theirs
    values = _values_of(components)
    vars(values).update(defaults)
    if not values._disable_config or values.record_dependencies is None:
        values.record_dependencies = DependencyList()
    values._config_files = []
    return values


def default_settings_once(*components: SettingsSpec | type[SettingsSpec]) -> frontend.Values:
    """Default settings of components, as `docutils.frontend.get_default_settings` gives them."""
    if not _are_plain(components):
        return frontend.get_default_settings(*components)
    values = _values_of(components)
    if values.record_dependencies is None:
        values.record_dependencies = DependencyList()
    values._config_files = []
    return values


def _values_of(components: Iterable[Any]) -> frontend.Values:
    """Settings as the components have them, with none for dependencies."""
    key = _classes(components)
    values = frontend.Values.__new__(frontend.Values)  # its `__init__` warns that another class will come
    if key not in _defaults:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            _defaults[key] = frontend.OptionParser(components=components).defaults
    vars(values).update(_defaults[key])
    return values


def _are_settings_on_disk() -> bool:
    return any(map(os.path.exists, frontend.OptionParser.get_standard_config_files()))


def _are_plain(components: Iterable[Any]) -> bool:
    """Whether settings of the components are those of their classes. docutils has None for what was not given."""
    return not any(
        part in vars(c) for c in components if c is not None and not isinstance(c, type) for part in _COMPONENT_PARTS
    )


def _classes(components: Iterable[Any]) -> tuple[object, ...]:
    return tuple(c if isinstance(c, type) else type(c) for c in components)


def _copied(value: Any) -> Any:
    return value if isinstance(value, tuple) else value.copy()
