"""A template is blank, or is not, whether it is rendered in full or looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.testing.util import SphinxTestApp

from octavo.writers.html.template_looks import TemplateLooks

MACROS = """{% macro one(text) %}<b>{{ text }}</b>{% endmacro %}
{% macro nothing(text) %} {% endmacro %}
{%- set functions = {"one": one, "nothing": nothing} -%}"""
# text -> how often `called` is, once it is looked at
TEMPLATES = {
    "": 0,
    " \n ": 0,
    "<p>{{ pathto('x') }}</p>": 0,
    "{% if shown %}<p>{{ pathto('x') }}</p>{% endif %}": 0,
    "{% if not shown %}<p>{% endif %} ": 0,
    "{{ pathto('') }}": 1,
    "{{ pathto('x') }} {{ pathto('x') }}": 1,
    "{% set a = pathto('x') %}{{ a }}{% include 'other.html' %}": 1,
    "{% include 'other.html' %}{{ pathto('x') }}": 0,
    "{% include 'empty.html' %}": 0,
    "{% from 'macros.html' import functions %}{{ functions['nothing']('x') }} ": 0,
    "{% from 'macros.html' import functions with context %}{{ functions[which]('x') }} ": 0,
    "{% set own = button.copy() %}{% set _ = own.pop('type') %}{{ own['text'] }}": 0,
    "{% for each in [] %}x{% endfor %}": 0,
    "{% trans %}Words{% endtrans %}": 0,
}
CHANGING = {
    "x{{ count() }}": 1,
    "x{{ button.pop('type') }}{{ count() }}": 1,
    "x{{ warning('said') }}{{ count() }}": 1,
    "x{% include 'changing.html' %}": 1,
    "x{% include which ignore missing %}{{ pathto('x') }}": 1,
    "x{% import 'macros.html' as macros %}{{ macros.one('x') }}{{ pathto('x') }}": 1,
    "x{% set button = other %}{% set own = button %}{% set _ = own.pop('type') %}{{ pathto('x') }}": 1,
}


@pytest.fixture
def templates(project: Callable[..., Path]) -> Any:
    files = {
        "index.rst": "Title\n=====\n",
        "templates/other.html": "other",
        "templates/empty.html": "{# nothing #}\n",
        "templates/macros.html": MACROS,
        "templates/changing.html": "{{ count() }}",
    }
    for number, text in enumerate({**TEMPLATES, **CHANGING}):
        files[f"templates/{number}.html"] = text
    source = project(files, conf='root_doc = "index"\ntemplates_path = ["templates"]\n')
    app = SphinxTestApp(srcdir=source)
    made = BuiltinTemplateLoader()
    made.init(app.builder, dirs=[str(source / "templates")])
    yield made
    app.cleanup()


def context() -> tuple[dict[str, Any], list[str]]:
    called: list[str] = []
    values = {
        "pathto": lambda text: called.append("pathto") or text,
        "count": lambda: called.append("count") or "",
        "shown": False,
        "which": "one",
        "button": {"type": "link", "text": "Text", "copy": 1},
        "other": {"type": "link"},
        "pagename": "index",
    }
    return values, called


@pytest.mark.parametrize("number", range(len(TEMPLATES) + len(CHANGING)))
def test_same_answer(number: int, templates: BuiltinTemplateLoader) -> None:
    name = f"{number}.html"
    text, calls = list({**TEMPLATES, **CHANGING}.items())[number]
    values, _ = context()
    full = templates.render(name, values)
    values, called = context()
    looks = TemplateLooks(templates)
    with looks.answering():
        found = templates.render(name, values)
    assert bool(found.strip()) == bool(full.strip())
    assert len(called) == calls
    if text in CHANGING:
        assert found == full
    assert "render" not in vars(templates)


def test_what_fails_fails_as_ever(templates: BuiltinTemplateLoader, project: Callable[..., Path]) -> None:
    values, _ = context()

    def broken(_: str) -> str:
        raise KeyError("told")

    with pytest.raises(KeyError, match="told"):
        TemplateLooks(templates).beginning("5.html", {**values, "pathto": broken})
