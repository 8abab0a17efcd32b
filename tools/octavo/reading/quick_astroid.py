"""Modules that astroid reads for autodoc2, transformed in fewer steps, with the same result.

Each node of a module is offered to all transforms of its class: a name to twenty that look for one name of numpy each,
a call to twenty that look for one function of Python's own each. Here those are asked that may say yes.

`octavo.reading.patches` puts these functions in the place of astroid's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

originals: dict[str, Any] = {}
"""What the functions here stand for, by name, since it is in use."""

_BUILT_IN = "astroid.brain.brain_builtin_inference"
_NUMPY = "astroid.brain.brain_numpy_utils"
_OF_NUMPY = ("name_looks_like_numpy_member", "attribute_looks_like_numpy_member")
_ANY = object()


class _Predicates:
    """What the transforms of a class of nodes ask, by the name that a node must have to be of interest to them."""

    def __init__(self, transforms: list[tuple[Any, Any]]) -> None:
        self.count, self.last = len(transforms), transforms[-1]
        self._all = tuple(predicate for _, predicate in transforms)
        self._wanted = tuple(map(_wanted, self._all))
        self._by_name: dict[object, tuple[Any, ...]] = {_ANY: self._all, **dict.fromkeys(self._wanted, ())}
        for name in self._by_name.keys() - {_ANY}:
            pairs = zip(self._all, self._wanted, strict=True)
            self._by_name[name] = tuple(one for one, wanted in pairs if wanted is None or wanted == name)
        self._others = tuple(one for one, wanted in zip(self._all, self._wanted, strict=True) if wanted is None)

    def of(self, name: object) -> tuple[Any, ...]:
        """Those to be asked about a node of a name."""
        return self._by_name.get(name, self._others)


_predicates: dict[type, _Predicates] = {}


def visit(self: Any, node: Any) -> Any:
    """`TransformVisitor._visit`, which goes through two calls for nothing and for each text."""
    generic = self._visit_generic
    for name in node._astroid_fields:
        value = getattr(node, name)
        if value is None or value.__class__ is str:
            continue
        visited = [generic(child) for child in value] if value.__class__ is list else generic(value)
        if visited != value:
            setattr(node, name, visited)
    return self._transform(node)


def transform(self: Any, node: Any) -> Any:
    """`TransformVisitor._transform`, which asks all that are there; it goes on as soon as one says yes."""
    cls = node.__class__
    transforms = self.transforms[cls]
    if not transforms:
        return node
    name_of = _NAMES.get(cls.__name__)
    if name_of is None:
        return originals["_transform"](self, node)
    known = _predicates.get(cls)
    if known is None or known.count != len(transforms) or known.last is not transforms[-1]:
        known = _predicates[cls] = _Predicates(transforms)
    for predicate in known.of(name_of(node)):
        if predicate is None or predicate(node):
            return originals["_transform"](self, node)
    return node


def _wanted(predicate: Any) -> str | None:
    """The one name that a node must have for a predicate to say yes; None where it may say yes to others."""
    if type(predicate) is not partial:
        return None
    function, name = predicate.func, None
    if function.__module__ == _BUILT_IN and function.__name__ == "_builtin_filter_predicate" and not predicate.args:
        name = predicate.keywords.get("builtin_name")
    elif function.__module__ == _NUMPY and function.__name__ in _OF_NUMPY and not predicate.keywords:
        name = predicate.args[0]
    return name if isinstance(name, str) else None


def _called(node: Any) -> object:
    """The name of a function that is called; `dict.fromkeys` is of interest to all."""
    function = node.func
    kind = function.__class__.__name__
    if kind == "Name":
        return function.name
    return _ANY if kind == "Attribute" and function.attrname == "fromkeys" else None


_NAMES: dict[str, Callable[[Any], object]] = {
    "Name": lambda node: node.name,
    "Attribute": lambda node: node.attrname,
    "Call": _called,
}
"""What is asked of nodes by name, by their classes."""
