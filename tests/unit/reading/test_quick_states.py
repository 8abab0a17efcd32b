"""States have the transitions that docutils gives them, whatever becomes of their classes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import states
from docutils.statemachine import DuplicateStateError, State, StateMachine, StateWS, UnknownStateError

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


def machine(*, classes: Any = states.state_classes, cls: Any = states.NestedStateMachine) -> Any:
    return cls(state_classes=classes, initial_state=classes[0].__name__)


def test_states_are_made_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StateMachine, "add_states", quick_states.add_states)
    made = machine()
    assert list(made.states.made()) == []
    text = made.states["Text"]
    assert type(text) is states.Text
    assert text.state_machine is made
    assert list(made.states.made()) == [text]
    assert made.states["Text"] is text
    with pytest.raises(UnknownStateError):
        made.get_state("Unknown")


@pytest.mark.parametrize(
    "ask", [list, len, repr, dict, lambda s: "Body" in s, lambda s: s.get("Body"), lambda s: s.copy()]
)
def test_who_asks_for_all_gets_all_in_order(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StateMachine, "add_states", quick_states.add_states)
    asked = machine()
    text = asked.states["Text"]
    assert ask(asked.states)
    assert list(asked.states.made()) == list(asked.states.values())
    assert [type(state) for state in asked.states.values()] == list(states.state_classes)
    assert asked.states["Text"] is text


def test_states_of_others_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StateMachine, "add_states", quick_states.add_states)

    class OwnState(states.Body):
        pass

    class OwnMachine(states.NestedStateMachine):
        pass

    assert type(machine(classes=(OwnState, states.Text)).states) is dict
    assert type(machine(cls=OwnMachine).states) is dict
    with pytest.raises(DuplicateStateError):
        machine(classes=(states.Text, states.Text))
    made = machine()
    with pytest.raises(DuplicateStateError):
        made.add_state(states.Body)
    made.add_state(OwnState)
    assert [type(state) for state in made.states.values()] == [*states.state_classes, OwnState]
    with pytest.raises(DuplicateStateError):
        made.add_states([states.Body])


REST = """\
Title
=====

- a

  1. b
  2. c

     term : x
        definition

-o FILE  option
--long   other

:field: body
   - list
:other: body

| line
| block

>>> doctest

.. note:: x

   - nested
   .. [1] foot
   .. _target:

.. |s| replace:: *x*

"quoted"::

> literal

+---+---+
| a | b |
+---+---+

== ==
1  2
== ==

3. wrong
   unindent
 text

Unfinished
---

.. image:: x.png
   :alt: a
     b
   :width: 3
"""


def test_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by docutils with and without all of it."""
    read = []
    for ours in (False, True):
        for name in ("add_states", "runtime_init", "unlink"):
            monkeypatch.setattr(StateMachine, name, getattr(quick_states, name if ours else f"_{name}"))
        monkeypatch.setattr(states.RSTState, "nested_sm_cache", [])
        document = publish_doctree(REST, settings_overrides={"report_level": 5})
        read.append([(repr(node.attributes), node.source, node.line) for node in document.findall(nodes.Element)])
        read.append([document.pformat()])
    assert read[:2] == read[2:]
    assert "definition_list" in read[1][0]
