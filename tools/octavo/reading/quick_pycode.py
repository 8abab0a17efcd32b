"""Python modules that are documented, looked through in fewer steps: by their syntax tree, not by their tokens.

`octavo.reading.patches` puts these functions in the place of Sphinx's.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import re
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from sphinx.pycode.parser import Parser, VariableCommentPicker, emptyline_re

_parse_comments = Parser.parse_comments
_parse_definition = Parser.parse_definition
_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_OTHER_LINE_ENDS = re.compile("[\r\v\x1c-\x1e\x85\u2028\u2029]")  # of `str.splitlines`, beside line feeds
_AT = re.compile(r"^[ \t]*@(?!=)", re.MULTILINE)  # of a decorator, an operator, or in a text
_CLASS_LIKE_A_METHOD = re.compile(r"class\s+__init__")
_DOCUMENTED = "#:"
_TYPE_COMMENT = re.compile(r"#[ \t]*type:")
_FIRST_WORDS = ("def ", "async ", "@")
_PLAIN_RETURNS = (ast.Name, ast.Constant, ast.Attribute)
_EXPRESSION_FIRST = (ast.If, ast.While, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)
_WITHOUT_STATEMENTS = (
    ast.Return, ast.Delete, ast.AugAssign, ast.Raise, ast.Assert, ast.Global, ast.Nonlocal, ast.Pass, ast.Break,
    ast.Continue,
)  # fmt: skip


originals: dict[str, Any] = {}
"""What the functions here stand for, by name, since it is in use."""

_typed: dict[str, tuple[list[str], bool]] = {}
"""By file: the very lines that were looked at, and whether one of them has a comment with a type."""


class QuickPicker(VariableCommentPicker):
    """Looks at statements alone, and leaves out functions of which nothing is kept."""

    def _collect_doc_comment(self, node: Any, varnames: list[str], current_line: str) -> None:
        """Keep a comment on variables; tokens are looked at only where there may be one."""
        lines = self.buffers[max(node.lineno - 2, 0) : node.end_lineno]  # with the line before
        last = lines[-1]
        if ";" in last or last.endswith("\\\n") or any(_DOCUMENTED in line for line in lines):
            super()._collect_doc_comment(node, varnames, current_line)
            return
        for name in varnames:
            self.add_entry(name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # noqa: N802 -- as Python has it
        """Look into a function that may have variables of an instance, or imports that count."""
        if self.current_function is not None or node.name == "__init__" or self._may_count(node):
            super().visit_FunctionDef(node)
            return
        body, node.body = node.body, []
        try:
            super().visit_FunctionDef(node)
        finally:
            node.body = body

    def _may_count(self, node: ast.FunctionDef) -> bool:
        lines = self.buffers[node.lineno - 1 : node.end_lineno]
        return any("typing" in line or _CLASS_LIKE_A_METHOD.search(line) for line in lines)

    def generic_visit(self, node: ast.AST) -> None:
        """Look at what is below a statement; expressions hold none."""
        if isinstance(node, _WITHOUT_STATEMENTS):
            return
        if isinstance(node, _EXPRESSION_FIRST):
            self.previous = node  # any that is no assignment
            for part in (node.body, getattr(node, "orelse", ())):
                for child in part:
                    self.visit(child)
            return
        super().generic_visit(node)


def parse_comments(self: Any) -> None:
    """`Parser.parse_comments`, which visits every expression, and reads tokens after each assignment.

    Sphinx loses count of lines that end otherwise than by a line feed, and may give a module up: as it does, so do we.
    """
    if _OTHER_LINE_ENDS.search(self.code):
        _parse_comments(self)
        return
    tree = ast.parse(self.code, type_comments=True)
    picker = QuickPicker(self.code.splitlines(True), self.encoding)
    picker.visit(tree)
    for kept in ("annotations", "comments", "deforders", "finals", "overloads"):
        setattr(self, kept, getattr(picker, kept))
    self.octavo_tree = tree


def parse_definition(self: Any) -> None:
    """`Parser.parse_definition`; where tokens would tell something else than the tree, they are read."""
    tree = vars(self).pop("octavo_tree", None)
    definitions = None if tree is None else _Definitions(self.code)
    if definitions is None or not definitions.found(tree):
        _parse_definition(self)
    else:
        self.definitions = definitions.by_name


class _Definitions:
    """Where classes, functions and methods are: kind, first and last line (1-based), by name, as their blocks end."""

    def __init__(self, code: str) -> None:
        self.by_name: dict[str, tuple[str, int, int]] = {}
        self._lines = code.splitlines(True)
        self._ats = len(_AT.findall(code))
        self._context: list[str] = []

    def found(self, tree: ast.Module) -> bool:
        """Look for all; False when the tree doesn't tell."""
        return self._look(tree.body, "") and (self._ats == 0 or not _has_at_operator(tree))

    def _look(self, statements: Sequence[Any], around: str) -> bool:
        """around: "class", "def" or "other", as the block is that they stand in; empty for the module."""
        for node in statements:
            if isinstance(node, _DEFINITIONS):
                if not self._define(node, around):
                    return False
            elif not all(self._look(block, "other") for block in _blocks(node)):
                return False
        return True

    def _define(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, around: str) -> bool:
        kind = "class" if isinstance(node, ast.ClassDef) else "def"
        lines = self._lines
        first = node.lineno
        if lines[first - 1].rstrip().endswith("\\") or (kind == "def" and not _is_plain(node.returns)):  # type: ignore[union-attr]
            return False
        start = first
        if node.decorator_list:
            start = node.decorator_list[0].lineno
            for decorator in node.decorator_list:
                if not lines[decorator.lineno - 1].lstrip().startswith("@"):
                    return False
                self._ats -= 1
        self._context.append(node.name)
        inside = node.body[0]
        is_block = not lines[inside.lineno - 1][: inside.col_offset].strip()
        if is_block and not self._look(node.body, kind):
            return False
        if not (around == kind == "def"):
            end = first
            if is_block:
                end = node.end_lineno or first
                while emptyline_re.match(lines[end - 1]):  # as the end of a text may be
                    end -= 1
            self.by_name[".".join(self._context)] = (kind, start, end)
        self._context.pop()
        return True


