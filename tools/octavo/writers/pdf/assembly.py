"""What the documents of one book share while they are set: targets, references, pictures, formulas, characters.

References are decided last. While a document is translated, a reference is a mark in the source that names an entry
here; when every document is there, it is known which targets exist, and the marks become links, or plain text with a
diagnostic: Typst refuses a book for one label that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from octavo.diagnostics import Diagnostic
from octavo.mathematics import typst_source
from octavo.reading.lines import exact_line
from octavo.reading.log import source_and_line
from octavo.reading.reporting import report
from octavo.writers.pdf import escape
from octavo.writers.pdf.links import did_you_mean, nearest
from octavo.writers.pdf.numbering import Numbering, roman
from octavo.writers.pdf.numerals import WESTERN, in_digits

if TYPE_CHECKING:
    from octavo.reading.formulas import Formulas
    from octavo.writers.pdf.images import Pictures
    from octavo.writers.pdf.settings import Settings

_LINK = re.compile(f"{typst_source.LINK}([^{typst_source.LINK}]*){typst_source.LINK}")
_MARK = re.compile("\x02([0-9]+)\x03")
GENERATED_PAGES = ("genindex", "search")
"""Pages that Sphinx's HTML has and no document is; a reference to them is no fault of the book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference inside the book. target: `docname` or `docname#anchor`; with_page: name the page in print."""

    target: str
    node: nodes.Node
    with_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A formula for Typst: its math source, and the words it is read out with."""

    source: str
    words: str


@dataclass(slots=True, kw_only=True)
class Assembly:
    """The shared state of one run.

    - sources: docname -> path of its source file, of every document in the book.
    - targets: name (`docname`, `docname#anchor`) -> name of the label that stands for it in Typst.
    - substitutes: character without a glyph -> what is printed instead.
    - last_rank: rank of the heading that came last; the next may be one lower at most.
    - parts: how many have a number so far.
    - publisher: as the metadata name it, or None.
    - right_to_left: whether the book's language runs that way.
    - start: the document that the book begins with.
    - elsewhere: documents that other books of the project hold, where this one is not all of it.
    - part: title of the part that headings stand in now, where documents are parts.
    - numbering: numbers of headings where the theme gives them, or None.
    - own_pages: the roles of pages that the author wrote.
    - citations: the targets that are entries of a bibliography.
    - destinations: the labels that references lead to; the source names them by their position.
    - titles: label of a heading -> the heading.
    - formulas: the converter that all writers share.
    """

    settings: Settings
    pictures: Pictures
    formulas: Formulas
    sources: Mapping[str, str]
    page_word: str = "p."
    right_to_left: bool = False
    publisher: str | None = None
    start: str = "index"
    elsewhere: frozenset[str] = frozenset()
    part: str | None = None
    numbering: Numbering | None = None
    last_rank: int = 0
    parts: int = 0
    substitutes: dict[int, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    citations: set[str] = field(default_factory=set)
    own_pages: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    unknown_nodes: set[str] = field(default_factory=set)
    destinations: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    # ---- text

    def substituted(self, text: str) -> str:
        """The text in characters that the fonts have."""
        return text.translate(self.substitutes) if self.substitutes else text

    def markup(self, text: str) -> str:
        """Text of the book as Typst markup."""
        return escape.markup(self.substituted(text))

    # ---- parts

    def next_part(self) -> str:
        """The number of the next part."""
        self.parts += 1
        return self.part_number(self.parts)

    def part_number(self, number: int) -> str:
        """The number of a part: Roman where the book counts in western digits."""
        return roman(number) if self.settings.digits == WESTERN else self.numbered(str(number))

    def numbered(self, text: str) -> str:
        """A number of ours in the digits of the book."""
        return in_digits(text, self.settings.digits)

    # ---- targets and references

    def claim(self, names: Iterable[str]) -> str | None:
        """Register names that one element answers to; the label to put on it, or None when all were taken before."""
        fresh = [name for name in dict.fromkeys(names) if name not in self.targets]
        for name in fresh:
            self.targets[name] = fresh[0]
        return fresh[0] if fresh else None

    def refer(self, target: str, node: nodes.Node, *, with_page: bool) -> str:
        """The mark that stands for the function of a reference until `resolve`."""
        self.references.append(Reference(target=target, node=node, with_page=with_page))
        return f"\x02{len(self.references) - 1}\x03"

    def resolve(self, source: str) -> str:
        """Typst source with its marks as functions."""
        return _MARK.sub(lambda match: self._function(self.references[int(match[1])]), source)

    def _function(self, reference: Reference) -> str:
        label = self.targets.get(reference.target)
        if label is None:
            return "plain"
        if reference.with_page and self.settings.page_references and reference.target not in self.citations:
            word = escape.string(self.substituted(self.page_word))
            return f"page-ref({self.destination(label)}, {escape.string(label)}, {word})"
        return f"ref-to({self.destination(label)})"

    def destination(self, label: str) -> int:
        """The number under which the source names a label that it leads to."""
        if label not in self._numbers:
            self._numbers[label] = len(self.destinations)
            self.destinations.append(label)
        return self._numbers[label]

    def report_broken(self) -> None:
        """Say every reference that leads nowhere, each at its place."""
        for reference in self.references:
            if reference.target in self.targets:
                continue
            docname, _, anchor = reference.target.partition("#")
            if docname in GENERATED_PAGES or docname.endswith("-modindex"):
                continue
            if docname not in self.sources and docname in self.elsewhere:
                continue
            if docname not in self.sources:
                hint = did_you_mean(nearest(docname, self.sources))
                found = Diagnostic(rule="links/page-missing", value=docname, hint=hint, formats=("pdf",))
            else:
                context, hint = self.sources[docname], did_you_mean(nearest(anchor, self._anchors(docname)))
                found = Diagnostic(
                    rule="links/anchor-missing", value=anchor, context=context, hint=hint, formats=("pdf",)
                )
            self.report_link(found, reference.node)

    def _anchors(self, docname: str) -> Iterator[str]:
        return (name.partition("#")[2] for name in self.targets if name.startswith(f"{docname}#"))

    # ---- mathematics

    def formula(self, latex: str, *, display: bool, node: nodes.Node, docname: str) -> Formula | None:
        """The formula for Typst, or None when there is nothing to set."""
        made = self.formulas.convert(latex, display=display, docname=docname, node=node)
        if made is None:
            return None

        def link(match: re.Match[str]) -> str:
            equation = self.formulas.equations.find(match[1])
            target = f"{equation.docname}#{equation.anchor}" if equation else ""
            return f"#{self.refer(target, node, with_page=False)}" if target else "#plain"

        return Formula(source=_LINK.sub(link, typst_source.typst(made.math)), words=made.words)

    # ---- findings

    def report(self, diagnostic: Diagnostic, node: nodes.Node | None) -> None:
        """Say a finding at the place of a node."""
        report(diagnostic, node)

    def report_link(self, diagnostic: Diagnostic, node: nodes.Node) -> None:
        """Say a finding about a link at its own line, which parsers don't know: that of the paragraph is theirs."""
        path, block = source_and_line(node)
        place = nodes.Element()
        place.source = path
        needles = (diagnostic.value, node.astext())
        told = tuple(needle for needle in needles if len(needle) > 2 and "\n" not in needle)
        place.line = exact_line(Path(path), block, told) if path else None
        report(diagnostic, place if path else node)

    def report_unknown(self, node: nodes.Node) -> None:
        """Say, once for each class, that a node has no rendering."""
        kind = type(node)
        name = f"{kind.__module__}.{kind.__name__}"
        if name not in self.unknown_nodes:
            self.unknown_nodes.add(name)
            report(Diagnostic(rule="pdf/node-unknown", value=name), node)
