"""States of the reStructuredText parser, set up in fewer steps: it makes some ten for each list item and directive.

`octavo.reading.patches` puts this in the place of docutils' own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docutils.statemachine import State, StateWS

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
