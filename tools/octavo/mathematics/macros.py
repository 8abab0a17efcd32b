r"""Macros: those of the project, those that a formula defines for itself, and those of packages that MathJax loads.

`\newcommand` and the like hold to the end of their formula: what one formula defines is not known in the next.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from octavo.mathematics.tokens import UnexpandedError, after_blanks, argument, option, tokenize, trimmed

MAX_EXPANSIONS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """body: with `#1` to `#9` for its arguments; default: of the first, where that is an option."""

    body: tuple[str, ...]
    arguments: int
    default: tuple[str, ...] | None = None


def given(bodies: Mapping[str, str]) -> dict[str, Macro]:
    """Macros of a configuration: name -> body, from which the number of arguments is told."""
    made = {}
    for name, body in bodies.items():
        tokens = tokenize(body)
        made[f"\\{name.removeprefix(chr(92))}"] = Macro(body=tuple(tokens), arguments=_parameters(tokens))
    return made


_PACKAGES: Mapping[str, str] = MappingProxyType({
    # physics, braket, mathtools and their kin
    "abs": r"\left|#1\right|", "norm": r"\left\|#1\right\|", "ev": r"\left\langle #1\right\rangle",
    "expval": r"\left\langle #1\right\rangle", "comm": r"\left[#1,#2\right]", "acomm": r"\left\{#1,#2\right\}",
    "grad": r"\nabla", "curl": r"\nabla\times", "divergence": r"\nabla\cdot", "laplacian": r"\nabla^2",
    "Bra": r"\left\langle #1\right|", "Ket": r"\left|#1\right\rangle", "Braket": r"\left\langle #1\right\rangle",
    "ketbra": r"\left|#1\right\rangle\left\langle #2\right|", "bra": r"\langle #1|", "ket": r"|#1\rangle",
    "braket": r"\langle #1\rangle", "set": r"\{#1\}", "Set": r"\left\{#1\right\}", "vb": r"\mathbf{#1}",
    "vu": r"\hat{\mathbf{#1}}", "va": r"\vec{\mathbf{#1}}", "dd": r"\,\mathrm{d}#1", "rank": r"\operatorname{rank}",
    "Tr": r"\operatorname{Tr}", "tr": r"\operatorname{tr}", "sgn": r"\operatorname{sgn}",
    # one after the other, as unicode-math and MathJax know them
    "Vec": r"\vec{#1}", "Hat": r"\hat{#1}", "Bar": r"\bar{#1}", "Tilde": r"\tilde{#1}", "Dot": r"\dot{#1}",
    "Ddot": r"\ddot{#1}", "Check": r"\check{#1}", "Breve": r"\breve{#1}", "Acute": r"\acute{#1}",
    "Grave": r"\grave{#1}", "Overset": r"\overset{#1}{#2}", "Underset": r"\underset{#1}{#2}",
    "sfrac": r"{}^{#1}\!/\!{}_{#2}", "nicefrac": r"{}^{#1}\!/\!{}_{#2}", "flatfrac": r"#1/#2",
    "uline": r"\underline{#1}", "ensuremath": r"#1", "argmin": r"\operatorname*{arg\,min}",
    "argmax": r"\operatorname*{arg\,max}", "plim": r"\operatorname*{plim}", "esssup": r"\operatorname*{ess\,sup}",
    "shoveleft": r"#1", "shoveright": r"#1", "vcenter": "#1", "mathstrut": "", "strut": "",
})  # fmt: skip

_DEFINING = frozenset({
    r"\newcommand", r"\renewcommand", r"\providecommand", r"\newcommand*", r"\renewcommand*", r"\providecommand*",
    r"\def", r"\gdef", r"\edef", r"\xdef", r"\let", r"\DeclareMathOperator", r"\DeclareMathOperator*",
})  # fmt: skip
_PREFIXES = frozenset({r"\long", r"\global", r"\protected", r"\outer"})


def expand(tokens: Sequence[str], macros: Mapping[str, Macro], defined: dict[str, Macro]) -> list[str]:
    """The tokens with every macro by its body; definitions are taken out and hold from there on.

    defined: what is defined here is added to it.

    Raises: UnexpandedError when one calls itself without end, or has not all of its arguments.
    """
    known = {**PACKAGES, **macros}
    done: list[str] = []
    waiting = list(tokens)[::-1]
    budget = MAX_EXPANSIONS
    while waiting:
        token = waiting.pop()
        if token in _PREFIXES:
            continue
        if token in _DEFINING:
            rest = waiting[::-1]
            position = _define(token, rest, known, defined)
            waiting = rest[position:][::-1]
            continue
        macro = known.get(token) if token.startswith("\\") else None
        if macro is None:
            done.append(token)
            continue
        budget -= 1 + len(macro.body)
        if budget < 0:
            raise UnexpandedError(f"the macro {token} calls itself")
        rest = waiting[::-1]
        arguments, position = _arguments(macro, rest)
        body = _filled(macro.body, arguments)
        waiting = rest[position:][::-1]
        waiting += ["}", *body[::-1], "{"] if not macro.arguments else body[::-1]
    return done


def _arguments(macro: Macro, rest: Sequence[str]) -> tuple[list[list[str]], int]:
    arguments: list[list[str]] = []
    position = 0
    if macro.default is not None:
        chosen, position = option(rest, 0)
        arguments.append(chosen if chosen is not None else list(macro.default))
    while len(arguments) < macro.arguments:
        found, position = argument(rest, position)
        arguments.append(found)
    return arguments, position


def _define(command: str, rest: Sequence[str], known: dict[str, Macro], defined: dict[str, Macro]) -> int:
    """Take a definition; the index after it."""
    name, macro, position = _definition(command, rest, known)
    if not (command.startswith(r"\provide") and name in known):
        known[name] = defined[name] = macro
    return position


def _definition(command: str, rest: Sequence[str], known: Mapping[str, Macro]) -> tuple[str, Macro, int]:
    name_tokens, position = argument(rest, 0)
    name = "".join(trimmed(name_tokens))
    if not name.startswith("\\"):
        raise UnexpandedError(f"{command} defines no command")
    if command == r"\let":
        position = after_blanks(rest, position)
        if position < len(rest) and rest[position] == "=":
            position += 1
        body, position = argument(rest, position)
        same = known.get(body[0]) if body else None
        return name, same or Macro(body=tuple(body), arguments=0), position
    if command.startswith(r"\DeclareMathOperator"):
        body, position = argument(rest, position)
        star = "*" if command.endswith("*") else ""
        return name, Macro(body=(rf"\operatorname{star}", "{", *body, "}"), arguments=0), position
    if command.endswith("def"):
        position = _to_body(rest, position)
        body, position = argument(rest, position)
        return name, Macro(body=tuple(body), arguments=_parameters(body)), position
    count, position = option(rest, position)
    default, position = option(rest, position)
    body, position = argument(rest, position)
    digits = "".join(count or ["0"])
    number = int(digits) if digits.isdecimal() else 0
    return (
        name,
        Macro(body=tuple(body), arguments=number, default=None if default is None else tuple(default)),
        position,
    )


def _to_body(rest: Sequence[str], position: int) -> int:
    """Over the parameters of `\\def`: arguments that are told by what stands between them are beyond us."""
    while position < len(rest) and rest[position] != "{":
        if rest[position] not in ("#", " ") and not rest[position].isdecimal():
            raise UnexpandedError("a definition has arguments with delimiters")
        position += 1
    return position


def _parameters(body: Sequence[str]) -> int:
    return max(
        (int(after) for mark, after in itertools.pairwise(body) if mark == "#" and after.isdecimal()),
        default=0,
    )


def _filled(body: Sequence[str], arguments: list[list[str]]) -> list[str]:
    filled: list[str] = []
    index = 0
    while index < len(body):
        number = (
            int(body[index + 1])
            if body[index] == "#" and body[index + 1 : index + 2] and body[index + 1].isdecimal()
            else 0
        )
        if 0 < number <= len(arguments):
            filled += arguments[number - 1]
            index += 1
        else:
            filled.append(body[index])
        index += 1
    return filled


PACKAGES: Mapping[str, Macro] = MappingProxyType(given(_PACKAGES))
