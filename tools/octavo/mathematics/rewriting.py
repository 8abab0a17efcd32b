r"""Constructs that are other LaTeX: physics' derivatives and brackets, choices of style, relations.

Tokens to tokens: what comes out is converted like all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from octavo.mathematics.tokens import after_blanks, argument, group_end, is_word, option, tokenize, trimmed

Rewritten = tuple[list[str], int]


def _derivative(sign: str) -> Callable[[Sequence[str], int], Rewritten]:
    r"""`\dv[n]{f}{x}` of physics, and `\dv{x}` alone."""

    def rewritten(tokens: Sequence[str], index: int) -> Rewritten:
        if tokens[index : index + 1] == ["*"]:
            index += 1
        order, index = option(tokens, index)
        first, index = argument(tokens, index)
        over, under = ([], first)
        if index < len(tokens) and tokens[after_blanks(tokens, index) :][:1] == ["{"]:
            over = first
            under, index = argument(tokens, index)
        power = ["^", "{", *order, "}"] if order else []
        d = tokenize(sign)
        return [r"\frac", "{", *d, *power, *over, "}", "{", *d, *under, *power, "}"], index

    return rewritten


def _quantity_or_brackets(tokens: Sequence[str], index: int) -> Rewritten:
    r"""`\qty` is siunitx's before two groups, and physics' before brackets that grow."""
    _, after = option(tokens, index)
    start = after_blanks(tokens, after)
    if start < len(tokens) and tokens[start] == "{":
        end = after_blanks(tokens, group_end(tokens, start) + 1)
        if end < len(tokens) and tokens[end] in ("{", "["):
            return [r"\octavoquantity", *tokens[index:start], *tokens[start:end], *_group(tokens, end)], _after(
                tokens, end
            )
        inner, stop = argument(tokens, start)
        return [r"\left", r"\{", *inner, r"\right", r"\}"], stop
    return [], index


def _group(tokens: Sequence[str], start: int) -> list[str]:
    return list(tokens[start : _after(tokens, start)])


def _after(tokens: Sequence[str], start: int) -> int:
    _, position = option(tokens, start)
    _, end = argument(tokens, position)
    return end


def _choice(tokens: Sequence[str], index: int) -> Rewritten:
    """The first of four styles: that of a display."""
    first, index = argument(tokens, index)
    for _ in range(3):
        _, index = argument(tokens, index)
    return ["{", *first, "}"], index


def _skewed(tokens: Sequence[str], index: int) -> Rewritten:
    _, index = argument(tokens, index)
    return [], index


def _relation(tokens: Sequence[str], index: int) -> Rewritten:
    """`\\mathrel{...}`: what it holds; the spaces are those of the sign itself."""
    inner, index = argument(tokens, index)
    if "".join(trimmed(inner)) in (":=", r"\mathop:=", ":\\mathop="):
        return ["≔"], index
    if "".join(trimmed(inner)) in (r"\mathop:",) and tokens[index : index + 1] == ["="]:
        return ["≔"], index + 1
    return ["{", *inner, "}"] if any(is_word(t) for t in inner) or len(inner) != 1 else inner, index


REWRITTEN: Mapping[str, Callable[[Sequence[str], int], Rewritten]] = {
    r"\dv": _derivative(r"\mathrm{d}"), r"\dv*": _derivative(r"\mathrm{d}"), r"\pdv": _derivative(r"\partial "),
    r"\pdv*": _derivative(r"\partial "), r"\fdv": _derivative(r"\delta "), r"\qty": _quantity_or_brackets,
    r"\mathchoice": _choice, r"\skew": _skewed, r"\mathrel": _relation, r"\mathord": _relation,
    r"\mathbin": _relation,
}  # fmt: skip
