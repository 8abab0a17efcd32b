r"""The formulas of a book, converted for every writer alike: macros, definitions, references, words, and what fails.

MathJax keeps what a formula defines for those after it in the page, and a reference to an equation may stand in any
formula. Both are of the book and not of a formula, and so is the finding when one can't be converted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.nodes import make_id

from octavo.diagnostics import Diagnostic
from octavo.mathematics.approximation import approximate
from octavo.mathematics.mathml import NotConvertedError, NothingShownError, to_mathml
from octavo.mathematics.speech import spoken
from octavo.reading.macros import macros_of
from octavo.reading.reporting import report

if TYPE_CHECKING:
    from lxml import etree
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from octavo.mathematics.macros import Macro

_REFERENCE = re.compile(r"\\(eqref|ref\*?|autoref|[cC]ref)\s*\{([^{}\\$]*)\}")
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_TAG = re.compile(r"\\tag(\*?)\s*\{([^{}]*)\}")
_FORMULAS_KEPT = 2_000  # the same short ones come again and again
HINT = "a picture of what could be read of it stands in its place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A formula. words: how it is read out, in English; is_whole: whether nothing of it is missing."""

    math: etree._Element
    words: str
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """A displayed formula that can be referred to. number: as it is printed, without brackets."""

    docname: str
    anchor: str
    number: str


@dataclass(slots=True)
class Equations:
    """Where equations are, by label: Sphinx's own, and those that stand in the LaTeX itself.

    - settle_ids: what the writer does to a document's ids before it sets it, or None for nothing.
    - asked: how often an equation was looked for.
    """

    env: BuildEnvironment
    settle_ids: Callable[[nodes.document], None] | None = None
    asked: int = 0
    _in_source: dict[str, Equation] | None = None

    def find(self, label: str) -> Equation | None:
        """The equation of a label; None when there is none, or it has no number."""
        self.asked += 1
        known = self.env.domains.math_domain.equations.get(label)
        if known is not None:
            docname, number = known
            anchor = make_id(f"equation-{label}")
            return Equation(docname=docname, anchor=anchor, number=self._numbered(docname, (anchor,), number))
        if self._in_source is None:
            self._in_source = dict(self._labelled())
        return self._in_source.get(label)

    def _numbered(self, docname: str, anchors: Iterable[str], number: int | str | None) -> str:
        config = self.env.config
        if config.math_numfig and config.numfig:
            numbers = self.env.toc_fignumbers.get(docname, {}).get("displaymath", {})
            found = next((numbers[anchor] for anchor in anchors if anchor in numbers), None)
            if found:
                return str(getattr(config, "math_numsep", ".")).join(map(str, found))
        return "" if number is None else str(number)

    def _labelled(self) -> Iterator[tuple[str, Equation]]:
        """Labels in the LaTeX of all documents: a row has its own tag, or the number of its formula."""
        for docname in sorted(self.env.found_docs):
            try:
                source = Path(self.env.doc2path(docname)).read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if "label" not in source:
                continue
            document = self.env.get_doctree(docname)
            if self.settle_ids is not None:
                self.settle_ids(document)
            for node in document.findall(nodes.math_block):
                anchor = next(iter(node["ids"]), "")
                names = (anchor, f"equation-{node.get('label')}")
                for row in re.split(r"\\\\", node.astext()):
                    tag = _TAG.search(row)
                    number = tag[2] if tag else self._numbered(docname, names, node.get("number"))
                    for label in _LABEL.findall(row):
                        if number and anchor:
                            yield label.strip(), Equation(docname=docname, anchor=anchor, number=number)


@dataclass(slots=True)
class Formulas:
    """The formulas of one run of a writer.

    - format: whom a finding is about, as diagnostics name it.
    - settle_ids: see `Equations`.
    - language: that formulas are said in; None for that of conf.py.
    """

    builder: Builder
    format: str
    settle_ids: Callable[[nodes.document], None] | None = None
    language: str | None = None
    equations: Equations = field(init=False)
    _macros: dict[str, str] = field(init=False)
    _defined: dict[str, dict[str, Macro]] = field(default_factory=dict)
    _known: dict[tuple[str, bool], Formula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.equations = Equations(self.builder.env, self.settle_ids)
        self._macros = macros_of(self.builder.config)

    def convert(self, latex: str, *, display: bool, docname: str, node: nodes.Node) -> Formula | None:
        """The formula, or what could be read of it with a finding; None when there is nothing to show."""
        defined = self._defined.setdefault(docname, {})
        before = self._known.get((latex, display)) if not defined else None
        if before is not None:  # writers put attributes on what they get
            return replace(before, math=deepcopy(before.math))
        is_of_its_place = bool(defined)

        def number(label: str) -> str | None:
            nonlocal is_of_its_place
            is_of_its_place = True
            return self._number(label, node)

        try:
            math = to_mathml(latex, display=display, macros=self._macros, defined=defined, reference=number)
        except NothingShownError:
            return None
        except NotConvertedError as error:
            value = " ".join(latex.split())
            report(
                Diagnostic(
                    rule="math/not-converted", value=value, context=error.reason, hint=HINT, formats=(self.format,)
                ),
                node,
            )
            math = approximate(latex, display=display, macros=self._macros)
            return Formula(math=math, words=self._words(math, latex), is_whole=False)
        made = Formula(math=math, words=self._words(math, latex), is_whole=True)
        if not is_of_its_place and not defined and len(self._known) < _FORMULAS_KEPT:
            self._known[latex, display] = replace(made, math=deepcopy(math))
        return made

    def _words(self, math: etree._Element, latex: str) -> str:
        """What is read out: words of the book's language, or where there are none what the author wrote."""
        return spoken(math, self.language or str(self.builder.config.language or "en")) or " ".join(latex.split())

    def _number(self, label: str, node: nodes.Node) -> str | None:
        found = self.equations.find(label)
        if found is None:
            report(Diagnostic(rule="links/label-missing", value=label, formats=(self.format,)), node)
            return None
        return found.number

    def settle_references(self, document: nodes.document, docname: str) -> None:
        r"""Make links of `\eqref` and `\ref` that stand alone in a formula, or in a row beside its other parts."""
        for node in list(document.findall(nodes.math)):
            latex = node.astext()
            if node.parent is None or not _REFERENCE.search(latex):
                continue
            parts = list(self._parts(latex, docname))
            if any(isinstance(p, nodes.reference) for p in parts):
                for part in parts:
                    part.source, part.line = node.source, node.line
                node.parent.replace(node, parts)

    def _parts(self, latex: str, docname: str) -> Iterator[nodes.Element]:
        """The formula cut at references outside of all groups."""
        start, depth, position = 0, 0, 0
        while position < len(latex):
            if latex[position] == "\\":
                found = _REFERENCE.match(latex, position)
                equation = self.equations.find(found[2].strip()) if found and not depth else None
                if found and equation is not None:
                    if latex[start:position].strip():
                        yield nodes.math(latex[start:position], latex[start:position])
                    yield self._link(equation, docname, brackets=found[1] in ("eqref", "cref", "Cref"))
                    start = position = found.end()
                    continue
                position += 2
                continue
            depth += {"{": 1, "}": -1}.get(latex[position], 0)
            position += 1
        if latex[start:].strip():
            yield nodes.math(latex[start:], latex[start:])

    def _link(self, equation: Equation, docname: str, *, brackets: bool) -> nodes.reference:
        shown = f"({equation.number})" if brackets else equation.number
        uri = f"{self.builder.get_relative_uri(docname, equation.docname)}#{equation.anchor}"
        return nodes.reference("", shown, internal=True, refuri=uri, classes=["eqref"])
