"""The nodes of a document, built and walked in fewer steps than docutils and Sphinx take, with the same result.

`octavo.reading.patches` puts these functions in the place of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from sphinx.util.nodes import NodeMatcher

from octavo.reading.present_classes import holds_none, meet, meet_below

_COPIED_LISTS = ("ids", "classes", "names", "dupnames", "backrefs")
_USUAL_LISTS = ("ids", "classes", "names", "dupnames")  # since docutils 0.22, of most elements
_findall = nodes.Node.findall
_walkabout = nodes.Node.walkabout
_dispatch_visit = nodes.NodeVisitor.dispatch_visit
_dispatch_departure = nodes.NodeVisitor.dispatch_departure
_astext = nodes.Text.astext


def find_all(  # noqa: PLR0917 -- as docutils has them
    self: nodes.Node,
    condition: type | Callable[[nodes.Node], bool] | None = None,
    include_self: bool = True,
    descend: bool = True,
    siblings: bool = False,
    ascend: bool = False,
) -> Iterator[nodes.Node]:
    """`Node.findall`; a condition that is no class is asked in one generator, not in one for each node."""
    if not include_self or not descend or siblings or ascend:
        found: Iterator[nodes.Node] = _findall(self, condition, include_self, descend, siblings, ascend)
        return found
    if condition is None:
        return every_node(self)
    if isinstance(condition, type):
        return nodes_of_class(self, condition)
    if type(condition) is NodeMatcher and condition.classes:
        if condition.attrs and all(issubclass(cls, nodes.Element) for cls in condition.classes):
            return elements_with_attribute(self, condition.classes, next(iter(condition.attrs)), condition)
        return nodes_of_class_that_match(self, condition.classes, condition)
    return nodes_that_match(self, condition)


def every_node(self: nodes.Node) -> Iterator[nodes.Node]:
    """The node and all below it, in document order; lists may grow while they are looked through."""
    yield self
    iterators = [iter(self.children)]
    while iterators:
        for child in iterators[-1]:
            yield child
            if child.children:
                iterators.append(iter(child.children))
                break
        else:
            iterators.pop()


def nodes_of_class(self: nodes.Node, cls: type) -> Iterator[nodes.Node]:
    """The node and all below it that are of a class, in document order; lists may grow while they are looked through.

    A stack of iterators, where docutils has a generator for each node, each handing every find up to its parent's.
    """
    if holds_none(self, cls):
        return
    if isinstance(self, cls):
        yield self
    iterators: list[Iterator[Any]] = [iter(self.children)]
    while iterators:
        for child in iterators[-1]:
            if isinstance(child, cls):
                yield child
            children = child.children
            if not children:
                continue
            if len(children) == 1 and not children[0].children:  # as a text in its element
                if not isinstance(children[0], cls):
                    continue
                rest = iter(children)
                leaf: Any = next(rest)
                yield leaf
                iterators.append(rest)
                children = leaf.children
            iterators.append(iter(children))
            break
        else:
            iterators.pop()


def nodes_that_match(self: nodes.Node, matches: Callable[[nodes.Node], bool]) -> Iterator[nodes.Node]:
    """The node and all below it that match; also when a node gets another list of children meanwhile."""
    if matches(self):
        yield self
    node, index = self, 0
    above: list[tuple[nodes.Node, int]] = []
    while True:
        if index < len(node.children):
            child = node.children[index]
            index += 1
            if matches(child):
                yield child
            if child.children:
                above.append((node, index))
                node, index = child, 0
        elif above:
            node, index = above.pop()
        else:
            return


def nodes_of_class_that_match(
    self: nodes.Node, classes: tuple[type, ...], matches: Callable[[nodes.Node], bool]
) -> Iterator[nodes.Node]:
    """`nodes_that_match`, of which only those of the classes can match."""
    if holds_none(self, classes):
        return
    if isinstance(self, classes) and matches(self):
        yield self
    node, index = self, 0
    above: list[tuple[nodes.Node, int]] = []
    while True:
        if index < len(node.children):
            child = node.children[index]
            index += 1
            if isinstance(child, classes) and matches(child):
                yield child
            children = child.children
            if children:
                if len(children) == 1 and not children[0].children and not isinstance(children[0], classes):
                    continue
                above.append((node, index))
                node, index = child, 0
        elif above:
            node, index = above.pop()
        else:
            return


def elements_with_attribute(
    self: nodes.Node, classes: tuple[type[Any], ...], attribute: str, matches: Callable[[nodes.Node], bool]
) -> Iterator[nodes.Node]:
    """`nodes_that_match`, of which only those of the classes, all of them elements', and with the attribute can."""
    if holds_none(self, classes):
        return
    if isinstance(self, classes) and matches(self):
        yield self
    node, index = self, 0
    above: list[tuple[nodes.Node, int]] = []
    while True:
        if index < len(node.children):
            child = node.children[index]
            index += 1
            if isinstance(child, classes) and attribute in child.attributes and matches(child):
                yield child
            children = child.children
            if children:
                if len(children) == 1 and isinstance(children[0], nodes.Text):
                    continue
                above.append((node, index))
                node, index = child, 0
        elif above:
            node, index = above.pop()
        else:
            return


