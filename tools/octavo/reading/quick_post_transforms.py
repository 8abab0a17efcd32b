"""Post-transforms of Sphinx that come to the same document in fewer steps, put in the place of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform, HighlightLanguageVisitor
from sphinx.util.nodes import NodeMatcher

if TYPE_CHECKING:
    from docutils.transforms import Transform
    from sphinx.application import Sphinx

_BLOCK, _LANGUAGE = nodes.literal_block.__name__, addnodes.highlightlang.__name__
_LOOKED_AT = NodeMatcher(nodes.literal_block, addnodes.highlightlang, addnodes.start_of_file)


class QuickHighlightLanguage(HighlightLanguageTransform):
    """Visits blocks of code, and what says their language, and no other nodes."""

    def apply(self, **options: Any) -> None:
        """Give each block its language."""
        found = [(node.__class__.__name__, node) for node in self.document.findall(_LOOKED_AT)]
        kinds = {name for name, _ in found}
        if not kinds <= {_BLOCK, _LANGUAGE} or self.document.reporter.debug_flag:
            super().apply(**options)  # several documents in one, each with languages of its own
            return
        visitor = HighlightLanguageVisitor(self.document, self.config.highlight_language)
        visitor.visit_document(self.document)
        languages = []
        for name, node in found:
            if name == _BLOCK:
                visitor.visit_literal_block(node)
            else:
                visitor.visit_highlightlang(node)
                languages.append(node)
        for node in languages:
            node.parent.remove(node)


_application: Callable[[SphinxTransform], Sphinx] = vars(SphinxTransform)["app"].fget
_warned: set[type] = set()


def application(self: SphinxTransform) -> Sphinx:
    """`SphinxTransform.app`, which warns each time that it is deprecated; each class is warned once."""
    cls = self.__class__
    if cls in _warned and not sys.warnoptions:
        return self.env._app
    found = _application(self)
    _warned.add(cls)
    return found


_QUICK: dict[type[Transform], type[Transform]] = {HighlightLanguageTransform: QuickHighlightLanguage}


def take_places(app: Sphinx) -> None:
    """Put each quick transform in the place of Sphinx's own."""
    transforms = app.registry.post_transforms
    transforms[:] = [_QUICK.get(transform, transform) for transform in transforms]
