"""Writes docs/reference/rules.md from the table of rules: `python tools/reference/rules.py`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from octavo.diagnostics import RULES, Rule

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules.md"
HEAD = """# Rules

Every finding has a rule. Its id is stable; it is what `suppress_warnings = ["octavo.epub/remote-media"]` in `conf.py`
and ignore lists name.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    rules = sorted(RULES.values(), key=lambda rule: rule.id)
    for area, group in groupby(rules, key=lambda rule: rule.id.partition("/")[0]):
        parts.append(f"\n## {area}\n\n| rule | severity | says |\n| --- | --- | --- |\n")
        parts.extend(_row(rule) for rule in group)
    return "".join(parts)


def _row(rule: Rule) -> str:
    text = rule.text.replace("{value}", "…").replace("{context}", "…").replace("|", "\\|").replace("'…'", "‘…’")
    about = f" {rule.about}" if rule.about else ""
    return f"| `{rule.id}` | {rule.severity} | {text}.{about} |\n".replace("{", "\\{")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
