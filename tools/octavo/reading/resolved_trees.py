"""Documents with their references resolved, kept for a builder that writes the same book again and again."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sphinx.util.docutils import LoggingReporter

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.environment import BuildEnvironment


class ResolvedTrees:
    """What was kept is given back as a new tree each time, for writers change what they write."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self._kept: dict[str, bytes] = {}

    def get(self, docname: str) -> nodes.document | None:
        """The document as it was kept, or None."""
        kept = self._kept.get(docname)
        if kept is None:
            return None
        tree: nodes.document = pickle.loads(kept)  # noqa: S301 -- pickled by this process
        tree.settings.env = self._env
        tree.reporter = LoggingReporter(str(self._env.doc2path(docname)))
        return tree

    def version(self, docname: str) -> object | None:
        """What tells one kept document from another of the same name, by identity; None where none is kept."""
        return self._kept.get(docname)

    def keep(self, docname: str, tree: nodes.document) -> None:
        """Keep a document as it is now. One that can't be pickled is not kept."""
        settings, reporter, transformer = tree.settings, tree.reporter, tree.transformer
        tree.settings = settings.copy()
        tree.settings.env = tree.settings.warning_stream = tree.settings.record_dependencies = None
        tree.reporter = tree.transformer = None
        try:
            self._kept[docname] = pickle.dumps(tree, pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, TypeError, AttributeError):  # what pickle raises for what an extension put in
            self._kept.pop(docname, None)
        finally:
            tree.settings, tree.reporter, tree.transformer = settings, reporter, transformer

    def forget(self, docnames: Iterable[str] | None = None) -> None:
        """Forget documents; all of them without names."""
        if docnames is None:
            self._kept.clear()
            return
        for docname in docnames:
            self._kept.pop(docname, None)