def walk_about(self: nodes.Node, visitor: nodes.NodeVisitor) -> bool:
    """Visit the node, all below it, and leave it; True to stop. docutils' own makes two messages that nobody sees.

    A visitor that has a way of its own to do all of this (`walk_quickly`) is asked to.
    """
    if (walk_quickly := getattr(visitor, "walk_quickly", None)) is not None:
        return bool(walk_quickly(self))
    if visitor.document.reporter.debug_flag:
        return bool(_walkabout(self, visitor))
    leave, stop = True, False
    try:
        try:
            visitor.dispatch_visit(self)
        except nodes.SkipNode:
            return False
        except nodes.SkipDeparture:
            leave = False
        try:
            for child in self.children[:]:
                if child.walkabout(visitor):
                    stop = True
                    break
        except nodes.SkipSiblings:
            pass
    except nodes.SkipChildren:
        pass
    except nodes.StopTraversal:
        stop = True
    if leave:
        visitor.dispatch_departure(self)
    return stop


def visit(self: nodes.NodeVisitor, node: nodes.Node) -> None:
    """Call the method for the node's class; what it returns is docutils' to pass on, and nobody's to use."""
    method = getattr(self, "visit_" + node.__class__.__name__, None)
    if method is None or self.document.reporter.debug_flag:
        return _dispatch_visit(self, node)  # type: ignore[no-any-return]
    return method(node)  # type: ignore[no-any-return]


def depart(self: nodes.NodeVisitor, node: nodes.Node) -> None:
    """See `visit`."""
    method = getattr(self, "depart_" + node.__class__.__name__, None)
    if method is None or self.document.reporter.debug_flag:
        return _dispatch_departure(self, node)  # type: ignore[no-any-return]
    return method(node)  # type: ignore[no-any-return]


def document_of(self: nodes.Node) -> nodes.document | None:
    """`Node.document`: of the node, or of the nearest node above it that has one."""
    node = self
    while node is not None:
        document = node._document
        if document:
            return document
        try:
            node = node.parent
        except AttributeError:
            return None
    return None


def set_up_child(self: nodes.Node, child: nodes.Node) -> None:
    """`Node.setup_child`, which looks for the document up to five times."""
    child.parent = self
    meet(child.__class__)
    if child.children:
        meet_below(child)
    document = self._document or document_of(self)
    if document:
        child._document = document
        if child.source is None:
            child.source = document.current_source
        if child.line is None:
            child.line = document.current_line


def copy(element: nodes.Element) -> nodes.Element:
    """`Element.copy` as Sphinx has it, which asks of each attribute whether it is a list."""
    cls = element.__class__
    meet(cls)
    made = object.__new__(cls)
    made.children = []
    made.rawsource = element.rawsource
    made.tagname = element.tagname
    attributes = made.attributes = element.attributes.copy()
    for name in _COPIED_LISTS:
        if name in attributes:
            attributes[name] = attributes[name][:]
    made.line = element.line
    made.source = element.source
    return made


def deep_copy(element: nodes.Element) -> nodes.Element:
    """`Element.deepcopy` as Sphinx has it, which looks for the document up to four times for each child."""
    made = element.copy()
    document = element._document or document_of(element)
    made.children = [child.deepcopy() for child in element.children]
    for child in made.children:
        child.parent = made
        if document:
            child.document = document
            if child.source is None:
                child.source = document.current_source
            if child.line is None:
                child.line = document.current_line
    return made


def text_of(self: nodes.Text) -> str:
    """`Text.astext`, which cuts every text at its nulls; they stand for what was escaped, and few have any."""
    return _astext(self) if "\0" in self else str(self)


def copy_text(self: nodes.Text) -> nodes.Text:
    """`Text.copy`, which asks whether it is given bytes."""
    cls = self.__class__
    return str.__new__(cls, self) if cls is nodes.Text else cls(str(self))


def deep_copy_text(self: nodes.Text) -> nodes.Text:
    """`Text.deepcopy`: a text has nothing below it."""
    return str.__new__(nodes.Text, self) if self.__class__ is nodes.Text else self.copy()


def set_up_element(self: nodes.Element, rawsource: str = "", *children: nodes.Node, **attributes: Any) -> None:
    """`Element.__init__`, which goes through each attribute twice."""
    meet(self.__class__)
    self.rawsource = rawsource
    if isinstance(rawsource, nodes.Element):
        raise TypeError('First argument "rawsource" must be a string.')
    self.children = []
    if children:
        self.extend(children)
    held: dict[str, Any]
    if self.list_attributes == _USUAL_LISTS:
        held = {"ids": [], "classes": [], "names": [], "dupnames": []}
    else:
        held = {name: [] for name in self.list_attributes}
    self.attributes = held
    for given, value in attributes.items():
        name = given.lower()
        held[name] = value[:] if name in self.list_attributes else value
    if self.tagname is None:
        self.tagname = self.__class__.__name__
