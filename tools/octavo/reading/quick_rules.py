"""Rules of Markdown, tried only where they can apply.

markdown-it-py asks each of some twenty rules about each block, each line of a paragraph and each sign within one. Most
rules look at one character first: those that can't begin with it are left out. A rule that isn't known is asked always.

`octavo.reading.patches` puts these functions in the place of markdown-it-py's.
"""

from __future__ import annotations

import functools
import string
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from octavo.reading.installed import installed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.parser_block import ParserBlock
    from markdown_it.parser_inline import ParserInline
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

Rule = Callable[..., bool]

originals: dict[str, Any] = {}
"""What the functions here stand for, by name, since it is in use."""

_PLUGINS_VERSIONS = ((0, 7),)  # of mdit-py-plugins
_CORE, _PLUGINS = "markdown_it.rules_block.", "mdit_py_plugins."
_DIGITS = "0123456789"
# What a block of the rule begins with; "" for none at all but in code, and in the first line
_BEGINNINGS = {
    f"{_CORE}blockquote.blockquote": ">",
    f"{_CORE}code.code": "",
    f"{_CORE}heading.heading": "#",
    f"{_CORE}hr.hr": "*-_",
    f"{_CORE}html_block.html_block": "<",
    f"{_CORE}list.list_block": f"*+-{_DIGITS}",
    f"{_CORE}reference.reference": "[",
    f"{_PLUGINS}amsmath.amsmath_block": "\\",
    f"{_PLUGINS}dollarmath.index.math_block_dollar.<locals>._math_block_dollar": "$",
    f"{_PLUGINS}footnote.index.footnote_def": "[",
    f"{_PLUGINS}front_matter.index._front_matter_rule": "",
    f"{_PLUGINS}myst_blocks.index.block_break": "+",
    f"{_PLUGINS}myst_blocks.index.line_comment": "%",
    f"{_PLUGINS}myst_blocks.index.target": "(",
}
_TABLE, _UNDERLINED = f"{_CORE}table.table", f"{_CORE}lheading.lheading"
_FENCE, _PARAGRAPH = f"{_CORE}fence.make_fence_rule.<locals>._fence_rule", f"{_CORE}paragraph.paragraph"
_DEFINITIONS = f"{_PLUGINS}deflist.index.deflist_plugin.<locals>.deflist"
_SECOND_LINE_OF_TABLE, _DEFINITION = "|-:", ":~"
_CORE_INLINE = "markdown_it.rules_inline."
_TEXT = f"{_CORE_INLINE}text.text"
_ALL_SIGNS = f"{string.punctuation}\n"
_SIGNS = {  # that a rule for what stands within a paragraph begins with
    f"{_CORE_INLINE}autolink.autolink": "<",
    f"{_CORE_INLINE}backticks.backtick": "`",
    f"{_CORE_INLINE}emphasis.tokenize": "*_",
    f"{_CORE_INLINE}entity.entity": "&",
    f"{_CORE_INLINE}escape.escape": "\\",
    f"{_CORE_INLINE}html_inline.html_inline": "<",
    f"{_CORE_INLINE}image.image": "!",
    f"{_CORE_INLINE}link.link": "[",
    f"{_CORE_INLINE}linkify.linkify": ":",
    f"{_CORE_INLINE}newline.newline": "\n",
    f"{_CORE_INLINE}strikethrough.tokenize": "~",
    f"{_PLUGINS}dollarmath.index.math_inline_dollar.<locals>._math_inline_dollar": "$",
    f"{_PLUGINS}footnote.index.footnote_ref": "[",
    f"{_PLUGINS}myst_role.index.myst_role": "{",
}
_INDENT = 3  # spaces at most; what has more is code
_LETTER = "a"  # stands for each character that no known rule begins with


