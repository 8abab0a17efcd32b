"""All that a pickled document is, as plain values that can be compared: nodes by their place, and what they hold."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from docutils import nodes

Places = dict[int, tuple[int, ...]]


def described(folder: Path) -> dict[str, object]:
    """Every document that was read into a folder of doctrees."""
    found = {}
    for path in sorted(folder.rglob("*.doctree")):
        document = pickle.loads(path.read_bytes())
        places: Places = {}
        _note_places(document, (), places)
        found[path.relative_to(folder).as_posix()] = _tree(document, places)
    return found


def _note_places(node: nodes.Node, place: tuple[int, ...], places: Places) -> None:
    places[id(node)] = place
    for number, child in enumerate(node.children):
        _note_places(child, (*place, number), places)


def _tree(node: nodes.Node, places: Places) -> object:
    """Class, text, attributes of the object in their order, children."""
    held = [(k, _value(v, places)) for k, v in vars(node).items() if k not in {"parent", "children", "_document"}]
    text = str(node) if isinstance(node, nodes.Text) else None
    return type(node).__qualname__, text, held, [_tree(child, places) for child in node.children]


def _value(value: Any, places: Places) -> object:
    kind = type(value).__qualname__
    match value:
        case nodes.Node():
            return (kind, places[id(value)]) if id(value) in places else _tree(value, places)
        case dict():
            return kind, [(_value(k, places), _value(v, places)) for k, v in value.items()]
        case list() | tuple():
            return kind, [_value(v, places) for v in value]
        case set() | frozenset():
            return kind, sorted(map(repr, value))
        case _ if hasattr(value, "__dict__") and not isinstance(value, type):
            return kind, _value(vars(value), places)
    return kind, str(value)
