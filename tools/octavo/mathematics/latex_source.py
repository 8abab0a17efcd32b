"""LaTeX made ready for conversion: macros expanded, and what latex2mathml gets wrong said in words that it knows.

Works on tokens, never on a grammar: what it does not know goes through as it is, and the conversion judges it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

# characters of a private use area that stand for what is literal in the output
DOLLAR = "\ue001"
BACKSLASH = "\ue002"
OPENING_BRACE = "\ue004"
CLOSING_BRACE = "\ue005"
# stands before a single letter that is to be upright
UPRIGHT = "\ue003"

MAX_EXPANSIONS = 10_000

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|%[^\n]*\n?|[{}]|\s+|[^\\%{}\s]", re.DOTALL)
# environments that latex2mathml does not set as rows: the one of its own that looks the same
_ENVIRONMENTS = {
    "aligned": "split", "alignedat": "split", "align": "split", "align*": "split", "alignat": "split",
    "alignat*": "split", "flalign": "split", "flalign*": "split", "eqnarray": "split", "eqnarray*": "split",
    "gather": "matrix", "gather*": "matrix", "gathered": "matrix", "multline": "matrix", "multline*": "matrix",
    "dcases": "cases",
}  # fmt: skip
# how an environment stands on its line, which in a formula of its own is nothing to see
_PLACED = ("aligned", "alignedat", "gathered", "split")
_BIG = frozenset(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
# latex2mathml takes a single character after these, and no command
_DELIMITERS = {
    r"\{": OPENING_BRACE, r"\}": CLOSING_BRACE, r"\lbrace": OPENING_BRACE, r"\rbrace": CLOSING_BRACE, r"\|": "‖",
    r"\vert": "|", r"\lvert": "|", r"\rvert": "|", r"\Vert": "‖", r"\lVert": "‖", r"\rVert": "‖",
    r"\langle": "⟨", r"\rangle": "⟩", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉",
}  # fmt: skip
_ESCAPED = (r"\_", r"\&", r"\%", r"\#")
# commands of text mode that may stand in a `\text`, with what latex2mathml knows them by
_TEXT_FONTS = {
    r"\texttt": r"\texttt", r"\textbf": r"\textbf", r"\textit": r"\textit", r"\textsf": r"\textsf",
    r"\emph": r"\textit", r"\textsl": r"\textit", r"\textrm": r"\text", r"\textnormal": r"\text", r"\textup": r"\text",
}  # fmt: skip
_UNWRAPPED = ("equation", "equation*", "math", "displaymath")
_WITH_COLUMNS = ("alignedat", "alignat", "alignat*")
# commands of TeX that print nothing, with the number of their arguments
_SILENT = {
    r"\label": 1, r"\nonumber": 0, r"\notag": 0, r"\displaylimits": 0, r"\nobreak": 0, r"\allowbreak": 0,
    r"\require": 1, r"\relax": 0, r"\ignorespaces": 0, r"\mathstrut": 0, r"\strut": 0,
}  # fmt: skip
_SAME = {
    r"\arg": r"\operatorname{arg}", r"\operatorname*": r"\operatorname", r"\mathds": r"\mathbb", r"\bm": r"\boldsymbol",
    r"\pmb": r"\boldsymbol", r"\textnormal": r"\text", r"\mbox": r"\text", r"\hbox": r"\text", r"\textrm": r"\text",
    r"\textup": r"\text", r"\lbrack": "[", r"\rbrack": "]", r"\colon": ":", r"\$": DOLLAR, r"\backslash": BACKSLASH,
    r"\textbackslash": BACKSLASH, r"\textdollar": DOLLAR, r"\thinspace": r"\,",
    r"\medspace": r"\:", r"\thickspace": r"\;", r"\qty": "", r"\mathopen": "", r"\mathclose": "", r"\mathpunct": "",
    r"\mathinner": "", r"\argmin": r"\operatorname{argmin}", r"\argmax": r"\operatorname{argmax}",
}  # fmt: skip
_NEGATED = {
    "=": "≠", "<": "≮", ">": "≯", r"\equiv": "≢", r"\sim": "≁", r"\simeq": "≄", r"\approx": "≉", r"\cong": "≇",
    r"\in": "∉", r"\ni": "∌", r"\subset": "⊄", r"\supset": "⊅", r"\subseteq": "⊈", r"\supseteq": "⊉", r"\exists": "∄",
    r"\mid": "∤", r"\parallel": "∦", r"\leq": "≰", r"\le": "≰", r"\geq": "≱", r"\ge": "≱", r"\perp": "⟂̸",
    r"\vdash": "⊬", r"\models": "⊭", r"\to": "↛", r"\rightarrow": "↛", r"\leftarrow": "↚",
}  # fmt: skip


class UnexpandedError(Exception):
    """The source can't be made ready; the message says why."""


