"""The document tree to HTML: Sphinx's own visitors and those of third parties, with a few of ours.

What comes out is soup; `soup` and `repair` make XHTML of it. Before each node that a finding may be about stands a mark
with its number, so that the way back to the sources is never lost.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from docutils import nodes
from lxml import etree
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from octavo.diagnostics import Diagnostic
from octavo.mathematics.drawing import NotDrawnError, draw
from octavo.reading.reporting import report
from octavo.reading.shown_text import shown_text
from octavo.writers.epub.content_model import MATHML
from octavo.writers.epub.formula_spacing import set_as_tex_does
from octavo.writers.epub.soup import MARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.builders import Builder

    from octavo.writers.epub.builder import EpubBuilder

_MARKED = (nodes.reference, nodes.image, nodes.raw, nodes.math, nodes.math_block)
_OWN_MODULES = ("docutils.", "sphinx.")
# the content of these ends only with their end tag, so that one left open swallows the rest of the page
_SWALLOWING = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "select", "svg", "math")
_FILE_NAME = re.compile(r"[\w./\\%-]+\.[A-Za-z0-9]{2,4}")
_SPACES = re.compile("  +")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """Names of the methods for nodes of one class."""

    is_marked: bool
    visit: str
    depart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What is done with nodes of one class."""

    is_marked: bool
    visit: Callable[[nodes.Node], object]
    depart: Callable[[nodes.Node], object]


