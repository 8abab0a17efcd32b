"""Settings of documents are those that docutils makes, in the same order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docutils import frontend
from docutils.parsers.rst import Parser
from docutils.readers.standalone import Reader
from sphinx.util import docutils as sphinx_docutils

from octavo.reading import quick_settings


def options(populate: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    made = []
    with monkeypatch.context() as patch:
        patch.setattr(frontend.OptionParser, "populate_from_components", populate)
        for components in ((Reader, Parser()), (Parser,), (Parser, None)) * 2:
            with pytest.warns(DeprecationWarning, match="OptionParser"):
                parser = frontend.OptionParser(components=components, defaults={"traceback": True})
            values = vars(parser.get_default_values())
            values.pop("record_dependencies")
            made.append({**values, "of the parser": parser.format_help(), "lists": parser.lists})
            values["strip_classes"] = ["changed"]
            parser.defaults["halt_level"] = 1
    return made


@pytest.mark.filterwarnings("ignore:The frontend.Option class:DeprecationWarning")
def test_options(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = options(quick_settings._populate, monkeypatch)
    assert options(quick_settings.populate_once, monkeypatch) == theirs


class OfItsOwn(Parser):
    settings_spec = (*Parser.settings_spec, "More", None, (("Help", ["--more"], {"default": "some"}),))
    settings_default_overrides = {"tab_width": 3}  # noqa: RUF012 -- as in docutils


def told(values: frontend.Values) -> list[tuple[str, object]]:
    """In order; of a list of dependencies its class."""
    return [(k, type(v).__name__ if k == "record_dependencies" else v) for k, v in vars(values).items()]


@pytest.mark.skipif(quick_settings._get_settings is None, reason="this Sphinx leaves it to docutils")
@pytest.mark.parametrize("file", [None, "[general]\nlanguage_code: de\nstrip_classes: a\n[parsers]\ntab_width: 5\n"])
def test_settings(file: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without a file of settings, for parsers with options of their own, and given ones."""
    monkeypatch.setenv("DOCUTILSCONFIG", str(tmp_path / "docutils.conf"))
    if file is not None:
        (tmp_path / "docutils.conf").write_text(file)
    marked = OfItsOwn()
    marked.settings_defaults = {"own": 1}
    given: list[dict[str, Any]] = [
        {"traceback": True},
        {"language_code": "fr", "new": [], "_disable_config": True},
        {"record_dependencies": None},
    ]
    for _ in range(2):
        for parser in (Parser(), Parser, OfItsOwn(), marked):
            for defaults in given:
                for read in (True, False):
                    theirs = quick_settings._get_settings(Reader, parser, defaults=defaults, read_config_files=read)
                    ours = quick_settings.settings_once(Reader, parser, defaults=defaults, read_config_files=read)
                    assert told(ours) == told(theirs)
                    assert type(ours) is type(theirs)
                    ours.halt_level = 9


def test_it_is_what_sphinx_calls() -> None:
    assert hasattr(sphinx_docutils, "_get_settings") == (quick_settings._get_settings is not None)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_default_settings() -> None:
    for _ in range(2):
        for components in ((), (Parser,), (Reader, OfItsOwn), (OfItsOwn(),)):
            ours = quick_settings.default_settings_once(*components)
            assert told(ours) == told(frontend.get_default_settings(*components))
            ours.halt_level = 9
