"""Half-title, title page, copyright page and dedication as their author wrote them.

Paper says what such a page is by its look: the heading ("Title page") is a bookmark and not printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.writers.pdf import roles
from octavo.writers.pdf.escape import array

if TYPE_CHECKING:
    from octavo.writers.pdf.translator import PdfTranslator

_BLURB = 1500
"""Characters of a root document's text up to which it is a blurb, and no chapter."""
_DEDICATION = 900
_PROSE = (
    nodes.paragraph, nodes.block_quote, nodes.line_block, nodes.target, nodes.comment, addnodes.index,
    nodes.substitution_definition, nodes.bullet_list, nodes.attribution,
)  # fmt: skip


def is_blurb(document: nodes.document) -> bool:
    """Whether a root document says just a few words before its toctrees."""
    if len(list(document.findall(nodes.section))) != 1 or len(_words(document)) > _BLURB:
        return False
    blocks = list(_blocks(document))
    return all(isinstance(b, _PROSE) for b in blocks) and not any(b.next_node(nodes.image) for b in blocks)


def is_short(document: nodes.document) -> bool:
    """Whether a dedication is one, by its length."""
    return len(document.astext()) <= _DEDICATION


def segments(translator: PdfTranslator, role: str, publisher: str | None) -> Iterator[tuple[str, nodes.Node]]:
    """The pages of a document in a role: Typst source, and the node that it comes from."""
    document = translator.document
    title = next(document.findall(nodes.title), None)
    heading = translator.text(title.astext()) if title is not None else ""
    for section in document.findall(nodes.section):
        if title is not None and section is title.parent:
            translator.wait(section["ids"])
    content = list(_blocks(document))
    nested = [s for s in document.findall(nodes.section) if title is None or s is not title.parent]
    tops = [s for s in nested if not any(s is not o and o in nested for o in _above(s))]
    start = f"heading: [{heading}], {translator.id_of()}".rstrip(", ")
    if role == roles.TITLE_PAGE:
        yield _title_page(translator, start, content, publisher), document
    else:
        function = {roles.HALF_TITLE: "own-half-title", roles.COPYRIGHT_PAGE: "own-copyright-page"}.get(
            role, "own-dedication"
        )
        yield f"#{function}({start})[{translator.capture(content).strip()}]", document
    for section in tops:
        translator.wait(section["ids"])
        inner = next((c for c in section.children if isinstance(c, nodes.title)), None)
        name = inner.astext() if inner is not None else ""
        kind = roles.role_of_title(name)
        function = "own-copyright-page" if kind == roles.COPYRIGHT_PAGE else "own-page"
        start = f"heading: [{translator.text(name)}], {translator.id_of()}".rstrip(", ")
        body = translator.capture(c for c in section.children if c is not inner)
        yield f"#{function}({start})[{body.strip()}]", section
        if kind == roles.COPYRIGHT_PAGE:
            translator.assembly.own_pages.add(roles.COPYRIGHT_PAGE)


def _title_page(translator: PdfTranslator, start: str, content: Iterable[nodes.Node], publisher: str | None) -> str:
    """Title, subtitle and names as lines; from the publisher's on at the foot of the page."""
    top: list[str] = []
    foot: list[str] = []
    for block in content:
        made = translator.capture([block]).strip()
        if not made:
            continue
        shown = [c for c in block.children if not isinstance(c, nodes.Text) or c.strip()]
        sole = shown[0] if len(shown) == 1 else None
        kind = "title" if isinstance(sole, nodes.strong) else "subtitle" if isinstance(sole, nodes.emphasis) else "line"
        if foot or (top and publisher and publisher in block.astext()):
            foot.append(f"[{made}]")
        else:
            top.append(f'("{kind}", [{made}])')
    return f"#own-title-page({start}, top: {array(top)}, foot: {array(foot)})"


def _blocks(document: nodes.document) -> Iterator[nodes.Node]:
    """The blocks of a document's own section, out of their containers."""

    def inside(node: nodes.Element) -> Iterator[nodes.Node]:
        for child in node.children:
            group = isinstance(child, nodes.container) and not child.get("literal_block")
            if group or (isinstance(child, nodes.section) and node is document):
                yield from inside(child)
            elif not isinstance(child, (nodes.title, nodes.section, addnodes.toctree, nodes.compound)):
                yield child

    yield from inside(document)


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def _words(document: nodes.document) -> str:
    return " ".join(b.astext() for b in _blocks(document))
