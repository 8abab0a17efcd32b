"""What numbering needs of each document, kept beside it: sections, toctrees, and what can have a number.

Sphinx loads every document from disk to number figures, at every build, and the whole target document again for each
`numref`. An outline is a document with all else left out, a hundredth of its size, made when the document is read and
kept in the environment. Sphinx's own code then numbers outlines instead of documents, with the same result.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_ATTRIBUTE = "octavo_outlines"
# Event handlers of these may follow Sphinx's numbering: they don't touch its results
_LEAVE_NUMBERS_ALONE = ("sphinx.", "octavo", "myst_parser.", "myst_nb.", "sphinx_design.", "sphinxcontrib.")
_AFTER_ALL_OTHERS = 9_999
# Of these, numbering wants to know the title, and of a container whether it is program text; not what else is in them
_TITLED_BY_CHILDREN = frozenset({nodes.figure, nodes.table, nodes.container, nodes.math_block})


class Outline(nodes.Element):  # type: ignore[misc]  # docutils has no types
    """A document as numbering sees it. ids: of the nodes that are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, nodes.Element] = {}


class MakeOutline(SphinxTransform):
    """After all other transforms of reading: what they leave is what is numbered."""

    default_priority: ClassVar[int] = _AFTER_ALL_OTHERS

    def apply(self, **_: Any) -> None:
        """Make the outline and keep it."""
        kept_outlines(self.env)[self.env.docname] = outline(self.document, list(self.env.domains.sorted()))


def kept_outlines(env: BuildEnvironment) -> dict[str, Outline]:
    """Outlines by document; pickled with the environment."""
    found: dict[str, Outline] = vars(env).setdefault(_ATTRIBUTE, {})
    return found


def outline(document: nodes.document, domains: list[Domain]) -> Outline:
    """The outline of a document that was read."""
    made = Outline()
    asked = [domain for domain in domains if _numbers_anything(domain)]

    def walk(node: nodes.Element, into: nodes.Element) -> None:
        for child in node.children:
            if isinstance(child, nodes.section):
                section = child.copy()
                into.append(section)
                note(child, section)
                walk(child, section)
            elif isinstance(child, addnodes.toctree):
                into.append(child.copy())
            elif isinstance(child, nodes.Element):
                if child.attributes["ids"] and any(domain.get_enumerable_node_type(child) for domain in asked):
                    keep(child, into)
                elif len(child.children) > 1 or (child.children and not isinstance(child.children[0], nodes.Text)):
                    walk(child, into)

    def keep(numbered: nodes.Element, into: nodes.Element) -> None:
        if numbered.__class__ not in _TITLED_BY_CHILDREN or _has_title_of_its_own(numbered, asked):
            copy = numbered.deepcopy()
            into.append(copy)
            for inner, inner_copy in zip(numbered.findall(nodes.Element), copy.findall(nodes.Element), strict=True):
                note(inner, inner_copy)
            return
        copy = numbered.copy()
        into.append(copy)
        note(numbered, copy)
        rest = nodes.Element()
        for part in numbered.children:
            if isinstance(part, nodes.caption | nodes.title):
                copy.append(part.deepcopy())
            elif isinstance(part, nodes.literal_block):
                copy.append(part.copy())
            else:
                rest.children.append(part)
        walk(rest, copy)  # a table may hold figures

    def note(original: nodes.Element, copy: nodes.Element) -> None:
        made.ids.update((name, copy) for name in original.attributes["ids"] if document.ids.get(name) is original)

    walk(document, made)
    for node in made.findall():
        node._document = None  # a copy leads to the document of its original, which would be kept and pickled whole
    return made


def _numbers_anything(domain: Domain) -> bool:
    theirs = type(domain).get_enumerable_node_type is not Domain.get_enumerable_node_type
    return theirs or bool(domain.enumerable_nodes)


def _has_title_of_its_own(node: nodes.Element, domains: list[Domain]) -> bool:
    """Whether some domain gets the title of such a node elsewhere than from its caption or title."""
    return any(domain.enumerable_nodes.get(node.__class__, (None, None))[1] is not None for domain in domains)


