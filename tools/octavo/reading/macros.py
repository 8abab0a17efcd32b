r"""LaTeX macros of a project: from MathJax's configuration and from the preamble for LaTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.config import Config

_NEW_COMMAND = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[\d\])?\s*(?=\{)|"
    r"\\providecommand\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[\d\])?\s*(?=\{)|\\def\s*\\([A-Za-z]+)(?:#\d)*\s*(?=\{)"
)
_OPERATOR = re.compile(r"\\DeclareMathOperator(\*?)\s*\{?\\([A-Za-z]+)\}?\s*\{([^{}]*)\}")


def macros_of(config: Config) -> dict[str, str]:
    """Name without backslash -> body with `#1` to `#9`; MathJax's win over the preamble's."""
    found: dict[str, str] = {}
    latex = getattr(config, "latex_elements", None) or {}
    preamble = latex.get("preamble", "") if isinstance(latex, dict) else ""
    if isinstance(preamble, str):
        found |= _of_preamble(preamble)
    for name in ("mathjax3_config", "mathjax4_config", "mathjax_config", "mathjax2_config"):
        found |= _of_mathjax(getattr(config, name, None))
    return found


def _of_mathjax(config: object) -> dict[str, str]:
    if not isinstance(config, dict):
        return {}
    tex = config.get("tex", config.get("TeX", {}))
    macros = tex.get("macros", tex.get("Macros", {})) if isinstance(tex, dict) else {}
    found = {}
    for name, value in (macros if isinstance(macros, dict) else {}).items():
        body = value[0] if isinstance(value, (list, tuple)) and value else value
        if isinstance(body, str):
            found[str(name).lstrip("\\")] = body
    return found


def _of_preamble(preamble: str) -> dict[str, str]:
    found = {}
    for match in _NEW_COMMAND.finditer(preamble):
        name = match[1] or match[2] or match[3]
        body = _braced(preamble, match.end())
        if name and body is not None:
            found[name] = body
    for star, name, body in _OPERATOR.findall(preamble):
        found[name] = rf"\operatorname{star}{{{body}}}"
    return found


def _braced(text: str, start: int) -> str | None:
    """What is in the braces that open at `start`, or None when they never close."""
    depth = 0
    for position in range(start, len(text)):
        if text[position] == "{" and text[position - 1] != "\\":
            depth += 1
        elif text[position] == "}" and text[position - 1] != "\\":
            depth -= 1
            if depth == 0:
                return text[start + 1 : position]
    return None
