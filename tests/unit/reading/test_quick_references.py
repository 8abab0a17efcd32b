"""Domains that have declared nothing answer at once, and with the answer that they would have given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.domains.c import CDomain
from sphinx.domains.cpp import CPPDomain
from sphinx.testing.util import SphinxTestApp

CONF = 'extensions = ["octavo"]\nroot_doc = "index"\n'


def answers(app: SphinxTestApp, target: str) -> dict[str, int]:
    """How many places each of the two domains finds, asked as ours and as Sphinx's."""
    found = {}
    for name, kind in (("c", CDomain), ("cpp", CPPDomain)):
        domain = app.env.get_domain(name)
        node = pending_xref("", nodes.Text(target), refdomain="", reftype="any", reftarget=target, refdoc="index")
        asked = (app.env, "index", app.builder, target, node, nodes.literal(target, target))
        ours, theirs = domain.resolve_any_xref(*asked), kind.resolve_any_xref(domain, *asked)
        assert [role for role, _ in ours] == [role for role, _ in theirs]
        found[name] = len(ours)
    return found


@pytest.mark.parametrize("target", ["run", "space::run", "not a name!", "", "run()"])
def test_nothing_declared(target: str, project: Callable[..., Path]) -> None:
    source = project({"index.rst": "Title\n=====\n"}, conf=CONF)
    app = SphinxTestApp(srcdir=source)
    app.build()
    assert answers(app, target) == {"c": 0, "cpp": 0}
    app.cleanup()


def test_declared_in_one_of_them(project: Callable[..., Path]) -> None:
    source = project({"index.rst": "Title\n=====\n\n.. cpp:function:: int run()\n"}, conf=CONF)
    app = SphinxTestApp(srcdir=source)
    app.build()
    assert answers(app, "run") == {"c": 0, "cpp": 1}
    app.cleanup()


def test_an_empty_domain_parses_nothing(project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    source = project({"index.rst": "Title\n=====\n\n:any:`run` and :any:`Title`\n"}, conf=CONF)
    parsed: list[str] = []
    monkeypatch.setattr(CPPDomain, "_resolve_xref_inner", lambda *_: parsed.append("C++") or (None, None))
    app = SphinxTestApp(srcdir=source)
    app.build()
    assert parsed == []
    app.cleanup()