class EpubTranslator(HTML5Translator):
    """Writes one document.

    - marks: the nodes that the marks in the output are the numbers of.
    - formulas, unconverted: how many formulas there are, and how many of them stayed LaTeX.
    - without_alternative: pictures that had to be left without an alternative text.
    """

    def __init__(self, document: nodes.document, builder: Builder) -> None:
        super().__init__(document, builder)
        self.marks: list[nodes.Node] = []
        self._ways: dict[type[nodes.Node], _Way] = {}
        self.formulas = 0
        self.unconverted = 0
        self.without_alternative = 0
        self.book: EpubBuilder = builder  # type: ignore[assignment]  # no other makes this translator
        self.book_formulas = self.book.formulas

    def write(self, node: nodes.Node) -> bool:
        """Write the node and all below it, in one call for each, where `Node.walkabout` takes four; True to stop."""
        kind = type(node)
        way = self._ways.get(kind) or self._way(kind)
        if way.is_marked:
            self._mark(node)
        leave, stop = True, False
        try:
            try:
                way.visit(node)
            except nodes.SkipNode:
                return False
            except nodes.SkipDeparture:
                leave = False
            try:
                for child in node.children[:]:
                    if self.write(child):
                        stop = True
                        break
            except nodes.SkipSiblings:
                pass
        except nodes.SkipChildren:
            pass
        except nodes.StopTraversal:
            stop = True
        if leave:
            way.depart(node)
        return stop

    def _mark(self, node: nodes.Node) -> None:
        self.body.append(f"<!--{MARK}{len(self.marks)}-->")
        self.marks.append(node)

    def dispatch_visit(self, node: nodes.Node) -> None:
        kind = type(node)
        way = self._ways.get(kind) or self._way(kind)
        if way.is_marked:
            self._mark(node)
        way.visit(node)

    def dispatch_departure(self, node: nodes.Node) -> None:
        kind = type(node)
        (self._ways.get(kind) or self._way(kind)).depart(node)

    def _way(self, kind: type[nodes.Node]) -> _Way:
        """The methods of this translator; which ones, is the same for all documents of a book."""
        found = self.book.visitors.get(kind)
        if found is None:
            found = self.book.visitors[kind] = self._visitors(kind)
        way = _Way(is_marked=found.is_marked, visit=getattr(self, found.visit), depart=getattr(self, found.depart))
        self._ways[kind] = way
        return way

    def _visitors(self, kind: type[nodes.Node]) -> Visitors:
        """As Sphinx looks for them: by the name of the class, then of what it derives from."""
        names = [base.__name__ for base in kind.__mro__]
        is_stranger = issubclass(kind, nodes.Element) and not kind.__module__.startswith(_OWN_MODULES)
        return Visitors(
            is_marked=issubclass(kind, _MARKED) or is_stranger,
            visit=next((found for n in names if hasattr(self, found := f"visit_{n}")), "unknown_visit"),
            depart=next((found for n in names if hasattr(self, found := f"depart_{n}")), "unknown_departure"),
        )

    def unknown_visit(self, node: nodes.Node) -> None:
        """A node that no one can write in HTML: its children are written, and it is said once a kind."""
        report(Diagnostic(rule="epub/node-unknown", value=type(node).__name__), node)

    def unknown_departure(self, node: nodes.Node) -> None:
        """Nothing was opened."""

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802 -- docutils' name
        """A literal without a span around each of its words: they are for style sheets of sites."""
        if self.protect_literal_text:
            self.body.append(_SPACES.sub(_kept_together, self.encode(node.astext())))
        else:
            super().visit_Text(node)

    def visit_raw(self, node: nodes.raw) -> None:
        """Raw HTML whose open ends can't reach into what follows."""
        formats = node.get("format", "").split()
        if not {"html", "epub", "xhtml"} & set(formats):
            # for another format; a label before it leads here all the same
            self.body += [f'<span id="{self.attval(name)}"></span>' for name in node.get("ids", ())]
            raise nodes.SkipNode
        text, faults = closed(node.astext(), _raw_after(node))
        for fault in faults:
            report(Diagnostic(rule="epub/markup-repaired", value=fault, context="raw HTML"), node)
        tag = "span" if isinstance(node.parent, nodes.TextElement) else "div"
        if node["classes"] or node.get("ids"):
            self.body.append(self.starttag(node, tag, "") + text + f"</{tag}>")
        else:
            self.body.append(text)
        raise nodes.SkipNode

    def visit_reference(self, node: nodes.Element) -> None:
        """Links to the source code's pages of the site have nowhere to lead to in a book."""
        if any(
            "viewcode-link" in child.get("classes", ()) for child in node.children if isinstance(child, nodes.Element)
        ):
            raise nodes.SkipNode
        super().visit_reference(node)

    def visit_hlist(self, node: nodes.Element) -> None:
        """One list, where Sphinx writes a table for the sake of columns: nothing in it is a head of anything."""
        lists = [part for column in node.children for part in column.children if isinstance(part, nodes.bullet_list)]
        for further in lists[1:]:
            lists[0].extend(further.children)
            further.parent.remove(further)
        self.body.append(self.starttag(node, "div", CLASS="hlist"))

    def depart_hlist(self, node: nodes.Element) -> None:
        self.body.append("</div>\n")

    def visit_hlistcol(self, node: nodes.Element) -> None:
        """Its lists are all in the first."""

    def depart_hlistcol(self, node: nodes.Element) -> None:
        """Nothing was opened."""

    def visit_problematic(self, node: nodes.problematic) -> None:
        """Without docutils' link to its message: Sphinx takes the message out of the document, and has said it."""
        self.body.append(self.starttag(node, "span", "", CLASS="problematic"))

    def depart_problematic(self, node: nodes.problematic) -> None:
        self.body.append("</span>")

    def visit_image(self, node: nodes.image) -> None:
        node["alt"] = self._alternative(node)
        super().visit_image(node)

    def _alternative(self, node: nodes.image) -> str:
        """The author's words; in a figure without any, its caption; never a file name."""
        alt = " ".join(str(node.get("alt", "")).split())
        if (
            alt
            and alt != node.get("uri")
            and alt not in node.get("candidates", {}).values()
            and not _FILE_NAME.fullmatch(alt)
        ):
            return alt
        if "decorative" in node.get("classes", ()):
            return ""
        around: nodes.Node | None = node.parent
        for _ in range(2):
            if isinstance(around, nodes.figure):
                caption = next(iter(around.findall(nodes.caption)), None)
                words = shown_text(caption) if caption is not None else ""
                if words:
                    return words
            around = getattr(around, "parent", None)
        beside = node.parent
        if isinstance(beside, nodes.reference) and beside.astext().strip():
            # the words in the same link say it already
            return ""
        self.without_alternative += 1
        hint = "describe it, or give it the class 'decorative'"
        uri = str(node.get("uri", ""))
        # pictures that a notebook or a diagram's program made are outside the sources
        value = PurePath(uri).name if uri.startswith("../") or PurePath(uri).is_absolute() else uri
        report(Diagnostic(rule="epub/alternative-text-missing", value=value, hint=hint), node)
        return ""

    def visit_math(self, node: nodes.math, math_env: str = "") -> None:
        formula = self._formula(node.astext(), node, display=False)
        if formula or node.get("ids"):
            self.body.append(self.starttag(node, "span", "", CLASS="math") + formula + "</span>")
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block, math_env: str = "") -> None:
        parts = [node.astext()] if node.get("nowrap", node.get("no-wrap")) else re.split(r"\n[ \t]*\n", node.astext())
        formulas = [made for part in parts if part.strip() and (made := self._formula(part, node, display=True))]
        if not formulas and not node.get("ids"):
            raise nodes.SkipNode
        self.body.append(self.starttag(node, "div", CLASS="math"))
        if node.get("number"):
            self.body.append(f'<span class="eqno">({self.encode(get_node_equation_number(self, node))})</span>')
        self.body += formulas
        self.body.append("</div>\n")
        raise nodes.SkipNode

    def _formula(self, latex: str, node: nodes.Node, *, display: bool) -> str:
        """MathML, or a picture of what can't be it; nothing for a formula that only defines macros."""
        made = self.book_formulas.convert(latex, display=display, docname=self.book.current_docname, node=node)
        if made is None:
            return ""
        self.formulas += 1
        words = made.words
        if made.is_whole:
            set_as_tex_does(made.math)
            made.math.set("alttext", words)
            self._lead(made.math)
            return str(etree.tostring(made.math, encoding="unicode"))
        self.unconverted += 1
        return self._drawn(made.math, words, display=display)

    def _lead(self, math: etree._Element) -> None:
        """References in a formula lead to their equations."""
        for text in math.iter(f"{{{MATHML}}}mtext"):
            label = (text.get("href") or "").removeprefix("#")
            equation = self.book_formulas.equations.find(label) if label else None
            if equation is not None:
                uri = self.builder.get_relative_uri(self.book.current_docname, equation.docname)
                text.set("href", f"{uri}#{equation.anchor}")

    def _drawn(self, math: etree._Element, words: str, *, display: bool) -> str:
        try:
            drawing = draw(math, display=display)
        except NotDrawnError:
            return f"<span>{self.encode(words)}</span>"
        data = base64.b64encode(drawing.svg).decode("ascii")
        style = f"height: {drawing.height:.2f}em"
        if not display:
            style += f"; vertical-align: {-drawing.depth:.2f}em"
        return (
            f'<img class="octavo-formula" alt="{self.attval(words)}" style="{style}" '
            f'src="data:image/svg+xml;base64,{data}"/>'
        )


