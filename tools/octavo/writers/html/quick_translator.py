"""Sphinx's HTML translators in fewer steps: which method a node wants is looked up once for its class.

A translator stays what it is, of a class that is made of its own (`hastened`); what cannot be told to give the same
text is left alone: whoever has an own way of choosing methods, of writing start tags or of escaping, keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.writers._html_base import HTMLTranslator
from sphinx.util.docutils import SphinxTranslator
from sphinx.writers.html5 import HTML5Translator

from octavo.reading.installed import installed
from octavo.reading.patches import tested

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

Method = Callable[[Any, Any], object]
_TO_BE_ESCAPED = re.compile(r'[&<>"@\n\r\t\v\f]')
_SPECIAL = {"&": "&amp;", "<": "&lt;", '"': "&quot;", ">": "&gt;", "@": "&#64;"}
_WRITTEN_OTHERWISE = frozenset({"classes", "id", "ids"})
_LOOKED_AT = ("language-", "colwidths-")  # classes that docutils does not write as they are
_IDS_BEFORE = (nodes.Sequential, nodes.docinfo, nodes.table)  # what has all but its first id before its tag
_BOOTSTRAP = ("pydata_sphinx_theme.translator", "BootstrapHTML5TranslatorMixin")
_BOOTSTRAP_VERSIONS = ((0, 15), (0, 16), (0, 20))


def translate_quickly(builder: StandaloneHTMLBuilder) -> None:
    """Have the builder hasten its translators."""
    theirs = builder.create_translator

    def create_translator(*arguments: Any) -> nodes.NodeVisitor:
        return hastened(theirs(*arguments))

    vars(builder)["create_translator"] = create_translator


def hastened(translator: nodes.NodeVisitor) -> nodes.NodeVisitor:
    """The translator, given the quicker class, if it can have one."""
    own = frozenset(name for name in vars(translator) if name.startswith(("visit_", "depart_")))
    key = (type(translator), own)
    if key not in _quicker:
        _quicker[key] = _quicker_class(*key)
    quicker = _quicker[key]
    if quicker is not None and not translator.document.reporter.debug_flag:
        translator.__class__ = quicker
    return translator


_quicker: dict[tuple[type, frozenset[str]], type[nodes.NodeVisitor] | None] = {}


def _quicker_class(cls: type, own: frozenset[str]) -> type[nodes.NodeVisitor] | None:
    """own: names of methods that the translator itself has, given to it by extensions."""
    if not tested() or not issubclass(cls, HTML5Translator) or issubclass(cls, QuickWalk):
        return None
    if not all(_definers(cls, name) == {SphinxTranslator, nodes.NodeVisitor} for name in _DISPATCHING):
        return None
    bases: list[type] = [_QuickTags] if _writes_tags_as_docutils(cls) else []
    made = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    quicker: type[nodes.NodeVisitor] = type(cls.__name__, (QuickWalk, *bases, cls), made)
    quicker.octavo_own = own
    quicker.octavo_visits = {}
    quicker.octavo_departures = {}
    return quicker


_DISPATCHING = ("dispatch_visit", "dispatch_departure")


def _definers(cls: type, name: str) -> set[type]:
    return {each for each in cls.__mro__ if name in vars(each)}


def _writes_tags_as_docutils(cls: type) -> bool:
    """Whether nobody but docutils, and the theme that is known, has a hand in start tags."""
    if any(_definers(cls, name) != {HTMLTranslator} for name in ("attval", "encode", "special_characters")):
        return False
    if HTMLTranslator.special_characters != {ord(key): value for key, value in _SPECIAL.items()}:
        return False
    others = _definers(cls, "starttag") - {HTMLTranslator}
    return all((each.__module__, each.__name__) == _BOOTSTRAP and _is_known_bootstrap() for each in others)


def _is_known_bootstrap() -> bool:
    return installed("pydata-sphinx-theme") in _BOOTSTRAP_VERSIONS


class QuickWalk:
    """Finds methods as `SphinxTranslator` does, and remembers them for all translators of the same class.

    - octavo_own: names of methods that each translator has for itself.
    - octavo_visits, octavo_departures: class of a node -> function, to be called with translator and node; None where
      there is nothing to be done.
    """

    octavo_own: frozenset[str]
    octavo_visits: dict[type, Method | None]
    octavo_departures: dict[type, Method | None]

    def walk_quickly(self, node: nodes.Node) -> bool:
        """`node.walkabout(self)`."""
        visits, departures = self.octavo_visits, self.octavo_departures
        find_visit, find_departure = self._visit, self._departure

        def walk(node: nodes.Node) -> bool:
            cls = node.__class__
            leave, stop = True, False
            try:
                try:
                    visit = visits[cls] if cls in visits else find_visit(cls)
                    if visit is not None:
                        visit(self, node)
                except nodes.SkipNode:
                    return False
                except nodes.SkipDeparture:
                    leave = False
                if node.children:
                    try:
                        for child in node.children[:]:
                            if walk(child):
                                stop = True
                                break
                    except nodes.SkipSiblings:
                        pass
            except nodes.SkipChildren:
                pass
            except nodes.StopTraversal:
                stop = True
            if leave:
                departure = departures[cls] if cls in departures else find_departure(cls)
                if departure is not None:
                    departure(self, node)
            return stop

        return walk(node)

    def dispatch_visit(self, node: nodes.Node) -> None:
        """As theirs."""
        cls = node.__class__
        visit = self.octavo_visits[cls] if cls in self.octavo_visits else self._visit(cls)
        if visit is not None:
            visit(self, node)

    def dispatch_departure(self, node: nodes.Node) -> None:
        """As theirs."""
        cls = node.__class__
        departure = self.octavo_departures[cls] if cls in self.octavo_departures else self._departure(cls)
        if departure is not None:
            departure(self, node)

    def _visit(self, cls: type) -> Method | None:
        found = self._found("visit_", cls) or SphinxTranslator.dispatch_visit
        self.octavo_visits[cls] = found
        return found

    def _departure(self, cls: type) -> Method | None:
        found = self._found("depart_", cls) or SphinxTranslator.dispatch_departure
        made = None if found is HTMLTranslator.depart_Text else found
        self.octavo_departures[cls] = made
        return made

    def _found(self, kind: str, cls: type) -> Method | None:
        """The function for a class of nodes; None for what has to be looked for each time."""
        for each in cls.__mro__:
            name = f"{kind}{each.__name__}"
            if name in self.octavo_own:
                return None
            method = next((vars(base)[name] for base in type(self).__mro__ if name in vars(base)), None)
            if method:
                return method if isinstance(method, FunctionType) else None
        return None


class _QuickTags:
    """Start tags and escaped text of docutils' HTML translator (and pydata-sphinx-theme's, which adds a level)."""

    special_characters: dict[int, str]
    lang_attribute: str
    in_mailto: bool

    def encode(self, text: object) -> str:
        """Escaped text."""
        made = str(text)
        return made.translate(self.special_characters) if _TO_BE_ESCAPED.search(made) else made

    def starttag(
        self,
        node: nodes.Element | dict[str, Any],
        tagname: str,
        suffix: str = "\n",
        empty: bool = False,
        **attributes: Any,
    ) -> str:
        """A start tag; with attributes that are seldom there, theirs."""
        held: dict[str, Any] = node.attributes if isinstance(node, nodes.Element) else node
        classes: list[str] = held.get("classes") or []
        ids: list[str] = held.get("ids") or []
        if self.in_mailto:
            return str(super().starttag(node, tagname, suffix, empty, **attributes))  # type: ignore[misc]
        if not (attributes or classes or ids):
            return f"<{tagname.lower()}{' /' if empty else ''}>{suffix}"
        parts: dict[str, str] = {}
        for given, value in attributes.items():
            name = given.lower()
            if not isinstance(value, str) or name in _WRITTEN_OTHERWISE or (name == "role" and value == "heading"):
                return str(super().starttag(node, tagname, suffix, empty, **attributes))  # type: ignore[misc]
            parts[name] = value
        if classes or "class" in parts:
            found = [*classes, *parts.pop("class", "").split()]
            if len(found) > 1:
                found = list(dict.fromkeys(found))
            for cls in found:
                if cls not in _plain_classes and not _is_plain(cls):
                    return str(super().starttag(node, tagname, suffix, empty, **attributes))  # type: ignore[misc]
            if found:
                parts["class"] = " ".join(found)
        if ids:
            if len(ids) > 1:
                if empty or isinstance(node, _IDS_BEFORE):
                    return str(super().starttag(node, tagname, suffix, empty, **attributes))  # type: ignore[misc]
                suffix += "".join([f'<span id="{other}"></span>' for other in ids[1:]])
            parts["id"] = ids[0]
        text = ""
        for name in sorted(parts) if len(parts) > 1 else parts:
            value = parts[name]
            if _TO_BE_ESCAPED.search(value):
                value = self.attval(value)  # type: ignore[attr-defined]
            text += f' {name}="{value}"'
        return f"<{tagname.lower()}{text}{' /' if empty else ''}>{suffix}"


_plain_classes: set[str] = set()


def _is_plain(cls: str) -> bool:
    """Whether docutils writes a class as it is; those that it does are remembered."""
    if cls.startswith(_LOOKED_AT) or not cls.strip():
        return False
    _plain_classes.add(cls)
    return True
