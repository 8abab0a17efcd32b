"""What nobody hears isn't made, and what somebody hears is."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sphinx.util.logging import NAMESPACE

from octavo.reading.quick_reading import unheard_messages_unmade

LOGGER = logging.getLogger(NAMESPACE)


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A log of Sphinx without what tests of others left in it."""
    monkeypatch.setattr(logging.Logger.manager, "loggerDict", {NAMESPACE: LOGGER})
    level, handlers = LOGGER.level, LOGGER.handlers[:]
    LOGGER.handlers[:] = []
    LOGGER.setLevel(logging.DEBUG)
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


def handler(level: int) -> logging.Handler:
    made = logging.NullHandler()
    made.setLevel(level)
    return made


@pytest.mark.parametrize("levels", [(20, 30), (30, 10), (15,)])
def test_the_lowest_level_that_a_handler_takes(levels: tuple[int, ...]) -> None:
    LOGGER.handlers[:] = map(handler, levels)  # without pytest's
    with unheard_messages_unmade():
        heard = [level for level in range(1, 51) if logging.getLogger("sphinx.some.module").isEnabledFor(level)]
        assert heard[0] == min(levels)
    assert LOGGER.level == logging.DEBUG


def test_a_handler_below_hears_all() -> None:
    LOGGER.handlers[:] = [handler(logging.WARNING)]
    below = logging.getLogger("sphinx.some.other.module")
    below.addHandler(handler(logging.DEBUG))
    try:
        with unheard_messages_unmade():
            assert below.isEnabledFor(logging.DEBUG)
    finally:
        below.handlers.clear()


def test_nobody_at_all() -> None:
    LOGGER.handlers.clear()
    with unheard_messages_unmade():
        assert LOGGER.level == logging.DEBUG


def test_the_level_is_put_back_when_reading_fails() -> None:
    LOGGER.handlers[:] = [handler(logging.WARNING)]
    with pytest.raises(ZeroDivisionError), unheard_messages_unmade():
        raise ZeroDivisionError
    assert LOGGER.level == logging.DEBUG