def _blocks(node: Any) -> list[list[Any]]:
    """The blocks of a statement that is no definition, in order of lines."""
    if isinstance(node, ast.Match):
        return [case.body for case in node.cases]
    found = [getattr(node, "body", [])]
    found += [handler.body for handler in getattr(node, "handlers", ())]
    return [*found, getattr(node, "orelse", []), getattr(node, "finalbody", [])]


def _is_plain(returns: ast.expr | None) -> bool:
    """Whether there is no colon in it outside of brackets."""
    return returns is None or isinstance(returns, _PLAIN_RETURNS) or not any(
        isinstance(part, ast.Lambda | ast.JoinedStr) for part in ast.walk(returns)
    )  # fmt: skip


def _has_at_operator(tree: ast.AST) -> bool:
    """Whether there is one that may stand first on a line, where the tokens take it for a decorator's."""
    return any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) for node in ast.walk(tree))


def get_type_comment(obj: Any, bound_method: bool = False) -> inspect.Signature | None:
    """`get_type_comment` of autodoc; it reads and parses each function, though its file has no comment with a type."""
    if _is_without_type_comment(obj):
        return None
    found: inspect.Signature | None = originals["get_type_comment"](obj, bound_method)
    return found


def _is_without_type_comment(obj: Any) -> bool:
    """Whether it is a function of a file that has none; False for all that is in doubt."""
    try:
        function = inspect.unwrap(obj)
    except ValueError:
        return False
    function = function.__func__ if inspect.ismethod(function) else function
    if type(function) is not FunctionType:
        return False
    path, first = function.__code__.co_filename, function.__code__.co_firstlineno
    lines = linecache.getlines(path)
    if (
        not path.endswith(".py")
        or not 0 < first <= len(lines)
        or not lines[first - 1].lstrip().startswith(_FIRST_WORDS)
    ):
        return False
    known = _typed.get(path)
    if known is None or known[0] is not lines:
        known = _typed[path] = (lines, any(map(_TYPE_COMMENT.search, lines)))
    return not known[1]
