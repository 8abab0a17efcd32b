"""Diagrams that a script or a missing program would draw: their description and their source, as a listing.

A diagram that was drawn while building is a picture like any other, and none of this module's business.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from docutils import nodes

from octavo.diagnostics import Diagnostic
from octavo.reading.reporting import report

if TYPE_CHECKING:
    from sphinx.config import Config

MERMAID, GRAPHVIZ = "sphinxcontrib.mermaid", "sphinx.ext.graphviz"
HINT = "its source stands in its place; a picture with a description would say more"


def settle_diagrams(doctree: nodes.document, config: Config) -> None:
    """Replace in place. Says each one that is replaced."""
    can_draw = {
        MERMAID: getattr(config, "mermaid_output_format", "raw") != "raw",
        GRAPHVIZ: shutil.which(str(getattr(config, "graphviz_dot", "dot"))) is not None,
    }
    for node in [n for n in doctree.findall(nodes.Element) if _maker(n) in can_draw and n.get("code")]:
        if can_draw[_maker(node)]:
            continue
        code = str(node["code"]).strip("\n")
        name = "Mermaid" if _maker(node) == MERMAID else "Graphviz"
        value = next((line.strip() for line in code.splitlines() if line.strip()), name)
        report(Diagnostic(rule="epub/content-replaced", value=value, context=f"a diagram by {name}", hint=HINT), node)
        listing = nodes.container("", classes=["octavo-diagram"], ids=node.get("ids", []))
        options = node.get("options") or {}
        description = node.get("alt") or options.get("alt")
        if description:
            listing += nodes.paragraph("", str(description))
        block = nodes.literal_block(code, code, language="none")
        block.source, block.line = node.source, node.line
        listing += block
        node.replace_self(listing)


def _maker(node: nodes.Element) -> str:
    """The extension that a diagram's node is of; "" for all else."""
    module = type(node).__module__
    return next((m for m in (MERMAID, GRAPHVIZ) if module == m or module.startswith(f"{m}.")), "")
