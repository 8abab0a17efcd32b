"""How writers report a finding: through Sphinx's own log, so that `sphinx-build` and `octavo build` both show it.

The pipeline takes the diagnostic off the log record whole; under plain `sphinx-build` it is an ordinary warning with
its place, its type `octavo` and the rule as subtype, so that `suppress_warnings = ["octavo.epub/remote-media"]` works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import logging

from octavo.diagnostics import Diagnostic, Severity
from octavo.reading.log import source_and_line

if TYPE_CHECKING:
    from docutils import nodes

_CELL = 10_000
logger = logging.getLogger("octavo")


def report(diagnostic: Diagnostic, node: nodes.Node | None = None) -> None:
    """Say a finding. Its place is `diagnostic.location`, or where that is empty, the place of `node`."""
    place = diagnostic.location
    # Sphinx takes a string without a colon for a document name
    location = (
        node if place.source is None else f"{place.source_text()}:" if place.line is None else place.source_text()
    )
    if place.source is None and node is not None:
        location = _without_cell_lines(node)
    text = diagnostic.message + (f"; {diagnostic.hint}" if diagnostic.hint else "")
    severity = diagnostic.severity
    log = {Severity.ERROR: logger.error, Severity.WARNING: logger.warning, Severity.INFO: logger.info}[severity]
    log(
        "%s",
        text,
        type="octavo",
        subtype=diagnostic.rule,
        location=location,
        extra={"octavo_diagnostic": diagnostic},
    )


def _without_cell_lines(node: nodes.Node) -> nodes.Node | str:
    """MyST-NB counts lines from 10,000 times the number of the cell: no editor has such a line."""
    source, line = source_and_line(node)
    return f"{source}:" if source and source.endswith(".ipynb") and line is not None and line >= _CELL else node
