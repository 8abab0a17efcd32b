"""Whether a template writes anything on a page, found out without rendering all of it.

pydata-sphinx-theme renders each of its small templates once for each page to see whether it is blank, throws the text
away, and renders it again where the page shows it. What is asked is answered as soon as there is one character that is
no white space: often that stands in the template itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from sphinx.jinja2glue import BuiltinTemplateLoader

if TYPE_CHECKING:
    from jinja2 import Environment

# Functions of Sphinx, Jinja and the theme that change nothing: whether they are called at all makes no difference
_HARMLESS = frozenset(
    {
        *("_", "gettext", "ngettext", "pgettext", "npgettext", "translate"),
        *("css_tag", "hasdoc", "js_tag", "pathto", "toctree"),
        *("dict", "namespace", "range"),
        *("generate_toc_html", "generate_toctree_html", "get_edit_provider_and_url"),
    }
)
_HARMLESS_METHODS = frozenset({"copy", "endswith", "get", "items", "keys", "split", "startswith", "values"})
_CHANGING_METHODS = frozenset({"append", "pop", "update"})
_SOMETHING = "x"


class TemplateLooks:
    """What is known of the templates of one site."""

    def __init__(self, templates: BuiltinTemplateLoader) -> None:
        self.templates = templates
        self._kinds: dict[str, _Kind] = {}

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Who renders a template meanwhile is given the beginning of it, up to something that is no white space."""
        vars(self.templates)["render"] = self.beginning
        try:
            yield
        finally:
            del vars(self.templates)["render"]

    def beginning(self, template: str, context: dict[str, Any]) -> str:
        """A text that is blank if, and only if, the rendered template is."""
        if template not in self._kinds:
            self._kinds[template] = _Kind.of(self.templates.environment, template)
        kind = self._kinds[template]
        if kind.never_blank:
            return _SOMETHING
        if kind.harmless and (found := _writes_something(self.templates.environment, template, context)) is not None:
            return _SOMETHING if found else ""
        return str(BuiltinTemplateLoader.render(self.templates, template, context))


def _writes_something(environment: Environment, name: str, context: dict[str, Any]) -> bool | None:
    """Whether a template writes anything but white space; None when it fails: rendered in full, that can be told."""
    template = environment.get_template(name)
    try:
        pieces = template.root_render_func(template.new_context(context))
        return any(piece and not piece.isspace() for piece in pieces)
    except Exception:  # noqa: BLE001 -- whatever a template raises is raised again by its full rendering
        return None


class _Kind:
    """harmless: nobody can tell whether it was rendered; never_blank: nor does anything in it have to be evaluated."""

    def __init__(self, *, harmless: bool, never_blank: bool) -> None:
        self.harmless = harmless
        self.never_blank = never_blank

    @classmethod
    def of(cls, environment: Environment, name: str) -> _Kind:
        """Look through a template and all that it takes in."""
        seen: dict[str, nodes.Template] = {}
        try:
            harmless = _is_harmless(environment, name, seen)
        except (TemplateError, OSError):  # the page that shows it says what is wrong with it
            return cls(harmless=False, never_blank=False)
        return cls(harmless=harmless, never_blank=harmless and _always_writes(seen[name]))


def _always_writes(template: nodes.Template) -> bool:
    """Whether there is text in it that depends on nothing."""
    return any(
        isinstance(piece, nodes.TemplateData) and piece.data.strip()
        for output in template.body
        if isinstance(output, nodes.Output)
        for piece in output.nodes
    )


def _is_harmless(environment: Environment, name: str, seen: dict[str, nodes.Template]) -> bool:
    if name in seen:
        return True  # looked at already, or on the way
    assert environment.loader is not None  # noqa: S101 -- Sphinx's environments have one
    source, _, _ = environment.loader.get_source(environment, name)
    template = seen[name] = environment.parse(source)
    known = {macro.name for macro in template.find_all(nodes.Macro)}
    assigned = list(template.find_all(nodes.Assign))
    known |= {each.target.name for each in assigned if isinstance(each.target, nodes.Name) and _of_macros(each, known)}
    own = {name for each in assigned for name in _made_here(each)}
    own -= {name.name for each in assigned if not any(_made_here(each)) for name in _names(each.target)}
    for imported in template.find_all(nodes.FromImport):
        known.update(each if isinstance(each, str) else each[1] for each in imported.names)
    if any(True for _ in template.find_all((nodes.Extends, nodes.Import, nodes.CallBlock, nodes.ExtensionAttribute))):
        return False
    if not all(_is_harmless_call(call, known, own) for call in template.find_all(nodes.Call)):
        return False
    paths = [each.template for each in template.find_all(nodes.Include)]
    for path in (*paths, *(each.template for each in template.find_all(nodes.FromImport))):
        if not isinstance(path, nodes.Const) or not isinstance(path.value, str):
            return False
        if not _is_harmless(environment, environment.join_path(path.value, name), seen):
            return False
    return True


def _made_here(assign: nodes.Assign) -> Iterator[str]:
    """The name that is given to a dictionary or a list of the template's own, or to a copy, if that is assigned."""
    value = assign.node
    copied = isinstance(value, nodes.Call) and isinstance(value.node, nodes.Getattr) and value.node.attr == "copy"
    if (copied or isinstance(value, nodes.Dict | nodes.List)) and isinstance(assign.target, nodes.Name):
        yield assign.target.name


def _names(target: nodes.Node) -> Iterator[nodes.Name]:
    yield from [target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name)


def _of_macros(assign: nodes.Assign, macros: set[str]) -> bool:
    """Whether a dictionary of macros is assigned."""
    value = assign.node
    return isinstance(value, nodes.Dict) and all(
        isinstance(item.value, nodes.Name) and item.value.name in macros for item in value.items
    )


def _is_harmless_call(call: nodes.Call, known: set[str], own: set[str]) -> bool:
    """known: macros, and what is imported from templates that are looked at as well; own: what may be changed."""
    called = call.node
    if isinstance(called, nodes.Getattr):
        on_own = isinstance(called.node, nodes.Name) and called.node.name in own
        return called.attr in _HARMLESS_METHODS or (on_own and called.attr in _CHANGING_METHODS)
    if isinstance(called, nodes.Getitem):  # one of a dictionary of macros
        return isinstance(called.node, nodes.Name) and called.node.name in known
    return isinstance(called, nodes.Name) and (called.name in known or called.name in _HARMLESS)
