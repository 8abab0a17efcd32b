"""Pictures, figures, listings with captions, and displayed formulas."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.locale import _

from octavo.diagnostics import Diagnostic
from octavo.writers.pdf import images
from octavo.writers.pdf.blocks import BlockTranslator
from octavo.writers.pdf.core import ancestors
from octavo.writers.pdf.escape import optional, string

_OPENING = 1500
"""Characters that fill the first page of a document: until then, a figure at its head would be over the title."""
_PLATE = 0.68
"""Part of a page's height from which on a picture has the page for itself: beside it and its caption, five or six lines
of text would have room."""
_AUTHORS_MEASURE = 468
"""Points of a line on US letter paper with margins of an inch, about as wide as the column of a site."""
_MARKS = 40
"""Letters and signs that fit into a line of a formula whatever they are: at 10.5 points on the narrowest page."""
_DEFINITION = re.compile(r"\\(re|provide)?newcommand|\\(g|e|x)?def\b|\\let\b|\\DeclareMathOperator")
"""How a part of a formula begins that shows nothing."""
_PARTED = re.compile(r"&|\\\\")
_SIGN = re.compile(r"\\u\{[0-9a-f]+\}|[^\s#$(){}\[\],:;\"\\]")


def _in_rows(latex: str) -> str:
    """Formulas that blank lines part, below each other, as Sphinx sets them; any other as it is."""
    parts = [part.strip() for part in re.split(r"\n[ \t]*\n", latex) if part.strip()]
    if len(parts) < 2 or any(_DEFINITION.match(p) or p.count(r"\begin{") != p.count(r"\end{") for p in parts):
        return latex
    rows = [rf"\begin{{aligned}}{p}\end{{aligned}}" if _PARTED.search(p) and "\\begin{" not in p else p for p in parts]
    return r"\begin{gathered}" + r"\\".join(rows) + r"\end{gathered}"


def _may_be_wide(source: str) -> bool:
    """Whether a formula's Typst source has so many signs that its width has to be looked at."""
    return len(_SIGN.findall(source)) > _MARKS


