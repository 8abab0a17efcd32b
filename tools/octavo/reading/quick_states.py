"""States of the reStructuredText parser: it makes fifteen for each list and directive, of which one or two are used.

`octavo.reading.patches` puts this in the place of docutils' own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docutils.parsers.rst.states import NestedStateMachine, RSTState, RSTStateMachine
from docutils.statemachine import State, StateMachine, StateWS

_add_states = StateMachine.add_states
_runtime_init = StateMachine.runtime_init
_unlink = StateMachine.unlink
_MACHINES = (NestedStateMachine, RSTStateMachine)
_add_initial_transitions = StateWS.add_initial_transitions
_OWN = ("make_transition", "make_transitions", "add_transition", "add_transitions")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Transitions of a class of states. asked: what they were made from; order: names; next_states: by name."""

    asked: tuple[object, ...]
    order: list[str]
    next_states: tuple[tuple[str, str], ...]


_plans: dict[type, _Plan] = {}


def add_initial_transitions(self: StateWS) -> None:
    """`StateWS.add_initial_transitions`; of a class that was set up before, the same transitions as then."""
    plan = _plans.get(type(self))
    if plan is None or plan.asked != _asked(self) or self.transition_order or not _is_compiled(self, plan):
        is_new = not self.transition_order
        _add_initial_transitions(self)
        if is_new and all(getattr(type(self), name) is getattr(State, name) for name in _OWN):
            _plans[type(self)] = _Plan(
                asked=_asked(self),
                order=list(self.transition_order),
                next_states=tuple((name, transition[2]) for name, transition in self.transitions.items()),
            )
        return
    patterns = self.patterns
    self.transition_order[:] = plan.order
    self.transitions.update(
        {name: (patterns[name], getattr(self, name), next_state) for name, next_state in plan.next_states}
    )


def _asked(state: StateWS) -> tuple[object, ...]:
    """What decides on the transitions, besides the patterns and methods, which are asked for each state."""
    initial: Any = state.initial_transitions
    return (initial and tuple(initial), tuple(state.ws_initial_transitions))


def _is_compiled(state: StateWS, plan: _Plan) -> bool:
    """Whether no pattern was changed to one that is to be compiled, or to be replaced by that for white space."""
    patterns, white = state.patterns, state.ws_patterns
    return all(patterns[name] is pattern for name, pattern in white.items()) and all(
        type(patterns[name]) is re.Pattern for name, _ in plan.next_states
    )


class States(dict[str, Any]):
    """The states of a machine by name, each made when it is asked for; who asks for all gets all, in their order."""

    def __init__(self, machine: Any, classes: dict[str, type[State]]) -> None:
        super().__init__()
        self._machine = machine
        self._order = tuple(classes)
        self._later = classes

    def __missing__(self, name: str) -> Any:
        """Make it; once a machine runs, or did, its states know what it shares with others."""
        machine = self._machine
        self[name] = state = self._later.pop(name)(machine, machine.debug)
        if getattr(machine, "memo", None) is not None:
            state.runtime_init()
        return state

    def made(self) -> Iterable[Any]:
        """Those that are there."""
        return dict.values(self)

    def complete(self) -> None:
        """Make the rest."""
        if self._later:
            for name in tuple(self._later):
                self[name]
            whole = {name: dict.pop(self, name) for name in self._order}
            whole.update({name: dict.pop(self, name) for name in tuple(dict.keys(self))})
            dict.update(self, whole)


def _of_all(name: str) -> Callable[..., Any]:
    method = getattr(dict, name)

    @functools.wraps(method)
    def of_all(self: States, *arguments: Any) -> Any:
        self.complete()
        return method(self, *arguments)

    return of_all


for _name in (
    "__contains__", "__iter__", "__len__", "__eq__", "__ne__", "__repr__", "__reversed__", "keys", "values", "items",
    "get", "pop", "popitem", "setdefault", "copy", "__or__", "__delitem__", "clear",
):  # fmt: skip
    setattr(States, _name, _of_all(_name))


def add_states(self: StateMachine, state_classes: Sequence[type[State]]) -> None:
    """`StateMachine.add_states`, for docutils' own machines and states: each is made when the machine comes to it."""
    if type(self) in _MACHINES and type(self.states) is dict and not self.states and _are_own(tuple(state_classes)):
        self.states = States(self, {cls.__name__: cls for cls in state_classes})
    else:
        _add_states(self, state_classes)


@functools.cache
def _are_own(classes: tuple[type[State], ...]) -> bool:
    """Whether it can't be seen when states of the classes are made."""
    return len({cls.__name__ for cls in classes}) == len(classes) and all(
        cls.__module__ == RSTState.__module__ for cls in classes
    )


def runtime_init(self: StateMachine) -> None:
    """`StateMachine.runtime_init`, which tells each state what the machine shares; to those to come it is told then."""
    if type(self.states) is not States:
        _runtime_init(self)
        return
    for state in self.states.made():
        state.runtime_init()


def unlink(self: StateMachine) -> None:
    """`StateMachine.unlink`, which has each state forget its machine."""
    if type(self.states) is not States:
        _unlink(self)
        return
    for state in self.states.made():
        state.unlink()
    self.states = None
