"""Transforms of Sphinx that come to the same document in fewer steps.

Each is a subclass of Sphinx's own and stands in its place in the registry, unless an extension has put another there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import docutils
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
_OF_A_TEXT = frozenset({"parent", "_document", "source", "line"})
_LANGUAGE_FROM_ABOVE = docutils.__version_info__[:2] >= (0, 22)  # before, docutils asked it of what has no answer
_VISITED = frozenset(name.removeprefix("visit_") for name in vars(DanglingReferencesVisitor) if name[:6] == "visit_")


class QuickSmartQuotes(SphinxSmartQuotes):
    """Gathers what it needs of a document in one walk, and looks for quotes before it works on them."""

    def apply(self, **_: Any) -> None:
        """Replace every text of the document, as docutils does, by one with typographical quotes."""
        settings = self.document.settings
        if not self.is_available() or not settings.setdefault("smart_quotes", False):
            return
        self.smartquotes_action = self.config.smartquotes_action
        if settings.smartquotes_locales:
            smartquotes.smartchars.quotes.update(dict(settings.smartquotes_locales))
        alternative = isinstance(settings.smart_quotes, str) and settings.smart_quotes.startswith("alt")
        languages = _Languages(alternative=alternative)
        gathered = _Blocks(self.document, settings.language_code, self.nodes_to_skip)
        for block, code, places in gathered.blocks:
            language = languages.of(code) or self._unsupported(languages.asked(code), block)
            before = " "  # the last character of the text before, as it was
            for place in places:
                text = place.text
                if not place.is_changeable or getattr(text, "support_smartquotes", None) is False:
                    new = text.astext()
                    before = new[-1:] if new else before
                else:
                    new = str(text)
                    old_last = new[-1:]
                    if self.smartquotes_action == _STUPEFY or _TO_BE_EDUCATED.search(new):
                        new = self._educated(new, before, language)
                    before = old_last or before
                gathered.put(new, place)
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
    """The languages that there are quotes for. alternative: whether others of a language are wanted."""

    def __init__(self, *, alternative: bool) -> None:
        self._alternative = alternative
        self._by_code: dict[str, str] = {}

    def of(self, code: str) -> str:
        """A key of `smartquotes.smartchars.quotes`; empty when there are no quotes for the language."""
        if code not in self._by_code:
            tags: list[str] = normalize_language_tag(self.asked(code))
            self._by_code[code] = next((tag for tag in tags if tag in smartquotes.smartchars.quotes), "")
        return self._by_code[code]

    def asked(self, code: str) -> str:
        """The language whose quotes are wanted."""
        if not self._alternative:
            return code
        return code.replace("-x-altquot", "") if "-x-altquot" in code else f"{code}-x-altquot"


@dataclass(slots=True)
class _Place:
    """Where a text stands. is_changeable: see `sphinx.util.nodes.is_smartquotable`."""

    text: nodes.Text
    is_changeable: bool


class _Blocks:
    """The blocks of text of a document, gathered in one walk: text elements that stand in something else.

    - blocks: in document order, each with the code of its language: as its classes say, or those of what it stands in.
      The places of its texts are those of the blocks in it as well, where each finds what the other one made.
    """

    def __init__(self, document: nodes.document, language: str, skipped: tuple[type, ...]) -> None:
        self._skipped = skipped
        self._kinds: dict[type, _Kind] = {}
        self._language = language
        self.blocks: list[tuple[nodes.Element, str, list[_Place]]] = []
        self._gather(document, language, True, False, ())

    def put(self, new: str, place: _Place) -> None:
        """Put a text into the place of the first one in its element that equals the one there, as docutils does."""
        parent = place.text.parent
        index = parent.index(place.text)
        before = parent.children[index]
        if before == new and type(before) is nodes.Text and vars(before).keys() <= _OF_A_TEXT:
            before.source = before.line = None
            parent.setup_child(before)
            return
        text = nodes.Text(new)
        parent[index] = text  # `replace` sets up the new text twice
        if before is place.text:
            place.text = text
            return
        for _, _, places in self.blocks:
            for other in places:
                if other.text is before:
                    other.text = text

    def _gather(
        self,
        node: nodes.Element,
        code: str,
        is_changeable: bool,
        is_in_text: bool,
        around: tuple[list[_Place], ...],
    ) -> None:
        """is_in_text: whether it stands in a text element; around: the places of the blocks that it is in."""
        attributes = node.attributes
        if not _LANGUAGE_FROM_ABOVE:
            code = self._language
        for cls in attributes.get("classes", ()):
            if cls.startswith("language-"):
                code = str(cls.removeprefix("language-"))
                break
        kind = self._kinds.get(node.__class__) or self._kind(node.__class__)
        is_changeable = is_changeable and not kind.is_literal and attributes.get("support_smartquotes") is not False
        if kind.is_text and not is_in_text and not kind.is_skipped:
            around = (*around, [])
            self.blocks.append((node, code, around[-1]))
        for child in node.children:
            if isinstance(child, nodes.Element):
                self._gather(child, code, is_changeable, kind.is_text, around)
            elif around and not kind.is_option:
                place = _Place(child, is_changeable)
                for places in around:
                    places.append(place)

    def _kind(self, cls: type) -> _Kind:
        kind = self._kinds[cls] = _Kind(
            is_text=issubclass(cls, nodes.TextElement),
            is_skipped=issubclass(cls, self._skipped),
            is_literal=issubclass(cls, NON_SMARTQUOTABLE_PARENT_NODES),
            is_option=issubclass(cls, nodes.option_string),
        )
        return kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What quotes want to know of a class of nodes."""

    is_text: bool
    is_skipped: bool
    is_literal: bool
    is_option: bool


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
    SphinxSmartQuotes: (QuickSmartQuotes, "walks a document once, and looks for quotes before it works on them"),
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
