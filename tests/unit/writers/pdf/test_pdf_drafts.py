"""Drafts: what is seen in them is what is seen in the finished file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from test_pdf_stand_ins import drawn

from octavo.writers.pdf import drafting
from sight_of_pages import sight_of_pages

DRAFT = """
def setup(app):
    app.connect("builder-inited", lambda app: setattr(app.builder, "draft", True))
"""
PICTURES = {
    "a.png": drawn("RGB"),
    "b.png": drawn("L"),
    "c.png": drawn("RGBA"),
    "d.png": drawn("LA"),
    "e.jpg": drawn("RGB", "JPEG", quality=90),
}
FILES: dict[str, str | bytes] = {
    "index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n",
    "one.rst": "One\n===\n\nTo :ref:`two`, :doc:`two` and `away <https://example.org/>`_.\n\n.. _one:\n\nPart\n----\n\n"
    "Words.\n\n.. index:: words\n",
    "two.rst": ".. _two:\n\nTwo\n===\n\nTo :ref:`one`.\n\n"
    + "\n".join(f".. image:: {name}\n   :alt: {name}\n" for name in PICTURES),
    **PICTURES,
}
Build = Callable[..., Any]


def both(build: Build, files: Mapping[str, str | bytes], conf: str = "") -> tuple[Path, Path]:
    draft, finished = build(files, conf + DRAFT, name="draft"), build(files, conf, name="finished")
    assert draft.warnings == finished.warnings == ()
    return draft.builder.artefact, finished.builder.artefact


def test_draft_looks_like_the_finished_file(build: Build) -> None:
    draft, finished = both(build, FILES)
    assert sight_of_pages(draft) == sight_of_pages(finished)
    with pikepdf.open(draft) as pdf:
        assert not pdf.check_pdf_syntax()
        assert "/StructTreeRoot" in pdf.Root
    assert drafting._LEFT not in draft.read_bytes()
    assert b"/Prev" in draft.read_bytes(), "it is no draft"


def test_draft_without_pictures(build: Build) -> None:
    files = {"index.rst": "Book\n====\n\n.. _here:\n\nPart\n----\n\nTo :ref:`here`.\n"}
    draft, finished = both(build, files)
    assert sight_of_pages(draft) == sight_of_pages(finished)
    assert b"/Prev" not in draft.read_bytes()
    assert len(draft.read_bytes()) > len(finished.read_bytes()), "it is no draft"


def test_with_bleed_there_is_no_draft(build: Build) -> None:
    draft, finished = both(build, FILES, "octavo_pdf_bleed = '3mm'\n")
    assert draft.read_bytes() == finished.read_bytes()


@pytest.mark.parametrize("pattern", ["_PAGES", "_ACTION", "_IMAGE", "_END"])
def test_a_pdf_that_is_otherwise_is_finished(build: Build, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    import re

    monkeypatch.setattr(drafting, pattern, re.compile(rb"(never)(x)(y)"))
    draft, finished = both(build, FILES)
    assert draft.read_bytes() == finished.read_bytes()
