"""Tables: columns as wide as what is in them, header rows that are headers, nothing over the margin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docutils import nodes

from octavo.writers.pdf.escape import array
from octavo.writers.pdf.figures import FigureTranslator

_LINE = 78
"""Characters of the table's size that fit between the margins."""
_LONGEST = 20
"""Characters of a word up to which a column is made wide enough for it; longer ones are broken at their joints."""

_MOST_ROWS_TOGETHER = 12
"""Rows of a table that is kept on one page."""


@dataclass(slots=True, kw_only=True)
class _Column:
    """Needs of a column in characters: its longest word, and its longest line."""

    least: float = 2
    natural: float = 2


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
        columns, scale = self._columns(table, specs, [*heads, *rows], count)
        stubs = {n for n, spec in enumerate(specs) if spec.get("stub")}
        with self.being(in_table=self.in_table + 1):
            header = self._rows(heads, count, stubs=set(), head=True, table=True)
            cells = self._rows(rows, count, stubs=stubs, head=False, table=bool(heads))
        arguments = [
            label,
            f"columns: {array(columns)}",
            f"scale: {scale}",
            f"header: {array(header)}" if header else "",
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
                cells.append(f"{'table' if table else 'grid'}.cell({spans})[{body}]")
            else:
                cells.append(f"[{body}]")
            place += across
        return cells

    def _columns(
        self, table: nodes.Element, specs: list[nodes.Element], rows: list[nodes.Element], count: int
    ) -> tuple[list[str], float]:
        """Widths as Typst takes them, and the size of the letters."""
        needs = _needs(rows, count)
        room = _LINE - 2.2 * count
        if self.in_table:
            room = room / 2
        natural, least = sum(c.natural for c in needs), sum(c.least for c in needs)
        given = "colwidths-given" in table.get("classes", ())
        if given and natural > room and len(specs) == count:
            # the author's proportions, but no column narrower than its words
            asked = [float(spec.get("colwidth", 1)) if _is_number(spec.get("colwidth")) else 1.0 for spec in specs]
            shares = [max(c.least, room * w / sum(asked)) for c, w in zip(needs, asked, strict=True)]
            return [f"{share:.1f}fr" for share in shares], 0.9 if least <= room else 0.8
        if natural <= room:
            return ["auto"] * count, 0.9
        spare = max(room - least, 0.0)
        wanted = max(natural - least, 1.0)
        widths = [c.least + spare * (c.natural - c.least) / wanted for c in needs]
        # a column that gets all that it wants is as wide as it is; the others share the rest
        columns = [
            "auto" if c.natural <= w + 0.5 and c.natural <= 16 else f"{w:.1f}fr"
            for c, w in zip(needs, widths, strict=True)
        ]
        if all(c == "auto" for c in columns):
            columns = [f"{w:.1f}fr" for w in widths]
        return columns, 0.9 if least <= room else 0.78


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and value > 0


def _needs(rows: list[nodes.Element], count: int) -> list[_Column]:
    needs = [_Column() for _ in range(count)]
    taken: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(rows):
        place = 0
        for entry in row.children:
            if not isinstance(entry, nodes.Element):
                continue
            while taken.get((number, place)):
                place += 1
            across, down = int(entry.get("morecols", 0)) + 1, int(entry.get("morerows", 0)) + 1
            for below in range(down):
                for beside in range(across):
                    taken[number + below, place + beside] = True
            if across == 1 and place < count:
                _measure(entry, needs[place])
            place += across
    return needs


def _measure(entry: nodes.Element, column: _Column) -> None:
    heavy = 1.25 if next(entry.findall(nodes.literal), None) is not None else 1.0
    blocks = list(
        entry.findall(lambda n: isinstance(n, nodes.TextElement) and not isinstance(n.parent, nodes.TextElement))
    )
    code = next(entry.findall(nodes.literal_block), None) is not None
    indent = 4.0 if next(entry.findall(nodes.list_item), None) is not None else 0.0
    if next(entry.findall(nodes.image), None) is not None:
        column.least, column.natural = max(column.least, 10.0), max(column.natural, 20.0)
    for block in blocks:
        text = block.astext()
        lines = text.split("\n") if code or isinstance(block, nodes.line) else [" ".join(text.split())]
        column.natural = max(column.natural, *(len(line) * heavy + indent for line in lines))
        words = [len(w) for w in re.split(r"\s+", text)]
        column.least = max(column.least, min(max(words, default=0), _LONGEST) * heavy + indent)
    column.natural = max(column.natural, column.least)
