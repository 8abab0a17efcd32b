"""Transforms of Sphinx that come to the same document in fewer steps.

Each is a subclass of Sphinx's own and stands in its place in the registry, unless an extension has put another there.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.transforms import Transform
from docutils.transforms.references import DanglingReferencesVisitor
from docutils.utils import normalize_language_tag, smartquotes
from sphinx.transforms import ApplySourceWorkaround, SphinxSmartQuotes
from sphinx.transforms.references import SphinxDanglingReferences
from sphinx.util.nodes import NON_SMARTQUOTABLE_PARENT_NODES, apply_source_workaround

from octavo.reading import patches

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# A text without any of these is left as it is by every action of `smartquotes.educate_tokens` but "-1"
_TO_BE_EDUCATED = re.compile(r"""["'`\\]|--|\.\.\.|\. \. \.|&#|&quot;""")
_ACTIVE_AFTER_NUL = re.compile(r'(?<=\x00)([-\\\'".`])')
_STUPEFY = "-1"
_VISITED = frozenset(name.removeprefix("visit_") for name in vars(DanglingReferencesVisitor) if name[:6] == "visit_")


class QuickSmartQuotes(SphinxSmartQuotes):
    """Asks for the language, and whether quotes are to be changed, once for each parent, and looks before it works."""

    def apply(self, **_: Any) -> None:
        """Replace every text of the document, as docutils does, by one with typographical quotes."""
        settings = self.document.settings
        if not self.is_available() or not settings.setdefault("smart_quotes", False):
            return
        self.smartquotes_action = self.config.smartquotes_action
        if settings.smartquotes_locales:
            smartquotes.smartchars.quotes.update(dict(settings.smartquotes_locales))
        alternative = isinstance(settings.smart_quotes, str) and settings.smart_quotes.startswith("alt")
        languages = _Languages(settings.language_code, alternative=alternative)
        changeable = _Changeable()
        for block in list(self.document.findall(nodes.TextElement)):
            if isinstance(block, self.nodes_to_skip) or isinstance(block.parent, nodes.TextElement):
                continue
            texts = [x for x in block.findall(nodes.Text) if not isinstance(x.parent, nodes.option_string)]
            language = languages.of(block) or self._unsupported(languages.asked(block), block)
            before = " "  # the last character of the text before, as it was
            for text in texts:
                if not changeable.inside(text.parent) or getattr(text, "support_smartquotes", None) is False:
                    new = text.astext()
                    before = new[-1:] if new else before
                else:
                    new = str(text)
                    old_last = new[-1:]
                    if self.smartquotes_action == _STUPEFY or _TO_BE_EDUCATED.search(new):
                        new = self._educated(new, before, language)
                    before = old_last or before
                text.parent.replace(text, nodes.Text(new))
        self.unsupported_languages.clear()

    def _educated(self, text: str, before: str, language: str) -> str:
        if "\0" in text:  # active characters that were escaped
            text = _ACTIVE_AFTER_NUL.sub(r"\\\1", text)
        tokens = iter([("literal", before), ("plain", text)])
        _, educated = smartquotes.educate_tokens(tokens, attr=self.smartquotes_action, language=language)
        return str(educated)

    def _unsupported(self, language: str, block: nodes.Element) -> str:
        if language not in self.unsupported_languages:
            self.document.reporter.warning(f'No smart quotes defined for language "{language}".', base_node=block)
        self.unsupported_languages.add(language)
        return ""


class _Languages:
    """The language of each block of a document: as its classes say, or those of what it stands in."""

    def __init__(self, of_document: str, *, alternative: bool) -> None:
        self._of_document = of_document
        self._alternative = alternative
        self._by_code: dict[str, str] = {}
        self._codes: dict[int, str] = {}

    def of(self, block: nodes.Element) -> str:
        """A key of `smartquotes.smartchars.quotes`; empty when there are no quotes for the language."""
        code = self._code(block)
        if code not in self._by_code:
            tags: list[str] = normalize_language_tag(self.asked(block))
            self._by_code[code] = next((tag for tag in tags if tag in smartquotes.smartchars.quotes), "")
        return self._by_code[code]

    def asked(self, block: nodes.Element) -> str:
        """The language whose quotes are wanted."""
        code = self._code(block)
        if not self._alternative:
            return code
        return code.replace("-x-altquot", "") if "-x-altquot" in code else f"{code}-x-altquot"

    def _code(self, node: nodes.Element) -> str:
        known = self._codes.get(id(node))
        if known is None:
            for cls in node.get("classes", []):
                if cls.startswith("language-"):
                    known = str(cls.removeprefix("language-"))
                    break
            else:
                parent = node.parent
                known = self._of_document if parent is None else self._code(parent)
            self._codes[id(node)] = known
        return known


class _Changeable:
    """Whether texts inside of a node may be changed; see `sphinx.util.nodes.is_smartquotable`."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}

    def inside(self, node: nodes.Element | None) -> bool:
        """Whether neither the node nor any above it forbids it."""
        if node is None:
            return True
        known = self._known.get(id(node))
        if known is None:
            forbidden = isinstance(node, NON_SMARTQUOTABLE_PARENT_NODES) or node.get("support_smartquotes") is False
            known = self._known[id(node)] = not forbidden and self.inside(node.parent)
        return known


class QuickDanglingReferences(SphinxDanglingReferences):
    """Visits the three kinds of nodes that are looked at, not all of them."""

    def apply(self, **_: Any) -> None:
        """Resolve references by name; what isn't found is an error."""
        document = self.document
        if document.reporter.debug_flag:  # each visit is to be logged
            super().apply()
            return
        document.walk = partial(_visit_references, document)
        try:
            super().apply()
        finally:
            del document.walk


def _visit_references(document: nodes.document, visitor: DanglingReferencesVisitor) -> None:
    """What `document.walk` does for this visitor, which passes over all other nodes."""
    left: list[nodes.Node] = [document]
    while left:
        node = left.pop()
        if node.__class__.__name__ in _VISITED:
            visitor.dispatch_visit(node)
        if node.children:
            left.extend(reversed(node.children))


class QuickSourceWorkaround(ApplySourceWorkaround):
    """Looks closer only at nodes that lack what Sphinx adds."""

    def apply(self, **_: Any) -> None:
        """Give each node a source and a raw source."""
        for node in self.document.findall():
            if isinstance(node, nodes.TextElement):
                if not node.rawsource or not node.source or isinstance(node, nodes.term):
                    apply_source_workaround(node)
            elif isinstance(node, nodes.image | nodes.topic):
                apply_source_workaround(node)


_QUICK: dict[type[Transform], tuple[type[Transform], str]] = {
    SphinxSmartQuotes: (QuickSmartQuotes, "looks for quotes before it works on them, and for languages once"),
    SphinxDanglingReferences: (QuickDanglingReferences, "visits references, not all nodes"),
    ApplySourceWorkaround: (QuickSourceWorkaround, "looks closer only at nodes that lack a source"),
}


def take_places(app: Sphinx) -> None:
    """Put each quick transform in the place of Sphinx's own, before anything is read."""
    transforms = app.registry.transforms
    transforms[:] = [_QUICK.get(transform, (transform,))[0] for transform in transforms]


def described() -> dict[str, str]:
    """Sphinx's transforms that others stand in the place of, by name, with why they do, or why not."""
    used = patches.tested()
    return {
        f"{theirs.__module__}.{theirs.__qualname__}": why if used else patches.why_not_tested()
        for theirs, (_, why) in _QUICK.items()
    }