def prepare(latex: str, macros: Mapping[str, str]) -> str:
    """The source of one formula as latex2mathml takes it.

    Raises: UnexpandedError when a macro calls itself without end, or a group or a `$` of a text has no end.
    """
    tokens = tokenize(latex.replace("\n\n", "\n"))
    tokens = _expanded(tokens, {name.removeprefix("\\"): tokenize(body) for name, body in macros.items()})
    tokens = _simplified(tokens)
    tokens = _texts_split(tokens)
    source = "".join(tokens).strip()
    return rf"\begin{{split}}{source}\end{{split}}" if _has_rows(tokens) else source


def tokenize(latex: str) -> list[str]:
    """Commands, braces, single characters; comments dropped, white space as one blank."""
    found = []
    for token in _TOKEN.findall(latex):
        if token.startswith("%"):
            continue
        if token == "}" and found[-1:] == ["{"] and found[-2:-1] and found[-2] in _ESCAPED:  # noqa: S105 -- a brace
            found.pop()  # `\_{}`: an empty group that ends no name, but that latex2mathml counts as an argument
            continue
        if token.endswith("*") and token not in (r"\operatorname*", r"\hspace*", r"\tag*", r"\*"):
            found += [token[:-1], "*"]
        else:
            found.append(" " if token.isspace() else token)
    return found


def _argument(tokens: list[str], start: int) -> tuple[list[str], int]:
    """The argument that begins at `start` (a group without its braces, or one token), and the index after it."""
    while start < len(tokens) and tokens[start] == " ":
        start += 1
    if start >= len(tokens) or tokens[start] == "}":
        raise UnexpandedError("an argument is missing")
    if tokens[start] != "{":
        return [tokens[start]], start + 1
    depth = 0
    for index in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[index], 0)
        if depth == 0:
            return tokens[start + 1 : index], index + 1
    raise UnexpandedError("a brace is not closed")


def _after_option(tokens: list[str], start: int) -> int:
    """The index after `[t]`, `[b]` or `[c]`; `start` where there is none."""
    option = tokens[start : start + 3]
    return start + 3 if option in (["[", "t", "]"], ["[", "b", "]"], ["[", "c", "]"]) else start


def _expanded(tokens: list[str], macros: Mapping[str, list[str]]) -> list[str]:
    if not macros:
        return tokens
    done: list[str] = []
    waiting = tokens[::-1]
    budget = MAX_EXPANSIONS
    while waiting:
        token = waiting.pop()
        body = macros.get(token[1:]) if token.startswith("\\") else None
        if body is None:
            done.append(token)
            continue
        budget -= 1 + len(body)
        if budget < 0:
            raise UnexpandedError(f"the macro {token} calls itself")
        arguments = []
        rest = waiting[::-1]
        position = 0
        for _ in range(_parameters(body)):
            argument, position = _argument(rest, position)
            arguments.append(argument)
        waiting = rest[position:][::-1]
        waiting += ["}", *_filled(body, arguments)[::-1], "{"] if not arguments else _filled(body, arguments)[::-1]
    return done


def _parameters(body: list[str]) -> int:
    return max(
        (int(after) for mark, after in itertools.pairwise(body) if mark == "#" and after.isdecimal()),
        default=0,
    )


def _filled(body: list[str], arguments: list[list[str]]) -> list[str]:
    filled: list[str] = []
    index = 0
    while index < len(body):
        if body[index] == "#" and index + 1 < len(body) and body[index + 1].isdecimal():
            filled += arguments[int(body[index + 1]) - 1]
            index += 1
        else:
            filled.append(body[index])
        index += 1
    return filled


