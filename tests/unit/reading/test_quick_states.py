"""States have the transitions that docutils gives them, whatever becomes of their classes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from docutils.parsers.rst import states
from docutils.statemachine import State, StateWS

from octavo.reading import quick_states


class Machine:
    debug = False


def told(cls: type[State]) -> list[object]:
    state = cls(Machine())
    methods = [(name, t[0], t[1].__func__, t[1].__self__ is state, t[2]) for name, t in state.transitions.items()]
    return [list(state.transition_order), methods, state.patterns]


def both(cls: type[State], monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], list[object]]:
    made = []
    for add in (quick_states._add_initial_transitions, quick_states.add_initial_transitions):
        monkeypatch.setattr(StateWS, "add_initial_transitions", add)
        made.append(told(cls))
    return made[0], made[1]


@pytest.mark.parametrize("cls", states.state_classes)
def test_of_the_parser(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_states, "_plans", {})
    for _ in range(3):
        theirs, ours = both(cls, monkeypatch)
        assert ours == theirs
    assert cls in quick_states._plans


class Some(StateWS):
    patterns = {"a": "A", "b": re.compile("B")}  # noqa: RUF012 -- as docutils has it
    initial_transitions = ["a", ("b", "Other")]  # noqa: RUF012

    def a(self) -> None: ...
    def b(self) -> None: ...
    def c(self) -> None: ...


def test_of_a_class_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its patterns and transitions may be changed by an extension between two documents."""
    monkeypatch.setattr(quick_states, "_plans", {})

    def same() -> list[object]:
        theirs, ours = both(Some, monkeypatch)
        assert ours == theirs
        return ours

    first = same()
    assert same() == first
    Some.patterns["c"] = "C"
    Some.initial_transitions.append("c")
    assert same() != first
    Some.patterns["a"] = "changed"
    assert same()[1][2][1] == re.compile("changed") or "changed" in str(same())
    Some.patterns["b"] = re.compile("compiled")
    assert "compiled" in str(same())
    Some.patterns["blank"] = re.compile("not blank")
    assert "not blank" not in str(same())
    monkeypatch.setattr(Some, "a", Some.b)
    same()


def test_of_a_class_with_rules_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(Some):
        def make_transition(self, name: str, next_state: str | None = None) -> Any:
            pattern, method, _ = super().make_transition(name, next_state)
            return pattern, method, "Mine"

    for _ in range(2):
        theirs, ours = both(Own, monkeypatch)
        assert ours == theirs
    assert Own not in quick_states._plans
