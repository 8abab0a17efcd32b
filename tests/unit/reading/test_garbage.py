"""Garbage is looked for between documents, and the collector is left as it was."""

from __future__ import annotations

import gc
import weakref

import pytest

from octavo.reading.garbage import collected_between_documents, seldom_collected
from octavo.reading.quick_reading import OBJECTS_OF_PAGES, collected_seldom, collected_when_read, quick_collector


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


def test_what_writers_keep_is_not_looked_through_again() -> None:
    looked: list[int] = []
    gc.callbacks.append(lambda phase, info: looked.append(info["generation"]) if phase == "start" else None)
    try:
        with collected_between_documents() as document_done:
            for _ in range(200):
                document_done()
    finally:
        del gc.callbacks[-1]
    assert (looked.count(0), looked.count(1), looked.count(2)) == (22, 3, 0)


def test_documents_that_were_held_until_the_others_were_gone_go_as_well() -> None:
    held: list[Node] = []
    seen = []
    with collected_between_documents() as document_done:
        for _ in range(200):
            held[:] = [Node()]
            seen.append(weakref.ref(held[0]))
            document_done()
        assert 1 < sum(node() is not None for node in seen) < 20


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


def test_while_reading_only_what_is_new_is_looked_at_and_only_between_documents() -> None:
    before = gc.get_threshold()
    gc.collect()
    kept = [Node()]
    old = weakref.ref(kept[0])
    gc.collect(0)
    kept.clear()  # it is a cycle of an older generation
    with collected_when_read() as document_done:
        assert gc.get_threshold()[0] > 100_000
        for _ in range(200):
            new = weakref.ref(Node())
            document_done()
            assert new() is None
        assert old() is not None
    assert gc.get_threshold() == before


def test_documents_that_were_held_until_the_next_one_go_after_many_of_them() -> None:
    held: list[Node] = []
    seen = []
    with collected_seldom():
        for _ in range(200):
            held[:] = [Node() for _ in range(2000)]
            seen.append(weakref.ref(held[0]))
        assert 1 < sum(node() is not None for node in seen) < 100


def test_reading_does_not_end_with_a_look_at_all_that_was_read() -> None:
    looked: list[int] = []

    def look(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            looked.append(info["generation"])

    kept = []
    with collected_when_read() as document_done:
        for _ in range(30):
            kept.append([Node() for _ in range(1000)])
            document_done()
        gc.callbacks.append(look)
    try:
        kept.append([Node() for _ in range(1000)])
        assert set(looked) == {0}
        assert gc.get_freeze_count() == 0
    finally:
        gc.callbacks.remove(look)


def test_thresholds_are_put_back_when_reading_fails() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), collected_seldom():
        raise ZeroDivisionError
    assert gc.get_threshold() == before


def test_what_was_loaded_is_not_looked_through_at_the_end() -> None:
    before = gc.get_threshold()
    looked: list[tuple[str, int]] = []
    gc.callbacks.append(lambda phase, info: looked.append((phase, info["generation"])))
    try:
        with seldom_collected():
            kept = [Node() for _ in range(50_000)]
        kept.append(Node())
        assert looked == []
    finally:
        del gc.callbacks[-1]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_a_book_that_is_written_is_not_looked_through_when_its_pages_are_done() -> None:
    looked: list[int] = []
    kept = []
    gc.callbacks.append(lambda phase, info: looked.append(info["generation"]))
    try:
        with seldom_collected(OBJECTS_OF_PAGES):
            with quick_collector():
                kept += [Node() for _ in range(200_000)]
            kept.append(Node())
        kept.append(Node())
        assert looked == []
    finally:
        del gc.callbacks[-1]
