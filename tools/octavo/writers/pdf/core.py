"""What every part of the translator stands on: the buffer, the labels, the fallback for nodes that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxTranslator

from octavo.writers.pdf.escape import string
from octavo.writers.pdf.placed import marked

if TYPE_CHECKING:
    from sphinx.builders import Builder

    from octavo.writers.pdf.assembly import Assembly


_UNBREAKABLE = re.compile(r"\S{28}")
"""A piece that can be that long that the lines around it would have to give way."""
_TYPES = (addnodes.literal_emphasis, addnodes.literal_strong)
"""What names and types of parameters are set in."""


def is_hard_to_break(paragraph: nodes.Element) -> bool:
    """Whether the other lines of a paragraph would be stretched for code, or for the type of a parameter."""
    codes = [code.astext() for code in paragraph.findall(nodes.literal)]
    if any(map(_UNBREAKABLE.search, codes)) or (len(codes) > 2 and 2 * sum(map(len, codes)) > len(paragraph.astext())):
        return True
    return any(paragraph.findall(lambda n: isinstance(n, _TYPES))) and bool(_UNBREAKABLE.search(paragraph.astext()))


class Core(SphinxTranslator):
    """A buffer of Typst markup, and the ids that wait for an element to stand on.

    Handlers that extensions register (`app.add_node(MyNode, octavo_pdf=(visit, depart))`) get this object: they write
    with `add`, take text through `text`, and children through `capture`.

    - docname: the document being translated.
    - rank: rank of the innermost section, 1 for the document's title; 0 outside of all.
    """

    builder: Builder

    def __init__(self, document: nodes.document, builder: Builder) -> None:
        super().__init__(document, builder)
        self.assembly: Assembly = builder.assembly  # type: ignore[attr-defined]
        self.docname: str = builder.current_docname  # type: ignore[attr-defined]
        self.body: list[str] = []
        self.pending: list[str] = []
        self.rank = 0
        self.in_title = False
        self.in_caption = False
        self.in_table = 0
        self.in_code = False
        self.in_note = False
        self.tallest = 0.0  # of the pictures in a figure, as a part of the page's height
        self.explained: set[tuple[str, str]] = set()  # abbreviations, with what they stand for
        self._closers: list[str] = []

    # ---- writing

    def add(self, *parts: str) -> None:
        """Append Typst markup."""
        self.body.extend(parts)

    def text(self, text: str) -> str:
        """Text of the book as Typst markup."""
        return self.assembly.markup(text)

    def capture(self, children: Iterable[nodes.Node]) -> str:
        """The markup of some nodes, without adding it."""
        outer, self.body = self.body, []
        for child in children:
            child.walkabout(self)
        made, self.body = "".join(self.body), outer
        return made

    def content(self, children: Iterable[nodes.Node]) -> str:
        """The same as a content block."""
        return f"[{self.capture(children).strip()}]"

    def open(self, opening: str, closing: str) -> None:
        """Write the start of something whose end `close` writes."""
        self.add(opening)
        self._closers.append(closing)

    def close(self) -> None:
        """End what `open` started last."""
        self.add(self._closers.pop())

    def block(self, function: str, *arguments: str, body: str | None = None) -> None:
        """A call that stands by itself between paragraphs."""
        content = "" if body is None else f"[{body.strip()}]"
        self.add(f"\n\n#{function}({', '.join(a for a in arguments if a)}){content}\n\n")

    @contextmanager
    def being(self, **flags: Any) -> Iterator[None]:
        """Set attributes for a while."""
        before = {name: getattr(self, name) for name in flags}
        for name, value in flags.items():
            setattr(self, name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(self, name, value)

    # ---- labels

    def target(self, anchor: str) -> str:
        """The name of a place in this document."""
        return f"{self.docname}#{anchor}"

    def wait(self, ids: Iterable[str]) -> None:
        """Let the next element that can bear a label answer to these ids."""
        self.pending += [self.target(i) for i in ids]

    def claim(self, node: nodes.Element | None = None) -> str | None:
        """The label for an element: its own ids and those that waited; None when it has none."""
        names = [*self.pending, *(self.target(i) for i in (node.get("ids", ()) if node is not None else ()))]
        self.pending = []
        return self.assembly.claim(names)

    def id_of(self, node: nodes.Element | None = None) -> str:
        """`id: "..."` as an argument, or nothing."""
        label = self.claim(node)
        return f"id: {marked(label)}" if label else ""

    def anchor(self, node: nodes.Element | None = None) -> str:
        """A place inside a paragraph that the ids lead to, or nothing.

        In a title nothing is put: it is printed again in the table of contents, and a place is only once. What comes
        next gets the ids.
        """
        if self.in_title:
            self.wait(node.get("ids", ()) if node is not None else ())
            return ""
        label = self.claim(node)
        return f"#anchor({marked(label)});" if label else ""

    # ---- nodes that have no rendering of their own

    def visit_document(self, node: nodes.Element) -> None:
        """The spine decides what is around a document."""

    def depart_document(self, node: nodes.Element) -> None:
        """Nothing to close."""

    def unknown_visit(self, node: nodes.Node) -> None:
        """Keep the text: a titled block as a box, anything else as if the node were not there."""
        self.assembly.report_unknown(node)
        if not isinstance(node, nodes.Element):
            self.add(self.text(node.astext()))
            raise nodes.SkipNode
        if not node.children:
            self.wait(node.get("ids", ()))
            self.open("", "")
        elif isinstance(node.children[0], nodes.title):
            self.boxed(node, kind="note")
        elif isinstance(node, (nodes.Inline, nodes.TextElement)) and isinstance(node.parent, nodes.TextElement):
            self.open(f"#[{self.anchor(node)}", "];")
        else:
            self.wait(node.get("ids", ()))
            self.open("\n\n", "\n\n")

    def unknown_departure(self, node: nodes.Node) -> None:
        """Close what `unknown_visit` opened."""
        self.close()

    def boxed(self, node: nodes.Element, *, kind: str, title: str | None = None) -> None:
        """A box with a title: the one given (markup), else the node's own.

        Raises: SkipNode, for the children are taken care of.
        """
        children = list(node.children)
        label = self.id_of(node)
        if children and isinstance(children[0], nodes.title):
            heading = children.pop(0)
            with self.being(in_title=True):
                title = self.capture(heading.children)
        self.block(
            "admonition",
            label,
            f"kind: {string(kind)}",
            f"title: [{title}]" if title else "",
            body=self.capture(children),
        )
        raise nodes.SkipNode


def ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    """What a node stands in, from the inside out."""
    current = node.parent
    while current is not None:
        yield current
        current = current.parent