class FigureTranslator(BlockTranslator):
    """Handlers for what may bear a caption."""

    def figure_number(self, node: nodes.Element) -> str | None:
        """The number with its word ("Fig. 3") as the other formats print it, or None."""
        if not self.config.numfig or not node["ids"]:
            return None
        kind = self.builder.env.domains.standard_domain.get_enumerable_node_type(node)
        numbers = self.builder.env.toc_fignumbers.get(self.docname, {}).get(kind or "", {})
        found = next((numbers[i] for i in node["ids"] if i in numbers), None)
        pattern = str(self.config.numfig_format.get(kind, ""))
        if not found:
            return None
        number = self.assembly.numbered(".".join(map(str, found)))
        return (pattern % number if "%s" in pattern else pattern.replace("{number}", number)).strip() or number

    def captioned(
        self,
        node: nodes.Element,
        caption: nodes.Element | None,
        body: str,
        *,
        label: str,
        kind: str,
        alt: str | None = None,
        above: bool = False,
        breakable: bool = False,
        floats: bool = False,
        fills: bool = False,
        legend: str = "",
    ) -> None:
        """A body with a caption (or with none).

        - label: as `id_of` gave it, before anything inside could take it.
        - floats: whether it may go to the head or foot of a page while the text goes on. Only what has a number does,
          for the text can call it by that, wherever it is.
        - fills: whether it then has the page for itself, for it would leave a line or a row of a table beside it.
        """
        number = self.figure_number(node)
        with self.being(in_caption=True):
            text = (self.anchor(caption) + self.capture(caption.children).strip()) if caption is not None else ""
        arguments = [
            label,
            f"kind: {string(kind)}",
            f"alt: {string(alt)}" if alt else "",
            f"number: {optional(number)}",
            f"caption: [{text}]" if text else "",
            "above: true" if above else "",
            "breakable: true" if breakable else "",
            self._floating(node, fills=fills) if floats and number else "",
            f"legend: [{legend.strip()}]" if legend.strip() else "",
        ]
        self.block("captioned", *arguments, body=body)

    @staticmethod
    def _floating(node: nodes.Element, *, fills: bool) -> str:
        """Where a figure may go: not out of lists and boxes, and on the first page of its chapter only to the foot."""
        section = node.parent
        if not isinstance(section, nodes.section):
            return ""
        if fills:
            return 'floats: "page"'
        before, current = 0, node
        while current.parent is not None and before <= _OPENING:
            siblings = current.parent.children
            before += sum(len(child.astext()) for child in siblings[: siblings.index(current)])
            current = current.parent
        return "floats: auto" if before > _OPENING else "floats: bottom"

    def visit_figure(self, node: nodes.Element) -> None:
        """A picture, or anything else, with caption and legend."""
        caption = next((c for c in node.children if isinstance(c, nodes.caption)), None)
        legends = [c for c in node.children if isinstance(c, nodes.legend)]
        rest = [c for c in node.children if c is not caption and c not in legends]
        label = self.id_of(node)
        outer, self.tallest = self.tallest, 0.0
        body = self.capture(rest)
        tall, self.tallest = self.tallest, outer
        pictured = "picture(" in body
        # a figure without a picture (a table, code, a diagram's source) is read out as it stands: no alternative text
        legend = self.capture(c for item in legends for c in item.children)
        self.captioned(
            node,
            caption,
            body,
            label=label,
            kind="octavo-figure",
            legend=legend,
            breakable=not pictured and len(body) > 2000,
            floats=pictured,
            fills=tall > _PLATE,
        )
        raise nodes.SkipNode

    def visit_caption(self, node: nodes.Element) -> None:
        """A caption whose figure is not one of ours."""
        self.block("listing-caption", body=self.anchor(node) + self.capture(node.children))
        raise nodes.SkipNode

    def visit_legend(self, node: nodes.Element) -> None:
        """A legend without figure."""
        self.wait(node["ids"])

    def depart_legend(self, node: nodes.Element) -> None:
        """Nothing to close."""

    def visit_container(self, node: nodes.Element) -> None:
        """A listing with its caption, or a group."""
        if not node.get("literal_block") and "literal-block-wrapper" not in node.get("classes", ()):
            super().visit_container(node)
            return
        caption = next((c for c in node.children if isinstance(c, nodes.caption)), None)
        label = self.id_of(node)
        body = self.capture(c for c in node.children if c is not caption)
        self.captioned(node, caption, body, label=label, kind="octavo-listing", above=True, breakable=True)
        raise nodes.SkipNode

    # ---- pictures

    def visit_image(self, node: nodes.Element) -> None:
        """A picture, never over the margin and never blown up."""
        uri = str(node.get("uri", ""))
        inline = isinstance(node.parent, nodes.TextElement) and not self._alone(node)
        if "://" in uri:
            self._remote(node, uri)
        else:
            self._local(node, uri, inline=inline)
        raise nodes.SkipNode

    @staticmethod
    def _alone(node: nodes.Element) -> bool:
        """Whether the picture is all that its paragraph (or the link around it) has."""
        current: nodes.Node = node
        while isinstance(current.parent, (nodes.reference, nodes.inline)):
            if len(current.parent.children) > 1:
                return False
            current = current.parent
        parent = current.parent
        if isinstance(parent, nodes.paragraph):
            return all(
                c is current or (not c.astext().strip() and not isinstance(c, nodes.image)) for c in parent.children
            )
        return not isinstance(parent, nodes.TextElement)

    def alternative(self, node: nodes.Element) -> str | None:
        """The alternative text; None for a picture that says nothing (an empty text of the author's own)."""
        given = node.get("alt")
        if given is not None and str(given).strip():
            return self.assembly.substituted(" ".join(str(given).split()))
        figure = node.parent
        while figure is not None and not isinstance(figure, nodes.figure):
            figure = figure.parent
        caption = next(figure.findall(nodes.caption), None) if figure is not None else None
        if caption is not None and caption.astext().strip():
            return self.assembly.substituted(" ".join(caption.astext().split()))
        linked = isinstance(node.parent, nodes.reference)
        if given is not None and not linked:
            return None
        uri = str(node.get("uri", ""))
        # pictures that a notebook made are outside the sources
        value = uri.rpartition("/")[2] if uri.startswith(("../", "/")) else uri
        self.assembly.report(Diagnostic(rule="pdf/alternative-text-missing", value=value, formats=("pdf",)), node)
        return _("Image") if _("Image") != "Image" else "Image"

    def _remote(self, node: nodes.Element, uri: str) -> None:
        """A picture on the web is not fetched: its text stands for it, and leads to it."""
        self.assembly.report(Diagnostic(rule="pdf/remote-media", value=uri, context="image", formats=("pdf",)), node)
        alt = str(node.get("alt") or "").strip() or uri
        body = self.text(alt)
        in_link = any(isinstance(p, nodes.reference) for p in ancestors(node))
        label = self.anchor(node)
        self.add(f"{label}{body}" if in_link or self.in_title else f"{label}#link({string(uri)})[{body}];")

    def _local(self, node: nodes.Element, uri: str, *, inline: bool) -> None:
        anchor = self.anchor(node)
        try:
            picture = self.assembly.pictures.stage(self._path(uri))
        except OSError:
            self._missing(node, uri, anchor, "links/image-missing", None, inline=inline)
            return
        except ValueError as error:
            self._missing(node, uri, anchor, "pdf/image-unsupported", str(error), inline=inline)
            return
        alt = self.alternative(node)
        scale = self._scale(node)
        width = images.length(node.get("width"), scale=scale)
        height = images.length(node.get("height"), scale=scale)
        arguments = [string(picture.path), f"alt: {optional(alt)}"]
        if inline:
            if width or height:
                arguments += [
                    f"width: {width}" if width else "",
                    f"height: {height}" if height and "%" not in height else "",
                ]
            elif picture.size and picture.size[1] * scale <= 40:
                arguments.append(f"height: {picture.size[1] * scale:g}pt")
            self.add(f"{anchor}#inline-picture({', '.join(a for a in arguments if a)});")
            return
        if picture.size is not None:
            arguments.append(f"natural: ({picture.size[0] * scale:g}pt, {picture.size[1] * scale:g}pt)")
        if width is None and height and picture.size and height.endswith("pt"):
            width = f"{float(height[:-2]) * picture.size[0] / picture.size[1]:g}pt"
        if width:
            arguments.append(f"width: {width}")
        self._note_height(picture.size, width, scale)
        where = {"left": "left", "right": "right"}.get(str(node.get("align", "")))
        arguments.append(f"where: {where}" if where else "")
        self.add(f"{anchor}#picture({', '.join(a for a in arguments if a)});")

    def _scale(self, node: nodes.Element) -> float:
        """As the author asked; and as much smaller as a narrow page is than what the author looked at."""
        if "scale" not in node:
            return 1.0
        asked = float(node["scale"]) / 100
        return asked if "width" in node or "height" in node else asked * min(1.0, self._measure() / _AUTHORS_MEASURE)

    def _measure(self) -> float:
        paper = self.assembly.settings.paper
        return (paper.width - paper.inside - paper.outside) * 72 / 25.4

    def _note_height(self, natural: tuple[float, float] | None, width: str | None, scale: float) -> None:
        """Remember which part of the page's height a picture takes, if it is the tallest of its figure."""
        if natural is None or natural[0] <= 0:
            return
        paper = self.assembly.settings.paper
        points = 72 / 25.4
        room = self._measure()
        wide = natural[0] * scale
        if width and width.endswith("%"):
            wide = room * float(width[:-1]) / 100
        elif width and width.endswith("pt"):
            wide = float(width[:-2])
        tall = min(wide, room) * natural[1] / natural[0]
        self.tallest = max(self.tallest, tall / ((paper.height - paper.top - paper.bottom) * points))

    def _path(self, uri: str) -> Path:
        path = Path(uri)
        return path if path.is_absolute() else Path(self.builder.srcdir) / path

    def _missing(
        self, node: nodes.Element, uri: str, anchor: str, rule: str, context: str | None, *, inline: bool
    ) -> None:
        # what Sphinx could not find when it read the document, it has said there
        said = rule == "links/image-missing" and "candidates" in node and uri not in self.builder.env.images
        if not said:
            self.assembly.report(Diagnostic(rule=rule, value=uri, context=context, formats=("pdf",)), node)
        alt = str(node.get("alt") or "").strip() or "Image"
        body = self.text(alt)
        self.add(f"{anchor}#emph[{body}];" if inline else f"\n\n{anchor}#missing-picture[{body}]\n\n")

    # ---- formulas

    def visit_math_block(self, node: nodes.Element) -> None:
        """A displayed formula, numbered where the project numbers it."""
        latex = node.astext().strip()
        if not node.get("nowrap", node.get("no-wrap")):
            latex = _in_rows(latex)
        if not latex:
            self.wait(node["ids"])
            raise nodes.SkipNode
        formula = self.assembly.formula(latex, display=True, node=node, docname=self.docname)
        label = self.id_of(node)
        number = self._equation_number(node)
        if formula is None or not formula.source:
            # it only defines macros
            self.add(f"\n\n#anchor({label.removeprefix('id: ')});\n\n" if label else "")
        else:
            arguments = [label, f"alt: {string(formula.words)}", f"number: {string(number)}" if number else ""]
            arguments.append("long: true" if _may_be_wide(formula.source) else "")
            self.add(f"\n\n#display({', '.join(a for a in arguments if a)}, ${formula.source}$)\n\n")
        raise nodes.SkipNode

    def _equation_number(self, node: nodes.Element) -> str | None:
        number = node.get("number")
        if number is None:
            return None
        if self.config.math_numfig and self.config.numfig and node["ids"]:
            numbers = self.builder.env.toc_fignumbers.get(self.docname, {}).get("displaymath", {})
            # by its label as well: an id that is drawn anew in each build has another name here
            names = (*node["ids"], f"equation-{node.get('label')}")
            found = next((numbers[i] for i in names if i in numbers), None)
            if found:
                separator = getattr(self.config, "math_numsep", ".")
                return str(separator).join(map(str, found))
        return str(number)