def _kept_together(spaces: re.Match[str]) -> str:
    """Spaces that don't become one; a line may end with the last of them."""
    return "&#160;" * (len(spaces.group()) - 1) + " "


def _raw_after(node: nodes.raw) -> str:
    """The raw HTML beside a node and after it: MyST makes a node of each tag in a paragraph."""
    if node.parent is None:
        return ""
    following = node.parent.children[node.parent.index(node) + 1 :]
    return "".join(n.astext() for n in following if isinstance(n, nodes.raw))


def closed(html: str, after: str = "") -> tuple[str, tuple[str, ...]]:
    """Raw HTML with its comments and swallowing elements closed, and what had to be closed, as sentences.

    after: raw HTML of the same parent that follows, in which an element may be closed.
    """
    faults: list[str] = []
    html = re.sub(r"<plaintext[^>]*>", "<pre>", html, flags=re.IGNORECASE)
    if html.rfind("<!--") > html.rfind("-->"):
        faults.append("a comment is not closed")
        html += "-->"
    bare = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    for tag in _SWALLOWING:
        opened = len(re.findall(rf"<{tag}(?:[\s>]|/(?!>))(?![^<>]*/>)", bare, re.IGNORECASE))
        ended = len(re.findall(rf"</{tag}\s*>", bare, re.IGNORECASE))
        if opened > ended and not re.search(rf"</{tag}\s*>", after, re.IGNORECASE):
            faults.append(f"<{tag}> is not closed")
            html += f"</{tag}>" * (opened - ended)
    return html, tuple(faults)