def _simplified(tokens: list[str]) -> list[str]:
    """Environments and commands replaced by those that latex2mathml sets rightly."""
    done: list[str] = []
    index = 0
    while index < len(tokens):
        piece = tokens[index]
        index += 1
        if piece in (r"\begin", r"\end"):
            name_tokens, index = _argument(tokens, index)
            name = "".join(name_tokens)
            if piece == r"\begin" and name in _PLACED:
                index = _after_option(tokens, index)
            if piece == r"\begin" and name in _WITH_COLUMNS:
                _, index = _argument(tokens, index)
            if name not in _UNWRAPPED:
                done += tokenize(f"{piece}{{{_ENVIRONMENTS.get(name, name)}}}")
        elif piece == r"\mathrm":
            letter, index = _argument(tokens, index)
            single = len(letter) == 1 and letter[0].isalpha()
            # latex2mathml loses the upright shape of one letter
            done += ["{", UPRIGHT, *letter, "}"] if single else [piece, "{", *_simplified(letter), "}"]
        elif piece in _BIG and index < len(tokens) and tokens[index] in _DELIMITERS:
            done += [piece, _DELIMITERS[tokens[index]]]
            index += 1
        elif piece == r"\not":
            negated, index = _argument(tokens, index)
            if len(negated) != 1 or negated[0] not in _NEGATED:
                raise UnexpandedError("\\not stands before what has no negated form")
            done.append(_NEGATED[negated[0]])
        elif piece in _SILENT:
            for _ in range(_SILENT[piece]):
                _, index = _argument(tokens, index)
        elif piece in (r"\tag", r"\tag*"):
            text, index = _argument(tokens, index)
            done += [r"\qquad", r"\text", "{", *([*text] if piece.endswith("*") else ["(", *text, ")"]), "}"]
        elif piece in _SAME:
            done += tokenize(_SAME[piece])
            if done and done[-1][:1] == "\\" and index < len(tokens) and tokens[index][:1].isalpha():
                done.append(" ")
        else:
            done.append(piece)
    return done


def _texts_split(tokens: list[str]) -> list[str]:
    r"""`\text{a $x$ b}` as `\text{a }x\text{ b}`: latex2mathml prints the dollars."""
    done: list[str] = []
    index = 0
    while index < len(tokens):
        piece = tokens[index]
        index += 1
        if piece != r"\text" or index >= len(tokens):
            done.append(piece)
            continue
        text, index = _argument(tokens, index)
        if text.count("$") % 2:
            raise UnexpandedError("a $ is not closed")
        part: list[str] = []
        in_math = False
        for inner in [*text, "$"]:
            if inner != "$":
                part.append(inner)
                continue
            if part:
                done += ["{", *part, "}"] if in_math else _text_in_fonts(part)
            part, in_math = [], not in_math
    return done


def _text_in_fonts(tokens: list[str]) -> list[str]:
    r"""`a \texttt{b} c` as three texts side by side: latex2mathml prints a command in a text as it stands."""
    done: list[str] = []
    plain: list[str] = []
    index = 0
    while index < len(tokens):
        font = _TEXT_FONTS.get(tokens[index])
        if font is None:
            plain.append(tokens[index])
            index += 1
            continue
        inner, index = _argument(tokens, index + 1)
        if plain:
            done += [r"\text", "{", *_plain_text(plain), "}"]
            plain = []
        done += [font, "{", *_plain_text(inner), "}"]
    return [*done, r"\text", "{", *_plain_text(plain), "}"] if plain or not done else done


def _plain_text(tokens: list[str]) -> list[str]:
    r"""Escapes of TeX's text mode as the characters that they mean."""
    plain = {
        r"\ ": " ",
        r"\_": "_",
        r"\&": "&",
        r"\%": "%",
        r"\#": "#",
        r"\{": "{",
        r"\}": "}",
        "~": "\xa0",
        r"\,": "\u2009",
    }
    return [plain.get(t, t) for t in tokens if t not in ("{", "}")]


def _has_rows(tokens: list[str]) -> bool:
    r"""Whether a `&` or `\\` stands outside of all environments (Sphinx sets such a formula in rows, and so do we)."""
    depth = 0
    for piece in tokens:
        depth += {r"\begin": 1, "{": 1, r"\end": -1, "}": -1}.get(piece, 0)
        if depth == 0 and piece in ("&", r"\\"):
            return True
    return False
