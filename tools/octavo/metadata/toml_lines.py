"""Where each key of a TOML document stands: `tomllib` tells values, not lines.

A scanner, not a parser: the text has already been accepted by `tomllib`, so it only has to keep strings, comments and
brackets apart. Inline tables are not looked into: their keys have the line of the key that holds them.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

_PIECE = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|"
    r"\#[^\n]*|[\[\]{}=\n]|[^\"'\#\[\]{}=\n]+",
    re.DOTALL,
)


class KeyLines:
    """Lines (1-based) of the keys and tables of a TOML text that is valid."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._prefix: Path = ()
        self._scan(text)

    def line_of(self, path: Path) -> int:
        """The line of a key, else of the nearest table around it, else 1."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def _scan(self, text: str) -> None:
        line, depth, statement, start, has_value = 1, 0, "", 1, False
        for match in _PIECE.finditer(text):
            piece = match.group()
            if piece == "\n" and depth == 0:
                self._close(statement, start, has_value=has_value)
                statement, has_value = "", False
            elif piece == "=" and not has_value and depth == 0:
                has_value = True
            elif has_value:
                depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(piece, 0)
            elif not piece.startswith("#"):
                if not statement.strip():
                    start = line
                statement += piece
            line += piece.count("\n")
        self._close(statement, start, has_value=has_value)

    def _close(self, statement: str, line: int, *, has_value: bool) -> None:
        statement = statement.strip()
        if not statement:
            return
        if has_value:
            self._lines.setdefault((*self._prefix, *_keys(statement)), line)
        elif statement.startswith("[["):
            table = _keys(statement[2:-2])
            self._counts[table] = self._counts.get(table, -1) + 1
            self._prefix = (*table, self._counts[table])
            self._lines.setdefault(table, line)
            self._lines[self._prefix] = line
        else:
            self._prefix = _keys(statement[1:-1])
            self._lines.setdefault(self._prefix, line)


def _keys(dotted: str) -> Path:
    """`a."b c".d` as its parts."""
    found: list[str | int] = []
    table: object = tomllib.loads(f"{dotted.strip()} = 0")
    while isinstance(table, dict):
        key, table = next(iter(table.items()))
        found.append(key)
    return tuple(found)