class NumberedByOutlines:
    """The environment for Sphinx's numbering: outlines are its documents, all else is the environment's own."""

    def __init__(self, env: BuildEnvironment) -> None:
        object.__setattr__(self, "_env", env)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_env"), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(object.__getattribute__(self, "_env"), name, value)

    def get_doctree(self, docname: str) -> nodes.Element:
        """The document's outline; the document when there is none."""
        env: BuildEnvironment = object.__getattribute__(self, "_env")
        found = kept_outlines(env).get(docname)
        return env.get_doctree(docname) if found is None else found


class QuickStandardDomain(StandardDomain):
    """Sphinx's standard domain, which looks for the target of a `numref` in the outline of its document."""

    def _resolve_numref_xref(self, env: BuildEnvironment, *arguments: Any, **options: Any) -> Any:
        # the arguments are Sphinx's to know: fromdocname, builder, typ, target, node, contnode
        target = str(options.get("target", arguments[3] if len(arguments) > 3 else ""))
        docname, label = (self.labels.get(target) or self.anonlabels.get(target) or ("", ""))[:2]
        found = kept_outlines(env).get(docname)
        seen = env if found is None or label not in found.ids else NumberedByOutlines(env)
        return super()._resolve_numref_xref(seen, *arguments, **options)  # type: ignore[arg-type]


class Numbering:
    """Sphinx's numbering of sections and figures after reading: by outlines, and only when anything was read."""

    def __init__(self, app: Sphinx) -> None:
        self._changed = True
        app.connect("env-get-outdated", self._outdated, priority=0)
        app.connect("env-before-read-docs", self._before_reading, priority=_AFTER_ALL_OTHERS)
        app.connect("env-purge-doc", self._purge)
        app.connect("env-merge-info", self._merge)

    def _outdated(
        self, _app: Sphinx, _env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        self._changed = bool(added or changed or removed)
        return []

    def _before_reading(self, app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
        """Stand in the place of Sphinx's collector, which is asked after reading."""
        self._changed = self._changed or bool(docnames)
        listeners = app.events.listeners["env-get-updated"]
        for number, listener in enumerate(listeners):
            collector = getattr(listener.handler, "__self__", None)
            if type(collector) is TocTreeCollector:
                listeners[number] = listener._replace(handler=functools.partial(self._numbered, collector))
        # of two, one was given back to a writer as an addition of reading, beside the collector that it stands for
        ours = [listener for listener in listeners if getattr(listener.handler, "func", None) == self._numbered]
        app.events.listeners["env-get-updated"] = [x for x in listeners if x not in ours[1:]]

    def _numbered(self, collector: TocTreeCollector, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Documents whose numbers have changed."""
        if not self._changed and _only_sphinx_numbers(app, collector):
            return []
        return collector.get_updated_docs(app, NumberedByOutlines(env))  # type: ignore[arg-type]

    def _purge(self, _app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        kept_outlines(env).pop(docname, None)

    def _merge(self, _app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
        theirs = kept_outlines(other)
        kept_outlines(env).update((name, theirs[name]) for name in docnames if name in theirs)


def _only_sphinx_numbers(app: Sphinx, collector: TocTreeCollector) -> bool:
    """Whether numbers are as the last build left them when nothing was read: nobody else works on them."""
    handlers = [x.handler for event in ("env-updated", "env-get-updated") for x in app.events.listeners[event]]
    workers = [*handlers, collector.assign_section_numbers, collector.assign_figure_numbers]
    return all(_module(worker).startswith(_LEAVE_NUMBERS_ALONE) for worker in workers)


def _module(handler: Any) -> str:
    return str(getattr(getattr(handler, "func", handler), "__module__", None) or "")


def register(app: Sphinx) -> None:
    """Have every builder number by outlines, unless another extension has changed Sphinx's standard domain."""
    app.add_transform(MakeOutline)
    Numbering(app)
    if app.registry.domains.get("std") is StandardDomain:
        app.add_domain(QuickStandardDomain, override=True)
