"""Tables: columns as wide as what is in them, header rows that are headers, nothing over the margin."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from docutils import nodes

from octavo.writers.pdf.escape import array, string
from octavo.writers.pdf.figures import FigureTranslator

_LONGEST = 24
"""Characters of a word up to which a column is made wide enough for it; longer ones are broken at their joints."""
_SHORT = 10
"""Characters of a line up to which it is not broken at its spaces: a date, a pair of citations."""
_SAMPLES = 3
"""Words (and lines) of a column that are measured: the longest by their characters, of which one is the widest."""

_MOST_ROWS_TOGETHER = 16
"""Rows of a table that is kept on one page."""
_LINKS = re.compile(r"#\[?#?(?:link|ref-to|page-ref|footnote)\b")
"""A call in Typst source that makes a link, whatever node it came from. In text every number sign is escaped."""


@dataclass(slots=True, kw_only=True)
class _Column:
    """What a column has to hold, for Typst to measure.

    - words, lines: (kind, text) of the longest; kind is "text", "head" or "code".
    - indent: of the lists in it, in em; picture: whether one is in it.
    """

    words: list[tuple[str, str]] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    indent: float = 0
    picture: bool = False

    def source(self) -> str:
        """The same as a dictionary for the template."""
        words, lines = (array(f"({string(k)}, {string(t)})" for k, t in _longest(v)) for v in (self.words, self.lines))
        return f"(words: {words}, lines: {lines}, indent: {self.indent:g}em, picture: {str(self.picture).lower()})"


def _longest(samples: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(dict.fromkeys(samples), key=lambda s: (-len(s[1]), s))[:_SAMPLES]


class TableTranslator(FigureTranslator):
    """Handlers for tables."""

    def visit_table(self, node: nodes.Element) -> None:
        """A table with its title as caption."""
        groups = [c for c in node.children if isinstance(c, nodes.tgroup)]
        title = next((c for c in node.children if isinstance(c, nodes.title)), None)
        if not groups:
            self.open("\n\n", "\n\n")
            return
        label = self.id_of(node)
        own = label if title is None else ""
        body = "".join(self._group(group, node, own if n == 0 else "") for n, group in enumerate(groups))
        if title is None:
            self.add(body)
        else:
            rows = list(node.findall(nodes.row))
            long = len(rows) > _MOST_ROWS_TOGETHER or len(node.astext()) > 1500
            self.captioned(node, title, body, label=label, kind="octavo-table", above=True, breakable=long)
        raise nodes.SkipNode

    def depart_table(self, node: nodes.Element) -> None:
        """Only a table without columns comes here."""
        self.close()

    def _group(self, group: nodes.Element, table: nodes.Element, label: str) -> str:
        specs = [c for c in group.children if isinstance(c, nodes.colspec)]
        heads = [r for part in group.children if isinstance(part, nodes.thead) for r in part.children]
        rows = [r for part in group.children if isinstance(part, nodes.tbody) for r in part.children]
        count = max(1, len(specs))
        needs = _needs(heads, rows, count, self.assembly.substituted)
        stubs = {n for n, spec in enumerate(specs) if spec.get("stub")}
        with self.being(in_table=self.in_table + 1):
            header = self._rows(heads, count, stubs=set(), head=True, table=True)
            cells = self._rows(rows, count, stubs=stubs, head=False, table=bool(heads))
        arguments = [
            label,
            f"needs: {array(need.source() for need in needs)}",
            self._given(table, specs, count),
            f"header: {array(header)}" if header else "",
            # repeated on the next page, a header is an artifact, and none may hold a link (ISO 14289-1, 7.18)
            "repeated: false" if any(map(_LINKS.search, header)) else "",
            "breakable: false" if len(rows) <= _MOST_ROWS_TOGETHER and len(table.astext()) <= 1500 else "",
            "rules: false" if "plain" in table.get("classes", ()) or "borderless" in table.get("classes", ()) else "",
        ]
        return f"\n\n#tabular({', '.join([*(a for a in arguments if a), *cells])})\n\n"

    def _rows(self, rows: list[nodes.Element], count: int, *, stubs: set[int], head: bool, table: bool) -> list[str]:
        """The cells of some rows; one that lacks cells gets empty ones, for Typst fills the grid as they come."""
        cells: list[str] = []
        hanging = [0] * count  # rows that a cell from above still covers, by column
        for row in rows:
            cells += self._row(row, stubs=stubs, head=head, table=table)
            free = [column for column in range(count) if not hanging[column]]
            hanging = [max(rest - 1, 0) for rest in hanging]
            taken = 0
            for entry in row.children:
                if isinstance(entry, nodes.Element):
                    across = int(entry.get("morecols", 0)) + 1
                    for column in free[taken : taken + across]:
                        hanging[column] = int(entry.get("morerows", 0))
                    taken += across
            cells += ["[]"] * max(len(free) - taken, 0)
        return cells

    def _row(self, row: nodes.Element, *, stubs: set[int], head: bool, table: bool) -> list[str]:
        cells, place = [], 0
        for entry in row.children:
            if not isinstance(entry, nodes.Element):
                continue
            body = self.anchor(entry) + self.capture(entry.children).strip()
            if head or place in stubs:
                body = f"#head-cell[{body}]"
            across, down = int(entry.get("morecols", 0)) + 1, int(entry.get("morerows", 0)) + 1
            if across > 1 or down > 1:
                spans = ", ".join(f"{n}: {v}" for n, v in (("colspan", across), ("rowspan", down)) if v > 1)
                spans += ", align: horizon" if down > 1 else ""
                cells.append(f"{'table' if table else 'grid'}.cell({spans})[{body}]")
            else:
                cells.append(f"[{body}]")
            place += across
        return cells

    @staticmethod
    def _given(table: nodes.Element, specs: list[nodes.Element], count: int) -> str:
        """The proportions that the author gave the columns, as an argument, or nothing."""
        if "colwidths-given" not in table.get("classes", ()) or len(specs) != count:
            return ""
        asked = [float(spec.get("colwidth", 1)) if _is_number(spec.get("colwidth")) else 1.0 for spec in specs]
        return f"given: {array(f'{share:g}' for share in asked)}"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and value > 0


def _needs(
    heads: list[nodes.Element], rows: list[nodes.Element], count: int, printed: Callable[[str], str]
) -> list[_Column]:
    needs = [_Column() for _ in range(count)]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate([*heads, *rows]):
        place = 0
        for entry in row.children:
            if not isinstance(entry, nodes.Element):
                continue
            while (number, place) in taken:
                place += 1
            across, down = int(entry.get("morecols", 0)) + 1, int(entry.get("morerows", 0)) + 1
            taken.update((number + below, place + beside) for below in range(down) for beside in range(across))
            if across == 1 and place < count:
                _gather(entry, needs[place], "head" if number < len(heads) else "text", printed)
            place += across
    return needs


def _gather(entry: nodes.Element, column: _Column, kind: str, printed: Callable[[str], str]) -> None:
    """Add what a cell holds to the samples of its column."""
    if (
        next(entry.findall(nodes.literal), None) is not None
        or next(entry.findall(nodes.literal_block), None) is not None
    ):
        kind = "code"
    if next(entry.findall(nodes.list_item), None) is not None:
        column.indent = max(column.indent, 1.8)
    column.picture = column.picture or next(entry.findall(nodes.image), None) is not None
    for block in entry.findall(
        lambda n: isinstance(n, nodes.TextElement) and not isinstance(n.parent, nodes.TextElement)
    ):
        text = printed(block.astext())
        whole = isinstance(block, (nodes.literal_block, nodes.line))
        lines = text.split("\n") if whole else [" ".join(text.split())]
        column.lines += [(kind, line[:200]) for line in lines]
        words = lines if all(len(line) <= _SHORT for line in lines) else text.split()
        column.words += [(kind, word[:_LONGEST]) for word in words]