def tokenize(self: ParserBlock, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 -- their names
    """`ParserBlock.tokenize`."""
    choice = _choice(self, "")
    line = startLine
    max_nesting = state.md.options.maxNesting
    empty_lines = False
    while line < endLine:
        state.line = line = state.skipEmptyLines(line)
        if line >= endLine or state.sCount[line] < state.blkIndent:
            return
        if state.level >= max_nesting:
            state.line = endLine
            return
        for rule in choice.rules_at(state, line):
            if rule(state, line, endLine, False):
                if state.line <= line:
                    raise RuntimeError("block rule didn't increment state.line")
                break
        else:
            raise RuntimeError("none of the block rules matched")
        state.tight = not empty_lines
        line = state.line
        if line - 1 < endLine and state.isEmpty(line - 1):
            empty_lines = True
        if line < endLine and state.isEmpty(line):
            empty_lines = True
            line += 1
            state.line = line


class _Choice:
    """The rules of a chain of which some can be left out at a line. chain: its name, "" for where blocks begin."""

    def __init__(self, rules: list[Rule], chain: str) -> None:
        self.rules = rules
        self._begins_block = not chain
        self._names = [_name(rule) for rule in rules]
        self._chosen: dict[tuple[str, str], tuple[Rule, ...]] = {}
        known = [*_BEGINNINGS.values(), *map(_markers, rules), _SECOND_LINE_OF_TABLE, _DEFINITION]
        self._kinds = {character: character for character in "".join(known)}

    def rules_at(self, state: StateBlock, line: int) -> Sequence[Rule]:
        """Those of the rules that have to be asked, in order. line: one that isn't empty."""
        src, begins, ends, shifts = state.src, state.bMarks, state.eMarks, state.tShift
        is_code = state.sCount[line] - state.blkIndent > _INDENT
        if is_code or (line == 0 and src[0] == "-"):  # as front matter begins
            return self.rules
        first = src[begins[line] + shifts[line]]
        kind = self._kinds.get(first, _LETTER)
        if kind is _LETTER and first.isspace():
            return self.rules  # some rules strip more than what Markdown calls a space
        below = begins[line + 1] + shifts[line + 1]
        if below < ends[line + 1]:
            next_kind = self._kinds.get(src[below], _LETTER)
        elif self._begins_block and line + 2 < len(begins) and begins[line + 2] + shifts[line + 2] < ends[line + 2]:
            next_kind = "\n" if src[begins[line + 2] + shifts[line + 2]] in _DEFINITION else ""
        else:
            next_kind = ""
        chosen = self._chosen.get((kind, next_kind))
        if chosen is None:
            chosen = self._chosen[kind, next_kind] = tuple(self._choose(kind, next_kind))
        return chosen

    def _choose(self, first: str, below: str) -> Iterable[Rule]:
        """below: what the next line begins with; a line break if it is empty, and a definition may follow."""
        for rule, name in zip(self.rules, self._names, strict=True):
            beginnings = _markers(rule) if name == _FENCE else _BEGINNINGS.get(name)
            if name == _TABLE:
                wanted = below != "" and below in _SECOND_LINE_OF_TABLE
            elif name == _DEFINITIONS and self._begins_block:
                wanted = below == "\n" or (below != "" and below in _DEFINITION)
            elif name == _DEFINITIONS:
                wanted = first in _DEFINITION
            else:
                wanted = beginnings is None or first in beginnings
            if wanted:
                yield _QUICK.get(name, rule) if self._begins_block else rule


def _is_underlined(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """`lheading`, which asks all rules about each line of a paragraph; here only if a line may be an underline."""
    begins, ends, shifts = state.bMarks, state.eMarks, state.tShift
    for line in range(start_line + 1, end_line):
        first, end = begins[line] + shifts[line], ends[line]
        if first >= end:
            break
        if state.src[first] in "-=" and not state.src[first:end].strip("-= \t"):
            theirs: Any = sys.modules["markdown_it.rules_block.lheading"]
            return bool(theirs.lheading(state, start_line, end_line, silent))
    if not state.is_code_block(start_line):
        state.parentType = "paragraph"  # it leaves that behind, and lists look at it
    return False


def _paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """`paragraph`, which asks all rules about each of its lines."""
    choice = _choice(state.md.block, "paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    end_line = state.lineMax
    line = start_line + 1
    while line < end_line and not state.isEmpty(line):
        indent = state.sCount[line]
        may_end = indent - state.blkIndent <= _INDENT and indent >= 0
        if may_end and any(rule(state, line, end_line, True) for rule in choice.rules_at(state, line)):
            break
        line += 1
    content = state.getLines(start_line, line, state.blkIndent, False)
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start_line, line]
    token = state.push("inline", "", 0)
    token.content = sys.modules["markdown_it.common.utils"].mdTrim(content)
    token.map = [start_line, line]
    token.children = []
    state.push("paragraph_close", "p", -1)
    state.parentType = parent
    return True


_QUICK: dict[str, Rule] = {_UNDERLINED: _is_underlined, _PARAGRAPH: _paragraph}


def _choice(parser: ParserBlock, chain: str) -> _Choice:
    """The choice among the rules of a chain as they are now."""
    rules = parser.ruler.getRules(chain)
    choices: dict[str, _Choice] = vars(parser).setdefault("octavo_choices", {})
    choice = choices.get(chain)
    if choice is None or choice.rules is not rules:  # the ruler makes a new list when a rule is added or disabled
        choice = choices[chain] = _Choice(rules, chain)
    return choice


def _name(rule: Any) -> str:
    """Where the rule comes from; empty for plugins that it was not tested with."""
    rule = rule.func if type(rule) is functools.partial else rule
    name = f"{getattr(rule, '__module__', '')}.{getattr(rule, '__qualname__', '')}"
    return name if not name.startswith(_PLUGINS) or _are_plugins_tested() else ""


def _are_plugins_tested() -> bool:
    return installed("mdit-py-plugins") in _PLUGINS_VERSIONS


def _markers(rule: Any) -> str:
    """What fences of a rule are made of; empty for a rule of another kind."""
    if _name(rule) != _FENCE:
        return ""
    cells = dict(zip(rule.__code__.co_freevars, rule.__closure__, strict=True))
    return "".join(cells["markers"].cell_contents)


def parse_inline(self: ParserInline, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
    """`ParserInline.parse`; a text without any sign is one token."""
    if tokens or not src or self.terminator_re.search(src) or not _are_inline_rules_usual(self):
        theirs: list[Token] = originals["parse"](self, src, md, env, tokens)
        return theirs
    token = sys.modules["markdown_it.token"].Token("text", "", 0)
    token.content = src
    tokens.append(token)
    return tokens


def _are_inline_rules_usual(parser: ParserInline) -> bool:
    """Whether the first rule is that for text, and those that come when all is done know only what rules found."""
    rules, at_end = parser.ruler.getRules(""), parser.ruler2.getRules("")
    known = vars(parser).get("octavo_usual")
    if known is None or known[0] is not rules or known[1] is not at_end:
        usual = bool(rules) and _name(rules[0]) == _TEXT and all(_name(r).startswith(_CORE_INLINE) for r in at_end)
        known = vars(parser)["octavo_usual"] = (rules, at_end, usual)
    return bool(known[2])


def tokenize_inline(self: ParserInline, state: Any) -> None:
    """`ParserInline.tokenize`."""
    by_sign = _rules_by_sign(self)
    usual = self.ruler.getRules("")
    end = state.posMax
    max_nesting = state.md.options["maxNesting"]
    while state.pos < end:
        position = state.pos
        sign = state.src[position]
        for rule in by_sign.get(sign, usual) if state.level < max_nesting else ():
            if rule(state, False):
                if state.pos <= position:
                    raise RuntimeError("inline rule didn't increment state.pos")
                break
        else:
            state.append_pending(sign)
            state.pos += 1
    if state.pending:
        state.pushPending()


def _rules_by_sign(parser: ParserInline) -> dict[str, tuple[Rule, ...]]:
    """The rules that have to be asked at a sign that ends a text; at all other characters, all."""
    rules, ends_text = parser.ruler.getRules(""), parser.terminator_re
    known = vars(parser).get("octavo_by_sign")
    if known is None or known[0] is not rules or known[1] is not ends_text:
        signs = {**_SIGNS, _TEXT: ""}
        named = [(rule, signs.get(_name(rule))) for rule in rules]
        by_sign = {
            sign: tuple(rule for rule, begun in named if begun is None or sign in begun)
            for sign in filter(ends_text.match, _ALL_SIGNS)
        }
        known = vars(parser)["octavo_by_sign"] = (rules, ends_text, by_sign)
    return known[2]
