"""One document into Typst: a list of segments, each of which stands by itself.

A segment is a heading or one block between headings. Since each is whole (its brackets are its own), one that Typst
refuses can be taken out and set as plain text without touching its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from octavo.reading.diagrams import RULES, settle_diagrams
from octavo.reading.sidenotes import number_all_notes
from octavo.writers.pdf import preliminaries
from octavo.writers.pdf.components import ComponentTranslator
from octavo.writers.pdf.core import ancestors
from octavo.writers.pdf.escape import optional, string
from octavo.writers.pdf.inline import InlineTranslator
from octavo.writers.pdf.placed import marked

if TYPE_CHECKING:
    from octavo.writers.pdf.spine import SpineEntry

_DROPPED_PAGES = ("%genindex", "%search")


@dataclass(slots=True)
class Segment:
    """A part of a document.

    - node: what it was made of, for its place and its plain text.
    - labels: the labels in it, known when all documents are translated.
    """

    source: str
    node: nodes.Node
    labels: tuple[str, ...] = ()


class PdfTranslator(InlineTranslator, ComponentTranslator):
    """The translator of documents; `segments` is what comes out of it."""

    def begin(self, entry: SpineEntry, *, first_rank: int, title: str) -> None:
        """Translate the document for its place in the book.

        - first_rank: rank of the document's title, 1 for what stands in no part and in no other document.
        - title: what a document is called that begins with text and has no title.
        """
        self.assembly.formulas.settle_references(self.document, entry.docname)
        settle_diagrams(self.document, self.builder, RULES["pdf"])
        number_all_notes(self.document)
        self.entry = entry
        self.first_rank = first_rank
        self.part = entry.part
        self.segments: list[Segment] = []
        self.pending.append(entry.docname)
        if entry.role is not None:
            publisher = self.assembly.publisher
            self.segments += [Segment(*made) for made in preliminaries.segments(self, entry.role, publisher)]
            self.assembly.last_rank = 1
            return
        self.recto = self.assembly.settings.open_right and entry.recto
        if entry.depth == 0 and not _begins_with_title(self.document):
            self._open_untitled(title)
        self.flow(self.document)
        if self.pending:
            self.segments.append(Segment(self.anchor(), self.document))

    def _open_untitled(self, title: str) -> None:
        """A chapter that begins without a title: the root document gets the book's, for its sections need a chapter."""
        stand_in = nodes.title("", title)
        if self.docname == self.assembly.start:
            section = nodes.section("", stand_in, ids=[])
            section.parent = self.document
            label = self.claim()
            body = self.text(title)
            self.segments.append(Segment(self.heading(stand_in, body, None, label, title).strip(), stand_in))
            self.rank = 1
        else:
            recto = "true" if self.recto else "false"
            call = f"#untitled(short: {string(title)}, part: {optional(self.part)}, recto: {recto})"
            self.segments.append(Segment(call, self.document))

    def flow(self, node: nodes.Element) -> None:
        """Children as segments; sections are flat, as their headings are."""
        for child in node.children:
            if isinstance(child, nodes.section):
                self.rank += 1
                self.wait(child["ids"])
                if not _only_generated(child):
                    self.flow(child)
                self.rank -= 1
            else:
                self.body = []
                child.walkabout(self)
                source = "".join(self.body).strip()
                if source:
                    self.segments.append(Segment(source, child))

    def heading(self, node: nodes.Element, body: str, number: str | None, label: str | None, plain: str) -> str:
        """A chapter's opening, or a heading inside of a chapter; ranks go down by one at a time."""
        rank = min(self.first_rank + max(self.rank, 1) - 1, self.assembly.last_rank + 1)
        self.assembly.last_rank = rank
        depth = self._depth(node)
        number = number or self._own_number(depth)
        number = number and self.assembly.numbered(number)
        shown = string(number) if number else "none"
        if label:
            self.assembly.titles[label] = f"{number} {plain}" if number else plain
        start = f"id: {marked(label)}, " if label else ""
        recto = "true" if self.recto else "false"
        if depth < 0:
            self.assembly.part = plain
            return f"\n\n#part({start}number: {shown}, short: {string(plain)}, recto: {recto})[{body}]\n\n"
        if depth == 0:
            over = self.entry.eyebrow
            eyebrow = f", eyebrow: {string(self.assembly.substituted(over))}" if over else ""
            return (
                f"\n\n#chapter({start}level: {rank}, number: {shown}, short: {string(plain)}, "
                f"part: {optional(self.part or self.assembly.part)}, recto: {recto}{eyebrow})[{body}]\n\n"
            )
        opens = f"#opener-mark({string(plain)}, none)" if self._opens_document(node) else ""
        return f"\n\n{opens}#section({start}level: {rank}, depth: {depth}, number: {shown})[{body}]\n\n"

    def _opens_document(self, node: nodes.Element) -> bool:
        """Whether a heading opens a document of the first rank."""
        return self.entry.depth == 0 and self.rank <= 1 and isinstance(node.parent.parent, nodes.document)

    def _depth(self, node: nodes.Element) -> int:
        """How deep a heading is: -1 for a part's, 0 for a chapter's, 1 and more for those inside of one."""
        depth = self.entry.depth + max(self.rank, 1) - 1
        match self.assembly.settings.toplevel:
            case "part" if self.docname != self.assembly.start and self.entry.matter == "body":
                return depth - 1
            case "section":
                return depth + 1
            case _:
                return 0 if self._opens_document(node) else max(1, depth)

    def _own_number(self, depth: int) -> str | None:
        """The number of a heading where the project gives none and the theme does."""
        if self.assembly.numbering is None or self.docname == self.assembly.start:
            return None
        if depth < 0:
            return self.assembly.next_part()
        within = depth - 1 if self.assembly.settings.toplevel == "section" else depth
        return self.assembly.numbering.next(within, self.entry.matter)


