"""When Python looks for garbage: while programs load seldom, while a book is written after every few documents.

A document that is done is a tree whose nodes know their parents, so only the collector of cycles takes it away. Left
alone it runs tens of times within a document, each time in vain, and takes a third of the time of writing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_DOCUMENTS = 8  # what these leave behind is some megabytes
_DOCUMENTS_HELD = 64  # one in eight is held by its writer when the others go
_YOUNG, _MIDDLE = 0, 1  # generations
# of objects between collections, and of collections between those of what is older: modules make many, and keep them
_SELDOM = (100_000, 20, 100)


@contextmanager
def collected_between_documents() -> Iterator[Callable[[], None]]:
    """Stop the collector; what is given is to be called after each document. As it was before, at the end.

    It looks at what is new alone: what writers keep of a document, they keep until the book is done.
    """
    done = 0
    was_enabled = gc.isenabled()

    def document_done() -> None:
        nonlocal done
        done += 1
        if done % _DOCUMENTS == 0:
            gc.collect(_YOUNG if done % _DOCUMENTS_HELD else _MIDDLE)

    gc.disable()
    try:
        yield document_done
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def seldom_collected(objects: int = _SELDOM[0]) -> Iterator[None]:
    """Look for garbage seldom, while what is made stays: modules, an application. As it was before, at the end.

    - objects: new ones between two looks. What is done inside with more would end with a look.
    """
    before = gc.get_threshold()
    gc.set_threshold(objects, *_SELDOM[1:])
    try:
        yield
    finally:
        count_as_old()
        gc.set_threshold(*before)


def count_as_old() -> None:
    """Have the collector's next looks at what is new pass over all that is there now."""
    gc.freeze()  # with what follows
    gc.unfreeze()
