"""References that a domain can't resolve, answered without being looked into.

A reference that may lead anywhere (MyST's `[text](#target)`, the role `any`) is put to every domain. Those of C and
C++ parse it as a declaration first, which costs more than all else about it, though most books declare nothing.
"""

from __future__ import annotations

import functools
from itertools import islice
from typing import TYPE_CHECKING, Any

from sphinx.domains.c import CDomain
from sphinx.domains.cpp import CPPDomain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

_PARSING = (CDomain, CPPDomain)


def register(app: Sphinx) -> None:
    """Stand before those domains, for whatever builder there is."""
    app.connect("builder-inited", _stand_before_domains, priority=0)


def _stand_before_domains(app: Sphinx) -> None:
    for domain in app.env.domains.sorted():
        if isinstance(domain, _PARSING) and type(domain) in _PARSING:  # what is made of them may answer otherwise
            answer = functools.partial(_unless_empty, domain, domain.resolve_any_xref)
            vars(domain)["resolve_any_xref"] = answer


def _unless_empty(domain: CDomain | CPPDomain, theirs: Callable[..., list[Any]], *arguments: Any) -> list[Any]:
    """What the domain says; nothing where it knows nothing, which is what it would say then."""
    symbols = islice(domain.data["root_symbol"].get_all_symbols(), 2)  # the first is the root itself
    if sum(1 for _ in symbols) < 2:
        return []
    return theirs(*arguments)