def _begins_with_title(document: nodes.document) -> bool:
    """Whether a section is the first thing that shows."""
    for child in document.children:
        if isinstance(child, nodes.section):
            return True
        if child.astext().strip() and not isinstance(child, (nodes.comment, nodes.raw, nodes.system_message)):
            return False
        if next(child.findall(nodes.image), None) is not None:
            return False
    return True


def _only_generated(section: nodes.Element) -> bool:
    """Whether a section holds nothing but links to pages that only a web site has ("Indices and tables")."""
    links = list(section.findall(nodes.reference))
    if not links or any(inner is not section for inner in section.findall(nodes.section)):
        return False
    if not all(_is_generated_page(str(link.get("refuri", ""))) for link in links):
        return False
    rest = [
        text.astext()
        for text in section.findall(nodes.Text)
        if not any(isinstance(p, (nodes.reference, nodes.title)) for p in ancestors(text))
    ]
    return not "".join(rest).strip()


def _is_generated_page(uri: str) -> bool:
    return uri.startswith(_DROPPED_PAGES) or (uri.startswith("%") and uri.endswith("modindex"))


_SILENT_LEAVES = (
    nodes.Invisible, nodes.target, nodes.raw, nodes.transition, addnodes.index, addnodes.toctree,
    addnodes.highlightlang, addnodes.tabular_col_spec, nodes.meta, nodes.document, nodes.section,
    nodes.container, nodes.compound,
)  # fmt: skip


def has_prose(document: nodes.document) -> bool:
    """Whether a root document says anything besides its title and its toctrees."""
    # an image, a diagram, a film: what shows something and holds no text
    leaves = (n for n in document.findall(nodes.Element) if not n.children and not isinstance(n, _SILENT_LEAVES))
    if any(not any(_is_silent(p, document) for p in ancestors(leaf)) for leaf in leaves):
        return True
    return any(
        str(text).strip() and not any(_is_silent(p, document) for p in ancestors(text))
        for text in document.findall(nodes.Text)
    )


def _is_silent(node: nodes.Node, document: nodes.document) -> bool:
    if isinstance(node, (nodes.comment, nodes.raw, nodes.substitution_definition, nodes.system_message)):
        return True
    if isinstance(node, nodes.title):
        return node.parent.parent is document
    if isinstance(node, nodes.compound):
        return "toctree-wrapper" in node.get("classes", ())
    return isinstance(node, nodes.section) and node.parent is not document and _only_generated(node)
