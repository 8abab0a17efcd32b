"""How a paragraph stands to what is around it: whether it leads in to what comes next, whether others are beside it."""

from __future__ import annotations

from itertools import pairwise

from docutils import nodes
from sphinx import addnodes

from octavo.writers.pdf.highlighting import columns_of

_LINE = 60
"""Letters of a line on the narrowest page: a paragraph that is no longer leads in to a block that it stands before."""
_LINES = 130
"""The same of two lines, for a paragraph that ends with a colon."""
_COLONS = (":", "：", "︓")
_INVISIBLE = (
    nodes.comment, nodes.target, nodes.substitution_definition, nodes.pending, nodes.system_message, addnodes.index,
    addnodes.highlightlang,
)  # fmt: skip
_LED_TO = (
    nodes.literal_block, nodes.doctest_block, nodes.bullet_list, nodes.enumerated_list, nodes.definition_list,
    nodes.option_list, nodes.field_list, nodes.table, nodes.math_block, nodes.line_block, nodes.block_quote,
    nodes.image, addnodes.desc, addnodes.productionlist, addnodes.hlist,
)  # fmt: skip
_PARAGRAPHS = (nodes.paragraph, addnodes.compact_paragraph)


def leads_in(paragraph: nodes.Element) -> bool:
    """Whether a short paragraph is there for the code, the list or the like behind it, and has to stay with that."""
    if _beginning_of_item(paragraph):
        return False  # a mark stands beside it, which would not move to the next page with it
    text = " ".join(paragraph.astext().split())
    most = _LINES if text.endswith(_COLONS) else _LINE
    return 0 < columns_of(text) <= most and _is_led_to(_beside(paragraph, 1))


def follows_paragraph(paragraph: nodes.Element) -> bool:
    """Whether another paragraph is right before this one."""
    return isinstance(_beside(paragraph, -1), _PARAGRAPHS)


def has_paragraphs_together(item: nodes.Element) -> bool:
    """Whether two paragraphs of an item (of a list, or of a definition) follow each other."""
    are_paragraphs = [isinstance(child, _PARAGRAPHS) for child in item.children if not isinstance(child, _INVISIBLE)]
    return any(first and second for first, second in pairwise(are_paragraphs))


def begins_with_block(body: nodes.Element) -> bool:
    """Whether what stands first is no paragraph, but a list or any other block."""
    first = next((child for child in body.children if not isinstance(child, _INVISIBLE)), None)
    return isinstance(first, nodes.Element) and not isinstance(first, (nodes.TextElement, nodes.Text))


def _beside(node: nodes.Element, step: int) -> nodes.Node | None:
    siblings = node.parent.children if node.parent is not None else []
    place = siblings.index(node) + step if siblings else -1
    while 0 <= place < len(siblings):
        if not isinstance(siblings[place], _INVISIBLE):
            return siblings[place]
        place += step
    return None


def _beginning_of_item(paragraph: nodes.Element) -> bool:
    return isinstance(paragraph.parent, nodes.list_item) and _beside(paragraph, -1) is None


def _is_led_to(node: nodes.Node | None) -> bool:
    """Whether a node is a block that words lead in to; a container is what it begins with."""
    while isinstance(node, nodes.container) and node.children:
        node = node.children[0]
        if isinstance(node, nodes.caption):
            return True
    return isinstance(node, _LED_TO)
