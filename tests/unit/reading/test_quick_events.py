"""Events reach their handlers, and fail, as Sphinx's own do; nobody describes them in vain."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sphinx import events
from sphinx.errors import ExtensionError, NoUri, SphinxError

from octavo.reading import quick_events


class Described:
    times = 0

    def __repr__(self) -> str:
        Described.times += 1
        return "described"


@pytest.fixture(params=[logging.DEBUG, logging.INFO])
def level(request: pytest.FixtureRequest) -> Iterator[int]:
    logger = events.logger.logger
    before = logger.level
    logger.setLevel(request.param)
    yield request.param
    logger.setLevel(before)


def manager(*handlers: Any, reraise: bool = False) -> events.EventManager:
    app: Any = SimpleNamespace(pdb=reraise, _exception_on_warning=False)
    made = events.EventManager(app)
    if hasattr(made, "_reraise_errors"):  # since Sphinx 9
        made._reraise_errors = reraise
    for number, handler in enumerate(handlers):
        made.connect("doctree-read", handler, priority=900 - number)
    return made


def outcome(emit: Any, made: events.EventManager, **options: Any) -> object:
    try:
        return emit(made, "doctree-read", Described(), **options)
    except (SphinxError, NoUri, ValueError) as error:
        return type(error), str(error), type(error.__cause__)


def failing(error: Exception) -> Any:
    def handler(*_: object) -> None:
        raise error

    return handler


@pytest.mark.parametrize("error", [ValueError("x"), NoUri("x"), ExtensionError("x")])
@pytest.mark.parametrize("reraise", [False, True])
@pytest.mark.parametrize("allowed", [(), (NoUri,), (ValueError,)])
def test_same_outcome(level: int, error: Exception, reraise: bool, allowed: tuple[type[Exception], ...]) -> None:
    assert level
    for handlers in ((), (lambda *_: 1, lambda *_: 2), (failing(error), lambda *_: 1)):
        made = manager(*handlers, reraise=reraise)
        theirs = outcome(quick_events._emit, made, allowed_exceptions=allowed)
        assert outcome(quick_events.emit, made, allowed_exceptions=allowed) == theirs


def test_described_for_those_who_listen(level: int) -> None:
    before = Described.times
    quick_events.emit(manager(), "doctree-read", Described())
    assert (Described.times > before) == (level == logging.DEBUG)
