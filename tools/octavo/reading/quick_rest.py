"""reStructuredText, parsed in fewer steps where a text has no markup, and a block of options one line for each.

`octavo.reading.patches` puts these functions in the place of docutils' own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import docutils
from docutils import nodes, utils
from docutils.parsers.rst.states import Body, Inliner, RSTState
from docutils.statemachine import StringList, ViewList

_parse = Inliner.parse
_implicit_inline = Inliner.implicit_inline
_paragraph = RSTState.paragraph
_parse_extension_options = Body.parse_extension_options
_get_item = ViewList.__getitem__
_REPORTER_OF_DOCUMENT = docutils.__version_info__[:2] >= (0, 22)  # before, of what is shared
_ADDRESS = re.compile(r"[a-zA-Z0-9.+-]:[-_.!~*'()[\];/:@&=+$,%a-zA-Z0-9\x00]|@")  # in each address and each URI
# Without inline markup in the name; nothing that goes on in the next line
_OPTION = re.compile(r":([a-zA-Z0-9-]+):(?: +(\S[^\0]*)?)?")


def parse(self: Any, text: str, lineno: int, memo: Any, parent: nodes.Element) -> Any:
    """`Inliner.parse`; a text that has no character of markup is not searched for any."""
    if "`" in text or "*" in text or "_" in text or "|" in text or self.patterns.initial not in _usual():
        return _parse(self, text, lineno, memo, parent)
    _share(self, memo, parent)
    return self.implicit_inline(utils.escape2null(text) if "\\" in text else text, lineno), []


def implicit_inline(self: Any, text: str, lineno: int) -> list[nodes.Node]:
    """`Inliner.implicit_inline`; a text without what every address has is not searched for any."""
    dispatch = self.implicit_dispatch
    may_have_one = (":" in text or "@" in text) and _ADDRESS.search(text)
    if may_have_one or len(dispatch) != 1 or dispatch[0][0] not in _usual():
        found: list[nodes.Node] = _implicit_inline(self, text, lineno)
        return found
    return [nodes.Text(text)] if text else []


@functools.cache
def _usual() -> tuple[re.Pattern[str], ...]:
    """docutils' patterns for the beginning of markup, and for addresses; an extension may have others."""
    found = []
    for by_character in (False, True):
        inliner = Inliner()
        inliner.init_customizations(_Settings(by_character))
        found += [inliner.patterns.initial, inliner.patterns.uri]
    return tuple(found)


class _Settings:
    pep_references = rfc_references = None

    def __init__(self, by_character: bool) -> None:
        self.character_level_inline_markup = by_character


def _share(inliner: Any, memo: Any, parent: nodes.Element) -> None:
    """What roles find on the inliner while it is at work, and directives later."""
    inliner.document = memo.document
    inliner.language = memo.language
    inliner.reporter = memo.document.reporter if _REPORTER_OF_DOCUMENT else memo.reporter
    inliner.parent = parent


def paragraph(self: Any, lines: Sequence[str], lineno: int) -> Any:
    """`RSTState.paragraph`; where no literal block can follow, none is searched for."""
    data = "\n".join(lines).rstrip()
    if data.endswith("::"):
        return _paragraph(self, lines, lineno)
    textnodes, messages = self.inline_text(data, lineno)
    made = nodes.paragraph(data, "", *textnodes)
    made.source, made.line = self.state_machine.get_source_and_line(lineno)
    return [made, *messages], 0


def parse_extension_options(self: Any, option_spec: Mapping[str, Any], datalines: Any) -> tuple[int, Any]:
    """`Body.parse_extension_options`; options that have a line each need no state machine."""
    options = _options(datalines)
    if options is None or type(self.inliner) is not Inliner:
        theirs: tuple[int, Any] = _parse_extension_options(self, option_spec, datalines)
        return theirs
    _share(self.inliner, self.memo, nodes.field_list())
    self.document.note_source(datalines.items[-1][0], None)  # as when the machine has come to the end
    try:
        return 1, utils.assemble_option_dict(options, option_spec)
    except KeyError as detail:
        return 0, f'unknown option: "{detail.args[0]}"'
    except (ValueError, TypeError) as detail:
        return 0, f"invalid option value: {' '.join(detail.args)}"
    except utils.ExtensionOptionError as detail:
        return 0, f"invalid option data: {' '.join(detail.args)}"


def _options(lines: Any) -> list[tuple[str, str | None]] | None:
    """Names and values; None if they are written in another way."""
    if type(lines) is not StringList or not lines.data:
        return None
    found: list[tuple[str, str | None]] = []
    for line in lines.data:
        option = _OPTION.fullmatch(line)
        if option is None:
            return None
        found.append((option[1].lower(), option[2]))
    return found


def get_item(self: ViewList, i: Any) -> Any:
    """`ViewList.__getitem__`, which copies the lines of a part twice."""
    if type(i) is not slice:
        return self.data[i] if type(i) is int else _get_item(self, i)
    if type(self) is not StringList or i.step not in {None, 1} or len(self.data) != len(self.items):
        return _get_item(self, i)
    start = i.start
    part: Any = object.__new__(StringList)
    part.data = self.data[start : i.stop]
    part.items = self.items[start : i.stop]
    part.parent = self
    part.parent_offset = start or 0
    return part
