"""Garbage is looked for between documents, and the collector is left as it was."""

from __future__ import annotations

import gc
import weakref

import pytest

from octavo.reading.garbage import collected_between_documents


class Node:
    """Knows itself, as a tree's nodes know their parents."""

    def __init__(self) -> None:
        self.parent = self


def test_what_documents_leave_behind_goes_after_a_few_of_them() -> None:
    left = []
    with collected_between_documents() as document_done:
        assert not gc.isenabled()
        for _ in range(30):
            left.append(weakref.ref(Node()))
            document_done()
        assert sum(node() is not None for node in left) < 10
    assert gc.isenabled()


def test_the_collector_is_left_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), collected_between_documents():
        raise ZeroDivisionError
    assert gc.isenabled()
    gc.disable()
    try:
        with collected_between_documents():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
